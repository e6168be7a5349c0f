"""Every statement that reaches a database: those on SQLAlchemy's way, and those of `Prepared` beside it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from server.core.database import Database, Prepared


@contextmanager
def listening(database: Database) -> Iterator[list[str]]:
    """The statements as text, one by one, as they are sent."""
    seen: list[str] = []
    rows = Prepared.rows

    def note(_c: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    def note_prepared(prepared: Prepared, db: Connection, **values: Any) -> Sequence[tuple[Any, ...]]:
        if db.engine.pool is database.engine.pool:
            seen.append(str(prepared._select))
        return rows(prepared, db, **values)

    event.listen(database.engine, "before_cursor_execute", note)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Prepared, "rows", note_prepared)
        yield seen
    event.remove(database.engine, "before_cursor_execute", note)
