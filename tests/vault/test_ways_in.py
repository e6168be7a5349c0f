from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from server.core import ids
from server.core.database import Database
from server.vault.errors import CannotOpen, NoSuchWayIn, WrongKey
from server.vault.keyring import seal_keyring
from server.vault.models import Account, Slot
from server.vault.sealing import Secret, context, derive, seal, seal_to
from server.vault.ways_in import keep_until, new_account, open_device


def test_a_new_account_opens_with_the_half_on_the_device(database: Database, now: datetime, ada: Any) -> None:
    # E8, A4: nothing is asked for; the first tap makes the account
    with database.write() as db:
        assert open_device(db, ada.half, now=now) == (ada.keyring, ada.account_key)


def test_a_half_that_was_never_given_out_opens_nothing(database: Database, now: datetime, ada: Any) -> None:
    with database.write() as db, pytest.raises(NoSuchWayIn):
        open_device(db, Secret.random(), now=now)


def test_every_half_opens_its_own_account(database: Database, now: datetime, ada: Any, cleo: Any) -> None:
    with database.write() as db:
        assert open_device(db, cleo.half, now=now)[0].account == cleo.keyring.account
        assert open_device(db, ada.half, now=now)[0].account == ada.keyring.account


def test_the_account_key_alone_does_not_open_the_slot(database: Database, now: datetime, ada: Any) -> None:
    with database.write() as db, pytest.raises(NoSuchWayIn):
        open_device(db, ada.account_key, now=now)


def test_finding_and_unlocking_are_derived_apart(database: Database, ada: Any) -> None:
    with database.read() as db:
        row = db.execute(select(Slot)).one()
    assert row.id == derive(ada.half, "find", 16).reveal()
    assert derive(ada.half, "unlock").reveal()[:16] != row.id


def test_the_keyring_remembers_its_slots(database: Database, ada: Any) -> None:
    with database.read() as db:
        row = db.execute(select(Slot)).one()
    info = ada.keyring.slots[row.id]
    assert (info.kind, info.public_key, info.made) == ("device", row.public_key, date(2026, 11, 22))


def test_who_writes_the_database_cannot_slip_in_an_account_key_of_their_own(
    database: Database, now: datetime, ada: Any
) -> None:
    """Anyone can seal to the slot's public key; without the voucher inside the slot it opens nothing.

    Else a host could lay a keyring of its own making under Ada's next words.
    """
    with database.write() as db:
        slot = db.execute(select(Slot)).one()
        own_key, where = Secret.random(), context("slot", slot.id, slot.account, "device")
        for forged in (own_key.reveal(), seal(own_key, where, own_key.reveal())):
            sealed = seal_to(slot.public_key, where, forged)
            db.execute(update(Slot).values(sealed_account_key=sealed))
            db.execute(update(Account).values(keyring=seal_keyring(ada.keyring, own_key)))
            with pytest.raises(CannotOpen):
                open_device(db, ada.half, now=now)


def test_a_forged_slot_at_the_right_place_opens_nothing(
    database: Database, now: datetime, ada: Any, cleo: Any
) -> None:
    with database.write() as db:
        theirs = db.execute(select(Slot).where(Slot.account == cleo.keyring.account)).one()._asdict()
        ours = db.execute(select(Slot).where(Slot.account == ada.keyring.account)).one()
        db.execute(delete(Slot))
        db.execute(insert(Slot), theirs | {"id": ours.id})
        with pytest.raises(WrongKey):
            open_device(db, ada.half, now=now)


@pytest.mark.parametrize(
    ("visit", "kept"),
    [
        (date(2026, 11, 22), date(2026, 12, 28)),
        (date(2026, 11, 27), date(2026, 12, 28)),
        (date(2026, 11, 28), date(2026, 12, 28)),
        (date(2026, 11, 29), date(2027, 1, 4)),
        (date(2026, 12, 31), date(2027, 2, 1)),
    ],
)
def test_a_device_is_kept_about_thirty_days_and_to_a_monday(visit: date, kept: date) -> None:
    until = keep_until(datetime.fromisoformat(f"{visit}T12:00+01:00"))
    assert until == kept
    assert until.weekday() == 0
    assert timedelta(days=30) <= until - visit < timedelta(days=37)


def kept(database: Database) -> date | None:
    with database.read() as db:
        return db.execute(select(Slot.keep_until)).scalar_one()


def test_visits_within_a_week_move_nothing(database: Database, now: datetime, ada: Any) -> None:
    moves = set[date | None]()
    for hour in range(0, 28 * 24, 7):
        with database.write() as db:
            open_device(db, ada.half, now=now + timedelta(hours=hour))
        moves.add(kept(database))
    assert moves == {date(2026, 12, 28) + timedelta(weeks=week) for week in range(5)}


def test_a_clock_that_runs_backwards_takes_no_time_away(database: Database, now: datetime, ada: Any) -> None:
    with database.write() as db:
        open_device(db, ada.half, now=now - timedelta(days=60))
    assert kept(database) == date(2026, 12, 28)


def test_all_that_is_random_comes_from_one_place(database: Database, now: datetime) -> None:
    """Seeded worlds repeat, but for the outermost seal of the account key: HPKE makes a key of its own."""
    worlds = []
    for _ in range(2):
        with ids.seeded("world"), database.write() as db:
            made = new_account(db, now=now)
            row = db.execute(select(Account, Slot).join(Slot, Slot.account == Account.id)).one()._asdict()
            db.execute(delete(Account))
        row.pop("sealed_account_key")
        worlds.append((made, row))
    assert worlds[0] == worlds[1]
