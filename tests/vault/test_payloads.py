from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.vault.errors import DamagedPayload, NewerVersion, NoUpgrade, UnknownKind
from server.vault.payloads import decode, encode, payload, upgrade

prove = settings(max_examples=80, deadline=None)


@payload("test-walk", version=3)
class Walk(msgspec.Struct):
    """The third shape of a walk: metres and a word. It began as {"far": kilometres}."""

    metres: int
    word: str = ""


@upgrade("test-walk", from_version=1)
def _walk_in_metres(body: dict[str, Any]) -> dict[str, Any]:
    return {"metres": body["far"] * 1000}


@upgrade("test-walk", from_version=2)
def _walk_with_word(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"word": "promenad"}


@payload("test-gap", version=2)
class Gap(msgspec.Struct):
    """Somebody forgot how version 1 becomes version 2."""


@prove
@given(st.integers(-(2**60), 2**60), st.text())
def test_what_was_encoded_comes_back(metres: int, word: str) -> None:
    assert decode(encode(Walk(metres, word))) == Walk(metres, word)


def test_the_bytes_say_kind_and_version_and_are_plain_json() -> None:
    assert encode(Walk(5, "å")) == b'test-walk/3\n{"metres":5,"word":"\xc3\xa5"}'


@pytest.mark.parametrize("word", ["\0", "\n", "test-walk/9\n{}", "</script>", "مرحبا", "🙂" * 5000])
def test_hard_words_come_back(word: str) -> None:
    assert decode(encode(Walk(1, word))).word == word


def test_old_versions_are_lifted_one_step_at_a_time() -> None:
    assert decode(b'test-walk/1\n{"far":2}') == Walk(2000, "promenad")
    assert decode(b'test-walk/2\n{"metres":7}') == Walk(7, "promenad")


def test_a_newer_version_is_not_guessed_at() -> None:
    with pytest.raises(NewerVersion):
        decode(b'test-walk/4\n{"metres":7}')


def test_a_missing_step_is_named() -> None:
    with pytest.raises(NoUpgrade):
        decode(b"test-gap/1\n{}")


def test_unknown_kinds_are_named_both_ways() -> None:
    class Stranger(msgspec.Struct):
        pass

    with pytest.raises(UnknownKind):
        encode(Stranger())
    with pytest.raises(UnknownKind):
        decode(b"test-stranger/1\n{}")


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"test-walk/3",
        b'{"metres":5}',
        b"test-walk/3\n",
        b'test-walk/3\n{"metres":"far"}',
        b"test-walk/3\n[]",
        b"test-walk/0\n{}",
        b"test-walk/03\n{}",
        b"test-walk/1\n[]",
        b"test-walk/1\n{",
        b'test-walk/2\n{"metres":null}',
        b'test-walk/3\n{"metres":1,"word":"\xff"}',
    ],
)
def test_what_is_not_of_its_kind_is_damaged(damaged: bytes) -> None:
    with pytest.raises(DamagedPayload) as caught:
        decode(damaged)
    assert str(caught.value) == ""  # never the library's words: they may quote a person's
    assert caught.value.__cause__ is None


@prove
@given(st.binary(max_size=60))
def test_noise_is_refused_by_name(noise: bytes) -> None:
    with pytest.raises((DamagedPayload, UnknownKind)):
        decode(noise)


@pytest.mark.parametrize(
    ("kind", "version"), [("test-walk", 4), ("Walk", 1), ("a b", 1), ("", 1), ("x/1", 1), ("x", 0)]
)
def test_a_taken_or_misspelt_kind_is_a_slip_in_the_code(kind: str, version: int) -> None:
    with pytest.raises(ValueError, match="misspelt or taken"):
        payload(kind, version=version)(Gap)


def test_a_second_upgrade_for_one_step_is_a_slip_in_the_code() -> None:
    with pytest.raises(ValueError, match="there already"):
        upgrade("test-walk", from_version=1)(_walk_in_metres)


@pytest.mark.parametrize(
    "body",
    [
        b'{"metres":1,"word":"\xff"}',
        b'{"metres":1,"zz":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"metres":1' + b"0" * 9_000 + b"}",
        b'{"metres":1e999}',
        b"",
    ],
    ids=["no letters", "too deep", "too long a number", "no number", "nothing"],
)
@pytest.mark.parametrize("version", [1, 2, 3])
def test_whatever_is_inside_a_hand_made_payload_it_is_only_damaged(version: int, body: bytes) -> None:
    with pytest.raises(DamagedPayload):
        decode(b"test-walk/%d\n" % version + body)
