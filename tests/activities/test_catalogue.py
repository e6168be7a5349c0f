"""The town in a process's memory: one statement when nothing has changed, right as soon as something has."""

import multiprocessing
from multiprocessing.connection import Connection as Pipe
from threading import Thread

import msgspec
from sqlalchemy import Connection, event

from server.activities import catalogue as catalogues
from server.activities.catalogue import EMPTY, Catalogue, catalogue
from server.activities.loading import load_town
from server.activities.town import TownFile
from server.core.database import Database
from tests.statements import listening


def load(database: Database, town: TownFile) -> None:
    with database.write() as db:
        load_town(db, town)


def read(database: Database) -> Catalogue:
    with database.read() as db:
        return catalogue(db)


def another(town: TownFile, name: str) -> TownFile:
    return msgspec.structs.replace(town, name=name, version=name.rjust(16, "0"))


def test_without_a_town_it_is_empty(database: Database) -> None:
    assert read(database) is EMPTY


def test_a_town_that_has_been_met_takes_one_statement(database: Database, town: TownFile) -> None:
    load(database, town)
    first = read(database)
    with listening(database) as said:
        assert read(database) is first
    assert len(said) == 1


def test_a_new_town_is_noticed_at_the_next_read(database: Database, town: TownFile) -> None:
    load(database, town)
    assert read(database).name == "Ljungvik"
    load(database, another(town, "Almvik"))
    assert read(database).name == "Almvik"
    load(database, town)
    assert read(database).name == "Ljungvik"


def _other_process(url: str, pipe: Pipe) -> None:
    database = Database(url)
    while pipe.recv():
        pipe.send(read(database).name)
    database.engine.dispose()


def test_another_process_notices_too(database: Database, town: TownFile) -> None:
    """A process that has read one town shows the next as soon as it is loaded, by whomever."""
    load(database, town)
    here, there = multiprocessing.Pipe()
    url = database.url.render_as_string(hide_password=False)
    process = multiprocessing.get_context("spawn").Process(target=_other_process, args=(url, there))
    process.start()
    try:
        names = []
        for name in ("Almvik", "Brovik"):
            here.send(True)
            names.append(here.recv())
            load(database, another(town, name))
        here.send(True)
        assert [*names, here.recv()] == ["Ljungvik", "Almvik", "Brovik"]
    finally:
        here.send(False)
        process.join(10)
        here.close()
        there.close()
        process.close()


def test_a_town_loaded_while_another_is_read_is_read_whole(database: Database, town: TownFile) -> None:
    """The version and the rows are of one town, even when it is replaced between two statements."""
    load(database, town)
    few = msgspec.structs.replace(another(town, "Almvik"), activities=town.activities[:2])
    pending = [few]

    def replace_it(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if pending and "FROM place" in statement:
            load(database, pending.pop())

    event.listen(database.engine, "before_cursor_execute", replace_it)
    found = read(database)
    assert (found.name, len(found.activities)) == ("Almvik", 2)
    assert found.version == few.version
    load(database, town)
    assert len(read(database).activities) == len(town.activities)


def test_many_threads_get_the_same_town(database: Database, town: TownFile) -> None:
    load(database, town)
    found: list[Catalogue] = []
    threads = [Thread(target=lambda: found.append(read(database))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(one is found[0] for one in found)


def test_only_the_last_towns_are_kept_in_memory(database: Database, town: TownFile) -> None:
    for number in range(5):
        load(database, another(town, f"by{number}"))
        read(database)
    assert len(catalogues._read) <= 2
