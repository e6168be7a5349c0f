"""Engines and transactions. SQLite is the embedded default; PostgreSQL serves many machines."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, MetaData, Select, create_engine, event, make_url
from sqlalchemy.orm import DeclarativeBase

from server.core import waking

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_READING = {"reading": True}


class Base(DeclarativeBase):
    """Every table but the sessions."""

    metadata = MetaData(naming_convention=NAMING)


class SessionBase(DeclarativeBase):
    """The session store: its own SQLite file, or an UNLOGGED table; never in a backup."""

    metadata = MetaData(naming_convention=NAMING)


class Database:
    """One engine with two ways in: `read()` takes no lock, `write()` is one transaction."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        """`durable=False` (for sessions) may lose the last second at a power cut, and is faster."""
        self.url = make_url(url)
        self.engine = create_engine(self.url)
        if self.is_sqlite:
            _tune_sqlite(self.engine, durable=durable)
        self._reading = self.engine.execution_options(**_READING)
        self.hearers: list[waking.Tell] = []

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Commits when the block ends, rolls back when it raises. What was marked as news is told after the commit."""
        with self.engine.begin() as connection:
            waking.forget(connection)
            yield connection
            names = waking.announce(connection)
        if names:
            for tell in self.hearers:
                tell(names)

    def forget_deleted(self) -> bool:
        """Truncate the write-ahead log, so that deleted bytes leave the files. False when readers held it back.

        Zeroing of freed pages is `secure_delete`; on PostgreSQL the bytes go with vacuum (docs/operators.md).
        """
        if not self.is_sqlite:
            return True
        with self.read() as connection:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
        return bool(busy == 0)


class Prepared:
    """A select that is compiled once and read with the driver's own cursor, for what every page reads.

    The ordinary way costs many times the reading itself (docs/bench.md). Values and rows pass unconverted, so it is
    for columns of bytes, whole numbers and text.
    """

    def __init__(self, select: Select[*tuple[Any, ...]]) -> None:
        self._select = select
        self._compiled: dict[str, tuple[str, list[str] | None]] = {}

    def rows(self, db: Connection, **values: Any) -> Sequence[tuple[Any, ...]]:
        """Every row, with `values` for the select's named binds. Raises DBAPIError, as the ordinary way does."""
        text, order = self._compiled.get(db.dialect.name) or self._compile(db.dialect)
        try:
            cursor = db.connection.cursor()
            cursor.execute(text, values if order is None else [values[name] for name in order])
            return cursor.fetchall()
        except db.dialect.loaded_dbapi.Error:
            # Asked again the ordinary way, which knows a lost connection and says what failed.
            return db.execute(self._select, values).all()

    def row(self, db: Connection, **values: Any) -> tuple[Any, ...] | None:
        """The only row, or None."""
        return next(iter(self.rows(db, **values)), None)

    def _compile(self, dialect: Dialect) -> tuple[str, list[str] | None]:
        compiled = self._select.compile(dialect=dialect)
        ready = self._compiled[dialect.name] = str(compiled), getattr(compiled, "positiontup", None)
        return ready


def _tune_sqlite(engine: Engine, *, durable: bool) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            "foreign_keys=ON",
            "secure_delete=ON",
            "busy_timeout=5000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE: a transaction that will write waits for its turn instead of failing half-way.
        if not connection.get_execution_options().get("reading"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
