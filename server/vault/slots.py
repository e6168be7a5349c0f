"""The one place where a slot is made and opened; the kinds of ways in stand on top of it.

Each slot has an X25519 pair. The account key is sealed to its public half, so that it can be changed while a
phone is lost or asleep; the secret half is sealed under a key that only the holder can derive.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from msgspec import structs
from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from server.core.clock import here
from server.vault.errors import NoSuchWayIn
from server.vault.keyring import Keyring, SlotInfo, State, write_keyring
from server.vault.models import Slot
from server.vault.sealing import KeyPair, Secret, context, derive, open_with, seal, seal_to, unseal

Kind = Literal["device", "once", "code", "card", "passkey"]

UNDO = timedelta(hours=72)
KEPT = timedelta(days=30)
LASTING = ("card", "passkey")  # what keeps an account for as long as its person wants
ON_PHONE = ("device", "code")  # what goes with a phone that nobody opens any more

_add = insert(Slot)
_drop = delete(Slot).where(Slot.id == bindparam("slot"), Slot.account == bindparam("of"))
_activate = (
    update(Slot).where(Slot.id == bindparam("slot"), Slot.account == bindparam("of")).values(state="active")
)
_last = (
    update(Slot).where(Slot.account == bindparam("of"), Slot.keep_until.is_not(None)).values(keep_until=None)
)
_limit = (
    update(Slot)
    .where(Slot.account == bindparam("of"), Slot.kind.in_(ON_PHONE), Slot.keep_until.is_(None))
    .values(keep_until=bindparam("until"))
)
_row = select(Slot.account, Slot.wrapped_secret, Slot.sealed_account_key, Slot.state, Slot.tries).where(
    Slot.id == bindparam("id"), Slot.kind == bindparam("kind")
)


class Held(NamedTuple):
    """What a person holds, as a slot sees it: which slot, and the key that opens it."""

    id: bytes
    key: Secret


def held(secret: Secret, purpose: str = "") -> Held:
    """Where to look and what to unlock with, derived apart from one secret; each purpose gives its own two."""
    tail = f" {purpose}" if purpose else ""
    return Held(derive(secret, f"find{tail}", 16).reveal(), derive(secret, f"unlock{tail}"))


def make_slot(
    way: Held,
    kind: Kind,
    account: bytes,
    account_key: Secret,
    now: datetime,
    *,
    end: datetime | None = None,
    **known: Any,
) -> tuple[dict[str, Any], SlotInfo]:
    """A slot's row, and what the keyring remembers of it. `known` goes into SlotInfo. Nothing is stored."""
    pair, voucher = KeyPair.new(), Secret.random()
    where = _where(way.id, account, kind)
    row = {
        "id": way.id,
        "account": account,
        "kind": kind,
        "public_key": pair.public,
        "wrapped_secret": seal(way.key, where, _inside(pair.secret, voucher, end)),
        "keep_until": None,
    }
    info = SlotInfo(kind, pair.public, voucher, here(now).date(), **known)
    return row | sealed_for(way.id, account, info, account_key), info


def sealed_for(slot: bytes, account: bytes, info: SlotInfo, account_key: Secret) -> dict[str, Any]:
    """The column with the account key, sealed to a slot as the keyring knows it (never as the row says)."""
    where = _where(slot, account, info.kind)
    vouched = seal(info.voucher, where, account_key.reveal())
    return {"sealed_account_key": seal_to(info.public_key, where, vouched)}


def store_slot(db: Connection, row: Mapping[str, Any], **columns: Any) -> None:
    db.execute(_add, {**row, **columns})


def drop_slot(db: Connection, account: bytes, slot: bytes) -> None:
    db.execute(_drop, {"slot": slot, "of": account})


def add_slot(
    db: Connection,
    keyring: Keyring,
    account_key: Secret,
    way: Held,
    kind: Kind,
    *,
    now: datetime,
    label: str = "",
    state: State = "active",
    here_only: bool = False,
    **columns: Any,
) -> Keyring:
    """A new way in, with its row and its place in the keyring. It counts as new for 72 hours.

    Raises KeyringChanged, and stores nothing, when another phone wrote the keyring first.
    """
    row, info = make_slot(
        way,
        kind,
        keyring.account,
        account_key,
        now,
        label=label,
        state=state,
        here_only=here_only,
        undo_until=now + UNDO,
    )
    keyring = write_keyring(
        db, keyring, account_key, slots=keyring.slots | {way.id: info}, removed=still_undoable(keyring, now)
    )
    if kind in ON_PHONE and not is_lasting(keyring):
        columns["keep_until"] = keep_until(now)
    store_slot(db, row, state=state, **columns)
    return keyring


def find_slot(db: Connection, slot: bytes, kind: Kind) -> Row[*tuple[Any, ...]]:
    """The row of a way in. Raises NoSuchWayIn."""
    row = db.execute(_row, {"id": slot, "kind": kind}).one_or_none()
    if row is None:
        raise NoSuchWayIn
    return row


def open_slot(way: Held, kind: Kind, row: Row[*tuple[Any, ...]]) -> tuple[Secret, datetime]:
    """The account key in a slot, and when the slot ends (1970 means never). Raises CannotOpen's kinds."""
    where = _where(way.id, row.account, kind)
    secret, voucher, end = _parts(unseal(way.key, where, row.wrapped_secret))
    return Secret(unseal(voucher, where, open_with(secret, where, row.sealed_account_key))), end


def activate(db: Connection, keyring: Keyring, account_key: Secret, slot: bytes) -> Keyring:
    """A pending way in has shown that it works: it counts from now on, and may make the account last."""
    if keyring.slots[slot].state != "active":
        slots = keyring.slots | {slot: structs.replace(keyring.slots[slot], state="active")}
        keyring = write_keyring(db, keyring, account_key, slots=slots)
    db.execute(_activate, {"slot": slot, "of": keyring.account})
    make_lasting(db, keyring)
    return keyring


def arrived(db: Connection, keyring: Keyring, account_key: Secret, slot: bytes, state: str) -> Keyring:
    """Somebody came in through this slot, whose row says `state`. Raises NoSuchWayIn for a slot we do not know."""
    info = keyring.slots.get(slot)
    if info is None:
        raise NoSuchWayIn
    if "pending" in (info.state, state):
        return activate(db, keyring, account_key, slot)
    return keyring


def is_lasting(keyring: Keyring) -> bool:
    """True when a card or passkey in use keeps the account; else it goes about 30 days after the last visit."""
    return any(info.kind in LASTING and info.state == "active" for info in keyring.slots.values())


def wants_card(keyring: Keyring) -> bool:
    """True when a passkey is there, but one that works on its own phone only, and no card: a lost phone is the end.

    Such a person makes a key card before handing anything to anybody (vault.md, Keys).
    """
    ways = [info for info in keyring.slots.values() if info.state == "active" and info.kind in LASTING]
    return bool(ways) and all(info.kind == "passkey" and info.here_only for info in ways)


def make_lasting(db: Connection, keyring: Keyring) -> bool:
    """Take away the day until which the account's phones keep it, if a card or passkey in use allows it."""
    if is_lasting(keyring):
        db.execute(_last, {"of": keyring.account})
    return is_lasting(keyring)


def make_passing(db: Connection, keyring: Keyring, now: datetime) -> None:
    """The opposite: the last card or passkey is gone, so the phones keep the account for about 30 days again."""
    if not is_lasting(keyring):
        db.execute(_limit, {"of": keyring.account, "until": keep_until(now)})


def keep_until(now: datetime) -> date:
    """About 30 days on, rounded up to a Monday: a row tells the week of the last visit and no more."""
    day = (here(now) + KEPT).date()
    return day + timedelta(days=-day.weekday() % 7)


def still_undoable(keyring: Keyring, now: datetime) -> dict[bytes, Any]:
    """The removed ways in that can still come back; the others are forgotten at the next writing."""
    return {slot: gone for slot, gone in keyring.removed.items() if gone.until > now}


def _where(slot: bytes, account: bytes, kind: str) -> bytes:
    return context("slot", slot, account, kind)


def _inside(secret: Secret, voucher: Secret, end: datetime | None) -> bytes:
    """What lies wrapped in a slot: its X25519 secret, its voucher, its end (8 bytes, seconds; 0 never)."""
    return secret.reveal() + voucher.reveal() + int(end.timestamp() if end else 0).to_bytes(8, "big")


def _parts(inside: bytes) -> tuple[Secret, Secret, datetime]:
    end = datetime.fromtimestamp(int.from_bytes(inside[64:], "big"), UTC)
    return Secret(inside[:32]), Secret(inside[32:64]), end
