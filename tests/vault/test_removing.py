"""Taking a way in out of use: whoever held it opens nothing written after, and one can change one's mind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from server.core.database import Database
from server.vault.cards import Card, add_card, confirm_card, open_card
from server.vault.codes import add_code, code_slot, open_code
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
from server.vault.passkeys import add_passkey, find_passkey, open_passkey
from server.vault.removing import close_device, remove, undo_remove
from server.vault.sealing import Secret
from server.vault.ways_in import (
    Way,
    add_device,
    add_once,
    device_slot,
    open_device,
    removed_ways,
    use_once,
    ways,
)

KEK = Secret(b"from the browser".ljust(32))


@dataclass
class Kept:
    """Ada with a phone, a card, and another phone with a passkey, as she sees them from the first phone."""

    person: Any
    card: Card

    @property
    def passkey(self) -> bytes:
        return self.way("passkey").id

    def way(self, kind: str) -> Way:
        return next(way for way in ways(self.person.keyring) if way.kind == kind)


@pytest.fixture
def kept(database: Database, now: datetime, ada: Any, note: Any) -> Kept:
    with database.write() as db:
        ada.drawer(db).put("days", "day/1", note("before"))
        keyring, card = add_card(db, ada.keyring, ada.account_key, now=now)
        keyring, key = confirm_card(db, keyring, ada.account_key, card, now=now)
        new: dict[str, Any] = {"credential_public_key": b"public", "sign_count": 1, "backed_up": False}
        keyring = add_passkey(
            db,
            keyring,
            key,
            credential_id=b"lost",
            kek=KEK,
            prf=True,
            label="Gamla telefonen",
            now=now,
            **new,
        )
        ada.keyring, ada.account_key = open_passkey(db, b"lost", KEK, sign_count=2, now=now)
    return Kept(ada, card)


def taken(database: Database, person: Any, slot: bytes, now: datetime, **how: bool) -> None:
    with database.write() as db:
        keyring, key = remove(db, person.keyring, person.account_key, slot, now=now, **how)
    person.keyring, person.account_key = keyring, key


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
