"""How a conversation stands, one note for each on either side, and where its messages lie.

Both sides end with the same messages in the same order, each once: a message has one id and one time, made when it was
sent; the order is (time, id); the same id twice is once. The writer keeps a copy and what burns the letter.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from server.core.clock import here
from server.messages.payloads import Kept, Talk, Words, Written
from server.vault.asked import Passed
from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.errors import RecordExists
from server.vault.keyring import Contact
from server.vault.mailbox import door_hash

SHELF = "talks"
W = TypeVar("W", bound=Words)


class NoSuchTalk(Exception):
    """Nobody with that name writes here, or the message is not there."""


def all_talks(drawer: Drawer) -> dict[str, Talk]:
    """Every conversation by its pair: one statement."""
    return {record.payload.pair: record.payload for record in drawer.shelf(SHELF)}


def latest(found: Iterable[W]) -> list[W]:
    """Of each id the highest edition: that is what it says."""
    by_id: dict[str, W] = {}
    for words in found:
        if words.id not in by_id or words.edition > by_id[words.id].edition:
            by_id[words.id] = words
    return list(by_id.values())


def takes(drawer: Drawer, pair: str) -> bool:
    """Whether the one who was invited has said yes to messages."""
    found = drawer.find(talk_name(pair)).get(talk_name(pair))
    return bool(found and found.payload.takes)


def why_closed(contact: Contact | None, talk: Talk) -> str:
    """Why this person cannot write to that one now: parted, pending, blocked, not_taken, not_begun, or nothing."""
    if contact is None:
        return "parted"
    if contact.state != "active":
        return contact.state
    if not talk.takes:
        return "not_taken"
    return "" if talk.begun or contact.side == "mine" else "not_begun"


def waits(talk: Talk) -> bool:
    """Whether the other wrote last and has been told nothing since."""
    answered = talk.told and talk.latest_theirs and talk.told.upto >= talk.latest_theirs
    return talk.theirs_last and not answered


def change_talk(drawer: Drawer, pair: str, change: Callable[[Talk], Talk]) -> Talk:
    """How a conversation stands, changed with compare-and-swap."""
    return change_record(drawer, SHELF, talk_name(pair), Talk(pair=pair), change)


def resting_doors(drawer: Drawer) -> list[bytes]:
    """The doors (hashes) that messages come by which rest: nothing says that something came."""
    resting = {pair for pair, talk in all_talks(drawer).items() if talk.paused}
    return [door_hash(one.back) for pair, one in drawer.keyring.contacts.items() if pair.hex() in resting]


def open_asked(
    drawer: Drawer,
    pair: str,
    words: str,
    at: datetime,
    *,
    mine: bool,
    passed: Sequence[Passed] = (),
    host: str = "",
) -> None:
    """A question to a listed peer is the first message of what may become a conversation, the same on both sides.

    The asker writes it down when they ask, the peer with their yes. Twice is once.
    """
    week = week_of(at)
    if words:
        kind, name = (Written, written_name) if mine else (Kept, kept_name)
        with suppress(RecordExists):
            drawer.put(shelf_of(pair, week), name(pair, pair), kind(id=pair, pair=pair, text=words, at=at))

    def opened(old: Talk) -> Talk:
        if not words:
            return replace(old, begun=True, takes=True, passed=tuple(passed), host=host)
        return replace(
            old,
            begun=True,
            takes=True,
            passed=tuple(passed),
            host=host,
            weeks=with_week(old.weeks, week),
            latest=max(old.latest or at, at),
            latest_theirs=old.latest_theirs if mine else max(old.latest_theirs or at, at),
            theirs_last=old.theirs_last or not mine,
        )

    change_talk(drawer, pair, opened)


def spoken(key: bytes, text: str, at: datetime) -> bytes:
    """A message as the server's word stands for it: whose, what and when."""
    return msgspec.json.encode((key, text, at))


def week_of(at: datetime) -> str:
    """“2026-W47”, on the wall clock here: the shelf that a message lies on."""
    return f"{here(at):%G-W%V}"


def with_week(weeks: tuple[str, ...], week: str) -> tuple[str, ...]:
    return tuple(sorted({*weeks, week}))


def talk_name(pair: str) -> str:
    return f"talk/{pair}"


def shelf_of(pair: str, week: str) -> str:
    return f"talk/{pair}/{week}"


def part_of(week: str) -> str:
    return f"talk/{week}"


def written_name(pair: str, id: str) -> str:
    return f"written/{pair}/{id}"


def kept_name(pair: str, id: str) -> str:
    return f"kept/{pair}/{id}"
