"""Taking a way in out of use, and taking that back for 72 hours. Whoever held it opens nothing written after."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from server.vault.errors import LastWayIn, NoSuchWayIn, NothingToUndo
from server.vault.keyring import Keyring, RemovedSlot, SlotInfo, write_keyring
from server.vault.models import Slot
from server.vault.rotation import rotate
from server.vault.sealing import Secret
from server.vault.slots import (
    ON_PHONE,
    UNDO,
    held,
    is_lasting,
    keep_until,
    make_lasting,
    make_passing,
    sealed_for,
    still_undoable,
    store_slot,
)
from server.vault.tray import close_trays_of, reopen_trays_of

_WORKS_ALONE = ("device", "card", "passkey")  # a code is spent after five tries, a link after one use

_same = select(Slot.id).where(Slot.credential_id == bindparam("credential"))
_there = select(Slot.id).where(Slot.account == bindparam("of"))
_kept = select(
    Slot.wrapped_secret,
    Slot.tries,
    Slot.credential_id,
    Slot.credential_public_key,
    Slot.sign_count,
    Slot.backed_up,
).where(Slot.id == bindparam("id"), Slot.account == bindparam("of"))


def remove(
    db: Connection, keyring: Keyring, account_key: Secret, slot: bytes, *, now: datetime, sure: bool = False
) -> tuple[Keyring, Secret]:
    """Take a way in out of use: keyring and account key from now on. For 72 hours `undo_remove` brings it back.

    The account key and the vault key change in the caller's transaction; the caller ends the other sessions. The
    tray of that phone is closed. Raises NoSuchWayIn, LastWayIn (unless `sure`), KeyringChanged: nothing is written.
    """
    info = keyring.slots.get(slot)
    if info is None:
        raise NoSuchWayIn
    if not sure:
        refuse_last(db, keyring, {slot})
    row = db.execute(_kept, {"id": slot, "of": keyring.account}).one_or_none()
    gone = {slot: RemovedSlot(info, dict(row._mapping), now + UNDO)} if row else {}
    close_trays_of(db, keyring, slot)
    return take_out(db, keyring, account_key, {slot}, now=now, gone=gone)


def undo_remove(
    db: Connection, keyring: Keyring, account_key: Secret, slot: bytes, *, now: datetime
) -> Keyring:
    """Let a removed way in open again, everything written meanwhile too. Raises NothingToUndo, KeyringChanged."""
    removed = still_undoable(keyring, now)
    gone = removed.pop(slot, None)
    if gone is None or slot in keyring.slots or _made_anew(db, gone):
        raise NothingToUndo
    keyring = write_keyring(
        db, keyring, account_key, slots=keyring.slots | {slot: gone.info}, removed=removed
    )
    passing = gone.info.kind in ON_PHONE and not is_lasting(keyring)
    columns = gone.row | sealed_for(slot, keyring.account, gone.info, account_key)
    store_slot(
        db, columns, **_known(keyring, slot, gone.info), keep_until=keep_until(now) if passing else None
    )
    make_lasting(db, keyring)
    reopen_trays_of(db, keyring, slot)
    return keyring


def close_device(
    db: Connection, keyring: Keyring, account_key: Secret, half: Secret, *, now: datetime, sure: bool = False
) -> tuple[Keyring, Secret]:
    """This phone no longer opens by itself: it locks for real. Its half stays, for the code or passkey that wants it.

    Keyring and account key from now on, unchanged when the phone had no such slot. Raises LastWayIn (unless `sure`).
    """
    slot = held(half).id
    if slot not in keyring.slots:
        return keyring, account_key
    if not sure:
        refuse_last(db, keyring, {slot})
    return take_out(db, keyring, account_key, {slot}, now=now)


def take_out(
    db: Connection,
    keyring: Keyring,
    account_key: Secret,
    slots: Collection[bytes],
    *,
    now: datetime,
    gone: dict[bytes, RemovedSlot] | None = None,
) -> tuple[Keyring, Secret]:
    """Take ways in out of use and change the locks. `gone` may come back later."""
    keyring, account_key = rotate(db, keyring, slots, removed=still_undoable(keyring, now) | (gone or {}))
    make_passing(db, keyring, now)
    return keyring, account_key


def refuse_last(db: Connection, keyring: Keyring, without: Collection[bytes]) -> None:
    """Raises LastWayIn when nothing that works by itself would be left. A slot counts when its row is there too."""
    there = set(db.execute(_there, {"of": keyring.account}).scalars())
    if not any(
        info.kind in _WORKS_ALONE and info.state == "active" and slot in there and slot not in without
        for slot, info in keyring.slots.items()
    ):
        raise LastWayIn


def _made_anew(db: Connection, gone: RemovedSlot) -> bool:
    credential = gone.row["credential_id"]
    return credential is not None and db.execute(_same, {"credential": credential}).first() is not None


def _known(keyring: Keyring, slot: bytes, info: SlotInfo) -> dict[str, object]:
    return {
        "id": slot,
        "account": keyring.account,
        "kind": info.kind,
        "public_key": info.public_key,
        "state": info.state,
    }
