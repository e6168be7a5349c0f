"""A town goes into the database whole, or not at all."""

import shutil
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, event, func, select
from sqlalchemy.exc import IntegrityError

from server.activities.catalogue import catalogue
from server.activities.loading import load_town
from server.activities.models import ActivityRow, PlaceRow, TownRow
from server.activities.town import TownFile
from server.activities.townfile import TownFileErrors, read_town
from server.core.database import Database


def counts(db: Connection) -> tuple[int, int, int]:
    tables = (TownRow, PlaceRow, ActivityRow)
    towns, places, activities = (
        db.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
    )
    return towns, places, activities


def test_a_town_comes_back_as_it_was_read(database: Database, town: TownFile) -> None:
    with database.write() as db:
        assert load_town(db, town)
    with database.read() as db:
        found = catalogue(db)
    assert (found.name, found.version) == (town.name, town.version)
    assert tuple(found.places.values()) == town.places
    assert tuple(found.activities.values()) == town.activities


def test_loading_the_same_town_again_writes_nothing(database: Database, town: TownFile) -> None:
    with database.write() as db:
        load_town(db, town)
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    with database.write() as db:
        assert not load_town(db, town)
    assert [one for one in said if not one.startswith(("BEGIN", "SELECT"))] == []


def test_another_town_takes_the_place_of_the_first(database: Database, town: TownFile) -> None:
    smaller = msgspec.structs.replace(town, activities=town.activities[:3], version="0" * 16)
    with database.write() as db:
        load_town(db, town)
    with database.write() as db:
        assert load_town(db, smaller)
        assert counts(db) == (1, len(town.places), 3)


def test_a_town_without_anything_in_it_can_be_loaded(database: Database) -> None:
    with database.write() as db:
        assert load_town(db, TownFile("Tomt", (), (), "1" * 16))
    with database.read() as db:
        assert catalogue(db).activities == {}


def test_files_with_a_mistake_change_nothing(
    database: Database, town: TownFile, example: Path, tmp_path: Path
) -> None:
    with database.write() as db:
        load_town(db, town)
    spoilt = shutil.copytree(example, tmp_path / "spoilt")
    path = spoilt / "activities.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("least_form: 2", "least_form: 7", 1), encoding="utf-8"
    )
    with pytest.raises(TownFileErrors, match=r"activities.yaml:\d+: least_form"), database.write() as db:
        load_town(db, read_town(spoilt))
    with database.read() as db:
        assert catalogue(db).version == town.version


def test_a_load_that_fails_half_way_changes_nothing(database: Database, town: TownFile) -> None:
    twice = msgspec.structs.replace(town, activities=town.activities * 2, version="2" * 16)
    with database.write() as db:
        load_town(db, town)
    with pytest.raises(IntegrityError), database.write() as db:
        load_town(db, twice)
    with database.read() as db:
        assert catalogue(db).version == town.version
        assert counts(db) == (1, len(town.places), len(town.activities))
