"""A drawer of one's own, without any page."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Connection

from server.core.database import Base, Database
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.ways_in import new_account
from tests.world import NOW


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('circle') / 'circle.db'}")
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
    return Drawer(db, keyring)


@pytest.fixture
def today() -> date:
    return date(2026, 11, 19)
