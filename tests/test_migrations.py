"""Migrations say the same as the models, and lead from nothing to now."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from server import create_app, migrations
from server.core.database import Base, Database, SessionBase
from tests.world import settings


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    database, sessions = (
        Database(f"sqlite:///{tmp_path / 'a.db'}"),
        Database(f"sqlite:///{tmp_path / 'b.db'}", durable=False),
    )
    yield database, sessions
    database.engine.dispose()
    sessions.engine.dispose()


def test_the_migrations_make_what_the_models_say(stores: tuple[Database, Database], tmp_path: Path) -> None:
    database, sessions = stores
    create_app(settings(tmp_path, tmp_path))  # imports every model there is
    migrations.upgrade(database, sessions)
    with database.read() as db:
        assert (
            compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), Base.metadata) == []
        )
    assert set(inspect(sessions.engine).get_table_names()) == set(SessionBase.metadata.tables)
    assert migrations.current(database) == migrations.newest()


def test_from_nothing_and_then_nothing_more_to_do(stores: tuple[Database, Database]) -> None:
    database, sessions = stores
    assert migrations.current(database) is None
    for _ in range(3):
        migrations.upgrade(database, sessions)
    assert migrations.current(database) == migrations.newest()


def test_the_files_are_numbered_as_alembic_follows_them(stores: tuple[Database, Database]) -> None:
    """A start asks the files and the database, and brings Alembic in only when they differ."""
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert script.get_current_head() == migrations.newest()
    database, _sessions = stores
    migrations.upgrade(*stores)
    with database.read() as db:
        assert MigrationContext.configure(db).get_current_revision() == migrations.current(database)


def test_sessions_are_in_a_store_of_their_own(stores: tuple[Database, Database]) -> None:
    """vault.md: never in a backup, so never in the main database."""
    database, sessions = stores
    migrations.upgrade(database, sessions)
    assert "session" not in inspect(database.engine).get_table_names()
    assert "account" not in inspect(sessions.engine).get_table_names()


def test_no_personal_row_tells_when_it_was_made(stores: tuple[Database, Database]) -> None:
    """architecture.md, Data: no created_at, no last seen, no counters; dates live inside the seal."""
    database, sessions = stores
    migrations.upgrade(database, sessions)
    columns = {
        table: {column["name"] for column in inspect(database.engine).get_columns(table)}
        for table in ("account", "slot", "record")
    }
    assert columns == {
        "account": {"id", "public_key", "keyring", "generation", "epoch", "born_month"},
        "slot": {
            "id",
            "account",
            "kind",
            "public_key",
            "wrapped_secret",
            "sealed_account_key",
            "keep_until",
            "state",
            "tries",
            "credential_id",
            "credential_public_key",
            "sign_count",
            "backed_up",
        },
        "record": {"id", "account", "shelf", "epoch", "version", "blob"},
    }
