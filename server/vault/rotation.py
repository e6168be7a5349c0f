"""Changing the locks: a new account key at once, a new vault key by epochs, old records re-sealed in slices.

Killed at any moment nothing is lost: the account key changes in one transaction, and an old epoch's key leaves
the keyring only when no record of that epoch remains and none can be written any more.
"""

from collections.abc import Collection
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from server.vault.drawer import sealed_at
from server.vault.errors import VaultError
from server.vault.keyring import Keyring, write_keyring
from server.vault.models import Account, RecordRow, Slot
from server.vault.sealing import Secret, seal, unseal
from server.vault.slots import sealed_for

BUDGET = 0.05  # seconds of a request
_AT_ONCE, _SLICE = 1000, 40  # ids to look up, records between two looks at the clock

_take_out = delete(Slot).where(
    Slot.account == bindparam("of"), Slot.id.in_(bindparam("slots", expanding=True)) | (Slot.kind == "once")
)
_hand_on = (
    update(Slot)
    .where(Slot.id == bindparam("slot"), Slot.account == bindparam("of"))
    .values(sealed_account_key=bindparam("sealed_account_key"))
)
_older = (
    select(RecordRow.id)
    .where(RecordRow.account == bindparam("of"), RecordRow.epoch < bindparam("newest"))
    .limit(_AT_ONCE)
)
_rows = select(RecordRow.id, RecordRow.shelf, RecordRow.epoch, RecordRow.version, RecordRow.blob).where(
    RecordRow.account == bindparam("of"), RecordRow.id.in_(bindparam("ids", expanding=True))
)
_swap = (
    update(RecordRow)
    .where(
        RecordRow.id == bindparam("row"),
        RecordRow.account == bindparam("of"),
        RecordRow.version == bindparam("seen"),
        RecordRow.epoch == bindparam("old"),
    )
    .values(epoch=bindparam("newest"), blob=bindparam("sealed"))
)
_epochs = select(RecordRow.epoch).where(RecordRow.account == bindparam("of")).distinct()
_alone = select(Account.id).where(Account.id == bindparam("of")).with_for_update(skip_locked=True)


def rotate(
    db: Connection, keyring: Keyring, without: Collection[bytes], **changes: Any
) -> tuple[Keyring, Secret]:
    """A new account key, handed to every way in but those in `without`, and a new vault-key epoch.

    One transaction, the caller's. The slots are the keyring's own record, not the rows: who writes the database
    cannot be handed a key. Unused one-time links die. Raises KeyringChanged, and writes nothing.
    """
    account_key = Secret.random()
    left = {slot: info for slot, info in keyring.slots.items() if slot not in without}
    keys = keyring.keys | {keyring.epoch + 1: Secret.random()}
    keyring = write_keyring(db, keyring, account_key, slots=left, keys=keys, **changes)
    db.execute(_take_out, {"of": keyring.account, "slots": list(without)})
    for slot, info in left.items():
        sealed = sealed_for(slot, keyring.account, info, account_key)
        db.execute(_hand_on, {"slot": slot, "of": keyring.account} | sealed)
    return keyring, account_key


def is_rotating(keyring: Keyring) -> bool:
    """True while records may lie under an older vault key: then each request does a slice of `reseal`."""
    return len(keyring.keys) > 1


def reseal(db: Connection, keyring: Keyring, *, budget: float = BUDGET) -> bool:
    """Re-seal records of older epochs for about `budget` seconds; True when more are left for next time.

    Compare-and-swap: what somebody else has changed meanwhile is left to them. Versions stay as they are, so
    nobody's edit is refused for it. A record that does not open stays as it is, and so does its key.
    """
    end = perf_counter() + budget
    while is_rotating(keyring):
        older = sorted(db.execute(_older, {"of": keyring.account, "newest": keyring.epoch}).scalars())
        done = 0
        for start in range(0, len(older), _SLICE):
            if done and perf_counter() >= end:
                return True
            done += _reseal(db, keyring, older[start : start + _SLICE])
        if not done or len(older) < _AT_ONCE:
            break
    return False


def finish_epoch(db: Connection, keyring: Keyring, account_key: Secret) -> Keyring:
    """Forget the vault keys of epochs that no record is left of. Harmless at any time.

    Waits for nobody: while another transaction is writing in this account it does nothing, and is tried again.
    """
    if not is_rotating(keyring) or db.execute(_alone, {"of": keyring.account}).one_or_none() is None:
        return keyring
    used = {keyring.epoch, *db.execute(_epochs, {"of": keyring.account}).scalars()}
    keys = {epoch: key for epoch, key in keyring.keys.items() if epoch in used}
    return write_keyring(db, keyring, account_key, keys=keys) if keys != keyring.keys else keyring


def _reseal(db: Connection, keyring: Keyring, ids: list[int]) -> int:
    """Re-seal these records; how many opened."""
    rows = db.execute(_rows, {"of": keyring.account, "ids": ids}).all()
    fresh = [values for row in rows for values in _resealed(keyring, row)]
    if fresh:
        db.execute(_swap, fresh)
    return len(fresh)


def _resealed(keyring: Keyring, row: Row[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    id, shelf, epoch, version, blob = row
    old, newest = keyring.keys.get(epoch), keyring.epoch
    if old is None or epoch >= newest:
        return []
    try:
        plain = unseal(old, sealed_at(keyring, id, shelf, epoch, version), blob)  # still padded
    except VaultError:
        return []
    sealed = seal(keyring.keys[newest], sealed_at(keyring, id, shelf, newest, version), plain)
    return [
        {"row": id, "of": keyring.account, "seen": version, "old": epoch, "newest": newest, "sealed": sealed}
    ]
