"""Passkeys: the web layer checks the assertion, the vault keeps what a passkey's key opens.

With PRF the key comes from the browser. Without, it comes from the half that the phone keeps: then the passkey
works on that phone only.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from server.core import ids
from server.vault.errors import NoSuchWayIn, PasskeyAlreadyThere, WrongKey
from server.vault.keyring import Keyring, open_keyring
from server.vault.models import Slot
from server.vault.sealing import Secret, derive
from server.vault.slots import Held, add_slot, arrived, find_slot, open_slot

_columns = select(
    Slot.id, Slot.account, Slot.credential_public_key, Slot.sign_count, Slot.backed_up, Slot.state
).where(Slot.credential_id == bindparam("credential"), Slot.kind == "passkey")
_credentials = select(Slot.id, Slot.credential_id).where(
    Slot.account == bindparam("of"), Slot.kind == "passkey"
)
_any = select(Slot.id).where(
    Slot.account.in_(bindparam("accounts", expanding=True)), Slot.kind == "passkey", Slot.state == "active"
)
_of_account = select(Slot.credential_id).where(Slot.account == bindparam("of"), Slot.kind == "passkey")
_used = (
    update(Slot)
    .where(Slot.id == bindparam("slot"), Slot.kind == "passkey")
    .values(sign_count=bindparam("count"), backed_up=bindparam("backed"))
)


class Passkey(NamedTuple):
    """What it takes to verify an assertion, and which slot it belongs to."""

    id: bytes
    account: bytes
    credential_public_key: bytes
    sign_count: int
    backed_up: bool
    state: str


def passkey_kek(half: Secret, credential_id: bytes) -> Secret:
    """The key of a passkey without PRF: from the half that its phone keeps, another for each passkey."""
    return derive(half, f"passkey {credential_id.hex()}")


def add_passkey(
    db: Connection,
    keyring: Keyring,
    account_key: Secret,
    *,
    credential_id: bytes,
    credential_public_key: bytes,
    sign_count: int,
    backed_up: bool,
    kek: Secret,
    prf: bool,
    label: str = "",
    now: datetime,
) -> Keyring:
    """Lay down a new passkey. It counts only when a fresh `get` has opened it once (`open_passkey`).

    Raises PasskeyAlreadyThere for a passkey that any account knows.
    """
    if find_passkey(db, credential_id):
        raise PasskeyAlreadyThere
    return add_slot(
        db,
        keyring,
        account_key,
        Held(ids.random_bytes(16), kek),
        "passkey",
        now=now,
        label=label,
        state="pending",
        here_only=not prf,
        credential_id=credential_id,
        credential_public_key=credential_public_key,
        sign_count=sign_count,
        backed_up=backed_up,
    )


def credentials_of(db: Connection, keyring: Keyring) -> list[bytes]:
    """The credential ids of this account's passkeys, so that a phone does not make a second one."""
    return [one for one in db.execute(_of_account, {"of": keyring.account}).scalars() if one]


def any_passkey(db: Connection, accounts: Collection[bytes]) -> bool:
    """Whether one of these accounts has a passkey in use."""
    return db.execute(_any, {"accounts": list(accounts)}).first() is not None


def opened_by_half(db: Connection, keyring: Keyring, half: Secret) -> set[bytes]:
    """The passkeys without PRF of one phone: those that its half opens. Without the half they open nothing."""
    rows = db.execute(_credentials, {"of": keyring.account})
    found = {slot: passkey_kek(half, credential) for slot, credential in rows if credential}
    return {slot for slot, kek in found.items() if _here_only(keyring, slot) and _opens(db, slot, kek)}


def _here_only(keyring: Keyring, slot: bytes) -> bool:
    return slot in keyring.slots and keyring.slots[slot].here_only


def _opens(db: Connection, slot: bytes, kek: Secret) -> bool:
    try:
        open_slot(Held(slot, kek), "passkey", find_slot(db, slot, "passkey"))
    except WrongKey:
        return False
    return True


def find_passkey(db: Connection, credential_id: bytes) -> Passkey | None:
    """The row to verify an assertion against; None when nobody here knows this passkey."""
    row: Any = db.execute(_columns, {"credential": credential_id}).one_or_none()
    return Passkey(*row) if row else None


def open_passkey(
    db: Connection,
    credential_id: bytes,
    *keks: Secret,
    sign_count: int,
    backed_up: bool | None = None,
    now: datetime,
) -> tuple[Keyring, Secret]:
    """Keyring and account key, after the caller has verified the assertion. The passkey is active from then on.

    Several `keks` may be offered (the browser's, and the one from this phone's half): the first that fits opens.
    Wants a writing connection. Raises NoSuchWayIn, WrongKey when no key fits, CannotOpen's other kinds.
    """
    known = find_passkey(db, credential_id)
    if known is None:
        raise NoSuchWayIn
    row = find_slot(db, known.id, "passkey")
    account_key = _first_that_fits(known.id, keks, row)
    keyring = open_keyring(db, row.account, account_key)
    keyring = arrived(db, keyring, account_key, known.id, row.state)
    backed = known.backed_up if backed_up is None else backed_up
    if (sign_count, backed) != (known.sign_count, known.backed_up):
        db.execute(_used, {"slot": known.id, "count": sign_count, "backed": backed})
    return keyring, account_key


def _first_that_fits(slot: bytes, keks: tuple[Secret, ...], row: Any) -> Secret:
    for kek in keks:
        try:
            return open_slot(Held(slot, kek), "passkey", row)[0]
        except WrongKey:
            continue
    raise WrongKey
