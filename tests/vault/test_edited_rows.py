"""Whoever can write the database: after any edit of any row by SQL, a page shows the latest text, an earlier
text of the same record, or a refusal; never another's and never a mixed one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import DBAPIError, StatementError

from server.core.database import Base, Database
from server.vault.drawer import Drawer
from server.vault.errors import VaultError
from server.vault.keyring import write_keyring
from server.vault.tray import collect, leave, open_tray
from server.vault.ways_in import open_device

prove = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = ("day/1", "day/2", "day/3")
SHELF = "days/2026-11"
TABLES = {name: Base.metadata.tables[name] for name in ("account", "slot", "record", "door", "letter")}
COLUMNS = [(table, column.name) for table in TABLES.values() for column in table.columns]
ODD = [None, b"", b"\0", b"\x01" * 81, bytes(16), "text", "", 0, 1, -1, 2, 2**62, 1.5]


@dataclass
class World:
    """Ada's and Cleo's rows as they are, and as they were; what each record of Ada's has ever said."""

    now: datetime
    half: Any
    account: bytes
    texts: dict[str, set[str]]
    rows: dict[str, list[dict[str, Any]]]
    earlier: dict[str, list[dict[str, Any]]]

    def page(self, db: Connection) -> dict[str, str]:
        """What Ada is shown: the device opens; every record, by name and on its shelf; what lies in her tray."""
        keyring, _ = open_device(db, self.half, now=self.now)
        assert keyring.account == self.account
        drawer = Drawer(db, keyring)
        by_id = {record.id: record.payload.text for record in drawer.shelf(SHELF)}
        on_shelf = {name: by_id[keyring.row_id(name)] for name in NAMES if keyring.row_id(name) in by_id}
        assert len(on_shelf) == len(by_id)
        found = {name: record.payload.text for name, record in drawer.find(*NAMES).items()}
        assert on_shelf.items() <= found.items()
        left = [payload.text for _, payload in collect(db, keyring)]
        assert len(left) <= 1
        return found | ({"left": left[0]} if left else {})


def snapshot(db: Connection) -> dict[str, list[dict[str, Any]]]:
    return {name: [dict(row._mapping) for row in db.execute(select(t))] for name, t in TABLES.items()}


@pytest.fixture
def world(database: Database, now: datetime, ada: Any, cleo: Any, note: Any) -> World:
    texts: dict[str, set[str]] = {}
    with database.write() as db:
        for who, person in (("Ada", ada), ("Cleo", cleo)):
            for name in NAMES:
                person.drawer(db).put(SHELF, name, note(f"{who} {name} first"))
            leave(db, open_tray(db, person.keyring), note(f"{who} left"))
        earlier = snapshot(db)
        for who, person in (("Ada", ada), ("Cleo", cleo)):
            write_keyring(db, person.keyring, person.account_key, settings={"again": who})
            for name, record in person.drawer(db).find(*NAMES).items():
                person.drawer(db).replace(record, note(f"{who} {name} second"))
        texts = {name: {f"Ada {name} first", f"Ada {name} second"} for name in NAMES}
        texts["left"] = {"Ada left"}
        return World(now, ada.half, ada.keyring.account, texts, snapshot(db), earlier)


class Undo(Exception):
    """Rolls an example back, so that every example begins with the same world."""


def edit(db: Connection, table: Table, row: dict[str, Any], **values: Any) -> None:
    """One edit by hand, straight to the driver, so that no type of ours stands in the way."""
    mark = "?" if db.dialect.name == "sqlite" else "%s"
    columns = ", ".join(f"{name} = {mark}" for name in values)
    key = "hash" if table.name == "door" else "id"
    statement = " ".join(("UPDATE", table.name, "SET", columns, "WHERE", key, "=", mark))
    db.exec_driver_sql(statement, (*values.values(), row[key]))


def check_after(database: Database, world: World, act: Any) -> bool:
    """Do the edits, look at the page, undo. Returns whether the page was shown."""
    shown = False
    try:
        with database.write() as db:
            try:
                act(db)
            except (DBAPIError, StatementError, OverflowError):
                raise Undo from None  # the database itself said no
            try:
                page = world.page(db)
            except VaultError:
                raise Undo from None  # a refusal, by name
            shown = True
            assert all(text in world.texts[name] for name, text in page.items()), page
            raise Undo
    except Undo:
        return shown


@prove
@given(st.data())
def test_no_edit_of_any_column_shows_a_wrong_text(
    database: Database, world: World, data: st.DataObject
) -> None:
    """Columns get values of other rows, of earlier days, or nonsense: up to three edits at once."""
    edits = []
    for _ in range(data.draw(st.integers(1, 3))):
        table, column = data.draw(st.sampled_from(COLUMNS))
        row = data.draw(st.sampled_from(world.rows[table.name]))
        taken = [each[column] for each in world.rows[table.name] + world.earlier[table.name]]
        edits.append((table, row, {column: data.draw(st.sampled_from(taken + ODD))}))

    def act(db: Connection) -> None:
        for table, row, values in edits:
            edit(db, table, row, **values)

    check_after(database, world, act)


@prove
@given(st.data())
def test_no_whole_row_in_anothers_place_shows_a_wrong_text(
    database: Database, world: World, data: st.DataObject
) -> None:
    """All columns but some are taken from another row, now or earlier; the two may also change places."""
    table = data.draw(st.sampled_from(list(TABLES.values())))
    every = world.rows[table.name] + world.earlier[table.name]
    one = data.draw(st.sampled_from(world.rows[table.name]))
    other = data.draw(st.sampled_from(every))
    left = data.draw(st.sets(st.sampled_from([column.name for column in table.columns])))
    taken = {name: value for name, value in other.items() if name not in left | {"id"}}
    given_back = {name: one[name] for name in taken} if data.draw(st.booleans()) else {}

    def act(db: Connection) -> None:
        for row, values in ((one, taken), (other, given_back)):
            if values:
                edit(db, table, row, **values)

    check_after(database, world, act)


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda part: getattr(part, "name", part))
def test_every_column_takes_every_other_value_in_turn(
    database: Database, world: World, table: Table, column: str
) -> None:
    for row in world.rows[table.name]:
        taken = [each[column] for each in world.rows[table.name] + world.earlier[table.name]]
        for value in {repr(value): value for value in taken + ODD}.values():
            check_after(database, world, lambda db, r=row, v=value: edit(db, table, r, **{column: v}))


def test_untouched_rows_are_shown(database: Database, world: World) -> None:
    assert check_after(database, world, lambda db: None)


def test_an_earlier_row_put_back_whole_is_the_known_limit(database: Database, world: World) -> None:
    """A host can put back an earlier version of the same record, and docs say so."""

    def act(db: Connection) -> None:
        for row in world.earlier["record"]:
            edit(db, TABLES["record"], row, **{name: value for name, value in row.items() if name != "id"})

    assert check_after(database, world, act)


def test_an_earlier_text_with_the_later_version_is_refused(database: Database, world: World) -> None:
    def act(db: Connection) -> None:
        for row in world.earlier["record"]:
            edit(db, TABLES["record"], row, blob=row["blob"])

    assert not check_after(database, world, act)


def test_a_hidden_row_is_absent_and_the_rest_is_shown(database: Database, world: World) -> None:
    def act(db: Connection) -> None:
        row = next(row for row in world.rows["record"] if row["account"] == world.account)
        db.execute(TABLES["record"].delete().where(TABLES["record"].c.id == row["id"]))

    assert check_after(database, world, act)


def test_a_copy_of_a_row_under_another_id_is_refused(database: Database, world: World) -> None:
    def act(db: Connection) -> None:
        for id, row in enumerate(world.rows["record"], 7):
            if row["account"] == world.account:
                db.execute(insert(TABLES["record"]), row | {"id": id})

    assert not check_after(database, world, act)
