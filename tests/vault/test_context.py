import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.vault.errors import NoSuchPlace
from server.vault.sealing import context

prove = settings(max_examples=200, deadline=None)
Part = bytes | str | int
# Few letters and few lengths, so that near misses are common.
near = st.one_of(st.text("ab", max_size=3), st.binary(max_size=2), st.integers(-300, 300))
anything = st.one_of(st.text(), st.binary(), st.integers())
labels = st.text("ab", max_size=3)


@prove
@given(labels, st.lists(near, max_size=3), labels, st.lists(near, max_size=3))
def test_two_places_never_share_a_context(one: str, here: list[Part], two: str, there: list[Part]) -> None:
    same = (one, here) == (two, there) and [type(p) for p in here] == [type(p) for p in there]
    assert (context(one, *here) == context(two, *there)) == same


@prove
@given(st.text(), st.lists(anything, max_size=5))
def test_a_context_can_be_read_back_so_nothing_in_it_is_lost(label: str, parts: list[Part]) -> None:
    assert read_back(context(label, *parts)) == [label, *parts]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (("a", "bc"), ("ab", "c")),
        (("a", "b", "c"), ("a", "bc")),
        (("a", ""), ("a",)),
        (("a", "1"), ("a", 1)),
        (("a", "1"), ("a", b"1")),
        (("a", 0), ("a", b"\0")),
        (("a", 1), ("a", -1)),
        (("a", 255), ("a", -1)),
        (("a", "s\0\0\0\1b"), ("a", "s", "b")),
    ],
)
def test_look_alikes_differ(here: tuple[str, ...], there: tuple[str, ...]) -> None:
    assert context(*here) != context(*there)


@pytest.mark.parametrize("odd", [None, True, 1.0, ["a"], bytearray(b"a")])
def test_other_types_are_refused(odd: Part) -> None:
    with pytest.raises(NoSuchPlace):
        context("record", odd)


def read_back(made: bytes) -> list[Part]:
    """Label and parts out of a context, written from its description alone."""
    assert made.startswith(b"dagsform/v1")
    rest, parts = made[len(b"dagsform/v1") :], list[Part]()
    while rest:
        kind, length = rest[:1], int.from_bytes(rest[1:5], "big")
        body, rest = rest[5 : 5 + length], rest[5 + length :]
        if kind == b"i":
            parts.append(int.from_bytes(body, "big", signed=True))
        else:
            parts.append(body.decode() if kind == b"s" else body)
    return parts
