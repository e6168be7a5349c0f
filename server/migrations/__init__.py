"""Alembic, run from the `dagsform` command: there is no alembic.ini to keep in step.

It is brought in only when there is something to do, so that a start with nothing to do need not wait for it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

import server.accounts.challenges
import server.vault.models  # noqa: F401 - the tables of the session store
from server.core.database import Database, SessionBase

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent


def upgrade(database: Database, sessions: Database) -> None:
    """Bring the main database to the newest form. The session store holds nothing to keep: it is simply made."""
    if current(database) != newest():
        _upgrade(database)
    SessionBase.metadata.create_all(sessions.engine)


def current(database: Database) -> str | None:
    """What the database says it is; None for an empty one."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def newest() -> str:
    """The number of the last step: its file begins with it."""
    return max(file.name for file in (_HERE / "versions").glob("[0-9]*_*.py")).partition("_")[0]


def _upgrade(database: Database) -> None:
    from alembic import command

    with database.write() as connection:
        command.upgrade(_config(connection), "head")


def _config(connection: object) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
