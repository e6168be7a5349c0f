"""The own code: four to six digits that reopen on a phone which keeps a half of its own. Five tries.

The key comes from the half *and* the code: the database with the code opens nothing, and neither does the half.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from server.vault.errors import CodeSpent, NotACode, WrongKey
from server.vault.keyring import Keyring, open_keyring
from server.vault.models import Slot
from server.vault.sealing import Secret, derive
from server.vault.slots import Held, add_slot, drop_slot, find_slot, open_slot
from server.vault.ways_in import visited

TRIES = 5


class Stretch(NamedTuple):
    """How dear one guess is made (scrypt, RFC 7914). A change wants a new kind of slot: rows do not say."""

    n: int
    r: int
    p: int


STRETCH = Stretch(n=2**14, r=8, p=1)  # 16 MiB and about 50 ms on one slow core

_count = (
    update(Slot)
    .where(Slot.id == bindparam("slot"), Slot.kind == "code", Slot.tries < TRIES)
    .values(tries=Slot.tries + 1)
)
_reset = update(Slot).where(Slot.id == bindparam("slot"), Slot.kind == "code").values(tries=0)
_tries = select(Slot.tries).where(Slot.id == bindparam("id"), Slot.kind == "code")


@dataclass(frozen=True, slots=True)
class WrongCode:
    """The answer to a wrong code: how many tries are left. The caller commits, so that the try is counted."""

    left: int


def add_code(
    db: Connection,
    keyring: Keyring,
    account_key: Secret,
    half: Secret,
    code: str,
    *,
    now: datetime,
    label: str = "",
) -> Keyring:
    """Let the code reopen the account on the phone that keeps `half`; an earlier code there is replaced.

    Raises NotACode.
    """
    way = _held(half, code)
    drop_slot(db, keyring.account, way.id)
    return add_slot(db, keyring, account_key, way, "code", now=now, label=label)


def open_code(
    db: Connection, half: Secret, code: str, *, now: datetime
) -> tuple[Keyring, Secret] | WrongCode:
    """Keyring and account key, or WrongCode. Whichever comes back, the caller must commit: the try is in it.

    A try is counted before the code is looked at, so that parallel guesses are no more than five; a right code
    sets the count back. Raises NoSuchWayIn (no code on this phone), CodeSpent, NotACode: then nothing was written.
    """
    slot, way = code_slot(half), _held(half, code)
    find_slot(db, slot, "code")
    if db.execute(_count, {"slot": slot}).rowcount != 1:
        raise CodeSpent
    row = find_slot(db, slot, "code")
    try:
        account_key, _ = open_slot(way, "code", row)
    except WrongKey:
        return WrongCode(TRIES - row.tries)
    keyring = open_keyring(db, row.account, account_key)
    db.execute(_reset, {"slot": slot})
    visited(db, way, now)
    return keyring, account_key


def tries_left(db: Connection, half: Secret) -> int | None:
    """How many tries the code on this phone has left; None when there is no code here."""
    tries = db.execute(_tries, {"id": code_slot(half)}).scalar_one_or_none()
    return None if tries is None else max(0, TRIES - tries)


def code_slot(half: Secret) -> bytes:
    """The id of the code of the phone that keeps `half`, in `ways`."""
    return derive(half, "find code", 16).reveal()


def _held(half: Secret, code: str) -> Held:
    if not (4 <= len(code) <= 6 and code.isascii() and code.isdigit()):
        raise NotACode
    slot = code_slot(half)
    stretched = hashlib.scrypt(code.encode(), salt=slot, **STRETCH._asdict(), maxmem=2**26, dklen=32)
    return Held(slot, derive(Secret(derive(half, "code").reveal() + stretched), "unlock code"))
