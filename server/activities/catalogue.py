"""The town as pages read it: one tiny statement a request, the rest from this process's memory.

The memory is keyed by the town's version, which is a hash of its content. So any number of processes, and any
number of databases, stay right: whoever meets a version it has not seen reads the tables again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from functools import lru_cache
from threading import Lock
from types import MappingProxyType
from typing import Any
from zlib import crc32

import msgspec
from sqlalchemy import Connection, select

from server.activities import schedule
from server.activities.models import ActivityRow, PlaceRow, TownRow
from server.activities.town import Activity, Occurrence, Place, Schedule
from server.core.database import Prepared

AHEAD = 60
"""Days that `upcoming` looks ahead."""

_SEASONS = 400
_KEPT = 2

Times = Mapping[tuple[str, bool], tuple[Occurrence, ...]]
"""(slug, is it the smaller version's own time) → occurrences in order."""


class Catalogue:
    """Everything in a town. It never changes; what it works out about days is remembered."""

    def __init__(
        self, version: str, name: str, places: Iterable[Place], activities: Iterable[Activity]
    ) -> None:
        self.version = version
        self.name = name
        self.places: Mapping[str, Place] = MappingProxyType({one.slug: one for one in places})
        self.activities: Mapping[str, Activity] = MappingProxyType({one.slug: one for one in activities})
        self.in_turn = lru_cache(maxsize=4)(self._in_turn)
        self._month = lru_cache(maxsize=8)(self._work_out_month)
        self.programme = lru_cache(maxsize=64)(self._programme)
        self.times = lru_cache(maxsize=64)(self._times)
        self.upcoming = lru_cache(maxsize=4)(self._upcoming)

    def _programme(self, day: date) -> tuple[Occurrence, ...]:
        """All that touches that day, in order of time; what runs through the night is on both days."""
        return self._month(day.year, day.month).get(day, ())

    def _times(self, day: date) -> Times:
        """`programme` sorted out by activity."""
        return _by_activity(self.programme(day))

    def _in_turn(self, day: date) -> tuple[Activity, ...]:
        """All activities in an order that is the date's own, so that equals take turns."""
        return tuple(sorted(self.activities.values(), key=lambda one: crc32(f"{day} {one.slug}".encode())))

    def _upcoming(self, day: date) -> Times:
        """`day` and the coming `AHEAD` days, by activity; what has nothing after `day` gets its next time."""
        midnight, last = schedule.at(day + timedelta(days=1), time()), day + timedelta(days=AHEAD)
        days = (self.programme(day + timedelta(days=number)) for number in range(AHEAD + 1))
        found = dict(_by_activity(dict.fromkeys(one for each in days for one in each)))
        for slug, activity in self.activities.items():
            known = found.get((slug, False), ())
            if activity.schedule is Schedule.TIMES and not any(one.start >= midnight for one in known):
                later = schedule.occurrences(activity, last, day + timedelta(days=_SEASONS))
                found[slug, False] = known + tuple(one for one in later if not one.smaller)[:1]
        return found

    def _work_out_month(self, year: int, month: int) -> dict[date, tuple[Occurrence, ...]]:
        first = date(year, month, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        found: defaultdict[date, list[Occurrence]] = defaultdict(list)
        for activity in self.activities.values():
            for one in schedule.occurrences(activity, first, last):
                for day in schedule.days_of(one):
                    found[day].append(one)
        order = {slug: position for position, slug in enumerate(self.activities)}
        return {
            day: tuple(sorted(each, key=lambda one: (one.start, one.end, order[one.slug])))
            for day, each in found.items()
            if first <= day <= last
        }


EMPTY = Catalogue("", "", (), ())
"""The catalogue where no town is loaded."""

_read: dict[str, Catalogue] = {}
_reading = Lock()


def catalogue(db: Connection) -> Catalogue:
    """The town in that database; one statement when its version has been met. `EMPTY` when none is loaded."""
    version = _version(db)
    while version is not None:
        known = _read.get(version)
        if known:
            return known
        with _reading:
            _read_tables(db, version)
        version = _version(db)  # a town loaded while we read is read again, whole
    return EMPTY


_VERSION = Prepared(select(TownRow.version))


def _version(db: Connection) -> str | None:
    row = _VERSION.row(db)
    return row[0] if row else None


def _read_tables(db: Connection, version: str) -> None:
    if version in _read:
        return
    name = db.execute(select(TownRow.name)).scalar() or ""
    places = {row["slug"]: _struct(row, Place) for row in _rows(db, PlaceRow)}
    activities = [
        _struct({**row, "place": places.get(row["place"])}, Activity) for row in _rows(db, ActivityRow)
    ]
    if _version(db) == version:
        while len(_read) >= _KEPT:
            del _read[next(iter(_read))]
        _read[version] = Catalogue(version, name, places.values(), activities)


def _rows(db: Connection, table: type[PlaceRow] | type[ActivityRow]) -> list[dict[str, Any]]:
    columns = [column for column in table.__table__.columns if column.name != "position"]
    rows = db.execute(select(*columns).order_by(table.position)).mappings()
    return [dict(row) for row in rows]


def _struct(row: dict[str, Any], kind: type[Any]) -> Any:
    place = row.pop("place", None)
    thing = msgspec.convert(row, kind)
    return msgspec.structs.replace(thing, place=place) if place else thing


def _by_activity(occurrences: Iterable[Occurrence]) -> Times:
    found: defaultdict[tuple[str, bool], list[Occurrence]] = defaultdict(list)
    for one in occurrences:
        found[one.slug, one.smaller].append(one)
    return {key: tuple(each) for key, each in found.items()}
