"""What is sealed when somebody who is listed is asked: the question, the answer, and what each side remembers."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from server.vault.payloads import payload

HAT = "support"
FIRST = "first-words"
PAIR = 16  # bytes
LONGEST_NAME, LONGEST = 200, 5_000  # characters
MOST_PASSED, LONGEST_PASSED = 50, 50_000  # of a conversation that goes along: messages, and characters of all


class Passed(msgspec.Struct, frozen=True):
    """One message of an earlier conversation that the asker sends along: who wrote it, the words, and when."""

    who: str
    words: str
    at: datetime


@payload("peer-asked", version=1)
class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A first question: what the asker may be called, and the way to answer."""

    pair: bytes
    public_key: bytes
    mailbox: bytes
    door: str
    name: str
    at: datetime
    words: str = ""
    passed: tuple[Passed, ...] = ()

    def __repr__(self) -> str:
        return "Asked(hidden)"


@payload("peer-yes", version=1)
class Yes(msgspec.Struct, frozen=True):
    """The listed person's yes: the way to write from now on."""

    door: str

    def __repr__(self) -> str:
        return "Yes(hidden)"


@payload("peer-no", version=1)
class No(msgspec.Struct, frozen=True, omit_defaults=True):
    """A no, with words if there are any, and another who is listed (a listing's id in hex) if one is named."""

    words: str = ""
    other: str = ""

    def __repr__(self) -> str:
        return "No(hidden)"


@payload("asking", version=1)
class Asking(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the asker keeps: whom they asked, what burns the letter, and the no if one came."""

    pair: str
    listing: str
    peer: str
    name: str
    words: str
    at: datetime
    letter: int
    burn: str
    passed: tuple[Passed, ...] = ()
    no: No | None = None

    def __repr__(self) -> str:
        return "Asking(hidden)"


@payload("asks-answered", version=1)
class Answered(msgspec.Struct, frozen=True):
    pairs: tuple[str, ...] = ()


@payload("first-words", version=1)
class First(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a conversation began with, kept on both sides after the yes; `mine` on the side of whoever asked."""

    pair: str
    name: str
    at: datetime
    words: str = ""
    passed: tuple[Passed, ...] = ()
    mine: bool = False

    def __repr__(self) -> str:
        return "First(hidden)"


class Question(NamedTuple):
    """What is asked. `pair` is made by the page, so that the same form twice is one ask; `listing` and `peer` are for
    the asker's own note."""

    pair: bytes
    listing: str
    peer: str
    name: str
    words: str
    passed: tuple[Passed, ...] = ()


def first_record(pair: str) -> str:
    """The name of the record about what a conversation began with, by the pair in hex."""
    return f"first/{pair}"


def is_short(passed: Sequence[Passed]) -> bool:
    """Whether so much of an earlier conversation fits in one question."""
    return len(passed) <= MOST_PASSED and sum(len(one.words) for one in passed) <= LONGEST_PASSED


def cut(no: No) -> No:
    """A no as long as a page of ours sends it."""
    return No(no.words[:LONGEST], no.other[: 2 * PAIR])
