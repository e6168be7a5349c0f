"""The tray: what a phone may leave for its owner while the account is locked, and nothing else.

A phone keeps 32 random bytes; the database keeps their hash as a door, the owner's drawer keeps them sealed.
What is left is sealed twice: inside with a key of that tray, so that only that phone can have written it;
outside (HPKE) to the owner, so that the phone itself cannot read it again.
"""

from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select

from server.core import ids
from server.vault import open_page
from server.vault.drawer import Drawer
from server.vault.errors import NoSuchTray, VaultError
from server.vault.keyring import Keyring
from server.vault.mailbox import (
    Outer,
    close_doors,
    door_hash,
    fingerprints,
    invitation_record,
    is_waiting,
    lay_aside,
    leave_by,
    new_id,
    open_door,
    open_outer,
    seal_outer,
    unsorted,
)
from server.vault.models import Account, Door
from server.vault.payloads import decode, encode, payload
from server.vault.sealing import Secret, context, derive, pad, seal, unpad, unseal

_SHELF = "trays"

_mailbox = select(Door.mailbox).where(Door.hash == bindparam("door"))
_doors = select(Door.hash).where(Door.mailbox == bindparam("of"))
_reader = select(Account.id, Account.public_key).where(Account.id == bindparam("mailbox"))
_anybody = select(Account.id, Account.public_key).limit(1)


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
    if held and db.execute(_mailbox, {"door": door_hash(held)}).scalar_one_or_none() == keyring.account:
        record = drawer.find(_name(door_hash(held))).get(_name(door_hash(held)))
        if record and slot and record.payload.slot != through:
            drawer.replace(record, Tray(held.as_text(), through))
        if record:
            return held
    if held:
        open_page.close(db, [held])  # this phone is about to forget the only cookie that reads it
    _forget_closed(db, keyring)
    tray = Secret.random()
    open_door(db, tray, keyring.account)
    drawer.put(_SHELF, _name(door_hash(tray)), Tray(tray.as_text(), through))
    return tray


def owner(db: Connection, tray: Secret) -> bytes | None:
    """Whose phone it is; None when the tray leads nowhere any more."""
    return db.execute(_mailbox, {"door": door_hash(tray)}).scalar_one_or_none()


def way_of(drawer: Drawer, tray: Secret) -> bytes | None:
    """The way in that this phone was opened by last, as far as its tray knows."""
    name = _name(door_hash(tray))
    record = drawer.find(name).get(name)
    return bytes.fromhex(record.payload.slot) if record and record.payload.slot else None


def close_tray(db: Connection, tray: Secret) -> None:
    """Sign out: nothing more can be left through this tray, and what its phone showed unlocked is gone.

    What was left already is kept. Twice is once.
    """
    close_doors(db, [tray])
    open_page.close(db, [tray])


def close_trays_of(db: Connection, keyring: Keyring, slot: bytes) -> None:
    """Close the trays that were opened through this way in (a lost phone's), and what was shown there unlocked."""
    trays = [record.payload for record in Drawer(db, keyring).shelf(_SHELF)]
    lost = [Secret.from_text(tray.secret) for tray in trays if tray.slot == slot.hex()]
    close_doors(db, lost)
    open_page.close(db, lost)


def reopen_trays_of(db: Connection, keyring: Keyring, slot: bytes) -> None:
    """The phone was not lost after all: open the trays that `close_trays_of` closed. It shows nothing unlocked."""
    trays = [record.payload for record in Drawer(db, keyring).shelf(_SHELF)]
    there = set(db.execute(_doors, {"of": keyring.account}).scalars())
    for tray in (Secret.from_text(tray.secret) for tray in trays if tray.slot == slot.hex()):
        if door_hash(tray) not in there:
            open_door(db, tray, keyring.account)


def leave(db: Connection, tray: Secret, payload: msgspec.Struct) -> None:
    """Leave something for the owner, who may be locked or signed out. The caller commits.

    When there is no such door the same work is done and nothing is kept: from outside the two look alike.
    """
    door, letter = door_hash(tray), new_id()
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
        "burn_hash": ids.random_bytes(32),  # nobody holds what burns it; it looks like any other letter
        "tag": ids.random_bytes(32),
        "blob": seal_outer(to.id, letter, to.public_key, door, inside),
    }
    leave_by(db, door, row)


def collect(db: Connection, keyring: Keyring) -> list[tuple[int, Any]]:
    """What the owner's own phones left, as (letter id, payload), in no meaningful order. It stays until `drop`.

    What others left is left to them (letters.py, pairing.py). What came by nothing that this person knows is laid
    aside and never shown. One statement when nothing waits.
    """
    letters, aside = [], []
    people = fingerprints(keyring)
    for outer in unsorted(db, keyring):
        if outer.came_by in people or _is_invitation(db, keyring, outer):
            continue
        try:
            letters.append((outer.letter, _open_inner(db, keyring, outer)))
        except VaultError:
            aside.append(outer.letter)
    lay_aside(db, keyring, aside)
    return letters


def open_letter(db: Connection, keyring: Keyring, letter: int, blob: bytes) -> Any:
    """What one letter from a tray says. Raises CannotOpen's kinds, NoSuchTray when it is nobody's of ours."""
    return _open_inner(db, keyring, open_outer(keyring, letter, blob))


def _open_inner(db: Connection, keyring: Keyring, outer: Outer) -> Any:
    name = _name(outer.came_by)
    record = Drawer(db, keyring).find(name).get(name)
    if record is None:
        raise NoSuchTray
    key = derive(Secret.from_text(record.payload.secret), "inside")
    return decode(unpad(unseal(key, context("tray", keyring.account, outer.letter), outer.inner)))


def _is_invitation(db: Connection, keyring: Keyring, outer: Outer) -> bool:
    return bool(Drawer(db, keyring).find(invitation_record(outer.came_by)))


def _forget_closed(db: Connection, keyring: Keyring) -> None:
    """Drop the keys of closed trays, once nothing waits that may have come through them and no phone may come back."""
    if is_waiting(db, keyring):
        return
    drawer, doors = Drawer(db, keyring), set(db.execute(_doors, {"of": keyring.account}).scalars())
    for record in drawer.shelf(_SHELF):
        may_return = bytes.fromhex(record.payload.slot) in keyring.removed
        if not may_return and door_hash(Secret.from_text(record.payload.secret)) not in doors:
            drawer.remove(record)


def _name(door: bytes) -> str:
    return f"tray/{door.hex()}"
