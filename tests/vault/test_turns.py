"""Two windows of one person at the very same moment, on SQLite and on PostgreSQL: each thing happens once."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from server.circle import openings, post, sharing
from server.core import ids
from server.core.database import Database
from server.vault.ways_in import new_account
from tests.circle.pairs import TUESDAY, Person
from tests.vault.pairs import FRANK, met

ITEM = f"day/{TUESDAY}"


@pytest.fixture
def people(database: Database, now: datetime) -> tuple[Person, Person, bytes, str]:
    """Ada and Ben, the pair, and a note of Ada's."""
    both = []
    for _ in range(2):
        with database.write() as db:
            keyring, key, _half = new_account(db, now=now)
        both.append(Person(keyring, key))
    ada, ben = both
    pair = met(database, ada, ben, now)
    with database.write() as db:
        entry = ada.writes(db, TUESDAY, 2, "ord")
    return ada, ben, pair, entry


def at_once(database: Database, act: Callable[[Any], object]) -> list[str]:
    """The act twice, each in a transaction of its own that has begun before either acts; what went wrong."""
    ready, wrong = threading.Barrier(2), list[str]()

    def window() -> None:
        try:
            if database.is_sqlite:  # only one may write: the other waits to begin
                ready.wait(10)
            with database.write() as db:
                db.exec_driver_sql("SELECT 1")
                if not database.is_sqlite:
                    ready.wait(10)
                act(db)
        except Exception as error:
            wrong.append(repr(error))

    windows = [threading.Thread(target=window) for _ in range(2)]
    for one in windows:
        one.start()
    for one in windows:
        one.join()
    return wrong


def test_handed_over_from_two_windows_is_once(database: Database, people: Any, now: datetime) -> None:
    ada, _ben, pair, entry = people
    set_id = ids.token()
    wrong = at_once(database, lambda db: ada.hands(db, pair, now, (ITEM, ("form", entry)), set_id=set_id))
    with database.read() as db:
        assert (len(sharing.live(ada.drawer(db), now)), wrong) == (1, [])


def test_given_again_from_two_windows_is_once(database: Database, people: Any, now: datetime) -> None:
    ada, ben, pair, entry = people
    with database.write() as db:
        (handed,) = ada.hands(db, pair, now, (ITEM, ("form", entry)))
        batch = sharing.stop(db, ada.keyring, now, [handed.id])
    wrong = at_once(database, lambda db: sharing.give_again(db, ada.keyring, FRANK, now, pair, batch))
    with database.write() as db:
        ben.sorts(db, now)
        ben.opens_all(db, pair, now)
        assert (ben.reads(db, pair, now), wrong) == (["ord"], [])


def test_post_sorted_in_two_windows_is_sorted_once(database: Database, people: Any, now: datetime) -> None:
    """And no gap is seen that is none: it would say that somebody had changed the database."""
    ada, ben, pair, entry = people
    with database.write() as db:
        ada.hands(db, pair, now, (ITEM, ("form", entry)))
    with database.write() as db:
        ben.sorts(db, now)
        ben.opens_all(db, pair, now)
    wrong = at_once(database, lambda db: post.sort(db, ada.keyring, ada.account_key, now))
    with database.read() as db:
        told = openings.everything(ada.drawer(db))
    assert (len(told["lines"]), told["gaps"], wrong) == (1, set(), [])
