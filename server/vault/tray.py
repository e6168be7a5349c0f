"""The tray: what a phone may leave for its owner while the account is locked, and nothing else.

A phone keeps 32 random bytes; the database keeps their hash as a door, the owner's drawer keeps them sealed.
What is left is sealed twice: inside with a key of that tray, so that only that phone can have written it;
outside (HPKE) to the owner, so that the phone itself cannot read it again.
"""

import hashlib
from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from server.core import ids
from server.vault.drawer import Drawer
from server.vault.errors import NoSuchTray, VaultError
from server.vault.keyring import Keyring
from server.vault.models import Account, Door, Letter
from server.vault.payloads import decode, encode, payload
from server.vault.sealing import Secret, context, derive, open_with, pad, seal, seal_to, unpad, unseal

_SHELF, _UNREAD = "trays", "unread"
_HASH = 32

_mailbox = select(Door.mailbox).where(Door.hash == bindparam("door"))
_doors = select(Door.hash).where(Door.mailbox == bindparam("of"))
_open = insert(Door)
_close = delete(Door).where(Door.hash.in_(bindparam("doors", expanding=True)))
_reader = select(Account.id, Account.public_key).where(Account.id == bindparam("mailbox"))
_anybody = select(Account.id, Account.public_key).limit(1)
_leave = insert(Letter)
_take_back = delete(Letter).where(
    Letter.id == bindparam("letter"), ~select(Door.hash).where(Door.hash == bindparam("door")).exists()
)
_unsorted = (
    select(Letter.id, Letter.blob)
    .where(Letter.mailbox == bindparam("of"), Letter.shelf == b"")
    .order_by(Letter.id)
)
_lay_aside = (
    update(Letter)
    .where(Letter.id == bindparam("letter"), Letter.mailbox == bindparam("of"))
    .values(shelf=bindparam("on"))
)
_drop = delete(Letter).where(
    Letter.mailbox == bindparam("of"), Letter.id.in_(bindparam("ids", expanding=True))
)


@payload("tray", version=1)
class Tray(msgspec.Struct, frozen=True):
    """What the owner keeps of a tray: the phone's 32 bytes as text, and the slot that opened it (hex or empty)."""

    secret: str
    slot: str = ""

    def __repr__(self) -> str:
        return "Tray(hidden)"


def open_tray(
    db: Connection, keyring: Keyring, *, held: Secret | None = None, slot: bytes | None = None
) -> Secret:
    """The tray for this phone: `held`, the one it has, if that leads to this account; else a new one.

    `slot`, the way in that this phone used, lets `remove` close the tray of a lost phone. Wants a writing connection.
    """
    drawer, through = Drawer(db, keyring), slot.hex() if slot else ""
    if held and db.execute(_mailbox, {"door": _door(held)}).scalar_one_or_none() == keyring.account:
        record = drawer.find(_name(_door(held))).get(_name(_door(held)))
        if record and slot and record.payload.slot != through:
            drawer.replace(record, Tray(held.as_text(), through))
        if record:
            return held
    _forget_closed(db, keyring)
    tray = Secret.random()
    db.execute(_open, {"hash": _door(tray), "mailbox": keyring.account})
    drawer.put(_SHELF, _name(_door(tray)), Tray(tray.as_text(), through))
    return tray


def close_tray(db: Connection, tray: Secret) -> None:
    """Sign out: nothing more can be left through this tray. What was left already is kept. Twice is once."""
    db.execute(_close, {"doors": [_door(tray)]})


def close_trays_of(db: Connection, keyring: Keyring, slot: bytes) -> None:
    """Close the trays that were opened through this way in (a lost phone's)."""
    trays = [record.payload for record in Drawer(db, keyring).shelf(_SHELF)]
    db.execute(_close, {"doors": [_door(Secret.from_text(t.secret)) for t in trays if t.slot == slot.hex()]})


def reopen_trays_of(db: Connection, keyring: Keyring, slot: bytes) -> None:
    """The phone was not lost after all: open the trays that `close_trays_of` closed."""
    trays = [record.payload for record in Drawer(db, keyring).shelf(_SHELF)]
    doors = {_door(Secret.from_text(tray.secret)) for tray in trays if tray.slot == slot.hex()}
    there = db.execute(_doors, {"of": keyring.account}).scalars()
    for door in doors.difference(there):
        db.execute(_open, {"hash": door, "mailbox": keyring.account})


def leave(db: Connection, tray: Secret, payload: msgspec.Struct) -> None:
    """Leave something for the owner, who may be locked or signed out. The caller commits.

    When there is no such door the same work is done and nothing is kept: from outside the two look alike.
    """
    door, letter = _door(tray), int.from_bytes(ids.random_bytes(8), "big") >> 1
    mailbox = db.execute(_mailbox, {"door": door}).scalar_one_or_none()
    decoy, found = (
        db.execute(_anybody).one_or_none(),
        db.execute(_reader, {"mailbox": mailbox or b""}).one_or_none(),
    )
    to = found or decoy
    if to is None:
        return  # nobody lives here at all
    inside = seal(derive(tray, "inside"), context("tray", to.id, letter), pad(encode(payload)))
    row = {
        "id": letter,
        "mailbox": to.id,
        "shelf": b"",
        "burn_hash": ids.random_bytes(32),  # nobody holds what burns it; it looks like any other letter
        "tag": ids.random_bytes(32),
        "blob": seal_to(to.public_key, _where(to.id, letter, to.public_key), door + inside),
    }
    db.execute(_leave, row)
    db.execute(_take_back, {"letter": letter, "door": door})


def collect(db: Connection, keyring: Keyring) -> list[tuple[int, Any]]:
    """What waits in the mailbox, as (letter id, payload), in no meaningful order. It stays until `drop`.

    What does not open, or was not left by one of the owner's own trays, is laid aside and never shown. One
    statement when nothing waits.
    """
    waiting = db.execute(_unsorted, {"of": keyring.account}).all()
    letters, aside = [], []
    for letter, blob in waiting:
        try:
            letters.append((letter, open_letter(db, keyring, letter, blob)))
        except VaultError:
            aside.append({"letter": letter, "of": keyring.account, "on": keyring.shelf(_UNREAD)})
    if aside:
        db.execute(_lay_aside, aside)
    return letters


def open_letter(db: Connection, keyring: Keyring, letter: int, blob: bytes) -> Any:
    """What one letter from a tray says. Raises CannotOpen's kinds, NoSuchTray when it is nobody's of ours."""
    plain = open_with(keyring.own_secret, _where(keyring.account, letter, keyring.own_public), blob)
    name = _name(plain[:_HASH])
    record = Drawer(db, keyring).find(name).get(name)
    if record is None:
        raise NoSuchTray
    key = derive(Secret.from_text(record.payload.secret), "inside")
    return decode(unpad(unseal(key, context("tray", keyring.account, letter), plain[_HASH:])))


def drop(db: Connection, keyring: Keyring, letters: Collection[int]) -> None:
    """Throw away letters of one's own that have been joined. Twice is once."""
    db.execute(_drop, {"of": keyring.account, "ids": list(letters)})


def _forget_closed(db: Connection, keyring: Keyring) -> None:
    """Drop the keys of closed trays, once nothing waits that may have come through them and no phone may come back."""
    if db.execute(_unsorted, {"of": keyring.account}).first() is not None:
        return
    drawer, doors = Drawer(db, keyring), set(db.execute(_doors, {"of": keyring.account}).scalars())
    for record in drawer.shelf(_SHELF):
        may_return = bytes.fromhex(record.payload.slot) in keyring.removed
        if not may_return and _door(Secret.from_text(record.payload.secret)) not in doors:
            drawer.remove(record)


def _door(tray: Secret) -> bytes:
    return derive(tray, "door").reveal()


def _name(door: bytes) -> str:
    return f"tray/{door.hex()}"


def _where(mailbox: bytes, letter: int, public_key: bytes) -> bytes:
    fingerprint = hashlib.sha256(b"dagsform/v1 key" + public_key).digest()[:16]
    return context("letter", mailbox, letter, fingerprint)
