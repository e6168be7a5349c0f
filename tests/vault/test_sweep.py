from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from server.core.database import Database
from server.vault.errors import NoSuchWayIn
from server.vault.models import Account, RecordRow, Slot
from server.vault.ways_in import add_once, open_device, sweep, use_once

LONG = timedelta(days=37)


def accounts(database: Database) -> set[bytes]:
    with database.read() as db:
        return set(db.execute(select(Account.id)).scalars())


def swept(database: Database, now: datetime) -> int:
    with database.write() as db:
        return sweep(db, now)


def test_an_abandoned_try_account_goes_with_all_its_rows(
    database: Database, now: datetime, ada: Any, note: Any
) -> None:
    with database.write() as db:
        ada.drawer(db).put("days/2026-11", "day/1", note("hej"))
    assert swept(database, now + LONG) == 1
    with database.write() as db:
        for table in (Account, Slot, RecordRow):
            assert db.execute(select(table)).all() == []
        with pytest.raises(NoSuchWayIn):
            open_device(db, ada.half, now=now)


def test_it_stays_to_its_last_day_and_goes_the_day_after(database: Database, now: datetime, ada: Any) -> None:
    last = datetime.fromisoformat("2026-12-28T23:59+01:00")
    assert swept(database, last) == 0
    assert swept(database, last + timedelta(minutes=1)) == 1


def test_what_is_open_just_now_stays(database: Database, now: datetime, ada: Any, cleo: Any) -> None:
    with database.write() as db:
        assert sweep(db, now + LONG, open_now={ada.keyring.account}) == 1
    assert accounts(database) == {ada.keyring.account}


def test_a_visit_keeps_the_account(database: Database, now: datetime, ada: Any, cleo: Any) -> None:
    with database.write() as db:
        open_device(db, ada.half, now=now + timedelta(days=20))
    assert swept(database, now + LONG) == 1
    assert accounts(database) == {ada.keyring.account}


def test_one_fresh_device_of_two_keeps_both(database: Database, now: datetime, ada: Any) -> None:
    later = now + timedelta(days=20)
    with database.write() as db:
        token = add_once(db, ada.keyring, ada.account_key, now=later)
        use_once(db, token, now=later)
    assert swept(database, now + LONG) == 0
    with database.write() as db:
        open_device(db, ada.half, now=now + LONG)


def test_an_unused_link_does_not_keep_an_account_for_ever(
    database: Database, now: datetime, ada: Any
) -> None:
    with database.write() as db:
        add_once(db, ada.keyring, ada.account_key, now=now, lasts=timedelta(days=365))
    assert swept(database, now + timedelta(days=30)) == 0
    assert swept(database, now + LONG) == 1


def test_a_lasting_way_in_keeps_the_account_and_its_old_device(
    database: Database, now: datetime, ada: Any
) -> None:
    with database.write() as db:
        token = add_once(db, ada.keyring, ada.account_key, now=now)
        use_once(db, token, now=now)
        one = db.execute(select(Slot.id).limit(1)).scalar_one()
        db.execute(update(Slot).where(Slot.id == one).values(kind="passkey", keep_until=None))
    assert swept(database, now + timedelta(days=3650)) == 0
    with database.read() as db:
        assert len(db.execute(select(Slot.id)).all()) == 2


def test_sweeping_touches_nobody_else(
    database: Database, now: datetime, ada: Any, cleo: Any, note: Any
) -> None:
    with database.write() as db:
        cleo.drawer(db).put("days/2026-11", "day/1", note("hej"))
        open_device(db, cleo.half, now=now + timedelta(days=30))
    assert swept(database, now + LONG) == 1
    with database.write() as db:
        assert len(cleo.drawer(db).shelf("days/2026-11")) == 1
        assert open_device(db, cleo.half, now=now + LONG)[0] == cleo.keyring
