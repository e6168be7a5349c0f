from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text, update

from server.core.database import Database
from server.vault.models import SessionRow
from server.vault.sealing import Secret
from server.vault.sessions import Sessions

ACCOUNT, KEY = b"a" * 16, Secret(b"k" * 32)


def after(now: datetime, **time: float) -> datetime:
    return now + timedelta(**time)


def rows(store: Database) -> list[Any]:
    with store.read() as db:
        return list(db.execute(select(SessionRow)).all())


def test_a_session_gives_the_account_and_its_key_back(sessions: Sessions, now: datetime) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    assert sessions.resume(cookie, now) == (ACCOUNT, KEY)


def test_an_unknown_cookie_opens_nothing(sessions: Sessions, now: datetime) -> None:
    sessions.start(ACCOUNT, KEY, now)
    assert sessions.resume(Secret.random(), now) is None


def test_it_locks_after_ten_idle_minutes_and_the_row_goes(
    sessions: Sessions, session_store: Database, now: datetime
) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    assert sessions.resume(cookie, after(now, minutes=9, seconds=59), touch=False)
    assert sessions.resume(cookie, after(now, minutes=10)) is None
    assert rows(session_store) == []
    assert sessions.resume(cookie, now) is None


def test_reading_keeps_it_open(sessions: Sessions, now: datetime) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    for minute in range(0, 60, 9):
        assert sessions.resume(cookie, after(now, minutes=minute))


def test_what_scripts_ask_is_no_activity(sessions: Sessions, now: datetime) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    for minute in range(10):
        assert sessions.resume(cookie, after(now, minutes=minute), touch=False)
    assert sessions.resume(cookie, after(now, minutes=10), touch=False) is None


def test_it_ends_after_twelve_hours_however_busy(sessions: Sessions, now: datetime) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    for minute in range(0, 12 * 60, 5):
        assert sessions.resume(cookie, after(now, minutes=minute))
    assert sessions.resume(cookie, after(now, hours=12)) is None


def test_the_idle_end_is_written_at_most_once_a_minute(
    sessions: Sessions, session_store: Database, now: datetime
) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    writes: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        writes.extend([statement] * statement.startswith("UPDATE"))

    event.listen(session_store.engine, "before_cursor_execute", note)
    try:
        for second in range(0, 180, 5):
            sessions.resume(cookie, after(now, seconds=second))
    finally:
        event.remove(session_store.engine, "before_cursor_execute", note)
    assert len(writes) == 2


def test_signing_out_ends_it_at_once(sessions: Sessions, session_store: Database, now: datetime) -> None:
    cookie, other = sessions.start(ACCOUNT, KEY, now), sessions.start(ACCOUNT, KEY, now)
    sessions.end(cookie)
    assert sessions.resume(cookie, now) is None
    assert sessions.resume(other, now)
    assert len(rows(session_store)) == 1


def test_the_sweep_takes_what_is_over_and_leaves_the_rest(
    sessions: Sessions, session_store: Database, now: datetime
) -> None:
    sessions.start(ACCOUNT, KEY, now)
    fresh = sessions.start(ACCOUNT, KEY, after(now, minutes=5))
    old = sessions.start(ACCOUNT, KEY, after(now, hours=-13))
    assert sessions.sweep(after(now, minutes=10)) == 2
    assert sessions.resume(fresh, after(now, minutes=10))
    assert sessions.resume(old, after(now, minutes=10)) is None


def test_row_and_cookie_without_the_pepper_open_nothing(
    sessions: Sessions, session_store: Database, now: datetime
) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    assert Sessions(session_store, Secret(b"another pepper" * 3)).resume(cookie, now) is None
    assert sessions.resume(cookie, now)  # and a wrong pepper has spoilt nothing


def test_the_row_alone_tells_neither_cookie_nor_key(
    sessions: Sessions, session_store: Database, now: datetime
) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    whole = b"".join(part for part in rows(session_store)[0] if isinstance(part, bytes))
    assert KEY.reveal() not in whole
    assert cookie.reveal() not in whole
    assert cookie.reveal()[:8] not in whole


def test_the_cookie_alone_opens_nothing(sessions: Sessions, session_store: Database, now: datetime) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    with session_store.write() as db:
        db.execute(text("DELETE FROM session"))
    assert sessions.resume(cookie, now) is None


def test_a_row_moved_to_another_session_opens_nothing(
    sessions: Sessions, session_store: Database, now: datetime
) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    place = rows(session_store)[0]
    with session_store.write() as db:
        db.execute(text("DELETE FROM session"))
    sessions.start(b"c" * 16, Secret(b"c" * 32), now)
    with session_store.write() as db:
        db.execute(update(SessionRow).values(id=place.id))
    assert sessions.resume(cookie, now) is None


@pytest.mark.parametrize(
    "edit",
    [
        {"account": b"c" * 16},
        {"absolute_end": 2**40},
        {"sealed_account_key": b""},
        {"sealed_account_key": b"\x01" + bytes(112)},
    ],
)
def test_an_edited_row_opens_nothing(
    sessions: Sessions, session_store: Database, now: datetime, edit: dict[str, Any]
) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    with session_store.write() as db:
        db.execute(update(SessionRow).values(**edit))
    assert sessions.resume(cookie, now) is None


def test_no_edit_of_the_idle_end_outlives_twelve_hours(
    sessions: Sessions, session_store: Database, now: datetime
) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    with session_store.write() as db:
        db.execute(update(SessionRow).values(idle_end=2**40))
    assert sessions.resume(cookie, after(now, hours=12)) is None


def test_an_ended_session_is_not_raised_by_a_request_that_was_under_way(
    sessions: Sessions, session_store: Database, now: datetime
) -> None:
    cookie = sessions.start(ACCOUNT, KEY, now)
    kept = rows(session_store)[0]._asdict()
    sessions.end(cookie)
    assert sessions.resume(cookie, after(now, minutes=5)) is None
    assert rows(session_store) == []
    with session_store.write() as db:  # even a row laid back from a copy of the store ends in its time
        db.execute(insert(SessionRow), kept)
    assert sessions.resume(cookie, after(now, minutes=10)) is None


def test_postgresql_keeps_sessions_out_of_its_log_and_its_dumps(session_store: Database) -> None:
    if session_store.is_sqlite:
        assert session_store.url.database and session_store.url.database.endswith("sessions.db")
    else:
        kind = text("SELECT relpersistence FROM pg_class WHERE relname = 'session'")
        with session_store.read() as db:
            assert db.execute(kind).scalar_one() == "u"
