"""The mailbox: how a letter lies in somebody's rows, whoever left it (tray.py, letters.py, pairing.py).

Outside, every letter is sealed (HPKE) to its reader. The first 32 bytes inside tell the reader by what it came: the
door of an own tray or invitation, or the fingerprint of a pinned key. Anyone can seal to a public key, so what
follows is sealed again with something that only that sender can have.
"""

import hashlib
import hmac
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    LargeBinary,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from server.core import ids, waking
from server.core.clock import here
from server.vault.errors import VaultError
from server.vault.keyring import Keyring
from server.vault.models import Account, Door, Letter
from server.vault.sealing import Opener, Secret, context, derive, fingerprint, seal_to

CAME_BY = 32
# How many letters, and the sum over the lower half of their ids (they are random).
Lying = tuple[int, int]
NOTHING: Lying = (0, 0)
_UNREAD = "unread"

_AT_ONCE = 500  # letters sorted with one page: nobody can make another wait for long by writing much

_unsorted = (
    select(Letter.id, Letter.blob)
    .where(Letter.mailbox == bindparam("of"), Letter.shelf == b"")
    .order_by(Letter.id)
    .limit(_AT_ONCE)
)
_key_in_row = select(Account.public_key).where(Account.id == bindparam("of"))
_turn = select(Account.id).where(Account.id == bindparam("of")).with_for_update()
_any_unsorted = select(Letter.id).where(Letter.mailbox == bindparam("of"), Letter.shelf == b"").limit(1)
_lying = (
    select(Letter.mailbox, func.count(), func.sum(Letter.id.bitwise_and(0xFFFFFFFF)))
    .where(Letter.mailbox.in_(bindparam("those", expanding=True)))
    .group_by(Letter.mailbox)
)
_put_on = (
    update(Letter)
    .where(Letter.mailbox == bindparam("of"), Letter.id.in_(bindparam("ids", expanding=True)))
    .values(shelf=bindparam("on"))
)
_drop = delete(Letter).where(
    Letter.mailbox == bindparam("of"), Letter.id.in_(bindparam("ids", expanding=True))
)
_open_door = insert(Door)
_close_doors = delete(Door).where(Door.hash.in_(bindparam("doors", expanding=True)))
_columns: dict[str, Any] = {
    "id": BigInteger(),
    "mailbox": LargeBinary(),
    "shelf": LargeBinary(),
    "end_day": Date(),
    "burn_hash": LargeBinary(),
    "tag": LargeBinary(),
    "blob": LargeBinary(),
}
_leave_by_door = insert(Letter).from_select(
    list(_columns),
    select(*(bindparam(f"new_{name}", type_=kind) for name, kind in _columns.items())).where(
        select(literal(1))
        .where(Door.hash == bindparam("door"), Door.mailbox == bindparam("new_mailbox", type_=LargeBinary()))
        .exists()
    ),
)


class Outer(NamedTuple):
    """A letter with its outer seal off: by what it came, and what only the right sender can have sealed."""

    letter: int
    came_by: bytes
    inner: bytes


def new_id() -> int:
    """A random 63-bit letter id: never sequential, never ordered by time."""
    return int.from_bytes(ids.random_bytes(8), "big") >> 1


def door_hash(right: Secret) -> bytes:
    """What the database knows of somebody's right to leave letters: 32 bytes."""
    return derive(right, "door").reveal()


def invitation_record(door: bytes) -> str:
    """The name of the owner's record about an invitation, by the hash of its door."""
    return f"invitation/{door.hex()}"


def key_in_row(db: Connection, mailbox: bytes) -> bytes | None:
    """The public key that the row holds now, to compare with a pinned one. None when the account is gone."""
    return db.execute(_key_in_row, {"of": mailbox}).scalar_one_or_none()


def open_door(db: Connection, right: Secret, mailbox: bytes) -> None:
    db.execute(_open_door, {"hash": door_hash(right), "mailbox": mailbox})


def close_doors(db: Connection, rights: Collection[Secret]) -> None:
    """Nothing more can be left by these. What was left already is kept. Twice is once."""
    db.execute(_close_doors, {"doors": [door_hash(right) for right in rights]})


def place(mailbox: bytes, letter: int, public_key: bytes) -> bytes:
    """Where a letter's outer seal belongs."""
    return context("letter", mailbox, letter, fingerprint(public_key)[:16])


def seal_outer(mailbox: bytes, letter: int, public_key: bytes, came_by: bytes, inner: bytes) -> bytes:
    return seal_to(public_key, place(mailbox, letter, public_key), came_by + inner)


def tag_of(frank: Secret, inner: bytes, mailbox: bytes, door: bytes) -> bytes:
    """The server's word (32 bytes) that it let exactly these sealed bytes in by this door. `frank` is its own key.

    Over the whole of them: the commitment of a seal follows from key and salt alone, and both sides hold the key.
    """
    return hmac.digest(frank.reveal(), hashlib.sha256(inner).digest() + mailbox + door, "sha256")


def open_outer(keyring: Keyring, letter: int, blob: bytes, opener: Opener | None = None) -> Outer:
    """Take the outer seal off, with an `opener` of the same keyring where there are many. Raises CannotOpen's kinds."""
    opener = opener or Opener(keyring.own_secret)
    plain = opener.open(place(keyring.account, letter, keyring.own_public), blob)
    return Outer(letter, plain[:CAME_BY], plain[CAME_BY:])


def leave_by(db: Connection, door: bytes, row: dict[str, Any], end: datetime | None = None) -> None:
    """Leave a row in the mailbox it names, if this door (a hash) leads there; else the same work for nothing."""
    values = {"shelf": b"", "end_day": end_week(end) if end else None} | row
    db.execute(_leave_by_door, {f"new_{name}": value for name, value in values.items()} | {"door": door})
    waking.mark(
        db, row["mailbox"]
    )  # also when nothing was left: who looks finds nothing new, and nobody can tell


def end_week(end: datetime) -> date:
    """The Monday on or after the day of the end: a row tells the week and no more."""
    day = here(end).date()
    return day + timedelta(days=-day.weekday() % 7)


def is_waiting(db: Connection, keyring: Keyring) -> bool:
    """Whether anything lies unsorted in the mailbox: one statement, no opening."""
    return db.execute(_any_unsorted, {"of": keyring.account}).first() is not None


def lying(db: Connection, mailboxes: Collection[bytes]) -> dict[bytes, Lying]:
    """How much lies in each of these mailboxes, sorted or not, in one statement without opening anything.

    Two answers are the same until a letter has come or gone; sorting changes nothing. Empty mailboxes are left out.
    """
    return {of: (int(many), int(mark)) for of, many, mark in db.execute(_lying, {"those": list(mailboxes)})}


def fingerprints(keyring: Keyring) -> dict[bytes, list[bytes]]:
    """By what a contact's letters came, and which pairs that may be: the same two can be paired in both directions."""
    people: dict[bytes, list[bytes]] = {}
    for id, contact in keyring.contacts.items():
        people.setdefault(fingerprint(contact.public_key), []).append(id)
    return people


def take_turns(db: Connection, account: bytes) -> None:
    """Two windows of one person wait for each other until the transaction ends (SQLite lets only one write)."""
    db.execute(_turn, {"of": account})


def unsorted(db: Connection, keyring: Keyring) -> list[Outer]:
    """What nobody has sorted yet, in no meaningful order. What does not open is laid aside and never shown."""
    outers, aside, opener = [], [], Opener(keyring.own_secret)
    for letter, blob in db.execute(_unsorted, {"of": keyring.account}).all():
        try:
            outers.append(open_outer(keyring, letter, blob, opener))
        except VaultError:
            aside.append(letter)
    lay_aside(db, keyring, aside)
    return outers


def put_on_shelf(db: Connection, keyring: Keyring, shelf: str, letters: Collection[int]) -> None:
    """Write the reader's own shelf on letters, so that a page fetches them without opening the others."""
    if letters:
        db.execute(_put_on, {"of": keyring.account, "on": keyring.shelf(shelf), "ids": list(letters)})


def lay_aside(db: Connection, keyring: Keyring, letters: Collection[int]) -> None:
    put_on_shelf(db, keyring, _UNREAD, letters)


def drop(db: Connection, keyring: Keyring, letters: Collection[int]) -> None:
    """Throw away letters in one's own mailbox. Twice is once."""
    db.execute(_drop, {"of": keyring.account, "ids": list(letters)})
