"""Backup and restore of the embedded database, while the server runs (SQLite's own online backup).

On PostgreSQL use its tools: `pg_dump --no-unlogged-table-data` leaves the sessions out (docs/operators.md).
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url


class BackupRefused(Exception):
    """A sentence for the operator; nothing was written."""


def backup(database: str, target: Path) -> None:
    """Copy the whole database to a new file that only its owner can read."""
    source = _embedded(database)
    if target.exists():
        raise BackupRefused(f"{target} is there already. Name a new file.")
    if not source.exists():
        raise BackupRefused(f"There is no database at {source}.")
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise BackupRefused(f"{target} cannot be written: {error.strerror}.") from None
    _copy(source, target)


def restore(database: str, file: Path) -> None:
    """Put the backup in place of what the database holds now. A file that is not ours changes nothing."""
    _check(file)
    _copy(file, _embedded(database))


def _embedded(database: str) -> Path:
    url = make_url(database)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupRefused(
            "Only the embedded database is copied here. On PostgreSQL use pg_dump and pg_restore."
        )
    return Path(url.database)


def _check(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            whole = db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            ours = db.execute(
                "SELECT count(*) FROM sqlite_master WHERE name IN ('account', 'record')"
            ).fetchone()[0]
    except sqlite3.Error as error:
        raise BackupRefused(f"{file} is not a readable backup: {error}.") from None
    if not whole or ours != 2:
        raise BackupRefused(f"{file} is damaged, or not a backup of Dagsform. Nothing was changed.")


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(target, timeout=30)) as to:
        from_.backup(to)
