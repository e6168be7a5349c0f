"""Reading a conversation: the messages of both sides, week by week. Reading tells nobody anything."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from server.messages.payloads import Kept, Message, Talk, Written
from server.messages.talks import NoSuchTalk, part_of, shelf_of, talk_name, week_of, why_closed
from server.vault.drawer import Drawer
from server.vault.keyring import LISTED_HATS, Contact, Keyring
from server.vault.letters import Letters
from server.vault.sealing import Secret

AT_ONCE, MOST = 20, 60  # messages that a page shows at least, if there are as many, and at most
NEAR = 8  # weeks in which a message is looked for whose week is not known


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
    word: bytes = b""  # of what is kept: the server's word for it


@dataclass(frozen=True)
class Thread:
    """The latest messages in order, and the time before which there are more."""

    lines: list[Line]
    earlier: datetime | None


class Reading:
    """One person's side of one conversation, on one connection, at one moment."""

    def __init__(
        self,
        db: Connection,
        keyring: Keyring,
        pair: str,
        now: datetime,
        frank: Secret | None = None,
        push: Secret | None = None,
    ) -> None:
        """`frank` is the server's key for tags, `push` that for notices; only sending and resting want them.

        Raises NoSuchTalk.
        """
        self._push = push
        self._db, self._keyring, self.now = db, keyring, now
        self._drawer, self._letters = Drawer(db, keyring), Letters(db, keyring, now, frank)
        self.pair = pair
        self._id = _bytes(pair)
        self.contact: Contact | None = keyring.contacts.get(self._id)
        found = self._drawer.find(talk_name(pair)).get(talk_name(pair))
        if pair != self._id.hex() or (self.contact is None and found is None):
            raise NoSuchTalk
        if self.contact and (self.contact.hat in LISTED_HATS or self.contact.state == "pending"):
            raise NoSuchTalk  # an association's own people, and what begins with a yes that is still to come
        self.talk: Talk = found.payload if found else Talk(pair=pair)

    @property
    def name(self) -> str:
        return self.contact.name if self.contact else self.talk.name

    @property
    def closed(self) -> str:
        """Why nothing can be written here now, in one word; empty when it can."""
        return why_closed(self.contact, self.talk)

    @property
    def is_vouched(self) -> bool:
        """Whether the other is a peer whom an association has vouched for."""
        return self.contact is not None and self.contact.side == "mine" and self.contact.vouched

    def thread(self, before: datetime | None = None) -> Thread:
        """The latest messages, or those before a time. The cost does not grow with the years."""
        weeks = [week for week in self.talk.weeks if not before or week <= week_of(before)]
        lines: list[Line] = []
        while weeks and len(lines) < AT_ONCE:
            lines = [one for one in self._week(weeks.pop()) if not before or one.at < before] + lines
        shown = lines[-MOST:]
        more = bool(weeks) or len(shown) < len(lines)
        return Thread(shown, shown[0].at if more and shown else None)

    def everything(self) -> Iterator[Line]:
        """Every message, the latest week first."""
        for week in reversed(self.talk.weeks):
            yield from reversed(self._week(week))

    def latest(self, most: int) -> list[Line]:
        """At most so many of the latest messages, in order."""
        return list(islice(self.everything(), most))[::-1]

    def line(self, id: str, week: str = "") -> Line:
        """One message, in its week if that is known, else in the latest ones. Raises NoSuchTalk."""
        weeks = [week] if week in self.talk.weeks else self.talk.weeks[-NEAR:][::-1]
        for one in (line for week in weeks for line in self._week(week)):
            if one.id == id:
                return one
        raise NoSuchTalk

    def picked(self, weeks_and_ids: Collection[tuple[str, str]]) -> list[Line]:
        """Those messages in order, each looked for in its week alone."""
        weeks = sorted({week for week, _id in weeks_and_ids} & set(self.talk.weeks))
        return [line for week in weeks for line in self._week(week) if (week, line.id) in weeks_and_ids]

    def _week(self, week: str) -> list[Line]:
        """A week of both sides in order. Of an id the highest edition stands."""
        found: dict[tuple[bool, str], tuple[int, Line]] = {}
        for mine, words, letter in self._words(week):
            sent = mine and bool(words.letter)
            word = words.word if isinstance(words, Kept) else b""
            line = Line(words.id, mine, words.text, words.at, words.changed, week, letter, sent, word)
            if words.edition > found.get((mine, words.id), (0, line))[0]:
                found[mine, words.id] = (words.edition, line)
        return sorted((line for _edition, line in found.values()), key=lambda one: (one.at, one.id))

    def _words(self, week: str) -> Iterator[tuple[bool, Any, int]]:
        for record in self._drawer.shelf(shelf_of(self.pair, week)):
            yield isinstance(record.payload, Written), record.payload, 0
        if self.contact:
            for letter in self._letters.of(self._id, part_of(week), kind=Message):
                yield False, letter.payload, letter.letter


def time_of(text: str) -> datetime | None:
    """“Visa tidigare”: the time that an earlier page ended with. Anything else is the latest."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo and 1 < at.year < 9999 else None


def _bytes(pair: str) -> bytes:
    try:
        return bytes.fromhex(pair)
    except ValueError:
        raise NoSuchTalk from None
