"""The derivation under every seal is HKDF-SHA256: RFC 5869, appendix A, test cases 1 to 3."""

import hmac

import pytest

from server.vault.sealing import Secret, _hkdf, context, derive


@pytest.mark.parametrize(
    ("secret", "salt", "info", "made"),
    [
        (
            b"\x0b" * 22,
            bytes(range(0x0D)),
            bytes(range(0xF0, 0xFA)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            bytes(range(0x50)),
            bytes(range(0x60, 0xB0)),
            bytes(range(0xB0, 0x100)),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
            "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            b"\x0b" * 22,
            None,
            b"",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
)
def test_the_derivation_gives_the_vectors_of_rfc_5869(
    secret: bytes, salt: bytes | None, info: bytes, made: str
) -> None:
    assert _hkdf(Secret(secret), salt, info, len(made) // 2).hex() == made


def test_derive_is_hkdf_without_salt_with_the_label_as_info() -> None:
    first = hmac.digest(bytes(32), b"s" * 32, "sha256")
    info = context("derive", "unlock")
    assert derive(Secret(b"s" * 32), "unlock").reveal() == hmac.digest(first, info + b"\1", "sha256")


def test_one_secret_gives_unlike_secrets_for_unlike_labels() -> None:
    labels = ["find", "unlock", "session", "id", "Find", "find ", ""]
    assert len({derive(Secret(b"s" * 32), label).reveal() for label in labels}) == len(labels)


@pytest.mark.parametrize("length", [16, 32, 64])
def test_derive_gives_the_length_that_was_asked(length: int) -> None:
    assert len(derive(Secret(b"s" * 32), "find", length).reveal()) == length
