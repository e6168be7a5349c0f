"""What a change of keys and a chosen idle time do to sessions."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from server.core.database import Database
from server.vault.models import SessionRow
from server.vault.sealing import Secret
from server.vault.sessions import Sessions

ACCOUNT, OLD, NEW = b"a" * 16, Secret(b"o" * 32), Secret(b"n" * 32)


def after(now: datetime, **time: float) -> datetime:
    return now + timedelta(**time)


def rows(store: Database) -> list[Any]:
    with store.read() as db:
        return list(db.execute(select(SessionRow)).all())


def test_a_new_cookie_opens_the_new_key_and_the_old_one_too_for_half_a_minute(
    sessions: Sessions, now: datetime
) -> None:
    # vault.md rule 5: new value at a key change, with 30 s of grace for parallel requests
    old = sessions.start(ACCOUNT, OLD, now)
    new = sessions.renew(old, ACCOUNT, NEW, now)
    assert new != old
    assert sessions.resume(new, now) == sessions.resume(old, now) == (ACCOUNT, NEW)
    assert sessions.resume(old, after(now, seconds=29)) == (ACCOUNT, NEW)
    assert sessions.resume(old, after(now, seconds=30)) is None
    assert sessions.resume(new, after(now, seconds=30)) == (ACCOUNT, NEW)


def test_the_old_key_is_nowhere_in_the_store_after_it(
    sessions: Sessions, session_store: Database, now: datetime
) -> None:
    old = sessions.start(ACCOUNT, OLD, now)
    before = rows(session_store)[0].sealed_account_key
    sessions.renew(old, ACCOUNT, NEW, now)
    assert before not in [row.sealed_account_key for row in rows(session_store)]


def test_a_change_makes_no_session_longer(sessions: Sessions, now: datetime) -> None:
    cookie = sessions.start(ACCOUNT, OLD, now, idle=timedelta(minutes=30))
    for minute in range(0, 12 * 60, 25):
        cookie = sessions.renew(cookie, ACCOUNT, NEW, after(now, minutes=minute))
        assert sessions.resume(cookie, after(now, minutes=minute))
    assert sessions.resume(cookie, after(now, hours=11, minutes=59))
    assert sessions.resume(cookie, after(now, hours=12)) is None


@pytest.mark.parametrize("what", ["unknown", "another's"])
def test_a_cookie_that_opens_nothing_of_this_account_becomes_a_new_session(
    sessions: Sessions, now: datetime, what: str
) -> None:
    other = Secret.random() if what == "unknown" else sessions.start(b"c" * 16, OLD, now)
    cookie = sessions.renew(other, ACCOUNT, NEW, now)
    assert sessions.resume(cookie, now) == (ACCOUNT, NEW)
    assert sessions.resume(other, now) == (None if what == "unknown" else (b"c" * 16, OLD))


def test_the_other_sessions_end_and_this_one_and_other_peoples_do_not(
    sessions: Sessions, now: datetime
) -> None:
    mine, lost, hers = (sessions.start(who, OLD, now) for who in (ACCOUNT, ACCOUNT, b"c" * 16))
    sessions.end_others(ACCOUNT, keep=mine)
    assert sessions.resume(lost, now) is None
    assert sessions.resume(mine, now)
    assert sessions.resume(hers, now)


@pytest.mark.parametrize("minutes", [2, 10, 30])
def test_the_idle_time_is_the_persons_choice(sessions: Sessions, now: datetime, minutes: int) -> None:
    cookie = sessions.start(ACCOUNT, OLD, now, idle=timedelta(minutes=minutes))
    last = after(now, minutes=minutes, seconds=-1)
    assert sessions.resume(cookie, last)
    assert sessions.resume(cookie, after(last, minutes=minutes, seconds=-1))
    assert sessions.resume(cookie, after(last, minutes=3 * minutes)) is None


def test_a_choice_goes_along_when_the_key_changes(sessions: Sessions, now: datetime) -> None:
    cookie = sessions.start(ACCOUNT, OLD, now, idle=timedelta(minutes=2))
    cookie = sessions.renew(cookie, ACCOUNT, NEW, now)
    assert sessions.resume(cookie, after(now, minutes=2)) is None


@pytest.mark.parametrize("edit", [{"idle_end": "soon"}, {"idle_end": b"\0"}, {"absolute_end": 2**40}])
def test_an_edited_row_is_renewed_into_nothing_longer(
    sessions: Sessions, session_store: Database, now: datetime, edit: dict[str, Any]
) -> None:
    if not session_store.is_sqlite and not isinstance(next(iter(edit.values())), int):
        return  # PostgreSQL refuses such a value by itself
    cookie = sessions.start(ACCOUNT, OLD, now)
    with session_store.write() as db:
        ((column, value),) = edit.items()
        if isinstance(value, int):
            db.execute(update(SessionRow).values({column: value}))
        else:
            db.exec_driver_sql(f"UPDATE session SET {column} = ?", (value,))
    assert sessions.resume(cookie, now) is None
