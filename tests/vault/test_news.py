"""A letter is news for a mailbox at the commit, in this process and in every other; a roll-back is news for nobody."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from sqlalchemy import Connection

from server.core import waking
from server.core.database import Database
from server.core.waking import Names
from server.vault import tray
from server.vault.mailbox import NOTHING, lying, put_on_shelf
from server.vault.sealing import Secret
from server.vault.sessions import Sessions
from server.vault.tray import Tray
from tests.vault.conftest import Person

SOON = 2.0  # seconds


class Heard:
    """What one process has been told."""

    def __init__(self, database: Database) -> None:
        self.names: SimpleQueue[Names] = SimpleQueue()
        self.ear = waking.listen(database, self.names.put)

    def next(self, seconds: float = SOON) -> Names:
        return self.names.get(timeout=seconds)

    def named(self, seconds: float = SOON) -> set[bytes]:
        """Every name that comes within some time after the last one."""
        found: set[bytes] = set()
        while True:
            try:
                found |= self.names.get(timeout=seconds) or frozenset()
            except Empty:
                return found
            seconds = 0.3

    def quiet(self, seconds: float = 0.3) -> None:
        """Wait until nothing has come for a while."""
        try:
            while True:
                self.names.get(timeout=seconds)
        except Empty:
            return


@pytest.fixture
def heard(database: Database) -> Iterator[Heard]:
    heard = Heard(database)
    assert heard.next(10) is None  # it listens from here on; what came before may be anybody's
    yield heard
    heard.ear.close()


def leave(db: Connection, person: Person) -> None:
    tray.leave(db, tray.open_tray(db, person.keyring), Tray(secret="hej"))


def test_a_commit_tells_whose_mailbox(database: Database, heard: Heard, ada: Person, cleo: Person) -> None:
    heard.quiet()
    with database.write() as db:
        leave(db, ada)
        leave(db, ada)
        leave(db, cleo)
    assert heard.named() == {ada.keyring.account, cleo.keyring.account}


def test_a_roll_back_tells_nobody_then_or_later(database: Database, heard: Heard, ada: Person) -> None:
    heard.quiet()
    with pytest.raises(ZeroDivisionError), database.write() as db:
        leave(db, ada)
        raise ZeroDivisionError
    with database.write() as db:
        db.exec_driver_sql("UPDATE account SET generation = generation")
    assert heard.named(0.5) == set()


def test_a_letter_by_a_closed_door_tells_the_same_and_is_not_there(
    database: Database, heard: Heard, ada: Person
) -> None:
    """Who is blocked cannot tell by the work or by the time; who looks finds nothing new."""
    with database.write() as db:
        held = tray.open_tray(db, ada.keyring)
    heard.quiet()
    with database.write() as db:
        waking.mark(db, ada.keyring.account)
        tray.leave(db, Secret.random(), Tray(secret="hej"))
    assert ada.keyring.account in heard.named()
    with database.read() as db:
        assert lying(db, [ada.keyring.account]) == {}
    with database.write() as db:
        tray.leave(db, held, Tray(secret="hej"))
        assert lying(db, [ada.keyring.account])[ada.keyring.account][0] == 1


def test_another_process_hears_it(database: Database, heard: Heard, ada: Person) -> None:
    """Another engine stands for another process: by name on PostgreSQL, as “perhaps anybody” on SQLite."""
    other = Database(database.url.render_as_string(hide_password=False))
    heard.quiet()
    with other.write() as db:
        leave(db, ada)
    assert heard.next() == (None if database.is_sqlite else frozenset([ada.keyring.account]))
    other.engine.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # a file has no connection to lose
def test_a_lost_listener_comes_back_and_asks_about_everybody(
    database: Database, heard: Heard, ada: Person
) -> None:
    heard.quiet()
    with database.write() as db:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(query, 'LISTEN')"
        db.exec_driver_sql(cut)
    assert heard.next(10) is None
    with database.write() as db:
        leave(db, ada)
    assert heard.named() == {ada.keyring.account}


def test_lying_changes_with_every_letter_and_not_with_sorting(database: Database, ada: Person) -> None:
    mine = ada.keyring.account
    with database.write() as db:
        assert lying(db, [mine]).get(mine, NOTHING) == NOTHING
        leave(db, ada)
        one = lying(db, [mine])[mine]
        leave(db, ada)
        two = lying(db, [mine])[mine]
        assert len({one, two, NOTHING}) == 3
        letters = list(db.exec_driver_sql("SELECT id FROM letter").scalars())
        put_on_shelf(db, ada.keyring, "anywhere", letters)
        assert lying(db, [mine])[mine] == two
        db.exec_driver_sql(f"DELETE FROM letter WHERE id = {letters[0]}")
        leave(db, ada)
        assert lying(db, [mine])[mine] not in (one, two)


def test_rows_that_are_open_are_told_in_one_question(
    database: Database, sessions: Sessions, person: Callable[[], Person], now: datetime
) -> None:
    one, two, three = (person() for _ in range(3))
    cookies = [sessions.start(who.keyring.account, who.account_key, now) for who in (one, two)]
    short = sessions.start(three.keyring.account, three.account_key, now, idle=timedelta(minutes=2))
    rows = [sessions.row(cookie) for cookie in (*cookies, short)]
    assert sessions.still_open(rows, now) == set(rows)
    assert sessions.still_open(rows, now + timedelta(minutes=2)) == set(rows[:2])
    sessions.end(cookies[0])
    assert sessions.still_open([*rows, b"never was"], now) == {rows[1], rows[2]}
    # Asking has moved no end.
    assert sessions.still_open(rows, now + timedelta(minutes=10)) == set()


def test_news_that_is_no_name_is_not_heard_and_the_next_is() -> None:
    """PostgreSQL: whoever may NOTIFY may say anything. The thread that listens goes on."""
    heard: list[Names] = []

    class Wire:
        """A driver's connection on which two things are said, and then nobody is there any more."""

        autocommit = False

        def execute(self, _said: str) -> None: ...

        def notifies(self, timeout: float) -> list[SimpleNamespace]:
            ear._over.set()
            return [SimpleNamespace(payload="no hex"), SimpleNamespace(payload="00ff")]

    ear = waking.PostgresEar.__new__(waking.PostgresEar)
    connection: Any = MagicMock()
    connection.engine.connect.return_value.__enter__.return_value.connection.driver_connection = Wire()
    ear._database, ear._tell, ear._over = connection, heard.append, threading.Event()
    ear._hear()
    assert heard == [None, frozenset([b"\x00\xff"])]
