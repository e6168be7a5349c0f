"""A drawer of one's own, as many as a test wants, and somebody who reads files in and out of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from server.core.database import Base, Database
from server.days.payloads import Circumstance, Cost, Form, Mood
from server.messages.along import here_already, taken_along
from server.mine.bring import bring
from server.mine.export import export
from server.mine.here import Outcome
from server.mine.kind import Voice
from server.mine.kinds import BY_STRUCT
from server.mine.receive import Moment, open_waiting, receive
from server.plan import sheets as _plan  # noqa: F401 - registers what its items are
from server.vault.drawer import Drawer
from server.vault.ways_in import new_account
from tests.mine.said import NOW, TODAY


def say(msgid: str, **values: object) -> str:
    """English is good enough where no page is looked at."""
    return msgid % values if values else msgid


class Person:
    """Somebody with a drawer, and what the pages of Mitt do with it."""

    moment = Moment(now=NOW, today=TODAY, say=say)
    voice = Voice(
        say=say,
        locale="sv",
        forms={form: form.name for form in Form},
        costs={cost: cost.name for cost in Cost},
        moods={mood: mood.name for mood in Mood},
        circumstances={one: one.name for one in Circumstance},
    )

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.drawer = Drawer(db, new_account(db, now=NOW)[0])

    def lives(self, *life: Any) -> "Person":
        """Lays payloads in the drawer, each under its own name."""
        for one in life:
            kind = BY_STRUCT[type(one)]
            self.drawer.put(kind.shelf(one), kind.name(one), one)
        return self

    def holds(self) -> dict[str, Any]:
        """Everything in the drawer by name."""
        held = [record.payload for record in self.drawer.everything()]
        return {BY_STRUCT[type(one)].name(one): one for one in held}

    def would_take(self) -> dict[str, Any]:
        """As much of it as goes along."""
        taken = {name: BY_STRUCT[type(one)].goes(one) for name, one in self.holds().items()}
        return {name: one for name, one in taken.items() if one is not None}

    def export(self) -> bytes:
        along = taken_along(self.db, self.drawer.keyring, NOW)
        return export(self.drawer, self.voice, along)

    def reads_in(self, data: bytes) -> Outcome:
        incoming = open_waiting(receive(data, self.moment), self.moment).incoming
        known = tuple(here_already(self.db, self.drawer.keyring, NOW))
        return bring(self.drawer, replace(incoming, known=known))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    database = Database(f"sqlite:///{tmp_path / 'mine.db'}", durable=False)
    Base.metadata.create_all(database.engine)
    with database.write() as db:
        yield db
    database.engine.dispose()


@pytest.fixture
def new_person(db: Connection) -> Callable[[], Person]:
    """Somebody new with an empty drawer, each time."""
    return lambda: Person(db)


@pytest.fixture
def person(db: Connection) -> Person:
    return Person(db)


@pytest.fixture
def other_host(db: Connection) -> Person:
    """Ada again, on another host: nothing of hers is known there."""
    return Person(db)
