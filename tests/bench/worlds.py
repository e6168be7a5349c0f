"""Worlds to measure in: real SQLite files, with people whose days were written through the real drawer."""

import os
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select

from server import config, migrations
from server.activities.loading import load_town
from server.activities.townfile import read_town
from server.cli import EXAMPLE_TOWN
from server.config import Settings
from server.core import clock
from server.core.database import Base, Database
from server.days import log
from server.days.payloads import Cost, Day, Entry, Form, Told
from server.vault import ways_in
from server.vault.drawer import Drawer
from server.vault.sealing import SEALED, SEALED_TO
from server.vault.sessions import Sessions
from server.web.guard import DEVICE, SESSION

TEN_YEARS = 3652  # days
FORTNIGHT = 14
ENTRIES = 20_000  # in ten years; a fortnight has as many a day
OTHERS = 100_000
_RECORDS_EACH = 2
_BATCH = 10_000

_WORDS = (
    "Sov till elva. Gick till biblioteket ändå. Satt en kvart vid fönstret, ingen frågade något. Det räckte.",
    "Brevet ligger oöppnat på bordet. Det får ligga till i morgon.",
    "Öppen fika. Stannade en timme.",
    "",
)


@dataclass(frozen=True)
class Person:
    """Somebody with a signed-in phone: what its browser sends."""

    cookie: str
    account: bytes


@dataclass(frozen=True)
class World:
    """An installation of its own: the environment that starts it, its settings, and who lives there."""

    environment: dict[str, str]
    settings: Settings
    people: dict[str, Person]


def build(home: Path, lives: Mapping[str, Iterable[int]], *, others: int = 0) -> World:
    """Fill `home`. `lives` gives each person's days, counted backwards from today (0)."""
    environment = {"DAGSFORM_HOME": str(home)}
    settings = config.for_development(environment)
    database = Database(settings.database)
    session_database = Database(settings.sessions, durable=False)
    migrations.upgrade(database, session_database)
    sessions = Sessions(session_database, settings.pepper)
    with database.write() as db:
        load_town(db, read_town(EXAMPLE_TOWN))
        people = {name: _person(db, sessions, days) for name, days in lives.items()}
    for done in range(0, others, _BATCH):
        with database.write() as db:
            strangers(db, min(_BATCH, others - done))
    database.forget_deleted()
    return World(environment, settings, people)


def _person(db: Connection, sessions: Sessions, days: Iterable[int]) -> Person:
    keyring, account_key, half = ways_in.new_account(db, now=clock.now())
    drawer = Drawer(db, keyring)
    for back in days:
        day = _day(back)
        drawer.put(log.month_shelf(day.date), log.day_record(day.date), day)
    session = sessions.start(keyring.account, account_key, clock.now())
    return Person(f"{SESSION}={session.as_text()}; {DEVICE}={half.as_text()}", keyring.account)


def _day(back: int) -> Day:
    """The day so many days ago: five or six entries, the same words for everybody."""
    date = clock.today() - timedelta(days=back)
    number = (back + 1) * ENTRIES // TEN_YEARS - back * ENTRIES // TEN_YEARS
    chance = random.Random(back)
    return Day(date=date, entries=tuple(_entry(chance, date, hour) for hour in range(8, 8 + number)))


def _entry(chance: random.Random, date: date, hour: int) -> Entry:
    told = Told(form=Form.IN_BETWEEN, words=chance.choice(_WORDS), cost=chance.choice([None, *Cost]))
    written = datetime.combine(date, time(hour, chance.randrange(60)), UTC)
    return Entry(id=f"{chance.getrandbits(128):032x}", written=written, told=told)


def strangers(db: Connection, number: int) -> None:
    """Other people's rows as the database sees them: real shapes and sizes, random bytes where seals would be."""
    tables = Base.metadata.tables
    account, slot, record = tables["account"], tables["slot"], tables["record"]
    shapes = {table.name: smallest(db, table) for table in (account, slot, record)}
    owners = sorted(os.urandom(16) for _ in range(number))
    db.execute(
        insert(account), [shapes["account"] | _sealed(shapes["account"]) | {"id": id} for id in owners]
    )
    slots = ({"id": os.urandom(16), "account": owner} for owner in owners)
    db.execute(insert(slot), [shapes["slot"] | _sealed(shapes["slot"]) | ids for ids in slots])
    rows = [shapes["record"] | _sealed(shapes["record"]) | ids for ids in _record_ids(owners)]
    db.execute(insert(record), rows)


def smallest(db: Connection, table: Table) -> dict[str, object]:
    """The row with the least under its seal: most people are nobody with a whole office in their keyring."""
    sealed = next(column for column in table.c if column.name in ("keyring", "blob", "sealed_account_key"))
    return dict(db.execute(select(table).order_by(func.length(sealed)).limit(1)).mappings().one())


def _sealed(row: dict[str, object]) -> dict[str, bytes]:
    """Fresh random bytes for every sealed column, as long as the real one and with its leading byte."""
    blobs = {name: value for name, value in row.items() if isinstance(value, bytes) and len(value) > 32}
    leads = {name: value[:1] for name, value in blobs.items()}
    assert set(leads.values()) <= {bytes([SEALED]), bytes([SEALED_TO])}
    return {name: lead + os.urandom(len(blobs[name]) - 1) for name, lead in leads.items()}


def _record_ids(owners: list[bytes]) -> Iterator[dict[str, object]]:
    """In the order of their ids, which SQLite writes ten times as fast; the owners are in no order."""
    ids = sorted(int.from_bytes(os.urandom(8), "big") >> 1 for _ in range(_RECORDS_EACH * len(owners)))
    mixed = random.sample(owners * _RECORDS_EACH, len(ids))
    for id, owner in zip(ids, mixed, strict=True):
        yield {"id": id, "account": owner, "shelf": os.urandom(16)}
