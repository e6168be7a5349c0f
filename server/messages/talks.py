"""A conversation, one to one: write, edit, take back, “läst”, and what comes in.

Both sides end with the same messages in the same order, each once: a message has one id and one time, made when it was
sent; the order is (time, id); the same id twice is once. The writer keeps a copy and what burns the letter.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from msgspec.structs import replace
from sqlalchemy import Connection

from server.core.clock import here
from server.messages.payloads import (
    EDIT_FOR,
    LONGEST,
    Gone,
    Message,
    MessageBin,
    MessageDraft,
    Read,
    ReadReceipt,
    Takes,
    Talk,
    Words,
    Written,
)
from server.vault.changing import change_record
from server.vault.drawer import Drawer, Record
from server.vault.errors import RecordExists
from server.vault.keyring import Contact, Keyring
from server.vault.letters import Letters, Sent
from server.vault.sealing import Secret

SHELF, DRAFTS, BIN = "talks", "talk-drafts", "message-bin"
REMOVED = "removed"  # the shelf of the one message of theirs that can still be put back
AT_ONCE = 20  # messages that a page shows at least, if there are as many
NOBODY = (
    "peer",
    "safeguarding",
)  # hats between an association and its own people, not towards a participant
W = TypeVar("W", bound=Words)


class NoSuchTalk(Exception):
    """Nobody with that name writes here, or the message is not there."""


class NothingWritten(Exception):
    """A message without words."""


class TooLong(Exception):
    """More words than fit in one message."""


class CannotWrite(Exception):
    """The other does not take messages, or not any more, or has not been written to first."""


class TooLate(Exception):
    """The few minutes are over in which a message can be edited."""


@dataclass(frozen=True)
class Line:
    """One message as it stands now. `letter` is 0 for what lies in the own drawer; `sent` is of one's own: whether
    it was left with the other, or only came from a file.
    """

    id: str
    mine: bool
    text: str
    at: datetime
    edited: bool
    week: str
    letter: int = 0
    sent: bool = False


@dataclass(frozen=True)
class Thread:
    """The latest messages in order, and the week before which there are more, or an empty text."""

    lines: list[Line]
    earlier: str


class Conversation:
    """One person's side of one conversation, on one connection, at one moment."""

    def __init__(
        self, db: Connection, keyring: Keyring, pair: str, now: datetime, frank: Secret | None = None
    ) -> None:
        """`frank` is the server's key for tags, which only sending wants. Raises NoSuchTalk."""
        self._db, self._keyring, self.now = db, keyring, now
        self._drawer, self._letters = Drawer(db, keyring), Letters(db, keyring, now, frank)
        self.pair = pair
        self._id = _bytes(pair)
        self.contact: Contact | None = keyring.contacts.get(self._id)
        found = self._drawer.find(talk_name(pair)).get(talk_name(pair))
        if (self.contact is None and found is None) or (self.contact and self.contact.hat in NOBODY):
            raise NoSuchTalk
        self.talk: Talk = found.payload if found else Talk(pair=pair)

    @property
    def name(self) -> str:
        return self.contact.name if self.contact else self.talk.name

    @property
    def closed(self) -> str:
        """Why nothing can be written here now, in one word; empty when it can."""
        return why_closed(self.contact, self.talk)

    def send(self, id: str, text: str) -> None:
        """Write a message. The same id with the same words twice is once; with other words they are two messages.

        Raises NothingWritten, TooLong, CannotWrite, ContactKeyChanged; then nothing is written.
        """
        _refuse_bad(text)
        self._refuse_closed()
        known = self._own(id)
        if (known and text in (known.payload.text, known.payload.first)) or self._was_taken_back(id, text):
            return
        if known:
            self.send(_beside(id, text), text)
            return
        self._lay(Written(id=id, pair=self.pair, text=text, at=self._next()))

    def edit(self, id: str, text: str) -> None:
        """Other words within the first minutes. Raises NoSuchTalk, NothingWritten, TooLong, TooLate, CannotWrite."""
        record = self._own(id)
        if record is None:
            raise NoSuchTalk
        old: Written = record.payload
        if text == old.text:
            return
        _refuse_bad(text)
        if not (old.letter and can_edit(old.at, self.now)):
            raise TooLate
        self._refuse_closed()
        self._burn(old)
        new = replace(old, text=text, edition=old.edition + 1, first=old.first or old.text)
        self._drawer.replace(record, self._sent(new))

    def take_back(self, id: str) -> None:
        """The other cannot read it any more, nor see that it was there. Twice is once. Undo: `put_back`."""
        record = self._own(id)
        if record is None:
            return
        self._burn(record.payload)
        if record.payload.letter and self.contact and self.contact.state == "active":
            self._letters.send(self._id, Gone(id=id))
        self._drawer.remove(record)
        self._fill_bin(MessageBin(pair=self.pair, written=replace(record.payload, burn="")))
        self._recount()

    def put_away(self, id: str) -> None:
        """One of the other's messages leaves this side; they are not told. Twice is once. Undo: `put_back`."""
        line = next((one for one in self.everything() if one.id == id and not one.mine), None)
        if line is None:
            return
        if line.letter:
            self._letters.keep(self._id, [line.letter], REMOVED)
            self._fill_bin(MessageBin(pair=self.pair, letter=line.letter, week=line.week))
        else:
            name = kept_name(self.pair, id)
            record = self._drawer.find(name)[name]
            self._drawer.remove(record)
            self._fill_bin(MessageBin(pair=self.pair, kept=record.payload))
        self._recount()

    def put_back(self) -> bool:
        """What was just taken back or away is there again; False when there is nothing of this conversation.

        Once the two have parted, and of what came from a file, it is there for oneself only. Raises
        CannotWrite when it would have to be sent and cannot be.
        """
        bin_ = self._bin()
        if bin_.pair != self.pair:
            return False
        if bin_.written and bin_.written.letter and self.contact:
            self._refuse_closed()
            self._lay(replace(bin_.written, edition=bin_.written.edition + 1))
        elif bin_.written or bin_.kept:
            self._lay_again(bin_.written or bin_.kept)
        elif bin_.letter:
            self._letters.keep(self._id, [bin_.letter], part_of(bin_.week))
        change_record(self._drawer, BIN, BIN, MessageBin(), lambda _old: MessageBin())
        self._recount()
        return True

    def tell(self, *, by: date | None = None, tired: bool = False) -> None:
        """“Läst”, for everything that has come. The same twice is once. Raises CannotWrite."""
        if self.talk.latest_theirs is None:
            return
        told = Read(upto=self.talk.latest_theirs, by=by, tired=tired)
        if told == self.talk.told:
            return
        self._refuse_closed()
        number = self.talk.told_number + 1
        self._letters.send(self._id, ReadReceipt(upto=told.upto, by=by, tired=tired, number=number))
        self._change(told=told, told_number=number)

    def take_messages(self, yes: bool) -> None:
        """Whoever was invited says whether the owner may write to them. Raises NoSuchTalk for the owner."""
        if self.contact is None or self.contact.side != "theirs" or self.contact.state != "active":
            raise NoSuchTalk
        if self.talk.takes == yes:
            return
        number = self.talk.takes_number + 1
        self._letters.send(self._id, Takes(yes=yes, number=number))
        self._change(takes=yes, takes_number=number)

    def thread(self, before: str = "") -> Thread:
        """The latest messages, or those of the weeks before one week. The cost does not grow with the years."""
        weeks = [week for week in self.talk.weeks if not before or week < before]
        lines: list[Line] = []
        while weeks and len(lines) < AT_ONCE:
            lines = self._week(weeks.pop()) + lines
        earlier = min((one.week for one in lines), default="") if weeks else ""
        return Thread(lines, earlier)

    def everything(self) -> Iterator[Line]:
        """Every message, the latest week first."""
        for week in reversed(self.talk.weeks):
            yield from reversed(self._week(week))

    def line(self, id: str) -> Line:
        """One message. Raises NoSuchTalk."""
        for one in self.everything():
            if one.id == id:
                return one
        raise NoSuchTalk

    def seen(self) -> None:
        """What came has been on the screen. Told to nobody."""
        self._change(news=False)

    def pause(self, on: bool) -> None:
        """While it rests nothing here says that something came. The other is not told."""
        self._change(paused=on)

    def stopped(self, batch: str) -> None:
        self._change(stopped=batch)

    def draft(self) -> str:
        found = self._drawer.find(draft_name(self.pair)).get(draft_name(self.pair))
        return found.payload.text if found else ""

    def keep_draft(self, text: str) -> bool:
        """What stands in the field; False when it is far too long to keep."""
        if len(text) > 10 * LONGEST:
            return False
        empty = MessageDraft(pair=self.pair)
        change_record(
            self._drawer, DRAFTS, draft_name(self.pair), empty, lambda _old: replace(empty, text=text)
        )
        return True

    def _next(self) -> datetime:
        """Now, but always after what stands here: an answer comes after what it answers, whatever two clocks say."""
        latest = self.talk.latest
        return max(self.now, latest + timedelta(microseconds=1)) if latest else self.now

    def _lay(self, written: Written) -> None:
        week = week_of(written.at)
        with (
            suppress(RecordExists),
            self._db.begin_nested(),
        ):  # another window sent the same page: that is once
            self._drawer.put(
                shelf_of(self.pair, week), written_name(self.pair, written.id), self._sent(written)
            )
        self.talk = change_talk(
            self._drawer, self.pair, lambda old: _with_mine(old, written.at, week, self._is_owner)
        )

    def _lay_again(self, words: Any) -> None:
        name = written_name if isinstance(words, Written) else kept_name
        with suppress(RecordExists):
            self._drawer.put(shelf_of(self.pair, week_of(words.at)), name(self.pair, words.id), words)

    def _sent(self, written: Written) -> Written:
        """The same with its letter left at the other's."""
        message = Message(id=written.id, text=written.text, at=written.at, edition=written.edition)
        sent = self._letters.send(self._id, message)
        return replace(written, letter=sent.letter, burn=sent.burn.as_text())

    def _burn(self, written: Written) -> None:
        if written.burn:
            self._letters.burn([Sent(written.letter, Secret.from_text(written.burn))])

    def _week(self, week: str) -> list[Line]:
        """A week of both sides in order. Of an id the highest edition stands."""
        found: dict[tuple[bool, str], tuple[int, Line]] = {}
        for mine, words, letter in self._words(week):
            sent = mine and bool(words.letter)
            line = Line(words.id, mine, words.text, words.at, words.edition > 1, week, letter, sent)
            if words.edition > found.get((mine, words.id), (0, line))[0]:
                found[mine, words.id] = (words.edition, line)
        return sorted((line for _edition, line in found.values()), key=lambda one: (one.at, one.id))

    def _words(self, week: str) -> Iterator[tuple[bool, Any, int]]:
        for record in self._drawer.shelf(shelf_of(self.pair, week)):
            yield isinstance(record.payload, Written), record.payload, 0
        if self.contact:
            for letter in self._letters.of(self._id, part_of(week)):
                yield False, letter.payload, letter.letter

    def _own(self, id: str) -> Record | None:
        return self._drawer.find(written_name(self.pair, id)).get(written_name(self.pair, id))

    def _was_taken_back(self, id: str, text: str) -> bool:
        written = self._bin().written
        return bool(written and (written.pair, written.id, written.text) == (self.pair, id, text))

    def _bin(self) -> MessageBin:
        return bin_of(self._drawer)

    def _fill_bin(self, new: MessageBin) -> None:
        """What lay there before is gone for good."""
        self._letters.drop([letter] if (letter := self._bin().letter) else [])
        change_record(self._drawer, BIN, BIN, MessageBin(), lambda _old: new)

    def _recount(self) -> None:
        recount(self._drawer, self)

    @property
    def _is_owner(self) -> bool:
        return self.contact is not None and self.contact.side == "mine"

    def _refuse_closed(self) -> None:
        if self.closed:
            raise CannotWrite

    def _change(self, **known: Any) -> None:
        self.talk = change_talk(self._drawer, self.pair, lambda old: replace(old, **known))


def join_draft(drawer: Drawer, pair: str, text: str) -> None:
    """A text that was left while it was locked stands in the draft, after what stands there. Twice is once."""

    def joined(old: MessageDraft) -> MessageDraft:
        return old if text in old.text else replace(old, text=f"{old.text}\n\n{text}".strip())

    change_record(drawer, DRAFTS, draft_name(pair), MessageDraft(pair=pair), joined)


def drop_draft(drawer: Drawer, pair: str) -> None:
    empty = MessageDraft(pair=pair)
    change_record(drawer, DRAFTS, draft_name(pair), empty, lambda _old: empty)


def all_talks(drawer: Drawer) -> dict[str, Talk]:
    """Every conversation by its pair: one statement."""
    return {record.payload.pair: record.payload for record in drawer.shelf(SHELF)}


def all_drafts(drawer: Drawer) -> dict[str, str]:
    """What stands in each field before anybody pressed Send, by its pair: one statement."""
    return {record.payload.pair: record.payload.text for record in drawer.shelf(DRAFTS)}


def bin_of(drawer: Drawer) -> MessageBin:
    """The latest that was taken back or away, in whichever conversation."""
    found = drawer.find(BIN).get(BIN)
    return found.payload if found else MessageBin()


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


def can_edit(at: datetime, now: datetime) -> bool:
    return now - at <= EDIT_FOR


def change_talk(drawer: Drawer, pair: str, change: Any) -> Talk:
    """How a conversation stands, changed with compare-and-swap."""
    return change_record(drawer, SHELF, talk_name(pair), Talk(pair=pair), change)


def begin(drawer: Drawer, pair: str) -> None:
    """Both have said yes to writing to each other: a peer's yes to a question is both at once."""
    change_talk(drawer, pair, lambda old: replace(old, begun=True, takes=True))


def recount(drawer: Drawer, talk: Conversation) -> None:
    """Whose word is the latest, after something went or came back."""
    lines = list(talk.thread().lines)
    theirs = max((one.at for one in lines if not one.mine), default=None)
    latest = lines[-1] if lines else None

    def stands(old: Talk) -> Talk:
        last = bool(latest and not latest.mine)
        return replace(old, latest=latest.at if latest else None, latest_theirs=theirs, theirs_last=last)

    talk.talk = change_talk(drawer, talk.pair, stands)


def week_of(at: datetime) -> str:
    """“2026-W47”, on the wall clock here: the shelf that a message lies on."""
    return f"{here(at):%G-W%V}"


def talk_name(pair: str) -> str:
    return f"talk/{pair}"


def _with_mine(old: Talk, at: datetime, week: str, is_owner: bool) -> Talk:
    latest = max(old.latest or at, at)
    return replace(
        old,
        weeks=with_week(old.weeks, week),
        latest=latest,
        theirs_last=old.theirs_last and latest != at,
        begun=old.begun or is_owner,
    )


def with_week(weeks: tuple[str, ...], week: str) -> tuple[str, ...]:
    return tuple(sorted({*weeks, week}))


def _refuse_bad(text: str) -> None:
    if not text:
        raise NothingWritten
    if len(text) > LONGEST:
        raise TooLong


def _bytes(pair: str) -> bytes:
    try:
        return bytes.fromhex(pair)
    except ValueError:
        raise NoSuchTalk from None


def _beside(id: str, text: str) -> str:
    """The id of other words that came from the same page: the same words twice are once."""
    return hashlib.sha256(f"{id} {text}".encode()).hexdigest()[:32]


def shelf_of(pair: str, week: str) -> str:
    return f"talk/{pair}/{week}"


def part_of(week: str) -> str:
    return f"talk/{week}"


def written_name(pair: str, id: str) -> str:
    return f"written/{pair}/{id}"


def kept_name(pair: str, id: str) -> str:
    return f"kept/{pair}/{id}"


def draft_name(pair: str) -> str:
    return f"talk-draft/{pair}"
