"""A drawer of one's own, as many as a test wants, and what a person may have said about days."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from server.core.database import Base, Database
from server.days.inputs import CIRCUMSTANCES
from server.days.payloads import Cost, Form, Mood
from server.mine.kind import Voice
from server.mine.receive import Moment
from server.vault.drawer import Drawer
from server.vault.ways_in import new_account

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 19)


def say(msgid: str, **values: object) -> str:
    """English is good enough where no page is looked at."""
    return msgid % values if values else msgid


@pytest.fixture
def moment() -> Moment:
    return Moment(now=NOW, today=TODAY, say=say)


@pytest.fixture
def voice() -> Voice:
    return Voice(
        say=say,
        locale="sv",
        forms={form: form.name.lower() for form in Form},
        costs={cost: cost.value for cost in Cost},
        moods={mood: mood.name.lower() for mood in Mood},
        circumstances={one: one.value for one in CIRCUMSTANCES},
    )


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    database = Database(f"sqlite:///{tmp_path / 'mine.db'}", durable=False)
    Base.metadata.create_all(database.engine)
    with database.write() as db:
        yield db
    database.engine.dispose()


@pytest.fixture
def new_drawer(db: Connection) -> Callable[[], Drawer]:
    """The drawer of somebody new, empty."""
    return lambda: Drawer(db, new_account(db, now=NOW)[0])


@pytest.fixture
def drawer(new_drawer: Callable[[], Drawer]) -> Drawer:
    return new_drawer()
