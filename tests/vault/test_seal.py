import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core import ids
from server.vault.errors import CannotOpen, Tampered, Truncated, UnknownVersion, WrongKey
from server.vault.sealing import RESERVED_HYBRID, Secret, context, seal, unseal

prove = settings(max_examples=80, deadline=None)
keys = st.binary(min_size=32, max_size=32)
KEY = Secret(b"k" * 32)
HERE = context("test", b"here")


def flipped(blob: bytes, bit: int) -> bytes:
    """The blob with one bit turned over; bit 0 is the lowest of the first byte."""
    changed = bytearray(blob)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


@prove
@given(keys, st.binary(), st.binary(max_size=3000))
def test_what_was_sealed_opens_with_the_same_key_in_the_same_context(
    key: bytes, where: bytes, text: bytes
) -> None:
    assert unseal(Secret(key), where, seal(Secret(key), where, text)) == text


@prove
@given(st.binary(max_size=200), st.data())
def test_one_flipped_bit_anywhere_is_refused_by_name(text: bytes, data: st.DataObject) -> None:
    blob = seal(KEY, HERE, text)
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    refusal = UnknownVersion if bit < 8 else WrongKey if bit < 65 * 8 else Tampered
    with pytest.raises(refusal):
        unseal(KEY, HERE, flipped(blob, bit))


def test_every_single_bit_of_a_short_blob_matters() -> None:
    blob = seal(KEY, HERE, b"hej")
    for bit in range(len(blob) * 8):
        with pytest.raises(CannotOpen):
            unseal(KEY, HERE, flipped(blob, bit))


@prove
@given(keys.filter(lambda key: key != KEY.reveal()))
def test_another_key_is_told_by_the_commitment(other: bytes) -> None:
    with pytest.raises(WrongKey):
        unseal(Secret(other), HERE, seal(KEY, HERE, b"hej"))


@prove
@given(st.binary(), st.binary())
def test_a_blob_opens_in_its_own_context_only(here: bytes, there: bytes) -> None:
    blob = seal(KEY, here, b"hej")
    if here == there:
        assert unseal(KEY, there, blob) == b"hej"
    else:
        with pytest.raises(Tampered):
            unseal(KEY, there, blob)


@prove
@given(st.integers(0, 100))
def test_a_cut_blob_is_refused(length: int) -> None:
    blob = seal(KEY, HERE, b"hej" * 10)
    with pytest.raises(Truncated if length < 81 else Tampered):
        unseal(KEY, HERE, blob[:length])


@prove
@given(st.binary(min_size=1, max_size=40))
def test_a_lengthened_blob_is_refused(more: bytes) -> None:
    with pytest.raises(Tampered):
        unseal(KEY, HERE, seal(KEY, HERE, b"hej") + more)


@prove
@given(st.binary(max_size=400))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(CannotOpen):
        unseal(KEY, HERE, noise)


@pytest.mark.parametrize("lead", [0x00, 0x02, 0x11, RESERVED_HYBRID, 0xFF])
def test_unknown_and_reserved_formats_are_refused(lead: int) -> None:
    with pytest.raises(UnknownVersion):
        unseal(KEY, HERE, bytes([lead]) + seal(KEY, HERE, b"hej")[1:])


@pytest.mark.parametrize("odd", [None, "text", 7, 1.5])
def test_what_is_not_bytes_is_refused(odd: bytes) -> None:
    with pytest.raises(Truncated):
        unseal(KEY, HERE, odd)


def test_the_same_text_is_never_sealed_alike() -> None:
    blobs = [seal(KEY, HERE, b"hej") for _ in range(50)]
    for part in (slice(1, 33), slice(33, 65), slice(65, None)):
        assert len({blob[part] for blob in blobs}) == 50


def test_seeded_randomness_repeats_the_blob() -> None:
    with ids.seeded("world"):
        first = seal(KEY, HERE, b"hej")
    with ids.seeded("world"):
        assert seal(KEY, HERE, b"hej") == first


def test_the_blob_is_laid_out_as_documented() -> None:
    blob = seal(KEY, HERE, b"hej")
    both = HKDF(SHA256(), 64, blob[1:33], b"dagsform/v1 seal").derive(KEY.reveal())
    assert blob[0] == 1
    assert blob[33:65] == both[32:]
    assert AESGCM(both[:32]).decrypt(bytes(12), blob[65:], HERE) == b"hej"
