from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, select, update

from server.core.database import Base, Database
from server.vault.drawer import _by_ids
from server.vault.errors import NoSuchAccount, RecordChanged, RecordExists, RowTaken, UnknownEpoch
from server.vault.keyring import Keyring, write_keyring
from server.vault.models import Account, RecordRow
from server.vault.sealing import Secret
from tests.statements import listening

DAYS = "days/2026-11"


@pytest.fixture
def statements(database: Database) -> Any:
    """Every statement that reaches the database, as text."""
    with listening(database) as seen:
        yield seen


def texts(records: Any) -> list[str]:
    return sorted(record.payload.text for record in records)


def test_what_was_put_is_found_by_name_and_on_its_shelf(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        put = ada.drawer(db).put(DAYS, "day/2026-11-22", note("Mittemellan"))
    with database.read() as db:
        assert ada.drawer(db).find("day/2026-11-22") == {"day/2026-11-22": put}
        assert ada.drawer(db).shelf(DAYS) == [put]
        assert put.payload == note("Mittemellan")


def test_missing_names_are_absent_and_empty_shelves_empty(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        ada.drawer(db).put(DAYS, "day/2026-11-22", note("hej"))
    with database.read() as db:
        assert list(ada.drawer(db).find("day/2026-11-21", "day/2026-11-22")) == ["day/2026-11-22"]
        assert ada.drawer(db).find() == {}
        assert ada.drawer(db).shelf("days/2026-10") == []


@pytest.mark.parametrize("number", [1, 5, 16])
def test_names_are_looked_up_and_not_searched_for(number: int) -> None:
    """However old the account is: SQLite would rather walk all its rows than ask for five by their ids."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with engine.connect() as db:
        text, order = _by_ids(number)._compile(db.dialect)
        plan = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", tuple(b"" for _ in order or ())).all()
    engine.dispose()
    assert ["PRIMARY KEY" in row[3] for row in plan] == [True]


def test_find_and_shelf_are_one_statement_each(
    database: Database, ada: Any, note: Any, statements: list[str]
) -> None:
    with database.write() as db:
        for day in range(1, 31):
            ada.drawer(db).put(DAYS, f"day/{day}", note(str(day)))
    with database.read() as db:
        statements.clear()
        assert len(ada.drawer(db).shelf(DAYS)) == 30
        assert len(statements) == 1
        assert len(ada.drawer(db).find(*[f"day/{day}" for day in range(1, 31)])) == 30
        assert len(statements) == 2


def test_a_taken_name_is_refused_and_nothing_is_overwritten(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        ada.drawer(db).put(DAYS, "day/1", note("first"))
        with pytest.raises(RecordExists):
            ada.drawer(db).put("days/2026-12", "day/1", note("second"))
        ada.drawer(db).put(DAYS, "day/2", note("the transaction lives on"))
    with database.read() as db:
        assert texts(ada.drawer(db).shelf(DAYS)) == ["first", "the transaction lives on"]
        assert ada.drawer(db).shelf("days/2026-12") == []


def test_two_names_on_one_row_by_chance_never_overwrite(
    database: Database, ada: Any, cleo: Any, note: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Keyring, "row_id", lambda self, name: 42)
    with database.write() as db:
        ada.drawer(db).put(DAYS, "day/1", note("Ada's"))
    with database.write() as db:
        assert cleo.drawer(db).find("day/1") == {}
        with pytest.raises(RowTaken):
            cleo.drawer(db).put(DAYS, "day/1", note("Cleo's"))
    with database.read() as db:
        assert texts(ada.drawer(db).find("day/1").values()) == ["Ada's"]
        assert cleo.drawer(db).find("day/1") == {}


def test_replace_writes_the_next_version(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        first = ada.drawer(db).put(DAYS, "day/1", note("first"))
        second = ada.drawer(db).replace(first, note("second"))
    with database.read() as db:
        assert ada.drawer(db).find("day/1") == {"day/1": second}
        assert second.version == first.version + 1
        assert second.shelf == first.shelf


def test_replace_may_move_to_another_shelf(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        first = ada.drawer(db).put(DAYS, "step/1", note("vill"))
        ada.drawer(db).replace(first, note("klar"), shelf="plan")
    with database.read() as db:
        assert ada.drawer(db).shelf(DAYS) == []
        assert texts(ada.drawer(db).shelf("plan")) == ["klar"]


def test_of_two_writers_the_second_is_told_and_overwrites_nothing(
    database: Database, ada: Any, note: Any
) -> None:
    # product.md hard rule 8: conflicts keep both versions, so the loser must hear of it
    with database.write() as db:
        ada.drawer(db).put(DAYS, "day/1", note("first"))
    with database.read() as phone, database.read() as tablet:
        on_phone = ada.drawer(phone).find("day/1")["day/1"]
        on_tablet = ada.drawer(tablet).find("day/1")["day/1"]
    with database.write() as db:
        ada.drawer(db).replace(on_phone, note("phone"))
    with database.write() as db:
        with pytest.raises(RecordChanged):
            ada.drawer(db).replace(on_tablet, note("tablet"))
        with pytest.raises(RecordChanged):
            ada.drawer(db).remove(on_tablet)
    with database.read() as db:
        assert texts(ada.drawer(db).shelf(DAYS)) == ["phone"]


def test_many_writers_at_once_lose_no_word(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        ada.drawer(db).put(DAYS, "day/1", note(""))

    def add(word: str) -> None:
        while True:
            try:
                with database.read() as db:
                    seen = ada.drawer(db).find("day/1")["day/1"]
                with database.write() as db:
                    ada.drawer(db).replace(seen, note(f"{seen.payload.text} {word}"))
                return
            except RecordChanged:
                continue

    words = [f"w{number}" for number in range(16)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, words))
    with database.read() as db:
        assert sorted(ada.drawer(db).find("day/1")["day/1"].payload.text.split()) == sorted(words)


def test_the_same_thing_put_many_times_at_once_is_there_once(database: Database, ada: Any, note: Any) -> None:
    # product.md hard rule 8: what is sent twice arrives once
    def put(_: int) -> bool:
        try:
            with database.write() as db:
                ada.drawer(db).put(DAYS, "day/1", note("hej"))
            return True
        except RecordExists:
            return False

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(put, range(6))) == [False] * 5 + [True]


def test_a_removed_record_is_gone_and_its_name_free(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        first = ada.drawer(db).put(DAYS, "day/1", note("first"))
        ada.drawer(db).remove(first)
        assert ada.drawer(db).find("day/1") == {}
        with pytest.raises(RecordChanged):
            ada.drawer(db).remove(first)
        with pytest.raises(RecordChanged):
            ada.drawer(db).replace(first, note("back"))
        ada.drawer(db).put(DAYS, "day/1", note("again"))


def test_a_record_made_anew_is_not_mistaken_for_the_removed_one(
    database: Database, ada: Any, note: Any
) -> None:
    with database.write() as db:
        stale = ada.drawer(db).put(DAYS, "day/1", note("first"))
        ada.drawer(db).remove(stale)
        ada.drawer(db).put(DAYS, "day/1", note("anew"))
        with pytest.raises(RecordChanged):
            ada.drawer(db).replace(stale, note("from an old window"))
    with database.read() as db:
        assert texts(ada.drawer(db).shelf(DAYS)) == ["anew"]


def test_an_account_that_is_gone_takes_no_records(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        ada.drawer(db).put(DAYS, "day/1", note("first"))
        db.execute(delete(Account))
        assert db.execute(select(RecordRow.id)).all() == []
    with pytest.raises(NoSuchAccount), database.write() as db:
        ada.drawer(db).put(DAYS, "day/1", note("second"))


def test_new_writes_use_the_newest_epoch_and_old_ones_stay_open(
    database: Database, ada: Any, note: Any
) -> None:
    with database.write() as db:
        ada.drawer(db).put(DAYS, "day/1", note("old key"))
        keys = ada.keyring.keys | {2: Secret.random()}
        ada.keyring = write_keyring(db, ada.keyring, ada.account_key, keys=keys)
        ada.drawer(db).put(DAYS, "day/2", note("new key"))
        found = ada.drawer(db).find("day/1", "day/2")
        assert [found[name].epoch for name in ("day/1", "day/2")] == [1, 2]
        assert ada.drawer(db).replace(found["day/1"], note("old text, new key")).epoch == 2
        assert texts(ada.drawer(db).shelf(DAYS)) == ["new key", "old text, new key"]


def test_a_row_of_an_epoch_without_a_key_is_refused(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        ada.drawer(db).put(DAYS, "day/1", note("hej"))
        db.execute(update(RecordRow).values(epoch=9))
        with pytest.raises(UnknownEpoch):
            ada.drawer(db).shelf(DAYS)


def test_a_long_and_strange_text_comes_back(database: Database, ada: Any, note: Any) -> None:
    text = "🙂\0</script>مرحبا\n" + "ord " * 5000
    with database.write() as db:
        ada.drawer(db).put(DAYS, "day/1", note(text))
        assert texts(ada.drawer(db).shelf(DAYS)) == [text]


def test_a_record_in_a_log_does_not_show_its_words(database: Database, ada: Any, note: Any) -> None:
    with database.write() as db:
        assert "hemlig" not in repr(ada.drawer(db).put(DAYS, "day/1", note("hemlig")))


def test_many_people_with_the_same_names_never_read_each_other(
    database: Database, person: Callable[[], Any], note: Any
) -> None:
    # product.md hard rules 1 and 2: only me, and nobody can tell that there is anything
    people = [person() for _ in range(12)]
    with database.write() as db:
        for number, each in enumerate(people[:-1]):
            each.drawer(db).put(DAYS, "day/1", note(f"person {number}"))
    with database.read() as db:
        for number, each in enumerate(people[:-1]):
            assert texts(each.drawer(db).shelf(DAYS)) == [f"person {number}"]
            assert texts(each.drawer(db).find("day/1").values()) == [f"person {number}"]
        assert people[-1].drawer(db).shelf(DAYS) == []
        assert people[-1].drawer(db).find("day/1") == {}
    assert len({each.keyring.shelf(DAYS) for each in people}) == 12
    assert len({each.keyring.row_id("day/1") for each in people}) == 12


def test_one_persons_record_in_anothers_hands_changes_nothing(
    database: Database, ada: Any, cleo: Any, note: Any
) -> None:
    with database.write() as db:
        record = ada.drawer(db).put(DAYS, "day/1", note("Ada's"))
        with pytest.raises(RecordChanged):
            cleo.drawer(db).replace(record, note("Cleo was here"))
        with pytest.raises(RecordChanged):
            cleo.drawer(db).remove(record)
        assert texts(ada.drawer(db).shelf(DAYS)) == ["Ada's"]


def test_rows_tell_no_order_and_no_number_of_edits(database: Database, ada: Any, note: Any) -> None:
    # vault.md: no created_at, no sequential ids; a version that began at one would count the edits
    with database.write() as db:
        records = [ada.drawer(db).put(DAYS, f"day/{day}", note("")) for day in range(20)]
    for numbers in ([record.id for record in records], [record.version for record in records]):
        assert numbers != sorted(numbers)
        assert max(numbers) - min(numbers) > 2**32
        assert min(numbers) > 0 and max(numbers) < 2**63


def test_a_row_is_as_large_for_one_word_as_for_a_page(database: Database, ada: Any, note: Any) -> None:
    # product.md hard rule 2, B20: a good and a bad day look alike from outside
    with database.write() as db:
        for number, text in enumerate(["", "Ja!", "Jag orkade inte. " * 50, "x" * 1100]):
            ada.drawer(db).put(DAYS, f"day/{number}", note(text))
        sizes = [len(blob) for blob in db.execute(select(RecordRow.blob)).scalars()]
    assert sorted(sizes) == [1024 + 81] * 3 + [2048 + 81]
