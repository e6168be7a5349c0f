"""Vault keys change by epochs: new records under the new one at once, old ones re-sealed in slices."""

from datetime import datetime
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from server.core.database import Database
from server.vault.drawer import Drawer
from server.vault.errors import KeyringChanged, RecordChanged, UnknownEpoch, WrongKey
from server.vault.keyring import open_keyring
from server.vault.models import Account, RecordRow
from server.vault.rotation import BUDGET, finish_epoch, is_rotating, reseal, rotate
from server.vault.ways_in import open_device

MANY = 100


@pytest.fixture
def written(database: Database, ada: Any, note: Any) -> Any:
    """Ada with a hundred records."""
    with database.write() as db:
        for day in range(MANY):
            ada.drawer(db).put("days", f"day/{day}", note(f"words {day}"))
    return ada


def rotated(database: Database, person: Any) -> None:
    with database.write() as db:
        person.keyring, person.account_key = rotate(db, person.keyring, ())


def resealed(database: Database, person: Any, budget: float = BUDGET) -> bool:
    with database.write() as db:
        return reseal(db, person.keyring, budget=budget)


def finished(database: Database, person: Any) -> None:
    with database.write() as db:
        person.keyring = finish_epoch(db, person.keyring, person.account_key)


def epochs(database: Database) -> list[int]:
    with database.read() as db:
        return list(db.execute(select(RecordRow.epoch)).scalars())


def all_open(database: Database, person: Any) -> None:
    with database.read() as db:
        drawer = person.drawer(db)
        found = drawer.find(*[f"day/{day}" for day in range(MANY)])
        assert {name: record.payload.text for name, record in found.items()} == {
            f"day/{day}": f"words {day}" for day in range(MANY)
        }
        assert len(drawer.shelf("days")) == MANY


def test_everything_opens_at_every_step_of_a_change(database: Database, now: datetime, written: Any) -> None:
    rotated(database, written)
    steps = 1
    all_open(database, written)
    while resealed(database, written, budget=0):
        steps += 1
        all_open(database, written)
        finished(database, written)
        assert is_rotating(written.keyring)
    finished(database, written)
    all_open(database, written)
    assert steps > 2
    assert set(epochs(database)) == set(written.keyring.keys) == {2}
    with database.write() as db:
        assert open_device(db, written.half, now=now) == (written.keyring, written.account_key)


def test_the_old_key_is_gone_when_nothing_needs_it(database: Database, written: Any) -> None:
    before = written.keyring
    rotated(database, written)
    assert not resealed(database, written, budget=10)
    finished(database, written)
    with database.read() as db, pytest.raises(UnknownEpoch):
        Drawer(db, before).find("day/1")


def test_several_changes_before_the_first_is_done_end_in_one_epoch(database: Database, written: Any) -> None:
    for _ in range(3):
        rotated(database, written)
        resealed(database, written, budget=0)
    assert set(epochs(database)) > {1}
    while resealed(database, written):
        pass
    finished(database, written)
    assert set(epochs(database)) == set(written.keyring.keys) == {4}
    all_open(database, written)


def test_an_epoch_in_between_is_forgotten_as_soon_as_it_is_empty(database: Database, written: Any) -> None:
    rotated(database, written)
    rotated(database, written)
    finished(database, written)
    assert set(written.keyring.keys) == {1, 3}


def test_without_a_change_under_way_nothing_is_asked_or_written(database: Database, written: Any) -> None:
    before = written.keyring
    assert not is_rotating(before)
    assert not resealed(database, written)
    finished(database, written)
    assert written.keyring == before


def test_new_words_lie_under_the_new_key_at_once(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        old = ada.drawer(db).put("days", "day/1", note("old"))
    rotated(database, ada)
    with database.write() as db:
        drawer = ada.drawer(db)
        assert drawer.put("days", "day/2", note("new")).epoch == 2
        assert drawer.replace(old, note("old, changed")).epoch == 2
    assert epochs(database) == [2, 2]


def test_nobodys_edit_is_refused_because_of_the_re_sealing(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        in_hand = ada.drawer(db).put("days", "day/1", note("read before"))
    rotated(database, ada)
    resealed(database, ada)
    with database.write() as db:
        ada.drawer(db).replace(in_hand, note("written after"))
        with pytest.raises(RecordChanged):
            ada.drawer(db).replace(in_hand, note("twice from the same page"))
        assert ada.drawer(db).find("day/1")["day/1"].payload.text == "written after"


@pytest.mark.parametrize("with_keyring", ["old", "new"])
def test_an_edit_in_the_middle_of_a_slice_wins(
    database: Database, ada: Any, note: Any, with_keyring: str
) -> None:
    """What the slice had read before is not laid over it: compare-and-swap.

    The old keyring stands for a request that began before the change and is still writing.
    """
    with database.write() as db:
        first, before = ada.drawer(db).put("days", "day/1", note("first")), ada.keyring
    rotated(database, ada)

    def edit() -> None:
        if with_keyring == "new":
            ada.drawer(db).replace(first, note("second"))
            return
        db.execute(update(Account).values(epoch=1))
        Drawer(db, before).replace(first, note("second"))
        db.execute(update(Account).values(epoch=2))

    with database.write() as db:
        sneaking = Sneaking(db, edit)
        assert not reseal(sneaking, ada.keyring)  # type: ignore[arg-type]
        assert sneaking.sneaked
        assert ada.drawer(db).find("day/1")["day/1"].payload.text == "second"


class Sneaking:
    """A connection on which somebody else writes between a slice's reading and its writing."""

    def __init__(self, db: Any, act: Any) -> None:
        self.db, self.act, self.sneaked = db, act, False

    def execute(self, statement: Any, values: Any) -> Any:
        if isinstance(values, list):
            self.act()
            self.sneaked = True
        return self.db.execute(statement, values)


def test_what_does_not_open_stays_as_it_is_and_keeps_its_key(database: Database, written: Any) -> None:
    """A host may have hidden the right bytes for a while; we throw nothing away."""
    name = written.keyring.row_id("day/7")
    with database.write() as db:
        db.execute(update(RecordRow).where(RecordRow.id == name).values(blob=b"\x01" + bytes(200)))
    rotated(database, written)
    while resealed(database, written):
        pass
    finished(database, written)
    assert sorted(epochs(database)) == [1] + [2] * (MANY - 1)
    assert set(written.keyring.keys) == {1, 2}
    with database.write() as db:
        with pytest.raises(WrongKey):
            written.drawer(db).find("day/7")
        assert db.execute(select(RecordRow.blob).where(RecordRow.id == name)).scalar_one() == b"\x01" + bytes(
            200
        )


def test_a_change_is_nobody_elses(database: Database, written: Any, cleo: Any, note: Any) -> None:
    with database.write() as db:
        cleo.drawer(db).put("days", "day/1", note("hers"))
    rotated(database, written)
    resealed(database, written, budget=10)
    with database.write() as db:
        assert cleo.drawer(db).find("day/1")["day/1"].epoch == 1
        assert open_keyring(db, cleo.keyring.account, cleo.account_key) == cleo.keyring


def test_a_slice_is_short(database: Database, written: Any) -> None:
    from time import perf_counter

    rotated(database, written)
    with database.write() as db:
        start = perf_counter()
        reseal(db, written.keyring, budget=0.005)
        assert perf_counter() - start < 0.5


def test_a_stale_keyring_neither_finishes_nor_changes_again(database: Database, written: Any) -> None:
    stale = written.keyring
    rotated(database, written)
    with pytest.raises(KeyringChanged), database.write() as db:
        rotate(db, stale, ())
    before = written.keyring
    rotated(database, written)
    resealed(database, written, budget=10)
    with pytest.raises(KeyringChanged), database.write() as db:
        finish_epoch(db, before, written.account_key)


@pytest.mark.parametrize("act", ["put", "replace"])
def test_a_key_is_not_forgotten_while_a_request_still_writes_under_it(
    database: Database, ada: Any, note: Any, act: str
) -> None:
    """Only PostgreSQL lets two write at the same time: the slower one must not be left without its key."""
    if database.is_sqlite:
        return
    with database.write() as db:
        record = ada.drawer(db).put("days", "day/1", note("old"))
    slow, before = Event(), ada.keyring
    wrote = Event()

    def write_slowly() -> None:
        with database.write() as db:
            drawer = Drawer(db, before)
            drawer.put("days", "day/2", note("slow")) if act == "put" else drawer.replace(
                record, note("slow")
            )
            wrote.set()
            slow.wait(10)

    thread = Thread(target=write_slowly)
    thread.start()
    wrote.wait(10)
    try:
        rotated(database, ada)
        if act == "put":
            assert not resealed(database, ada)
        finished(database, ada)
        assert is_rotating(ada.keyring)
    finally:
        slow.set()
        thread.join()
    resealed(database, ada)
    finished(database, ada)
    assert not is_rotating(ada.keyring)
    with database.read() as db:
        assert "slow" in {record.payload.text for record in ada.drawer(db).shelf("days")}
