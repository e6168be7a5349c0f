from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from server.core.database import Database
from server.vault.cards import add_card, confirm_card, open_card
from server.vault.codes import STRETCH, WrongCode, add_code, code_slot, open_code, tries_left
from server.vault.errors import CodeSpent, NoSuchWayIn, NotACode
from server.vault.models import Slot
from server.vault.sealing import Secret
from server.vault.ways_in import open_device, ways


@pytest.fixture
def coded(database: Database, now: datetime, ada: Any) -> Any:
    """Ada, with 2468 on her phone."""
    with database.write() as db:
        ada.keyring = add_code(db, ada.keyring, ada.account_key, ada.half, "2468", now=now, label="Kod")
    return ada


def tried(database: Database, half: Secret, code: str, now: datetime) -> Any:
    with database.write() as db:
        return open_code(db, half, code, now=now)


def left(database: Database, half: Secret) -> int | None:
    with database.read() as db:
        return tries_left(db, half)


def test_the_code_reopens_on_the_phone(database: Database, now: datetime, coded: Any) -> None:
    assert tried(database, coded.half, "2468", now) == (coded.keyring, coded.account_key)


def test_a_wrong_code_says_how_many_tries_are_left(database: Database, now: datetime, coded: Any) -> None:
    assert [tried(database, coded.half, "1111", now) for _ in range(5)] == [
        WrongCode(n) for n in (4, 3, 2, 1, 0)
    ]


def test_after_five_wrong_ones_even_the_right_one_opens_nothing(
    database: Database, now: datetime, coded: Any
) -> None:
    for code in ("0000", "1111", "2222", "3333", "4444"):
        tried(database, coded.half, code, now)
    for _ in range(2):
        with pytest.raises(CodeSpent):
            tried(database, coded.half, "2468", now + timedelta(days=365))
    assert left(database, coded.half) == 0


def test_a_right_code_gives_all_five_tries_back(database: Database, now: datetime, coded: Any) -> None:
    for _ in range(3):
        for _ in range(4):
            tried(database, coded.half, "1111", now)
        assert left(database, coded.half) == 1
        assert tried(database, coded.half, "2468", now)
        assert left(database, coded.half) == 5


def test_a_try_is_lost_only_with_its_answer(database: Database, now: datetime, coded: Any) -> None:
    class Killed(Exception):
        pass

    with pytest.raises(Killed), database.write() as db:
        assert open_code(db, coded.half, "1111", now=now) == WrongCode(4)
        raise Killed  # before the commit, so nobody was told either
    assert left(database, coded.half) == 5


def test_who_guesses_in_parallel_has_five_tries_too(database: Database, now: datetime, coded: Any) -> None:
    def guess(code: int) -> Any:
        try:
            return tried(database, coded.half, f"{code:04}", now)
        except CodeSpent:
            return None

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(guess, range(12)))
    assert sorted(answer.left for answer in answers if answer) == [0, 1, 2, 3, 4]
    assert left(database, coded.half) == 0


def test_a_new_code_through_another_way_in_has_five_tries(
    database: Database, now: datetime, coded: Any
) -> None:
    with database.write() as db:
        coded.keyring, card = add_card(db, coded.keyring, coded.account_key, now=now)
        coded.keyring, coded.account_key = confirm_card(db, coded.keyring, coded.account_key, card, now=now)
    for _ in range(5):
        tried(database, coded.half, "1111", now)
    with database.write() as db:
        keyring, key = open_card(db, card, now=now)
        keyring = add_code(db, keyring, key, coded.half, "135790", now=now)
    assert tried(database, coded.half, "2468", now) == WrongCode(4)
    assert tried(database, coded.half, "135790", now) == (keyring, key)
    assert [way.kind for way in ways(keyring)] == ["device", "code", "card"]


@pytest.mark.parametrize("code", ["", "123", "1234567", "12 4", "abcd", "12345a", "١٢٣٤", "12.4", "²²²²"])
def test_what_is_no_code_is_refused_and_counts_as_no_try(
    database: Database, now: datetime, coded: Any, code: str
) -> None:
    with pytest.raises(NotACode):
        tried(database, coded.half, code, now)
    with pytest.raises(NotACode), database.write() as db:
        add_code(db, coded.keyring, coded.account_key, coded.half, code, now=now)
    assert left(database, coded.half) == 5


@pytest.mark.parametrize("code", ["0000", "00000", "000000", "999999"])
def test_four_to_six_digits_are_a_code(database: Database, now: datetime, ada: Any, code: str) -> None:
    with database.write() as db:
        add_code(db, ada.keyring, ada.account_key, ada.half, code, now=now)
    assert tried(database, ada.half, code, now)[0].account == ada.keyring.account


def test_a_phone_without_a_code_says_so(database: Database, now: datetime, ada: Any, coded: Any) -> None:
    other = Secret.random()
    assert left(database, other) is None
    with pytest.raises(NoSuchWayIn):
        tried(database, other, "2468", now)


def test_the_code_without_the_half_opens_nothing(database: Database, now: datetime, coded: Any) -> None:
    """vault.md: the code alone never opens anything from the database. Here even the row is at hand."""
    with database.write() as db:
        thief = Secret.random()
        db.execute(update(Slot).where(Slot.kind == "code").values(id=code_slot(thief)))
    assert tried(database, thief, "2468", now) == WrongCode(4)


def test_the_half_without_the_code_opens_only_what_is_its_own(
    database: Database, now: datetime, coded: Any
) -> None:
    with database.write() as db:
        slots = {row.kind: row for row in db.execute(select(Slot)).all()}
        db.execute(update(Slot).where(Slot.kind == "device").values(id=bytes(16)))
        with pytest.raises(NoSuchWayIn):
            open_device(db, coded.half, now=now)
    assert slots["code"].id == code_slot(coded.half) != slots["device"].id


def test_the_same_code_on_two_phones_is_two_codes(
    database: Database, now: datetime, coded: Any, cleo: Any
) -> None:
    with database.write() as db:
        add_code(db, cleo.keyring, cleo.account_key, cleo.half, "2468", now=now)
        one, other = db.execute(select(Slot.wrapped_secret).where(Slot.kind == "code")).scalars()
    assert one != other
    assert tried(database, cleo.half, "2468", now)[0].account == cleo.keyring.account
    for _ in range(5):
        tried(database, cleo.half, "1111", now)
    assert left(database, coded.half) == 5


def test_a_visit_by_code_keeps_a_try_account(database: Database, now: datetime, coded: Any) -> None:
    tried(database, coded.half, "2468", now + timedelta(days=14))
    with database.read() as db:
        kept = {row.kind: row.keep_until for row in db.execute(select(Slot.kind, Slot.keep_until))}
    assert kept["code"] is not None and kept["device"] is not None
    assert kept["code"] - kept["device"] == timedelta(days=14)


def test_a_guess_costs_sixteen_mebibytes() -> None:
    assert STRETCH.n * STRETCH.r * 128 == 16 * 2**20
