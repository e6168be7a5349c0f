"""A removed way in can come back for 72 hours."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from server.core.database import Database
from server.vault.cards import open_card
from server.vault.codes import add_code, code_slot, open_code
from server.vault.errors import NothingToUndo
from server.vault.mailbox import drop
from server.vault.passkeys import add_passkey, find_passkey, open_passkey
from server.vault.removing import undo_remove
from server.vault.tray import collect, leave, open_tray
from server.vault.ways_in import add_device, device_slot, open_device, removed_ways
from tests.vault.household import KEK, Kept, taken


def test_it_can_come_back_for_three_days_and_opens_what_was_written_meanwhile(
    database: Database, now: datetime, kept: Kept, note: Any
) -> None:
    ada, slot, later = kept.person, kept.passkey, now + timedelta(hours=71, minutes=59)
    taken(database, ada, slot, now)
    assert [(way.id, way.label, way.undo_until) for way in removed_ways(ada.keyring, now)] == [
        (slot, "Gamla telefonen", now + timedelta(hours=72))
    ]
    with database.write() as db:
        ada.drawer(db).put("days", "day/2", note("meanwhile"))
        ada.keyring = undo_remove(db, ada.keyring, ada.account_key, slot, now=later)
        assert open_passkey(db, b"lost", KEK, sign_count=3, now=later) == (ada.keyring, ada.account_key)
        assert len(ada.drawer(db).shelf("days")) == 2
        assert find_passkey(db, b"lost")[1:] == (ada.keyring.account, b"public", 3, False, "active")  # type: ignore[index]
    assert removed_ways(ada.keyring, later) == []


def test_after_three_days_it_is_gone_for_good(database: Database, now: datetime, kept: Kept) -> None:
    ada, slot, late = kept.person, kept.passkey, now + timedelta(hours=72)
    taken(database, ada, slot, now)
    assert removed_ways(ada.keyring, late) == []
    with database.write() as db, pytest.raises(NothingToUndo):
        undo_remove(db, ada.keyring, ada.account_key, slot, now=late)
    with database.write() as db:  # and the keyring forgets it the next time that it is written
        ada.keyring, _ = add_device(db, ada.keyring, ada.account_key, now=late)
    assert ada.keyring.removed == {}


def test_every_kind_can_come_back(database: Database, now: datetime, kept: Kept) -> None:
    ada = kept.person
    with database.write() as db:
        ada.keyring = add_code(db, ada.keyring, ada.account_key, ada.half, "2468", now=now)
        open_code(db, ada.half, "1111", now=now)
    slots = [code_slot(ada.half), kept.way("card").id, device_slot(ada.half)]
    for slot in slots:
        taken(database, ada, slot, now)
    with database.write() as db:
        for slot in slots:
            ada.keyring = undo_remove(db, ada.keyring, ada.account_key, slot, now=now)
        assert open_card(db, kept.card, now=now) == (ada.keyring, ada.account_key)
        assert open_device(db, ada.half, now=now) == (ada.keyring, ada.account_key)
        assert open_code(db, ada.half, "0000", now=now).left == 3  # type: ignore[union-attr]
        assert open_code(db, ada.half, "2468", now=now) == (ada.keyring, ada.account_key)


def test_what_was_made_anew_does_not_come_back_twice(database: Database, now: datetime, kept: Kept) -> None:
    ada = kept.person
    with database.write() as db:
        ada.keyring = add_code(db, ada.keyring, ada.account_key, ada.half, "2468", now=now)
    passkey = kept.passkey
    taken(database, ada, code_slot(ada.half), now)
    taken(database, ada, passkey, now)
    with database.write() as db:
        ada.keyring = add_code(db, ada.keyring, ada.account_key, ada.half, "1357", now=now)
        more: dict[str, Any] = {"credential_public_key": b"public", "sign_count": 1, "backed_up": False}
        ada.keyring = add_passkey(
            db, ada.keyring, ada.account_key, credential_id=b"lost", kek=KEK, prf=True, now=now, **more
        )
        for slot in (code_slot(ada.half), passkey):
            with pytest.raises(NothingToUndo):
                undo_remove(db, ada.keyring, ada.account_key, slot, now=now)
        assert open_code(db, ada.half, "1357", now=now) == (ada.keyring, ada.account_key)


def test_a_phone_that_comes_back_has_its_tray_again(
    database: Database, now: datetime, kept: Kept, note: Any
) -> None:
    ada, slot = kept.person, kept.passkey
    with database.write() as db:
        tray = open_tray(db, ada.keyring, slot=slot)
        leave(db, tray, note("before"))
    taken(database, ada, slot, now)
    with database.write() as db:
        leave(db, tray, note("lost phone"))
        waiting = collect(db, ada.keyring)
        assert [payload.text for _, payload in waiting] == ["before"]
        drop(db, ada.keyring, [letter for letter, _ in waiting])
        open_tray(db, ada.keyring)  # another phone comes in meanwhile, and forgets the keys of closed trays
        ada.keyring = undo_remove(db, ada.keyring, ada.account_key, slot, now=now)
        leave(db, tray, note("after"))
        assert [payload.text for _, payload in collect(db, ada.keyring)] == ["after"]
