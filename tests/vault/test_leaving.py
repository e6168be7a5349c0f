"""Deleting an account: nothing opens afterwards, and twice is harmless (product.md hard rule 9, rows D31, D32)."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from server.core.database import Base, Database
from server.vault.cards import add_card, open_card
from server.vault.codes import add_code, open_code
from server.vault.errors import KeyringChanged, NoSuchAccount, NoSuchWayIn
from server.vault.keyring import open_keyring
from server.vault.leaving import delete_account
from server.vault.passkeys import add_passkey, find_passkey
from server.vault.sealing import Secret
from server.vault.sessions import Sessions
from server.vault.tray import collect, leave, open_tray
from server.vault.ways_in import add_once, open_device, use_once

TABLES = ("account", "slot", "record", "door", "letter")


def rows(database: Database) -> dict[str, int]:
    with database.read() as db:
        return {
            name: db.execute(select(func.count()).select_from(Base.metadata.tables[name])).scalar_one()
            for name in TABLES
        }


@pytest.fixture
def settled(database: Database, now: datetime, ada: Any, note: Any) -> Any:
    """Ada with everything one can have."""
    with database.write() as db:
        ada.drawer(db).put("days", "day/1", note("hej"))
        keyring, ada.card = add_card(db, ada.keyring, ada.account_key, now=now)
        keyring = add_code(db, keyring, ada.account_key, ada.half, "2468", now=now)
        ada.keyring = add_passkey(
            db,
            keyring,
            ada.account_key,
            credential_id=b"c",
            credential_public_key=b"p",
            sign_count=0,
            backed_up=False,
            kek=Secret.random(),
            prf=True,
            now=now,
        )
        ada.token = add_once(db, ada.keyring, ada.account_key, now=now)
        ada.tray = open_tray(db, ada.keyring)
        leave(db, ada.tray, note("efter låset"))
    return ada


def test_everything_goes_and_nobody_elses(
    database: Database, now: datetime, cleo: Any, settled: Any, note: Any
) -> None:
    with database.write() as db:
        cleo.drawer(db).put("days", "day/1", note("hers"))
        delete_account(db, settled.keyring)
    assert rows(database) == {"account": 1, "slot": 1, "record": 1, "door": 0, "letter": 0}
    with database.write() as db:
        assert open_device(db, cleo.half, now=now)[0] == cleo.keyring


def test_nothing_opens_afterwards(database: Database, now: datetime, settled: Any, note: Any) -> None:
    with database.write() as db:
        delete_account(db, settled.keyring)
    with database.write() as db:
        for attempt in (
            lambda: open_device(db, settled.half, now=now),
            lambda: open_code(db, settled.half, "2468", now=now),
            lambda: open_card(db, settled.card, now=now),
            lambda: use_once(db, settled.token, now=now),
        ):
            with pytest.raises(NoSuchWayIn):
                attempt()
        assert find_passkey(db, b"c") is None
        assert collect(db, settled.keyring) == []
        assert settled.drawer(db).shelf("days") == []
        for write in (
            lambda: settled.drawer(db).put("days", "day/2", note("late")),
            lambda: open_keyring(db, settled.keyring.account, settled.account_key),
            lambda: add_card(db, settled.keyring, settled.account_key, now=now),
        ):
            with pytest.raises((NoSuchAccount, KeyringChanged)):
                write()


def test_twice_is_harmless(database: Database, settled: Any) -> None:
    for _ in range(2):
        with database.write() as db:
            delete_account(db, settled.keyring)
    assert set(rows(database).values()) == {0}


def test_its_sessions_end(
    database: Database, sessions: Sessions, now: datetime, settled: Any, cleo: Any
) -> None:
    cookies = [sessions.start(settled.keyring.account, settled.account_key, now) for _ in range(2)]
    hers = sessions.start(cleo.keyring.account, cleo.account_key, now)
    with database.write() as db:
        delete_account(db, settled.keyring)
    account, key = sessions.resume(cookies[0], now) or (b"", Secret(b""))
    with database.read() as db, pytest.raises(NoSuchAccount):
        open_keyring(db, account, key)  # between the two steps it opens nothing either
    for _ in range(2):
        sessions.end_all(settled.keyring.account)
    assert [sessions.resume(cookie, now) for cookie in cookies] == [None, None]
    assert sessions.resume(hers, now)
