"""Ways in: what a person holds opens a slot, the slot opens the account key, the account key the keyring.

Here are the phone that keeps a half of its own and the link that works once; `cards`, `codes` and `passkeys`
hold the other kinds, `removing` takes any of them out of use.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from msgspec import structs
from sqlalchemy import Connection, and_, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from server.core.clock import here
from server.vault.errors import NoSuchWayIn
from server.vault.keyring import Keyring, State, open_keyring, seal_keyring
from server.vault.models import Account, Slot
from server.vault.sealing import Secret, derive
from server.vault.slots import (
    LASTING,
    ON_PHONE,
    Held,
    add_slot,
    find_slot,
    held,
    is_lasting,
    keep_until,
    make_lasting,
    make_slot,
    open_slot,
    still_undoable,
    store_slot,
)

__all__ = ["is_lasting", "keep_until", "make_lasting"]  # belong to every kind, and are asked for here

LINK_LASTS = timedelta(minutes=10)

_add_account = insert(Account)
_move = (
    update(Slot)
    .where(Slot.id == bindparam("slot"), Slot.keep_until < bindparam("until"))
    .values(keep_until=bindparam("until"))
)
_use_up = delete(Slot).where(Slot.id == bindparam("slot"), Slot.kind == "once")
_drop_account = delete(Account).where(Account.id == bindparam("account"))
_drop_links = delete(Slot).where(Slot.account == bindparam("of"), Slot.kind == "once")


@dataclass(frozen=True, slots=True)
class Way:
    """A way in as its owner sees it in the list."""

    id: bytes
    kind: str
    label: str
    made: date
    state: State
    undo_until: datetime | None  # new until then; for a removed one: can come back until then
    here_only: bool  # a passkey that works on its own phone only


def ways(keyring: Keyring) -> list[Way]:
    """Every way in, oldest first; pending ones too."""
    return [
        Way(slot, info.kind, info.label, info.made, info.state, info.undo_until, info.here_only)
        for slot, info in keyring.slots.items()
    ]


def removed_ways(keyring: Keyring, now: datetime) -> list[Way]:
    """The ways in that were taken out of use and can come back, with the moment until which they can."""
    return [
        Way(
            slot,
            gone.info.kind,
            gone.info.label,
            gone.info.made,
            gone.info.state,
            gone.until,
            gone.info.here_only,
        )
        for slot, gone in still_undoable(keyring, now).items()
    ]


def new_account(db: Connection, *, now: datetime) -> tuple[Keyring, Secret, Secret]:
    """A try-account on this device: keyring, account key, and the device half for the long-lived cookie."""
    account_key, half = Secret.random(), Secret.random()
    keyring = Keyring.create()
    row, info = make_slot(held(half), "device", keyring.account, account_key, now)
    keyring = structs.replace(keyring, slots={row["id"]: info})
    values = {
        "id": keyring.account,
        "public_key": keyring.own_public,
        "keyring": seal_keyring(keyring, account_key),
        "generation": keyring.generation,
        "epoch": keyring.epoch,
        "born_month": f"{here(now):%Y-%m}",
    }
    db.execute(_add_account, values)
    store_slot(db, row, keep_until=keep_until(now))
    return keyring, account_key, half


def accounts_on_phone(db: Connection, half: Secret) -> set[bytes]:
    """Whose phone this is: the accounts that a device or code slot of this half belongs to."""
    ids = [held(half).id, derive(half, "find code", 16).reveal()]
    return set(db.execute(select(Slot.account).where(Slot.id.in_(ids))).scalars())


def device_slot(half: Secret) -> bytes:
    """The id of this phone's own slot in `ways`, if it has one: “den här telefonen”."""
    return held(half).id


def add_device(
    db: Connection, keyring: Keyring, account_key: Secret, *, now: datetime, label: str = ""
) -> tuple[Keyring, Secret]:
    """Let this phone reopen the account by itself (hidden, not locked). The half goes into its cookie."""
    half = Secret.random()
    return add_slot(db, keyring, account_key, held(half), "device", now=now, label=label), half


def open_device(db: Connection, half: Secret, *, now: datetime) -> tuple[Keyring, Secret]:
    """Keyring and account key for a device half. Moves `keep_until` on, at most once a week.

    Wants a writing connection. Raises NoSuchWayIn when no slot answers, CannotOpen's kinds for an edited row.
    """
    way = held(half)
    row = find_slot(db, way.id, "device")
    account_key, _ = open_slot(way, "device", row)
    keyring = open_keyring(db, row.account, account_key)
    visited(db, way, now)
    return keyring, account_key


def visited(db: Connection, way: Held, now: datetime) -> None:
    """Somebody opened the account on this phone: it is kept for about 30 more days, if not for good already."""
    db.execute(_move, {"slot": way.id, "until": keep_until(now)})


def add_once(
    db: Connection, keyring: Keyring, account_key: Secret, *, now: datetime, lasts: timedelta = LINK_LASTS
) -> Secret:
    """A token for a one-time link (or QR) into this account. Earlier unused ones stop working.

    The end of the link lies inside the seal, where no edit of a row can move it.
    """
    token = Secret.random()
    db.execute(_drop_links, {"of": keyring.account})
    row, _ = make_slot(held(token), "once", keyring.account, account_key, now, end=now + lasts)
    store_slot(db, row)
    return token


def behind_link(db: Connection, token: Secret, *, now: datetime) -> bytes | None:
    """The account that a one-time link opens, without using it up; None for a used, unknown or outdated link."""
    way = held(token)
    try:
        row = find_slot(db, way.id, "once")
        _, end = open_slot(way, "once", row)
    except NoSuchWayIn:
        return None
    return row.account if now < end else None


def use_once(
    db: Connection, token: Secret, *, now: datetime, label: str = ""
) -> tuple[Keyring, Secret, Secret]:
    """Open the account once: the link becomes a device slot. Keyring, account key and the new device half.

    A lasting account is lasting on the new phone too. Raises NoSuchWayIn for a used, unknown or outdated link
    (the caller's transaction is then rolled back).
    """
    way = held(token)
    row = find_slot(db, way.id, "once")
    account_key, end = open_slot(way, "once", row)
    if now >= end or db.execute(_use_up, {"slot": way.id}).rowcount != 1:
        raise NoSuchWayIn
    keyring = open_keyring(db, row.account, account_key)
    keyring, half = add_device(db, keyring, account_key, now=now, label=label)
    return keyring, account_key, half


def sweep(db: Connection, now: datetime, *, open_now: Collection[bytes] = ()) -> int:
    """Purge accounts that nobody will open again, with all their rows; how many. `open_now` stay for now: somebody
    who has just taken away the last way in may still put it back.

    An account stays while it has a card or passkey in use, or a phone visited within its weeks. Unused links and
    what is still pending hold nothing. Late phones go first, each judged by its own row, so a visit just now
    keeps its account.
    """
    today, other = here(now).date(), aliased(Slot)
    lasting = or_(and_(other.kind.in_(LASTING), other.state == "active"), other.keep_until >= today)
    kept = exists().where(other.account == Slot.account, lasting)
    db.execute(delete(Slot).where(Slot.kind.in_(ON_PHONE), Slot.keep_until < today, ~kept))
    held_by = exists().where(
        Slot.account == Account.id,
        or_(Slot.kind.in_(ON_PHONE), and_(Slot.kind.in_(LASTING), Slot.state == "active")),
    )
    gone = [one for one in db.execute(select(Account.id).where(~held_by)).scalars() if one not in open_now]
    if gone:
        db.execute(_drop_account, [{"account": one} for one in gone])
    return len(gone)
