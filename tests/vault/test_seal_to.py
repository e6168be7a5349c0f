import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core import ids
from server.vault.errors import BadPublicKey, CannotOpen, Tampered, Truncated, UnknownVersion
from server.vault.sealing import _HPKE, RESERVED_HYBRID, KeyPair, Secret, context, open_with, seal_to

prove = settings(max_examples=60, deadline=None)
HERE = context("test", b"here")
BEN = KeyPair(Secret(b"b" * 32))
CLEO = KeyPair(Secret(b"c" * 32))


@prove
@given(st.binary(), st.binary(max_size=2000))
def test_what_is_sealed_to_ben_opens_for_ben(where: bytes, text: bytes) -> None:
    assert open_with(BEN.secret, where, seal_to(BEN.public, where, text)) == text


def test_cleo_cannot_open_what_is_sealed_to_ben() -> None:
    with pytest.raises(Tampered):
        open_with(CLEO.secret, HERE, seal_to(BEN.public, HERE, b"hej"))


@prove
@given(st.data())
def test_one_flipped_bit_anywhere_is_refused(data: st.DataObject) -> None:
    blob = bytearray(seal_to(BEN.public, HERE, b"hej"))
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    if bit == 32 * 8 + 7:
        bit -= 1  # X25519 ignores the topmost bit of a public key (RFC 7748); HPKE binds it, see below
    blob[bit // 8] ^= 1 << bit % 8
    with pytest.raises(UnknownVersion if bit < 8 else Tampered):
        open_with(BEN.secret, HERE, bytes(blob))


def test_the_bit_that_x25519_ignores_is_bound_all_the_same() -> None:
    blob = bytearray(seal_to(BEN.public, HERE, b"hej"))
    blob[32] ^= 0x80
    with pytest.raises(Tampered):
        open_with(BEN.secret, HERE, bytes(blob))


def test_another_context_does_not_open() -> None:
    with pytest.raises(Tampered):
        open_with(BEN.secret, context("test", b"there"), seal_to(BEN.public, HERE, b"hej"))


@prove
@given(st.integers(0, 60))
def test_a_cut_blob_is_refused(length: int) -> None:
    with pytest.raises(Truncated if length < 49 else Tampered):
        open_with(BEN.secret, HERE, seal_to(BEN.public, HERE, b"hej" * 10)[:length])


@pytest.mark.parametrize("lead", [0x00, 0x01, RESERVED_HYBRID, 0xFF])
def test_unknown_and_reserved_formats_are_refused(lead: int) -> None:
    with pytest.raises(UnknownVersion):
        open_with(BEN.secret, HERE, bytes([lead]) + seal_to(BEN.public, HERE, b"hej")[1:])


@pytest.mark.parametrize("public", [b"", b"short", bytes(32), b"\1" + bytes(31), bytes(33)])
def test_a_public_key_that_is_none_is_refused(public: bytes) -> None:
    with pytest.raises(BadPublicKey):
        seal_to(public, HERE, b"hej")


@pytest.mark.parametrize("noise", [bytes([0x11]) + bytes(60), bytes([0x11]) + b"\xff" * 60])
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(CannotOpen):
        open_with(BEN.secret, HERE, noise)


def test_a_seeded_pair_repeats_but_its_seals_never_do() -> None:
    # the library makes the ephemeral key itself; what is sealed *inside* is ours and does repeat
    with ids.seeded("world"):
        first = KeyPair.new()
    with ids.seeded("world"):
        assert KeyPair.new().public == first.public
        assert seal_to(first.public, HERE, b"hej") != seal_to(first.public, HERE, b"hej")


def test_the_suite_opens_the_vector_of_rfc_9180() -> None:
    """Base mode, DHKEM(X25519), HKDF-SHA256, AES-256-GCM, first message of the RFC's published vectors.

    The vectors carry an AAD, which the library's public interface cannot pass.
    """
    private = bytes.fromhex("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d")
    enc = bytes.fromhex("6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256")
    sealed = bytes.fromhex(
        "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a"
    )
    key = X25519PrivateKey.from_private_bytes(private)
    opened = openssl.hpke._decrypt_with_aad(_HPKE, enc + sealed, key, b"Ode on a Grecian Urn", b"Count-0")
    assert opened == b"Beauty is truth, truth beauty"
