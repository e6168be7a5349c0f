import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.vault.errors import BadPadding
from server.vault.sealing import pad, padded_length, unpad

prove = settings(max_examples=150, deadline=None)
tails = st.sampled_from([b"", b"\0", b"\x80", b"\x80\0", b"\0\x80", b"\x80\x80\0\0"])


@prove
@given(st.binary(max_size=200), st.integers(0, 20_000), tails)
def test_what_was_padded_comes_back(text: bytes, more: int, tail: bytes) -> None:
    whole = text + b"x" * more + tail
    assert unpad(pad(whole)) == whole


@pytest.mark.parametrize(
    ("length", "padded"),
    [
        (0, 1024),
        (1023, 1024),
        (1024, 2048),
        (7167, 7168),
        (8191, 8192),
        (8192, 16384),
        (16383, 16384),
        (16384, 24576),
        (100_000, 106_496),
    ],
)
def test_steps_are_one_kib_up_to_eight_and_then_eight(length: int, padded: int) -> None:
    assert padded_length(length) == padded == len(pad(b"x" * length))


def test_a_good_and_a_bad_day_are_of_one_size() -> None:
    # product.md hard rule 2: an unshared thing tells nothing, its size neither (B20)
    assert len(pad(b"Mycket tung. Jag orkar inte." * 5)) == len(pad(b"Ja!"))


@prove
@given(st.one_of(st.binary(max_size=50), st.integers(0, 3).map(lambda n: b"\x80" + bytes(1024 * n + 1023))))
def test_only_what_pad_could_have_made_is_unpadded(raw: bytes) -> None:
    try:
        assert pad(unpad(raw)) == raw
    except BadPadding:
        assert not raw or len(raw) % 1024 or pad(b"") != raw


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        bytes(1024),
        b"\x80",
        b"\x80" + bytes(1022),
        b"\x80" + bytes(2047),
        b"\x80" + bytes(1022) + b"\1",
        b"x" * 1024,
        (b"x" * 9000 + b"\x80").ljust(9 * 1024, b"\0"),
    ],
)
def test_wrong_padding_is_refused(raw: bytes) -> None:
    with pytest.raises(BadPadding):
        unpad(raw)
