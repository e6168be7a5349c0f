"""From a try-account to a lasting one, and back when the person wants it so."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from server.core.database import Database
from server.vault.cards import add_card, confirm_card, open_card
from server.vault.codes import add_code, code_slot, open_code
from server.vault.models import Account, Slot
from server.vault.passkeys import add_passkey, open_passkey
from server.vault.removing import close_device, remove, undo_remove
from server.vault.sealing import Secret
from server.vault.ways_in import (
    add_device,
    add_once,
    is_lasting,
    make_lasting,
    open_device,
    sweep,
    use_once,
    ways,
)

LONG = timedelta(days=3650)


def ends(database: Database) -> dict[str, Any]:
    with database.read() as db:
        return {row.kind: row.keep_until for row in db.execute(select(Slot.kind, Slot.keep_until))}


def swept(database: Database, now: datetime) -> int:
    with database.write() as db:
        return sweep(db, now)


@pytest.fixture
def lasting(database: Database, now: datetime, ada: Any) -> Any:
    with database.write() as db:
        keyring, ada.card = add_card(db, ada.keyring, ada.account_key, now=now)
        ada.keyring, ada.account_key = confirm_card(db, keyring, ada.account_key, ada.card, now=now)
    return ada


def test_a_confirmed_card_makes_the_account_lasting(database: Database, now: datetime, lasting: Any) -> None:
    # A16: what was written on a try-account becomes lasting without e-mail or password
    assert ends(database) == {"device": None, "card": None}
    assert swept(database, now + LONG) == 0
    with database.write() as db:
        assert open_device(db, lasting.half, now=now + LONG)[0] == lasting.keyring
        assert open_card(db, lasting.card, now=now + LONG)[0] == lasting.keyring


def test_a_visit_sets_no_new_end(database: Database, now: datetime, lasting: Any) -> None:
    with database.write() as db:
        keyring = add_code(db, lasting.keyring, lasting.account_key, lasting.half, "2468", now=now)
        open_device(db, lasting.half, now=now)
        open_code(db, lasting.half, "2468", now=now)
        add_device(db, keyring, lasting.account_key, now=now)
    assert set(ends(database).values()) == {None}


def test_an_active_passkey_makes_it_lasting_and_a_pending_one_does_not(
    database: Database, now: datetime, ada: Any
) -> None:
    kek, new = Secret.random(), {"credential_public_key": b"p", "sign_count": 0, "backed_up": False}
    with database.write() as db:
        add_passkey(
            db,
            ada.keyring,
            ada.account_key,
            credential_id=b"c",
            kek=kek,
            prf=True,
            now=now,
            **new,  # type: ignore[arg-type]
        )
    assert ends(database)["device"] is not None
    with database.write() as db:
        keyring, _ = open_passkey(db, b"c", kek, sign_count=0, now=now)
        assert make_lasting(db, keyring)  # is so already
    assert ends(database) == {"device": None, "passkey": None}
    assert swept(database, now + LONG) == 0


@pytest.mark.parametrize("more", ["card", "code", "link", "nothing"])
def test_what_is_pending_or_passing_keeps_no_account(
    database: Database, now: datetime, ada: Any, more: str
) -> None:
    with database.write() as db:
        if more == "card":
            ada.keyring, _ = add_card(db, ada.keyring, ada.account_key, now=now)
        elif more == "code":
            ada.keyring = add_code(db, ada.keyring, ada.account_key, ada.half, "2468", now=now)
        elif more == "link":
            add_once(db, ada.keyring, ada.account_key, now=now)
        assert not make_lasting(db, ada.keyring)
    assert swept(database, now + timedelta(days=29)) == 0
    assert swept(database, now + timedelta(days=37)) == 1
    with database.read() as db:
        assert db.execute(select(Account.id)).all() == db.execute(select(Slot.id)).all() == []


def test_another_phone_by_link_gets_a_lasting_account(
    database: Database, now: datetime, lasting: Any
) -> None:
    with database.write() as db:
        token = add_once(db, lasting.keyring, lasting.account_key, now=now)
        keyring, _, half = use_once(db, token, now=now, label="Nya telefonen")
        assert ways(keyring)[-1].label == "Nya telefonen"
        assert ways(keyring)[-1].undo_until == now + timedelta(hours=72)
    assert ends(database) == {"device": None, "card": None}
    assert swept(database, now + LONG) == 0
    with database.write() as db:
        assert open_device(db, half, now=now + LONG)[0] == keyring


def test_without_its_last_card_the_account_is_on_trial_again(
    database: Database, now: datetime, lasting: Any
) -> None:
    card, later = ways(lasting.keyring)[1].id, now + timedelta(days=100)
    with database.write() as db:
        keyring, key = remove(db, lasting.keyring, lasting.account_key, card, now=later)
    assert not is_lasting(keyring)
    assert ends(database)["device"] >= (later + timedelta(days=30)).date()
    with database.write() as db:
        undo_remove(db, keyring, key, card, now=later)
    assert ends(database) == {"device": None, "card": None}


def test_a_removed_phone_comes_back_as_passing_or_lasting_as_the_account_is(
    database: Database, now: datetime, lasting: Any
) -> None:
    with database.write() as db:
        keyring, _ = add_device(db, lasting.keyring, lasting.account_key, now=now)
        _, card, other = (way.id for way in ways(keyring))
        keyring, key = remove(db, keyring, lasting.account_key, other, now=now)
        keyring, key = remove(db, keyring, key, card, now=now)
        keyring = undo_remove(db, keyring, key, other, now=now)
        kept = db.execute(select(Slot.keep_until)).scalars().all()
        assert len(kept) == 2
        assert all(kept)
        undo_remove(db, keyring, key, card, now=now)
        assert not any(db.execute(select(Slot.keep_until)).scalars())


def test_a_try_account_that_locks_by_code_is_kept_by_its_visits(
    database: Database, now: datetime, ada: Any
) -> None:
    """Only when the person is sure: after five wrong codes nothing would open it."""
    with database.write() as db:
        keyring = add_code(db, ada.keyring, ada.account_key, ada.half, "2468", now=now)
        keyring, _ = close_device(db, keyring, ada.account_key, ada.half, now=now, sure=True)
        assert [way.id for way in ways(keyring)] == [code_slot(ada.half)]
        open_code(db, ada.half, "2468", now=now + timedelta(days=20))
    assert swept(database, now + timedelta(days=40)) == 0
    assert swept(database, now + timedelta(days=60)) == 1


def test_who_surely_removes_the_last_way_in_is_swept(database: Database, now: datetime, ada: Any) -> None:
    with database.write() as db:
        remove(db, ada.keyring, ada.account_key, ways(ada.keyring)[0].id, now=now, sure=True)
    assert swept(database, now) == 1
