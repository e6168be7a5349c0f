"""One person's row: what lies in the database of it, and what nobody can read there."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from server.core.database import Database
from server.vault import notices
from server.vault.leaving import delete_account
from server.vault.notices import KINDS, MESSAGE, MOST_PHONES, REMINDER, Due, Notices, Phone
from server.vault.sealing import Secret
from server.vault.ways_in import new_account
from tests.push.service import Browser
from tests.world import NOW

KEY = Secret(b"k" * 32)
DOOR = b"d" * 32


def on(database: Database, account: bytes, *, kinds: tuple[str, ...] = KINDS) -> tuple[Secret, Phone]:
    """Notices turned on, on a phone with this half."""
    half, phone = Secret.random(), Browser(account.hex()[:12]).phone
    with database.write() as db:
        mark = notices.phone_mark(KEY, half)
        notices.change(
            db, KEY, account, lambda old: notices.put_phone(replace(old, kinds=kinds), mark, phone)
        )
    return half, phone


@pytest.fixture
def account(database: Database) -> bytes:
    with database.write() as db:
        db.execute(text("DELETE FROM push"))
        return new_account(db, now=NOW)[0].account


def found(database: Database, account: bytes) -> Notices:
    with database.read() as db:
        return notices.read(db, KEY, account)


def rows(database: Database) -> list[tuple[bytes, bytes]]:
    with database.read() as db:
        return [(id, blob) for id, blob in db.execute(text("SELECT id, blob FROM push")).all()]


def test_the_row_says_nothing_without_the_key(database: Database, account: bytes) -> None:
    _half, phone = on(database, account)
    due = Due(id="ab" * 16, kind=REMINDER, at=NOW)
    with database.write() as db:
        notices.change(db, KEY, account, lambda old: replace(old, due=(due,)))
    ((id, blob),) = rows(database)
    for secret in (
        account,
        account.hex().encode(),
        phone.endpoint.encode(),
        b"push.example",
        phone.key,
        phone.auth,
    ):
        assert secret not in blob and secret not in id
    for word in (due.id.encode(), b"reminder", b"2026", b"phones"):
        assert word not in blob
    assert len(set(blob)) > 200
    assert found(database, account).due == (due,)
    with database.read() as db:
        assert notices.read(db, Secret(b"other" * 7), account) == Notices()
    assert repr(found(database, account)) == "Notices(hidden)" and repr(phone) == "Phone(hidden)"


def test_two_who_asked_for_much_and_little_have_rows_of_one_size(database: Database, account: bytes) -> None:
    with database.write() as db:
        other = new_account(db, now=NOW)[0].account
    on(database, account)
    on(database, other)
    with database.write() as db:
        many = tuple(Due(id=f"{n:032x}", kind=REMINDER, at=NOW) for n in range(3))
        notices.change(db, KEY, other, lambda old: replace(old, due=many))
    assert len({len(blob) for _id, blob in rows(database)}) == 1


def test_a_row_moved_to_somebody_else_or_edited_is_as_good_as_none(
    database: Database, account: bytes
) -> None:
    with database.write() as db:
        other = new_account(db, now=NOW)[0].account
    on(database, account)
    on(database, other)
    with database.write() as db:
        db.execute(text("UPDATE push SET blob = (SELECT min(blob) FROM push)"))
    assert sum(found(database, one) == Notices() for one in (account, other)) == 1
    with database.write() as db:
        db.execute(text("UPDATE push SET blob = :x"), {"x": b"x"})
        notices.tell_of_letter(db, KEY, account, DOOR, 7, NOW)
    assert found(database, account) == found(database, other) == Notices()
    on(database, account)
    assert found(database, account).phones


def test_with_the_last_phone_everything_goes(database: Database, account: bytes) -> None:
    halves = [on(database, account)[0] for _ in range(2)]
    other = Secret.random()
    with database.write() as db:
        notices.forget_phone(db, KEY, [account], other)
    assert len(found(database, account).phones) == 1, "the same browser twice is one"
    with database.write() as db:
        for half in halves:
            notices.forget_phone(db, KEY, [account], half)
            notices.forget_phone(db, KEY, [account], half)
    assert rows(database) == []


def test_the_oldest_of_many_phones_makes_room() -> None:
    old = Notices()
    for number in range(MOST_PHONES + 3):
        old = notices.put_phone(old, str(number), Browser(str(number)).phone)
    assert list(old.phones) == [str(number) for number in range(3, MOST_PHONES + 3)]


def test_a_way_in_taken_away_takes_its_phone_along(database: Database, account: bytes) -> None:
    half, phone = on(database, account)
    with database.write() as db:
        mark = notices.phone_mark(KEY, half)
        notices.change(
            db, KEY, account, lambda old: notices.put_phone(old, mark, replace(phone, ways=(b"lost",)))
        )
        notices.forget_way(db, KEY, account, b"other")
    assert found(database, account).phones
    with database.write() as db:
        notices.forget_way(db, KEY, account, b"lost")
    assert rows(database) == []


def test_a_message_is_one_due_thing_for_each_conversation(database: Database, account: bytes) -> None:
    on(database, account)
    with database.write() as db:
        for letter in (1, 2, 3):
            notices.tell_of_letter(db, KEY, account, DOOR, letter, NOW + timedelta(seconds=letter))
        notices.tell_of_letter(db, KEY, account, b"e" * 32, 4, NOW)
    assert sorted(one.letter for one in found(database, account).due) == [3, 4]


def test_a_conversation_that_rests_says_nothing(database: Database, account: bytes) -> None:
    on(database, account)
    with database.write() as db:
        notices.tell_of_letter(db, KEY, account, DOOR, 1, NOW)
        notices.rest(db, KEY, account, DOOR, on=True)
        notices.rest(db, KEY, account, DOOR, on=True)
        notices.tell_of_letter(db, KEY, account, DOOR, 2, NOW)
    assert found(database, account).due == ()
    assert found(database, account).resting == notices.resting(KEY, [DOOR])
    with database.write() as db:
        notices.rest(db, KEY, account, DOOR, on=False)
        notices.tell_of_letter(db, KEY, account, DOOR, 3, NOW)
    assert [one.letter for one in found(database, account).due] == [3]


@pytest.mark.parametrize("wanted", [True, False, None])
def test_the_same_is_done_for_whoever_wants_to_be_told_and_whoever_does_not(
    wanted: bool | None, database: Database, account: bytes
) -> None:
    """vault.md, rule 9: the statements are the same; `None` is somebody without a row at all."""
    from tests.statements import listening

    if wanted is not None:
        on(database, account, kinds=KINDS if wanted else (REMINDER,))
    with listening(database) as seen, database.write() as db:
        notices.tell_of_letter(db, KEY, account, DOOR, 1, NOW)
    words = [statement.split()[0] for statement in seen if "push" in statement]
    assert words == ["SELECT", "UPDATE"]
    assert bool(found(database, account).due) is bool(wanted)
    assert MESSAGE in KINDS


def test_rows_of_accounts_that_are_gone_are_swept(database: Database, account: bytes) -> None:
    with database.write() as db:
        keyring = new_account(db, now=NOW)[0]
    on(database, account)
    on(database, keyring.account)
    with database.write() as db:
        assert notices.sweep(db, KEY) == 0
        delete_account(db, keyring)
        assert notices.sweep(db, KEY) == 1
    assert found(database, account).phones
    assert len(rows(database)) == 1
    with database.write() as db:
        notices.forget(db, KEY, account)
    assert rows(database) == []
