"""What a contact may read, and what their reading tells: nothing of others, nothing of what is not there."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from server.circle import post, sharing
from server.circle.copies import Farewell, Inbox, Lying, Opened, Receipt, Said, Share
from server.circle.kinds import Kind, NoSuchItem, kind_called
from server.circle.people import alphabet
from server.vault.drawer import Drawer
from server.vault.errors import CannotOpen, NoSuchContact
from server.vault.keyring import LISTED_HATS, Contact, Keyring
from server.vault.letters import Letters, Received
from server.vault.sealing import Secret

OPEN_FOR = timedelta(hours=1)
LONGEST = 5_000
REMEMBERED = 50  # questions and suggestions that the reader's own note about a person keeps


class TooLong(Exception):
    """More words than fit in one answer."""


class NothingSaid(Exception):
    """A question or suggestion without words."""


class PointsNowhere(Exception):
    """A suggestion that neither points at one of the wishes that stand open nor says why (row B18)."""


class NoReason(Exception):
    """A suggestion without a why, when there is no wish to point at."""


class WishGone(Exception):
    """The wish that it points at is not shown any more."""


class NotOpened(Exception):
    """“Läst” about a copy that this reader has never opened."""


@dataclass(frozen=True)
class Asked:
    """What one person asks of me, and by when if they said."""

    pair: str
    name: str
    text: str
    by: date | None


@dataclass(frozen=True)
class Person:
    """Somebody who shows me things, as the roster knows them. `until` is the latest end of what lies here now."""

    pair: str
    name: str
    hat: str
    waiting: bool
    until: datetime | None
    asks: tuple[Asked, ...]


@dataclass(frozen=True)
class Copy:
    """One copy that lies here. Its text is for whoever has opened it: `body` is None until then."""

    letter: int
    share: Share
    kind: Kind
    lying: Lying
    body: msgspec.Struct | None

    @property
    def stands_first(self) -> bool:
        """Their wishes and strengths first, once they have been opened."""
        return self.body is not None and self.kind.stands_first


def roster(db: Connection, keyring: Keyring, now: datetime) -> list[Person]:
    """Everybody who shows me something, by name, and what they ask of me (row C16), from the notes alone.

    Two statements, however many letters there are, and no copy is unsealed.
    """
    there = Letters(db, keyring, now).there()
    inboxes = {record.payload.pair: record.payload for record in Drawer(db, keyring).shelf(post.INBOX)}
    people = [
        _person(pair.hex(), contact, inboxes.get(pair.hex()), there, now)
        for pair, contact in keyring.contacts.items()
        if contact.side == "theirs" and contact.hat not in LISTED_HATS
    ]
    return sorted(people, key=lambda one: (alphabet(one.name), one.pair))


def asked_of_me(people: Sequence[Person]) -> list[Asked]:
    """What everybody asks of me, the nearest day first."""
    everything = (asked for person in people for asked in person.asks)
    return sorted(everything, key=lambda one: (one.by or date.max, alphabet(one.name)))


def contact_called(keyring: Keyring, pair: str) -> tuple[bytes, Contact]:
    """Who shows me things, by the name in the address. Raises NoSuchContact."""
    try:
        id_ = bytes.fromhex(pair)
        contact = keyring.contacts[id_]
    except (ValueError, KeyError):
        raise NoSuchContact from None
    if contact.side != "theirs" or contact.hat in LISTED_HATS:
        raise NoSuchContact
    return id_, contact


def met(keyring: Keyring, pair: bytes) -> Contact:
    """Somebody who shows me things and has said yes: before that there is nobody to answer. Raises NoSuchContact."""
    contact = keyring.contacts.get(pair)
    if contact is None or contact.side != "theirs" or contact.state != "active":
        raise NoSuchContact
    return contact


def copies(db: Connection, keyring: Keyring, pair: bytes, now: datetime) -> list[Copy]:
    """What lies here from one person: what came last first, and what came together side by side."""
    inbox = inbox_of(db, keyring, pair)
    lasting = {letter for letter, lying in inbox.letters.items() if lying.until > now}
    there = Letters(db, keyring, now).of(pair, kind=Share, among=lasting)
    found = [copy for one in there if (copy := _copy(one, inbox, now))]
    came = {letter: number for number, letter in enumerate(inbox.letters)}
    sets = {one.share.set: came.get(one.letter, 0) for one in found}
    found.sort(key=lambda one: came.get(one.letter, 0))
    found.sort(key=lambda one: (one.share.given, sets[one.share.set], one.share.set), reverse=True)
    return found


def asked(there: Sequence[Copy]) -> list[Share]:
    """What is asked of me, once for each that came together; what has a day first, the nearest on top (row C16)."""
    once = {copy.share.set: copy.share for copy in there if copy.share.terms.asks}
    return sorted(once.values(), key=lambda share: share.terms.asks_by or date.max)


def inbox_of(db: Connection, keyring: Keyring, pair: bytes) -> Inbox:
    name = post.inbox_name(pair)
    record = Drawer(db, keyring).find(name).get(name)
    return record.payload if record else Inbox(pair=pair.hex())


def open_copies(
    db: Connection, keyring: Keyring, frank: Secret, pair: bytes, letters: Sequence[int], now: datetime
) -> None:
    """Open copies: the owner is told of each, in the transaction that lets them be read.

    Again within the hour tells nothing more. Raises NoSuchLetter when one is burnt or over: then none is opened.
    Raises NoSuchContact before the owner's yes.
    """
    met(keyring, pair)
    box = Letters(db, keyring, now, frank)
    ends = {letter: box.one(pair, letter, Share).payload.terms.until for letter in dict.fromkeys(letters)}
    fresh: list[int] = []

    def note(old: Inbox) -> Inbox:
        fresh[:] = [one for one in ends if not _is_open(old.letters.get(one), now)]
        lying = {one: replace(old.letters.get(one) or Lying(until=ends[one]), opened=now) for one in fresh}
        return replace(old, letters=old.letters | lying, number=old.number + len(fresh))

    after = post.change_inbox(Drawer(db, keyring), pair, note)
    for number, letter in enumerate(fresh, start=after.number - len(fresh) + 1):
        box.send(pair, Opened(letter=letter, number=number, at=now))


def unopened(db: Connection, keyring: Keyring, pair: bytes, now: datetime) -> list[int]:
    """The copies of one person that are closed just now."""
    return [copy.letter for copy in copies(db, keyring, pair, now) if copy.body is None]


def acknowledge(
    db: Connection, keyring: Keyring, frank: Secret, pair: bytes, letter: int, by: date | None, now: datetime
) -> None:
    """“Läst. Jag svarar senast …”; the same day twice is once. Raises NoSuchLetter, NotOpened, NoSuchContact."""
    met(keyring, pair)
    box = Letters(db, keyring, now, frank)
    box.one(pair, letter, Share)
    changed: list[bool] = []

    def note(old: Inbox) -> Inbox:
        lying = old.letters.get(letter)
        if lying is None or lying.opened is None:
            raise NotOpened
        said = replace(lying, receipt=by, answered=True)
        changed[:] = [said != lying]
        return replace(old, letters=old.letters | {letter: said})

    post.change_inbox(Drawer(db, keyring), pair, note)
    if changed[0]:
        box.send(pair, Receipt(letter=letter, at=now, by=by))


def wishes(there: Sequence[Copy]) -> list[str]:
    """What a suggestion can point at: each wish that stands open."""
    return list(dict.fromkeys(wish for copy in there if copy.body for wish in copy.kind.wishes(copy.body)))


def say(db: Connection, keyring: Keyring, frank: Secret, pair: bytes, said: Said, now: datetime) -> None:
    """Ask or suggest something. The same id twice is once. The reader's own note says that it went, so it comes last.

    Raises NothingSaid, TooLong, PointsNowhere, NoReason, WishGone, NoSuchContact, ContactKeyChanged; then nothing is
    written.
    """
    met(keyring, pair)
    if not said.text:
        raise NothingSaid
    if max(len(said.text), len(said.why)) > LONGEST:
        raise TooLong
    if said.what == "suggestion" and not (said.wish or said.why):
        raise PointsNowhere if wishes(copies(db, keyring, pair, now)) else NoReason
    if said.wish and said.wish not in _wishes_met(db, keyring, pair, now):
        raise WishGone
    if any(one.id == said.id for one in inbox_of(db, keyring, pair).said):
        return
    Letters(db, keyring, now, frank).send(pair, said)
    post.change_inbox(
        Drawer(db, keyring), pair, lambda old: replace(old, said=(*old.said, said)[-REMEMBERED:])
    )


def leave(
    db: Connection, keyring: Keyring, account_key: Any, frank: Secret, pair: bytes, now: datetime
) -> Keyring:
    """Stop receiving from somebody: they are told, and nothing of theirs stays here.

    Before their yes there is nobody to tell: a later yes finds the door closed. Raises NoSuchContact.
    """
    if keyring.contacts[pair].state == "active":
        Letters(db, keyring, now, frank).send(pair, Farewell(at=now))
    return post.forget(db, keyring, account_key, pair, now)


def stamp(db: Connection, keyring: Keyring, pair: bytes, contact: Contact, now: datetime) -> str:
    """Stands for what lies here and is open: an open page that has another one is out of date.

    Asked every few seconds, so it opens no letter: which rows lie there, and the reader's own note about them.
    """
    known = inbox_of(db, keyring, pair).letters
    lines: list[str] = [contact.state]
    for letter in sorted(Letters(db, keyring, now).there_from(pair)):
        lying = known.get(letter)
        if lying and now < lying.until:
            lines.append(f"{letter} {_is_open(lying, now)}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _wishes_met(db: Connection, keyring: Keyring, pair: bytes, now: datetime) -> set[str]:
    """The wishes of copies that lie here and that this reader has opened, closed again or not."""
    opened = [copy for copy in copies(db, keyring, pair, now) if copy.lying.opened]
    bodies = [(copy.kind, sharing.body_of(copy.share)) for copy in opened]
    return {wish for kind, body in bodies if isinstance(body, kind.body) for wish in kind.wishes(body)}


def _copy(received: Received, inbox: Inbox, now: datetime) -> Copy | None:
    """None for what this program cannot read (a kind of a newer one): the other copies still stand."""
    share: Share = received.payload
    lying = inbox.letters[received.letter]
    try:
        kind = kind_called(share.kind)
        body = sharing.body_of(share) if _is_open(lying, now) else None
    except (CannotOpen, NoSuchItem):
        return None
    if not isinstance(body, kind.body | None):  # only a hand-made letter says one thing and holds another
        return None
    return Copy(received.letter, share, kind, lying, body)


def _is_open(lying: Lying | None, now: datetime) -> bool:
    return bool(lying and lying.opened and now < lying.opened + OPEN_FOR)


def _person(pair: str, contact: Contact, inbox: Inbox | None, there: set[int], now: datetime) -> Person:
    lying = inbox.letters.items() if inbox else ()
    lies = [one for letter, one in lying if letter in there and one.until > now]
    asks = {one.set: Asked(pair, contact.name, one.asks, one.asks_by) for one in lies if one.asks}
    return Person(
        pair=pair,
        name=contact.name,
        hat=contact.hat,
        waiting=contact.state == "pending",
        until=max((one.until for one in lies), default=None),
        asks=tuple(asks.values()),
    )
