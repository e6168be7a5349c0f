"""Ways in: what a person holds opens a slot, the slot opens the account key, the account key the keyring.

Each slot has an X25519 pair. The account key is sealed to its public half, so that it can be changed while a
phone is lost or asleep; the secret half is sealed under a key that only the holder can derive.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from msgspec import structs
from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from server.core.clock import here
from server.vault.errors import NoSuchWayIn
from server.vault.keyring import Keyring, SlotInfo, open_keyring, seal_keyring, write_keyring
from server.vault.models import Account, Slot
from server.vault.sealing import KeyPair, Secret, context, derive, open_with, seal, seal_to, unseal

Kind = Literal["device", "once"]

KEPT = timedelta(days=30)
LINK_LASTS = timedelta(minutes=10)

_add_account = insert(Account)
_add_slot = insert(Slot)
_slot = select(Slot.account, Slot.wrapped_secret, Slot.sealed_account_key).where(
    Slot.id == bindparam("id"), Slot.kind == bindparam("kind")
)
_move = (
    update(Slot)
    .where(Slot.id == bindparam("slot"), or_(Slot.keep_until.is_(None), Slot.keep_until < bindparam("until")))
    .values(keep_until=bindparam("until"))
)
_use_up = delete(Slot).where(Slot.id == bindparam("slot"), Slot.kind == "once")
_drop_links = delete(Slot).where(Slot.account == bindparam("of"), Slot.kind == "once")


def new_account(db: Connection, *, now: datetime) -> tuple[Keyring, Secret, Secret]:
    """A try-account on this device: keyring, account key, and the device half for the long-lived cookie."""
    account_key, half = Secret.random(), Secret.random()
    keyring = Keyring.create()
    row, info = _new_slot(half, "device", keyring.account, account_key, now)
    keyring = structs.replace(keyring, slots={row["id"]: info})
    values = {
        "id": keyring.account,
        "public_key": keyring.own_public,
        "keyring": seal_keyring(keyring, account_key),
        "generation": keyring.generation,
        "born_month": f"{here(now):%Y-%m}",
    }
    db.execute(_add_account, values)
    db.execute(_add_slot, row)
    return keyring, account_key, half


def open_device(db: Connection, half: Secret, *, now: datetime) -> tuple[Keyring, Secret]:
    """Keyring and account key for a device half. Moves `keep_until` on, at most once a week.

    Wants a writing connection. Raises NoSuchWayIn when no slot answers, CannotOpen's kinds for an edited row.
    """
    slot, row = _find(db, half, "device")
    account_key, _ = _open_slot(half, slot, "device", row)
    keyring = open_keyring(db, row.account, account_key)
    db.execute(_move, {"slot": slot, "until": keep_until(now)})
    return keyring, account_key


def keep_until(now: datetime) -> date:
    """About 30 days on, rounded up to a Monday: a row tells the week of the last visit and no more."""
    day = (here(now) + KEPT).date()
    return day + timedelta(days=-day.weekday() % 7)


def add_once(
    db: Connection, keyring: Keyring, account_key: Secret, *, now: datetime, lasts: timedelta = LINK_LASTS
) -> Secret:
    """A token for a one-time link into this account. Earlier unused links of the account stop working.

    The end of the link lies inside the seal, where no edit of a row can move it.
    """
    token = Secret.random()
    db.execute(_drop_links, {"of": keyring.account})
    row, _ = _new_slot(token, "once", keyring.account, account_key, now, end=now + lasts)
    db.execute(_add_slot, row)
    return token


def use_once(db: Connection, token: Secret, *, now: datetime) -> tuple[Keyring, Secret, Secret]:
    """Open the account once: the link becomes a device slot. Keyring, account key and the new device half.

    Raises NoSuchWayIn for a used, unknown or outdated link (the caller's transaction is then rolled back).
    """
    slot, row = _find(db, token, "once")
    account_key, end = _open_slot(token, slot, "once", row)
    if now >= end or db.execute(_use_up, {"slot": slot}).rowcount != 1:
        raise NoSuchWayIn
    half = Secret.random()
    keyring = open_keyring(db, row.account, account_key)
    added, info = _new_slot(half, "device", row.account, account_key, now)
    keyring = write_keyring(db, keyring, account_key, slots=keyring.slots | {added["id"]: info})
    db.execute(_add_slot, added)
    return keyring, account_key, half


def sweep(db: Connection, now: datetime) -> int:
    """Purge accounts that nobody will open again, with all their rows; how many.

    An account stays while it has any lasting way in, or a device visited within its weeks. Unused links hold
    nothing. Late device slots go first, each judged by its own row, so a visit just now keeps its account.
    """
    today, other = here(now).date(), aliased(Slot)
    lasting = or_(other.kind.not_in(("device", "once")), other.keep_until >= today)
    kept = exists().where(other.account == Slot.account, lasting)
    db.execute(delete(Slot).where(Slot.kind == "device", Slot.keep_until < today, ~kept))
    held = exists().where(Slot.account == Account.id, Slot.kind != "once")
    return db.execute(delete(Account).where(~held)).rowcount


def _find(db: Connection, held: Secret, kind: Kind) -> tuple[bytes, Row[*tuple[Any, ...]]]:
    slot = derive(held, "find", 16).reveal()
    row = db.execute(_slot, {"id": slot, "kind": kind}).one_or_none()
    if row is None:
        raise NoSuchWayIn
    return slot, row


def _new_slot(
    held: Secret, kind: Kind, account: bytes, account_key: Secret, now: datetime, end: datetime | None = None
) -> tuple[dict[str, Any], SlotInfo]:
    """A slot row for what the person holds (32 bytes), and what the keyring remembers of it."""
    id, pair, voucher = derive(held, "find", 16).reveal(), KeyPair.new(), Secret.random()
    where = context("slot", id, account, kind)
    row = {
        "id": id,
        "account": account,
        "kind": kind,
        "public_key": pair.public,
        "wrapped_secret": seal(derive(held, "unlock"), where, _inside(pair.secret, voucher, end)),
        "sealed_account_key": seal_to(pair.public, where, seal(voucher, where, account_key.reveal())),
        "keep_until": keep_until(now) if kind == "device" else None,
    }
    return row, SlotInfo(kind, pair.public, voucher, here(now).date())


def _open_slot(held: Secret, slot: bytes, kind: Kind, row: Row[*tuple[Any, ...]]) -> tuple[Secret, datetime]:
    """The account key in a slot, and when the slot ends (1970 means never)."""
    where = context("slot", slot, row.account, kind)
    secret, voucher, end = _parts(unseal(derive(held, "unlock"), where, row.wrapped_secret))
    account_key = unseal(voucher, where, open_with(secret, where, row.sealed_account_key))
    return Secret(account_key), end


def _inside(secret: Secret, voucher: Secret, end: datetime | None) -> bytes:
    """What lies wrapped in a slot: its X25519 secret, its voucher, its end (8 bytes, seconds; 0 never)."""
    return secret.reveal() + voucher.reveal() + int(end.timestamp() if end else 0).to_bytes(8, "big")


def _parts(inside: bytes) -> tuple[Secret, Secret, datetime]:
    end = datetime.fromtimestamp(int.from_bytes(inside[64:], "big"), UTC)
    return Secret(inside[:32]), Secret(inside[32:64]), end
