"""The example town, and small towns made for one test. The clock of every test is the moment it names."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

import server.activities
from server.activities import catalogue as catalogues
from server.activities.catalogue import Catalogue
from server.activities.schedule import ZONE
from server.activities.town import Activity, Kind, People, Schedule, Smaller, Sound, Times, TownFile, Way
from server.activities.townfile import read_town
from server.core.database import Base, Database

Make = Callable[..., Activity]
Moment = Callable[[str], datetime]


@pytest.fixture(scope="session")
def example() -> Path:
    """The folder of the example town."""
    return Path(server.activities.__file__).parent / "town"


@pytest.fixture(scope="session")
def town(example: Path) -> TownFile:
    return read_town(example)


@pytest.fixture(scope="session")
def ljungvik(town: TownFile) -> Catalogue:
    return Catalogue(town.version, town.name, town.places, town.activities)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """An empty database, and a process that has not read any town yet."""
    monkeypatch.setattr(catalogues, "_read", {})
    database = Database(f"sqlite:///{tmp_path / 'town.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.engine.dispose()


@pytest.fixture(scope="session")
def at() -> Moment:
    """“2026-11-22 13.15” on the town's wall clock, as an aware moment."""
    return lambda text: datetime.strptime(text, "%Y-%m-%d %H.%M").replace(tzinfo=ZONE)


@pytest.fixture(scope="session")
def make() -> Make:
    """An activity in which only what matters to the test is said."""

    def make(slug: str = "thing", **said: Any) -> Activity:
        usual: dict[str, Any] = {
            "title": slug,
            "line": "A line.",
            "kind": Kind.COMPANY,
            "host": "Somebody",
            "least_form": 1,
            "people": People.FEW,
            "sound": Sound.LOW,
            "way": Way.DROPIN,
            "schedule": Schedule.TIMES if "times" in said else Schedule.ANYTIME,
            "when": "At times",
            "smaller": Smaller("Less", "A little of it.", 1),
        }
        return Activity(slug=slug, **(usual | said))

    return make


@pytest.fixture(scope="session")
def weekly() -> Callable[..., Times]:
    """Times on weekdays given as “TU,TH”, from 10 to 12 unless said otherwise, since January 2025."""

    def weekly(days: str, start: str = "10.00", end: str = "12.00", **said: Any) -> Times:
        begins, ends = (time.fromisoformat(text.replace(".", ":")) for text in (start, end))
        number = ("MO", "TU", "WE", "TH", "FR", "SA", "SU").index(days[:2])
        first = date(2025, 1, 6 + number)
        return Times(rule=f"FREQ=WEEKLY;BYDAY={days}", first=first, start=begins, end=ends, **said)

    return weekly
