"""Alembic, run from the `dagsform` command: there is no alembic.ini to keep in step."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import server.accounts.challenges
import server.vault.models  # noqa: F401 - the tables of the session store
from server.core.database import Database, SessionBase

_HERE = Path(__file__).parent


def upgrade(database: Database, sessions: Database) -> None:
    """Bring the main database to the newest form. The session store holds nothing to keep: it is simply made."""
    if current(database) != newest():
        with database.write() as connection:
            command.upgrade(_config(connection), "head")
    SessionBase.metadata.create_all(sessions.engine)


def current(database: Database) -> str | None:
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config(connection: object = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
