"""Writing in a conversation: send, edit, take back, “läst”, and what one decides about it."""

import hashlib
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from server.messages.payloads import (
    EDIT_FOR,
    LONGEST,
    Colleague,
    Gone,
    Message,
    MessageBin,
    Read,
    ReadReceipt,
    Takes,
    Talk,
    Words,
    Written,
)
from server.messages.reading import Reading
from server.messages.talks import (
    NoSuchTalk,
    change_talk,
    kept_name,
    part_of,
    shelf_of,
    week_of,
    with_week,
    written_name,
)
from server.vault.changing import change_record
from server.vault.drawer import Drawer, Record
from server.vault.errors import ContactKeyChanged, RecordExists
from server.vault.letters import Sent
from server.vault.mailbox import door_hash
from server.vault.notices import rest, tell_of_letter
from server.vault.sealing import Secret

BIN = "message-bin"
REMOVED = "removed"  # the shelf of the one message of theirs that can still be put back


class NothingWritten(Exception):
    """A message without words."""


class TooLong(Exception):
    """More words than fit in one message."""


class CannotWrite(Exception):
    """The other does not take messages, or not any more, or has not been written to first."""


class TooLate(Exception):
    """The few minutes are over in which a message can be edited."""


class Conversation(Reading):
    """The same, for whoever writes. What the other is told is a letter in the same transaction."""

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
        new = replace(old, text=text, edition=old.edition + 1, changed=True, first=old.first or old.text)
        self._drawer.replace(record, self._sent(new))

    def remove(self, id: str, week: str = "") -> None:
        """My own is taken back from the other, too; theirs leaves my side only. Twice is once. Undo: `put_back`."""
        record = self._own(id)
        if record:
            self._take_back(record)
        else:
            self._put_away(id, week)

    def _take_back(self, record: Record) -> None:
        """The other cannot read it any more, nor see that it was there."""
        written: Written = record.payload
        self._burn(written)
        if written.letter and self.contact and self.contact.state == "active":
            with suppress(ContactKeyChanged):  # it is burnt all the same; only an open page hears of it later
                self._letters.send(self._id, Gone(id=written.id))
        self._drawer.remove(record)
        self._fill_bin(MessageBin(pair=self.pair, written=replace(written, burn="")))
        self.recount()

    def _put_away(self, id: str, week: str) -> None:
        """They are not told."""
        try:
            line = self.line(id, week)
        except NoSuchTalk:
            return
        name = kept_name(self.pair, id)
        record = self._drawer.find(name).get(name)
        if record:
            self._drawer.remove(record)
        if line.letter:
            self._letters.keep(self._id, [line.letter], REMOVED)
        kept = record.payload if record else None
        self._fill_bin(MessageBin(pair=self.pair, letter=line.letter, kept=kept, week=line.week))
        self.recount()

    def put_back(self) -> bool:
        """What was just taken back or away is there again; False when there is nothing of this conversation.

        Once the two have parted, and of what came from a file, it is there for oneself only. Raises
        CannotWrite when it would have to be sent and cannot be.
        """
        bin_ = bin_of(self._drawer)
        if bin_.pair != self.pair:
            return False
        if bin_.written and bin_.written.letter and self.contact:
            self._refuse_closed()
            self._lay(replace(bin_.written, edition=bin_.written.edition + 1))
        elif words := bin_.written or bin_.kept:
            name = written_name if isinstance(words, Written) else kept_name
            with suppress(RecordExists):
                self._drawer.put(shelf_of(self.pair, week_of(words.at)), name(self.pair, words.id), words)
        if bin_.letter:
            self._letters.keep(self._id, [bin_.letter], part_of(bin_.week))
        at = bin_.written or bin_.kept
        week = week_of(at.at) if at else bin_.week
        self._change(weeks=with_week(self.talk.weeks, week))
        fill_bin(self._drawer, MessageBin())
        self.recount()
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

    def suggest(self, listing: str, name: str, words: str) -> None:
        """A peer names a colleague. Raises CannotWrite, and TooLong."""
        self._refuse_closed()
        if len(words) > LONGEST:
            raise TooLong
        number = self.talk.colleague_number + 1
        self._letters.send(self._id, Colleague(listing=listing, name=name, words=words, number=number))
        self._change(colleague_number=number)

    def answered_colleague(self) -> None:
        """Yes or no: the suggestion need not stand any longer. Nobody is told."""
        self._change(colleague=None)

    def seen(self) -> None:
        """What came has been on the screen. Told to nobody."""
        self._change(news=False)

    def pause(self, on: bool) -> None:
        """While it rests nothing here, and no notice, says that something came. The other is not told."""
        self._change(paused=on)
        if self._push and self.contact:
            rest(self._db, self._push, self._keyring.account, door_hash(self.contact.back), on=on)

    def stopped(self, batch: str) -> None:
        self._change(stopped=batch)

    def _next(self) -> datetime:
        """Now, but always after what stands here: an answer comes after what it answers, whatever two clocks say."""
        latest = self.talk.latest
        return max(self.now, latest + timedelta(microseconds=1)) if latest else self.now

    def _lay(self, written: Written) -> None:
        week = week_of(written.at)
        try:
            with self._db.begin_nested():
                own = self._sent(written)
                self._tell_outside(own)
                self._drawer.put(shelf_of(self.pair, week), written_name(self.pair, written.id), own)
        except RecordExists:  # another window was faster with the same page: the same words are once
            there = self._own(written.id)
            if there and there.payload.text != written.text:
                self.send(_beside(written.id, written.text), written.text)
            return
        self.talk = change_talk(
            self._drawer, self.pair, lambda old: _with_mine(old, written.at, week, self._is_owner)
        )

    def _sent(self, written: Written) -> Written:
        """The same with its letter left at the other's."""
        said = {name: getattr(written, name) for name in Words.__struct_fields__}
        message = Message(**said)
        sent = self._letters.send(self._id, message)
        return replace(written, letter=sent.letter, burn=sent.burn.as_text())

    def _tell_outside(self, sent: Written) -> None:
        """The reader's notice, in the same transaction. The same work whether they have asked for one or not."""
        if self._push and self.contact:
            door = door_hash(self.contact.door)
            tell_of_letter(self._db, self._push, self.contact.mailbox, door, sent.letter, self.now)

    def _burn(self, written: Written) -> None:
        if written.burn:
            self._letters.burn([Sent(written.letter, Secret.from_text(written.burn))])

    def _own(self, id: str) -> Record | None:
        return self._drawer.find(written_name(self.pair, id)).get(written_name(self.pair, id))

    def _was_taken_back(self, id: str, text: str) -> bool:
        written = bin_of(self._drawer).written
        return bool(written and (written.pair, written.id, written.text) == (self.pair, id, text))

    def _fill_bin(self, new: MessageBin) -> None:
        """What lay there before is gone for good."""
        self._letters.drop([letter] if (letter := bin_of(self._drawer).letter) else [])
        fill_bin(self._drawer, new)

    def recount(self) -> None:
        """Whose word is the latest, after something went or came back; a week that holds nothing is left out."""
        latest_week = self.talk.weeks[-1:]
        if latest_week and not self._week(latest_week[0]):
            self._change(weeks=self.talk.weeks[:-1])
            return self.recount()
        lines = self.thread().lines
        theirs = max((one.at for one in lines if not one.mine), default=None)
        latest = lines[-1] if lines else None
        self._change(
            latest=latest.at if latest else None,
            latest_theirs=theirs,
            theirs_last=bool(latest and not latest.mine),
        )
        return None

    @property
    def _is_owner(self) -> bool:
        return self.contact is not None and self.contact.side == "mine"

    def _refuse_closed(self) -> None:
        if self.closed:
            raise CannotWrite

    def _change(self, **known: Any) -> None:
        self.talk = change_talk(self._drawer, self.pair, lambda old: replace(old, **known))


def bin_of(drawer: Drawer) -> MessageBin:
    """The latest that was taken back or away, in whichever conversation."""
    found = drawer.find(BIN).get(BIN)
    return found.payload if found else MessageBin()


def fill_bin(drawer: Drawer, new: MessageBin) -> None:
    change_record(drawer, BIN, BIN, MessageBin(), lambda _old: new)


def can_edit(at: datetime, now: datetime) -> bool:
    return now - at <= EDIT_FOR


def _with_mine(old: Talk, at: datetime, week: str, is_owner: bool) -> Talk:
    latest = max(old.latest or at, at)
    return replace(
        old,
        weeks=with_week(old.weeks, week),
        latest=latest,
        theirs_last=old.theirs_last and latest != at,
        begun=old.begun or is_owner,
    )


def _refuse_bad(text: str) -> None:
    if not text:
        raise NothingWritten
    if len(text) > LONGEST:
        raise TooLong


def _beside(id: str, text: str) -> str:
    """The id of other words that came from the same page: the same words twice are once."""
    return hashlib.sha256(f"{id} {text}".encode()).hexdigest()[:32]
