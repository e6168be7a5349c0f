"""A database of the first release goes on living: migration 0002, with what people wrote in it."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import column as sql_column
from sqlalchemy import insert, inspect, table

import server.activities.models
import server.core.marks
import server.hosts.models  # noqa: F401 - every table, for the comparison
from server import migrations
from server.core.database import Base, Database
from server.vault.cards import add_card, confirm_card, open_card
from server.vault.drawer import Drawer
from server.vault.rotation import finish_epoch, is_rotating, reseal
from server.vault.sealing import Secret
from server.vault.tray import collect, leave, open_tray
from server.vault.ways_in import open_device, use_once
from tests.vault.test_vectors import WORLD, value

TABLES = ("account", "slot", "record")


@pytest.fixture
def now() -> datetime:
    return datetime.fromisoformat(WORLD["now"])


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        running = request.getfixturevalue("postgresql")["database"]
        with running.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.exec_driver_sql("DROP DATABASE IF EXISTS old")
            db.exec_driver_sql("CREATE DATABASE old")
        database = Database(running.url.set(database="old").render_as_string(hide_password=False))
    yield database
    database.engine.dispose()


@pytest.fixture
def upgraded(empty: Database, tmp_path: Path) -> Database:
    """The first release's golden database, brought to the newest form."""
    migrations.step_to(empty, "0001")
    with empty.write() as db:
        for name in TABLES:
            for row in WORLD["rows"][name]:
                values = {column: value(written) for column, written in row.items()}
                if values.get("keep_until"):
                    values["keep_until"] = date.fromisoformat(values["keep_until"])
                db.execute(insert(table(name, *map(sql_column, values))), values)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sessions = Database(f"sqlite:///{tmp_path / 'sessions.db'}", durable=False)
        migrations.upgrade(empty, sessions)
    sessions.engine.dispose()
    return empty


def rows(database: Database) -> dict[str, Any]:
    with database.read() as db:
        return {name: db.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in TABLES}


def test_nothing_is_lost_on_the_way(upgraded: Database) -> None:
    assert rows(upgraded) == {"account": 1, "slot": 2, "record": 1}


def test_its_words_open_and_so_do_its_ways_in(upgraded: Database, now: datetime, note: Any) -> None:
    with upgraded.write() as db:
        keyring, account_key = open_device(db, Secret.from_text(WORLD["half"]), now=now)
        assert account_key.reveal().hex() == WORLD["account_key"]
        assert Drawer(db, keyring).find(WORLD["name"])[WORLD["name"]].payload.text == WORLD["says"]
        assert use_once(db, Secret.from_text(WORLD["token"]), now=now)[1] == account_key


def test_it_can_do_all_that_is_new(upgraded: Database, now: datetime, note: Any) -> None:
    with upgraded.write() as db:
        keyring, key = open_device(db, Secret.from_text(WORLD["half"]), now=now)
        for _ in range(2):  # the second card ends the first, and so changes the keys
            keyring, card = add_card(db, keyring, key, now=now)
            keyring, key = confirm_card(db, keyring, key, card, now=now)
        leave(db, open_tray(db, keyring), note("efter låset"))
        assert is_rotating(keyring)
        assert not reseal(db, keyring)
        keyring = finish_epoch(db, keyring, key)
    with upgraded.write() as db:
        assert open_card(db, card, now=now) == (keyring, key)
        assert [payload.text for _, payload in collect(db, keyring)] == ["efter låset"]
        record = Drawer(db, keyring).find(WORLD["name"])[WORLD["name"]]
        assert (record.payload.text, record.epoch) == (WORLD["says"], 2)
        Drawer(db, keyring).replace(record, note("och skrivs vidare"))


def test_the_upgraded_database_is_what_the_models_say(upgraded: Database) -> None:
    with upgraded.read() as db:
        context = MigrationContext.configure(db, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
        if upgraded.is_sqlite:
            assert db.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        keys = inspect(db).get_foreign_keys("letter")
    assert [(key["referred_table"], key["options"].get("ondelete")) for key in keys] == [
        ("account", "CASCADE")
    ]


def test_upgrading_twice_is_once(upgraded: Database, tmp_path: Path) -> None:
    sessions = Database(f"sqlite:///{tmp_path / 'again.db'}", durable=False)
    migrations.upgrade(upgraded, sessions)
    sessions.engine.dispose()
    assert migrations.current(upgraded) == migrations.newest()
    assert rows(upgraded) == {"account": 1, "slot": 2, "record": 1}
