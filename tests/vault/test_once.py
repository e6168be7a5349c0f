from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from server.core.database import Database
from server.vault.errors import CannotOpen, NoSuchWayIn
from server.vault.models import Slot
from server.vault.sealing import Secret
from server.vault.ways_in import add_once, open_device, use_once


def link(database: Database, person: Any, now: datetime, **lasts: timedelta) -> Secret:
    with database.write() as db:
        return add_once(db, person.keyring, person.account_key, now=now, **lasts)


def test_a_link_opens_the_account_and_becomes_a_way_in(database: Database, now: datetime, ada: Any) -> None:
    token = link(database, ada, now)
    with database.write() as db:
        keyring, account_key, half = use_once(db, token, now=now)
    with database.write() as db:
        assert open_device(db, half, now=now) == (keyring, account_key)
        assert open_device(db, ada.half, now=now) == (keyring, account_key)
    assert account_key == ada.account_key
    assert [info.kind for info in keyring.slots.values()] == ["device", "device"]


def test_a_link_works_once(database: Database, now: datetime, ada: Any) -> None:
    token = link(database, ada, now)
    with database.write() as db:
        use_once(db, token, now=now)
    with pytest.raises(NoSuchWayIn), database.write() as db:
        use_once(db, token, now=now)


def test_two_who_use_it_at_the_same_moment_get_one_way_in(
    database: Database, now: datetime, ada: Any
) -> None:
    token = link(database, ada, now)

    def use(_: int) -> bool:
        try:
            with database.write() as db:
                use_once(db, token, now=now)
            return True
        except NoSuchWayIn:
            return False

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(use, range(4))) == [False, False, False, True]


@pytest.mark.parametrize(("after", "opens"), [(0, True), (9, True), (10, False), (60, False)])
def test_a_link_lasts_ten_minutes(
    database: Database, now: datetime, ada: Any, after: int, opens: bool
) -> None:
    token = link(database, ada, now)
    later = now + timedelta(minutes=after)
    if opens:
        with database.write() as db:
            use_once(db, token, now=later)
    else:
        with pytest.raises(NoSuchWayIn), database.write() as db:
            use_once(db, token, now=later)


def test_a_link_may_last_longer_when_asked_to(database: Database, now: datetime, ada: Any) -> None:
    token = link(database, ada, now, lasts=timedelta(days=7))
    with database.write() as db:
        use_once(db, token, now=now + timedelta(days=6))


def test_a_new_link_ends_the_one_before(database: Database, now: datetime, ada: Any, cleo: Any) -> None:
    first, hers, second = link(database, ada, now), link(database, cleo, now), link(database, ada, now)
    with pytest.raises(NoSuchWayIn), database.write() as db:
        use_once(db, first, now=now)
    with database.write() as db:
        assert use_once(db, second, now=now)[0].account == ada.keyring.account
        assert use_once(db, hers, now=now)[0].account == cleo.keyring.account


def test_an_unknown_link_opens_nothing(database: Database, now: datetime, ada: Any) -> None:
    link(database, ada, now)
    with pytest.raises(NoSuchWayIn), database.write() as db:
        use_once(db, Secret.random(), now=now)


def test_a_link_is_no_device_and_a_device_no_link(database: Database, now: datetime, ada: Any) -> None:
    token = link(database, ada, now)
    with database.write() as db:
        with pytest.raises(NoSuchWayIn):
            open_device(db, token, now=now)
        with pytest.raises(NoSuchWayIn):
            use_once(db, ada.half, now=now)


def test_a_link_that_was_edited_into_a_device_opens_nothing(
    database: Database, now: datetime, ada: Any
) -> None:
    token = link(database, ada, now)
    with database.write() as db:
        db.execute(update(Slot).where(Slot.kind == "once").values(kind="device"))
        with pytest.raises(CannotOpen):
            open_device(db, token, now=now)


def test_a_link_leaves_no_date_to_read(database: Database, now: datetime, ada: Any) -> None:
    link(database, ada, now)
    with database.read() as db:
        assert db.execute(select(Slot.keep_until).where(Slot.kind == "once")).scalar_one() is None
        assert db.execute(select(func.count()).select_from(Slot)).scalar_one() == 2
