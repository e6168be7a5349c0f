"""Taking a way in out of use: whoever held it opens nothing written after, and one can change one's mind."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert, select

from server.core.database import Database
from server.vault.cards import add_card, open_card
from server.vault.codes import add_code, open_code
from server.vault.drawer import Drawer
from server.vault.errors import (
    CannotOpen,
    KeyringChanged,
    LastWayIn,
    NoSuchWayIn,
    NothingToUndo,
    UnknownEpoch,
)
from server.vault.keyring import open_keyring, unseal_keyring
from server.vault.models import Account, Slot
from server.vault.passkeys import find_passkey, open_passkey
from server.vault.removing import close_device, remove, undo_remove
from server.vault.ways_in import (
    add_once,
    device_slot,
    open_device,
    removed_ways,
    use_once,
    ways,
)
from tests.vault.household import KEK, Kept, taken


def test_a_removed_way_in_opens_nothing_and_the_others_everything(
    database: Database, now: datetime, kept: Kept
) -> None:
    # D31, D32; issue: remove the lost phone
    ada = kept.person
    taken(database, ada, kept.passkey, now)
    with database.write() as db:
        with pytest.raises(NoSuchWayIn):
            open_passkey(db, b"lost", KEK, sign_count=3, now=now)
        assert find_passkey(db, b"lost") is None
        assert open_device(db, ada.half, now=now) == (ada.keyring, ada.account_key)
        assert open_card(db, kept.card, now=now) == (ada.keyring, ada.account_key)
        assert ada.drawer(db).find("day/1")["day/1"].payload.text == "before"
    assert [way.kind for way in ways(ada.keyring)] == ["device", "card"]


def test_what_the_lost_phone_knew_opens_nothing_written_after(
    database: Database, now: datetime, kept: Kept, note: Any
) -> None:
    """Its row put back from a backup, its session's key, and every key it ever held: all are of no use."""
    ada = kept.person
    with database.read() as db:
        row = dict(db.execute(select(Slot).where(Slot.kind == "passkey")).one()._mapping)
    lost_keyring, lost_key = ada.keyring, ada.account_key
    taken(database, ada, kept.passkey, now)
    with database.write() as db:
        ada.drawer(db).put("days", "day/2", note("after"))
        with pytest.raises(CannotOpen):
            open_keyring(db, lost_keyring.account, lost_key)
        with pytest.raises(UnknownEpoch):
            Drawer(db, lost_keyring).find("day/2")
        db.execute(insert(Slot), row)
        with pytest.raises(CannotOpen):
            open_passkey(db, b"lost", KEK, sign_count=3, now=now)


def test_nothing_is_written_under_a_key_that_the_lost_phone_knows(
    database: Database, now: datetime, kept: Kept, note: Any
) -> None:
    """A request that opened the keyring before the removal is refused, and may open it again."""
    ada, before = kept.person, kept.person.keyring
    taken(database, ada, kept.passkey, now)
    with database.write() as db:
        old = Drawer(db, before)
        with pytest.raises(KeyringChanged):
            old.put("days", "day/2", note("late"))
        with pytest.raises(KeyringChanged):
            old.replace(old.find("day/1")["day/1"], note("late"))
        assert [record.payload.text for record in ada.drawer(db).shelf("days")] == ["before"]


def test_every_kind_can_be_removed(database: Database, now: datetime, kept: Kept) -> None:
    ada = kept.person
    with database.write() as db:
        ada.keyring = add_code(db, ada.keyring, ada.account_key, ada.half, "2468", now=now)
    taken(database, ada, kept.way("code").id, now)
    taken(database, ada, kept.way("card").id, now)
    taken(database, ada, device_slot(ada.half), now)
    with database.write() as db:
        with pytest.raises(NoSuchWayIn):
            open_code(db, ada.half, "2468", now=now)
        with pytest.raises(NoSuchWayIn):
            open_card(db, kept.card, now=now)
        with pytest.raises(NoSuchWayIn):
            open_device(db, ada.half, now=now)
        assert open_passkey(db, b"lost", KEK, sign_count=3, now=now) == (ada.keyring, ada.account_key)


def test_the_last_way_in_is_asked_about_first(database: Database, now: datetime, ada: Any) -> None:
    # vault.md: at least one working way in until the person says otherwise
    with database.write() as db, pytest.raises(LastWayIn):
        remove(db, ada.keyring, ada.account_key, device_slot(ada.half), now=now)
    with database.write() as db:
        assert open_device(db, ada.half, now=now) == (ada.keyring, ada.account_key)
    taken(database, ada, device_slot(ada.half), now, sure=True)
    with database.write() as db, pytest.raises(NoSuchWayIn):
        open_device(db, ada.half, now=now)


def test_what_is_pending_or_spent_after_five_tries_is_no_last_way_in(
    database: Database, now: datetime, ada: Any
) -> None:
    with database.write() as db:
        keyring = add_code(db, ada.keyring, ada.account_key, ada.half, "2468", now=now)
        keyring, _ = add_card(db, keyring, ada.account_key, now=now)
        add_once(db, keyring, ada.account_key, now=now)
        with pytest.raises(LastWayIn):
            remove(db, keyring, ada.account_key, device_slot(ada.half), now=now)
        with pytest.raises(LastWayIn):
            close_device(db, keyring, ada.account_key, ada.half, now=now)


def test_a_way_in_whose_row_is_gone_does_not_count(database: Database, now: datetime, kept: Kept) -> None:
    ada = kept.person
    with database.write() as db:
        db.execute(Slot.__table__.delete().where(Slot.kind != "device"))  # type: ignore[attr-defined]
        with pytest.raises(LastWayIn):
            remove(db, ada.keyring, ada.account_key, device_slot(ada.half), now=now)


def test_nobody_elses_way_in_can_be_removed(database: Database, now: datetime, kept: Kept, cleo: Any) -> None:
    with database.write() as db:
        with pytest.raises(NoSuchWayIn):
            remove(db, cleo.keyring, cleo.account_key, kept.passkey, now=now, sure=True)
        with pytest.raises(NothingToUndo):
            undo_remove(db, cleo.keyring, cleo.account_key, kept.passkey, now=now)
        assert open_passkey(db, b"lost", KEK, sign_count=3, now=now)[1] == kept.person.account_key


def test_two_phones_that_remove_at_once_cannot_overwrite_each_other(
    database: Database, now: datetime, kept: Kept
) -> None:
    ada, stale = kept.person, (kept.person.keyring, kept.person.account_key)
    passkey, card = kept.passkey, kept.way("card").id
    taken(database, ada, passkey, now)
    with pytest.raises(KeyringChanged), database.write() as db:
        remove(db, *stale, card, now=now)
    with database.write() as db:
        assert open_card(db, kept.card, now=now) == (ada.keyring, ada.account_key)


def test_the_new_key_goes_to_the_slots_that_the_keyring_knows_not_to_those_in_the_rows(
    database: Database, now: datetime, kept: Kept
) -> None:
    """A host that lays in a slot of its own, or a public key of its own, is handed nothing."""
    ada = kept.person
    with database.write() as db:
        device = dict(db.execute(select(Slot).where(Slot.kind == "device")).one()._mapping)
        db.execute(insert(Slot), device | {"id": b"h" * 16})
        taken_before = device["sealed_account_key"]
    taken(database, ada, kept.passkey, now)
    with database.write() as db:
        sealed = {row.id: row.sealed_account_key for row in db.execute(select(Slot))}
        assert sealed[b"h" * 16] == taken_before
        assert sealed[device["id"]] != taken_before
        assert open_device(db, ada.half, now=now)[1] == ada.account_key


def test_an_unused_link_dies_with_the_old_key(database: Database, now: datetime, kept: Kept) -> None:
    ada = kept.person
    with database.write() as db:
        token = add_once(db, ada.keyring, ada.account_key, now=now)
    taken(database, ada, kept.passkey, now)
    with database.write() as db, pytest.raises(NoSuchWayIn):
        use_once(db, token, now=now)


def test_the_earlier_keyring_is_sealed_under_another_key(
    database: Database, now: datetime, kept: Kept
) -> None:
    ada, before = kept.person, kept.person.account_key
    taken(database, ada, kept.passkey, now)
    with database.read() as db:
        row = db.execute(select(Account)).one()
    assert ada.account_key != before
    assert ada.keyring.epoch == row.epoch == 2
    with pytest.raises(CannotOpen):
        unseal_keyring(row.id, row.generation, row.keyring, before)


def test_a_phone_that_locks_for_real_opens_by_code_only(
    database: Database, now: datetime, kept: Kept
) -> None:
    # C30: closed to whoever picks the phone up
    ada = kept.person
    with database.write() as db:
        keyring = add_code(db, ada.keyring, ada.account_key, ada.half, "2468", now=now)
        ada.keyring, ada.account_key = close_device(db, keyring, ada.account_key, ada.half, now=now)
        with pytest.raises(NoSuchWayIn):
            open_device(db, ada.half, now=now)
        assert open_code(db, ada.half, "2468", now=now) == (ada.keyring, ada.account_key)
        assert close_device(db, ada.keyring, ada.account_key, ada.half, now=now) == (
            ada.keyring,
            ada.account_key,
        )
    assert removed_ways(ada.keyring, now) == []  # undoing would open what was just locked
