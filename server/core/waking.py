"""How the server processes of one service tell each other, after a commit, whose rows have something new.

A transaction marks a name (the id of a mailbox); when it is committed, whoever listens is told the name and nothing
more, and looks for itself. A transaction that is rolled back tells nobody. On PostgreSQL the telling is NOTIFY, part
of the transaction; on SQLite this process is told directly, and another one sees that the file was changed.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from server.core.database import Database

_CHANNEL = "dagsform_news"
_notify = text("SELECT pg_notify(:channel, one) FROM unnest(CAST(:names AS text[])) AS one")
_MARKED = "news"
_STILL_THERE = 20.0  # seconds between questions whether the connection lives
_PATIENCE = 0.5  # seconds of waiting at a time, so that closing is quick
_ANEW = 1.0  # seconds between attempts to reach the database again

# Who has something new; None when it may be anybody.
Names = frozenset[bytes] | None
Tell = Callable[[Names], None]


def mark(db: Connection, name: bytes) -> None:
    """This transaction may leave something for `name`. The same work whether it does or not."""
    db.info.setdefault(_MARKED, set()).add(name)


def forget(db: Connection) -> None:
    """A transaction begins: what a rolled-back one marked on this connection is nobody's news."""
    db.info.pop(_MARKED, None)


def announce(db: Connection) -> Names:
    """Who was marked. On PostgreSQL the database tells it at the commit, to every process that listens."""
    names = frozenset(db.info.pop(_MARKED, ()))
    if names and db.dialect.name == "postgresql":
        db.execute(_notify, {"channel": _CHANNEL, "names": [name.hex() for name in names]})
    return names


class Ear(Protocol):
    """One process's way to hear of commits, its own and others'."""

    def close(self) -> None:
        """Hear no more."""


def listen(database: "Database", tell: Tell) -> Ear:
    """Call `tell` with the names after every commit that marked some, in whatever process, until it is closed.

    `tell` may be called from any thread and must be quick. What could have been missed is told as None.
    """
    return FileEar(database, tell) if database.is_sqlite else PostgresEar(database, tell)


class FileEar:
    """SQLite: our own commits by name; others' by `PRAGMA data_version`, which costs some microseconds."""

    EVERY = 0.1  # seconds

    def __init__(self, database: "Database", tell: Tell) -> None:
        self._database, self._tell, self._over = database, tell, threading.Event()
        database.hearers.append(tell)
        self._thread = threading.Thread(target=self._watch, name="news", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._database.hearers.remove(self._tell)
        self._thread.join()

    def _watch(self) -> None:
        with self._database.read() as db:
            cursor = db.connection.cursor()
            known = None
            while not self._over.is_set():
                (now,) = cursor.execute("PRAGMA data_version").fetchone()
                if known != now:  # the first time, too: what came before we listened is not missed
                    self._tell(None)
                known = now
                self._over.wait(self.EVERY)


class PostgresEar:
    """PostgreSQL: one connection that LISTENs. When it is lost it is made anew, and then it may be anybody."""

    def __init__(self, database: "Database", tell: Tell) -> None:
        self._database, self._tell, self._over = database, tell, threading.Event()
        self._thread = threading.Thread(target=self._stay, name="news", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _stay(self) -> None:
        while not self._over.is_set():
            with suppress(DBAPIError, self._database.engine.dialect.loaded_dbapi.Error):
                self._hear()
            self._over.wait(_ANEW)

    def _hear(self) -> None:
        """Until it is over. Raises what the driver raises when the connection is lost."""
        with self._database.engine.connect() as db:
            wire: Any = db.connection.driver_connection
            db.detach()  # it is no use to anybody else, and ends when this does
            wire.autocommit = True
            wire.execute(f"LISTEN {_CHANNEL}")
            self._tell(None)
            while not self._over.is_set():
                quiet_until = time.monotonic() + _STILL_THERE
                while time.monotonic() < quiet_until and not self._over.is_set():
                    for note in wire.notifies(timeout=_PATIENCE):
                        with suppress(
                            ValueError
                        ):  # whoever may NOTIFY may write anything: no mailbox of ours
                            self._tell(frozenset([bytes.fromhex(note.payload)]))
                wire.execute(
                    "SELECT 1"
                )  # raises when nobody is there any more; what was told meanwhile is kept
