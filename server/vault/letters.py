"""Letters between two people who are paired: sealed copies, one reader each, until an end, that can be burnt.

Sealed twice. Inside with a key that only these two can derive (static X25519 of the two pinned keys), which says who
wrote without proving it to a third person; outside (HPKE) to the reader. The exact end lies inside the inner seal.
"""

import hmac
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, delete, select

from server.core.database import Prepared
from server.vault import mailbox
from server.vault.errors import (
    ContactKeyChanged,
    DamagedPayload,
    LetterOver,
    NoSuchContact,
    NoSuchLetter,
    UnknownSender,
    VaultError,
)
from server.vault.keyring import Contact, Keyring
from server.vault.mailbox import (
    Outer,
    door_hash,
    fingerprints,
    key_in_row,
    leave_by,
    new_id,
    seal_outer,
    tag_of,
)
from server.vault.models import Letter
from server.vault.payloads import decode, encode
from server.vault.sealing import (
    Opener,
    Secret,
    agree,
    context,
    derive,
    fingerprint,
    pad,
    seal,
    unpad,
    unseal,
)

_NEVER = 0
_END = 8  # bytes, seconds since 1970
_FARTHEST = 2**35  # no page of ours sends anything that lasts for a thousand years

_burn = delete(Letter).where(Letter.id == bindparam("letter"), Letter.burn_hash == bindparam("burn"))
_on_shelf = (
    select(Letter.id, Letter.blob)
    .where(Letter.mailbox == bindparam("of"), Letter.shelf == bindparam("shelf"))
    .order_by(Letter.id)
)
_ids_on_shelf = select(Letter.id).where(Letter.mailbox == bindparam("of"), Letter.shelf == bindparam("shelf"))
_one = select(Letter.blob).where(
    Letter.mailbox == bindparam("of"), Letter.shelf == bindparam("shelf"), Letter.id == bindparam("letter")
)
_tagged = select(Letter.id, Letter.tag, Letter.blob).where(
    Letter.mailbox == bindparam("of"), Letter.id.in_(bindparam("ids", expanding=True))
)
_there = Prepared(select(Letter.id).where(Letter.mailbox == bindparam("of")))
_over = delete(Letter).where(Letter.end_day < bindparam("today"))


class Sent(NamedTuple):
    """What the sender keeps of a letter: which one, and what burns it."""

    letter: int
    burn: Secret


@dataclass(frozen=True, slots=True)
class Received:
    """An opened letter, from a contact of ours."""

    letter: int
    contact: bytes
    until: datetime | None
    payload: Any = field(repr=False)  # a log or a traceback must not hold a person's words


class Letters:
    """One person's letters on one connection, at one moment. A row that was tampered with never shows another's."""

    def __init__(self, db: Connection, keyring: Keyring, now: datetime, frank: Secret | None = None) -> None:
        """`frank` is the server's key for tags, by which a reported letter can be proven; only `send` wants it."""
        self._db, self._keyring, self._now, self._frank = db, keyring, now, frank
        self._keys: dict[bytes, Secret] = {}
        self._opener: Opener | None = None

    def send(self, to: bytes, payload: msgspec.Struct, *, until: datetime | None = None) -> Sent:
        """Seal a copy to one contact and leave it there. When their door is closed it answers the same.

        Raises NoSuchContact (before the other side's yes, too), and ContactKeyChanged when the account row holds
        another key than the pinned one.
        """
        contact = self._contact(to)
        if contact.state != "active":
            raise NoSuchContact
        self._refuse_changed_key(contact)
        letter, burn, door = new_id(), Secret.random(), door_hash(contact.door)
        end = int(until.timestamp()) if until else _NEVER
        where = _inner_place(to, contact.mailbox, letter, self._keyring.own_public, contact.public_key)
        inner = seal(self._key(to, contact), where, pad(end.to_bytes(_END, "big") + encode(payload)))
        me = fingerprint(self._keyring.own_public)
        row = {
            "id": letter,
            "mailbox": contact.mailbox,
            "burn_hash": _burn_hash(burn),
            "tag": self._tag(inner, contact.mailbox, door),
            "blob": seal_outer(contact.mailbox, letter, contact.public_key, me, inner),
        }
        leave_by(self._db, door, row, until)
        return Sent(letter, burn)

    def burn(self, sent: Iterable[Sent]) -> None:
        """The rows are gone from the reader's mailbox. Twice is once. The caller truncates the log after commit."""
        rows = [{"letter": one.letter, "burn": _burn_hash(one.burn)} for one in sent]
        if rows:
            self._db.execute(_burn, rows)

    def arrived(self, waiting: Sequence[Outer] | None = None) -> list[Received]:
        """What contacts left and nobody has sorted. What does not open, or is over, is laid aside for good.

        Letters of phones (trays) and of pairings are left to those. `waiting` is what lies unsorted, if the caller
        has opened it already.
        """
        people = fingerprints(self._keyring)
        letters, aside = [], []
        for outer in mailbox.unsorted(self._db, self._keyring) if waiting is None else waiting:
            if outer.came_by not in people:
                continue
            try:
                letters.append(self._open(outer, people))
            except VaultError:
                aside.append(outer.letter)
        mailbox.lay_aside(self._db, self._keyring, aside)
        return letters

    def keep(self, contact: bytes, letters: Collection[int], part: str = "") -> None:
        """Put them on the shelf of their sender, where `of` finds them; `part` names a shelf beside it."""
        mailbox.put_on_shelf(self._db, self._keyring, _shelf(contact, part), letters)

    def drop(self, letters: Collection[int]) -> None:
        """Throw away letters in one's own mailbox. Twice is once."""
        mailbox.drop(self._db, self._keyring, letters)

    def of(
        self,
        contact: bytes,
        part: str = "",
        *,
        kind: type | None = None,
        among: Collection[int] | None = None,
    ) -> list[Received]:
        """Every letter on one shelf of a contact's that is not over, in no meaningful order: one statement.

        `among` names those that the reader knows to last: the rows of others lie there for up to a week, and need
        not be opened to see that they are over. A row that does not open, or holds something else than `kind`, is left
        out: somebody edited it, and the other copies are still the reader's.
        """
        self._contact(contact)
        values = {"of": self._keyring.account, "shelf": self._keyring.shelf(_shelf(contact, part))}
        found = []
        for letter, blob in self._db.execute(_on_shelf, values).all():
            if among is not None and letter not in among:
                continue
            with suppress(VaultError):
                received = self._open_row(contact, letter, blob)
                if kind is None or isinstance(received.payload, kind):
                    found.append(received)
        return found

    def there_from(self, contact: bytes) -> set[int]:
        """Which letters kept from one contact lie there, over or not, without opening any: one statement."""
        values = {"of": self._keyring.account, "shelf": self._keyring.shelf(_shelf(contact))}
        return set(self._db.execute(_ids_on_shelf, values).scalars())

    def one(self, contact: bytes, letter: int, kind: type | None = None) -> Received:
        """One letter kept from one contact. Raises NoSuchLetter when it is burnt, over, of another `kind`, or was never
        there."""
        self._contact(contact)
        values = {
            "of": self._keyring.account,
            "shelf": self._keyring.shelf(_shelf(contact)),
            "letter": letter,
        }
        blob = self._db.execute(_one, values).scalar_one_or_none()
        if blob is None:
            raise NoSuchLetter
        try:
            received = self._open_row(contact, letter, blob)
        except LetterOver:
            raise NoSuchLetter from None
        if kind is not None and not isinstance(received.payload, kind):
            raise NoSuchLetter
        return received

    def proven(self, contact: bytes, letters: Collection[int]) -> set[int]:
        """Those among these letters that this contact's door let in as they stand now: their tags are the server's.

        What somebody slipped into the database, or changed there, has no tag that fits. Wants `frank`.
        """
        pinned = self._contact(contact)
        rows = self._db.execute(_tagged, {"of": self._keyring.account, "ids": list(letters)}).all()
        found = set()
        for letter, tag, blob in rows:
            with suppress(VaultError):
                outer = mailbox.open_outer(self._keyring, letter, blob)
                right = self._tag(outer.inner, self._keyring.account, door_hash(pinned.back))
                if outer.came_by == fingerprint(pinned.public_key) and hmac.compare_digest(tag, right):
                    found.add(letter)
        return found

    def there(self) -> set[int]:
        """Which letters lie in one's own mailbox, without opening any: one statement, answered by an index alone."""
        return {letter for (letter,) in _there.rows(self._db, of=self._keyring.account)}

    def _open_row(self, contact: bytes, letter: int, blob: bytes) -> Received:
        self._opener = self._opener or Opener(self._keyring.own_secret)
        outer = mailbox.open_outer(self._keyring, letter, blob, self._opener)
        pinned = self._keyring.contacts[contact]
        if outer.came_by != fingerprint(pinned.public_key):
            raise UnknownSender
        return self._open(outer, {outer.came_by: [contact]})

    def _open(self, outer: Outer, people: dict[bytes, list[bytes]]) -> Received:
        """The inner seal tells which pair it was, should the same two be paired in both directions."""
        failed: VaultError = UnknownSender()
        for id in people[outer.came_by]:
            contact = self._keyring.contacts[id]
            where = _inner_place(
                id, self._keyring.account, outer.letter, contact.public_key, self._keyring.own_public
            )
            try:
                plain = unpad(unseal(self._key(id, contact), where, outer.inner))
            except VaultError as error:
                failed = error
                continue
            end = int.from_bytes(plain[:_END], "big")
            if end > _FARTHEST:
                raise DamagedPayload
            until = datetime.fromtimestamp(end, UTC) if end != _NEVER else None
            if until and self._now >= until:
                raise LetterOver
            return Received(outer.letter, id, until, decode(plain[_END:]))
        raise failed

    def _contact(self, id: bytes) -> Contact:
        contact = self._keyring.contacts.get(id)
        if contact is None:
            raise NoSuchContact
        return contact

    def _refuse_changed_key(self, contact: Contact) -> None:
        there = key_in_row(self._db, contact.mailbox)
        if there not in (None, contact.public_key):  # an account that is gone has no door either
            raise ContactKeyChanged

    def _key(self, id: bytes, contact: Contact) -> Secret:
        if id not in self._keys:
            self._keys[id] = derive(agree(self._keyring.own_secret, contact.public_key), "letter")
        return self._keys[id]

    def _tag(self, inner: bytes, mailbox: bytes, door: bytes) -> bytes:
        if self._frank is None:
            raise TypeError("sending wants the server's key for tags")
        return tag_of(self._frank, inner, mailbox, door)


def sweep(db: Connection, today: date) -> int:
    """Delete the letters whose week of the end is over; how many. They were refused from the second they ended."""
    return db.execute(_over, {"today": today}).rowcount


def _shelf(contact: bytes, part: str = "") -> str:
    return f"from/{contact.hex()}/{part}" if part else f"from/{contact.hex()}"


def _burn_hash(burn: Secret) -> bytes:
    return derive(burn, "burn").reveal()


def _inner_place(pair: bytes, mailbox: bytes, letter: int, sender: bytes, reader: bytes) -> bytes:
    return context("inner", pair, mailbox, letter, fingerprint(sender), fingerprint(reader))
