"""Deleting an account: nothing opens afterwards, and twice is harmless (product.md hard rule 9, rows D31, D32)."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from server.core.database import Base, Database
from server.vault import invitations, leaving, open_page
from server.vault.cards import add_card, open_card
from server.vault.codes import add_code, open_code
from server.vault.errors import InvitationOver, KeyringChanged, NoSuchAccount, NoSuchWayIn
from server.vault.keyring import Keyring, open_keyring
from server.vault.leaving import delete_account
from server.vault.models import Account, RecordRow
from server.vault.passkeys import add_passkey, find_passkey
from server.vault.sealing import Secret
from server.vault.sessions import Sessions
from server.vault.tray import collect, leave, open_tray
from server.vault.ways_in import add_once, open_device, use_once
from tests.vault.pairs import accepted

TABLES = ("account", "slot", "record", "door", "letter", "invitation", "open_page")


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
        open_page.show(ada.drawer(db), ada.tray, note("utan lås"))
    return ada


def test_everything_goes_and_nobody_elses(
    database: Database, now: datetime, cleo: Any, settled: Any, note: Any
) -> None:
    with database.write() as db:
        cleo.drawer(db).put("days", "day/1", note("hers"))
        delete_account(db, settled.keyring)
    assert rows(database) == {
        "account": 1,
        "slot": 1,
        "record": 1,
        "door": 0,
        "letter": 0,
        "invitation": 0,
        "open_page": 0,
    }
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


def test_an_open_invitation_goes_too(database: Database, now: datetime, ada: Any, cleo: Any) -> None:
    """Its row hangs on no account, so that it tells nobody who invited."""
    with database.write() as db:
        invited = [
            invitations.invite(db, ada.keyring, card, in_the_room=True, now=now) for card in ("ben", "fia")
        ]
        invitations.invite(db, cleo.keyring, "ben", in_the_room=True, now=now)
        delete_account(db, ada.keyring)
    assert rows(database)["invitation"] == rows(database)["door"] == 1
    for one in invited:
        with pytest.raises(InvitationOver):
            accepted(database, cleo, one, now)


def test_what_a_slice_registered_is_done_first_and_in_the_same_transaction(
    database: Database, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    monkeypatch.setattr(leaving, "_acts", [])

    @leaving.before_leaving
    def count(db: Connection, keyring: Keyring) -> None:
        found = db.execute(select(Account.id).where(Account.id == keyring.account)).all()
        seen.append(len(found))

    with database.write() as db:
        delete_account(db, ada.keyring)
        delete_account(db, ada.keyring)
    assert seen == [1, 0]


def test_a_row_that_somebody_edited_stops_nobody(database: Database, now: datetime, ada: Any) -> None:
    with database.write() as db:
        invitations.invite(db, ada.keyring, "ben", in_the_room=True, now=now)
        db.execute(update(RecordRow).values(blob=b"edited"))
        delete_account(db, ada.keyring)
    assert rows(database)["account"] == 0
