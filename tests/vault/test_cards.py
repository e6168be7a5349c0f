from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from server.core.database import Database
from server.vault.cards import Card, add_card, confirm_card, open_card
from server.vault.errors import KeyringChanged, NoSuchWayIn, WrongCard
from server.vault.keyring import open_keyring
from server.vault.models import Slot
from server.vault.ways_in import is_lasting, open_device, ways


def given(database: Database, person: Any, now: datetime) -> Card:
    with database.write() as db:
        person.keyring, card = add_card(db, person.keyring, person.account_key, now=now, label="Nyckelkort")
    return card


def typed_back(database: Database, person: Any, card: Card, now: datetime) -> None:
    with database.write() as db:
        keyring, key = confirm_card(db, person.keyring, person.account_key, Card.parse(card.text), now=now)
    person.keyring, person.account_key = keyring, key


def test_a_card_opens_the_account_on_any_phone(
    database: Database, now: datetime, ada: Any, cleo: Any
) -> None:
    # A16, vault.md "Key card": it needs nothing of the phone it was made on
    card, hers = given(database, ada, now), given(database, cleo, now)
    typed_back(database, ada, card, now)
    with database.write() as db:
        assert open_card(db, Card.parse(card.text), now=now) == (ada.keyring, ada.account_key)
        assert open_card(db, hers, now=now)[0].account == cleo.keyring.account


def test_a_card_that_was_never_made_opens_nothing(database: Database, now: datetime, ada: Any) -> None:
    given(database, ada, now)
    with database.write() as db, pytest.raises(NoSuchWayIn):
        open_card(db, Card.new(), now=now)


def test_it_counts_only_when_it_has_been_typed_back(database: Database, now: datetime, ada: Any) -> None:
    card = given(database, ada, now)
    assert [way.state for way in ways(ada.keyring)] == ["active", "pending"]
    assert not is_lasting(ada.keyring)
    typed_back(database, ada, card, now)
    assert [way.state for way in ways(ada.keyring)] == ["active", "active"]
    assert is_lasting(ada.keyring)


def test_a_card_that_was_written_down_but_never_typed_back_opens_all_the_same(
    database: Database, now: datetime, ada: Any
) -> None:
    """Nobody is locked out for having closed the page too soon; that it opened shows that it was written down."""
    card = given(database, ada, now)
    with database.write() as db:
        keyring, key = open_card(db, card, now=now)
        assert [way.state for way in ways(keyring)] == ["active", "active"]
        assert open_device(db, ada.half, now=now) == (keyring, key)
        assert db.execute(select(Slot.state).where(Slot.kind == "card")).scalar_one() == "active"


def test_typing_it_back_twice_is_once(database: Database, now: datetime, ada: Any) -> None:
    card = given(database, ada, now)
    typed_back(database, ada, card, now)
    before = ada.keyring, ada.account_key
    typed_back(database, ada, card, now)
    assert (ada.keyring, ada.account_key) == before


def test_the_old_card_dies_when_the_new_one_has_been_typed_back(
    database: Database, now: datetime, ada: Any
) -> None:
    old = given(database, ada, now)
    typed_back(database, ada, old, now)
    old_key = ada.account_key
    new = given(database, ada, now + timedelta(days=1))
    with database.write() as db:
        assert open_card(db, old, now=now)[0] == ada.keyring  # until then both open
    typed_back(database, ada, new, now)
    with database.write() as db:
        assert open_card(db, new, now=now) == (ada.keyring, ada.account_key)
        with pytest.raises(NoSuchWayIn):
            open_card(db, old, now=now)
    assert ada.account_key != old_key
    assert [way.kind for way in ways(ada.keyring)] == ["device", "card"]


def test_several_cards_that_were_only_looked_at_die_too(database: Database, now: datetime, ada: Any) -> None:
    cards = [given(database, ada, now) for _ in range(3)]
    typed_back(database, ada, cards[-1], now)
    with database.write() as db:
        for card in cards[:-1]:
            with pytest.raises(NoSuchWayIn):
                open_card(db, card, now=now)
        open_card(db, cards[-1], now=now)


def test_typing_another_card_than_the_new_one_changes_nothing(
    database: Database, now: datetime, ada: Any, cleo: Any
) -> None:
    old = given(database, ada, now)
    typed_back(database, ada, old, now)
    new, hers, before = given(database, ada, now), given(database, cleo, now), ada.keyring
    for wrong in (old, hers, Card.new()):
        with database.write() as db, pytest.raises(WrongCard):
            confirm_card(db, ada.keyring, ada.account_key, wrong, now=now)
    with database.write() as db:
        assert open_keyring(db, before.account, ada.account_key) == before
        open_card(db, new, now=now)  # which has now been used, and still the old one is not the new one
    with database.write() as db:
        ada.keyring, ada.account_key = open_card(db, old, now=now)
        with pytest.raises(WrongCard):
            confirm_card(db, ada.keyring, ada.account_key, old, now=now)
    typed_back(database, ada, new, now)
    assert [way.kind for way in ways(ada.keyring)] == ["device", "card"]


def test_a_new_card_is_told_to_all_others_for_three_days(database: Database, now: datetime, ada: Any) -> None:
    given(database, ada, now)
    device, card = ways(ada.keyring)
    assert (device.undo_until, card.undo_until) == (None, now + timedelta(hours=72))
    assert (card.kind, card.label, card.made) == ("card", "Nyckelkort", now.date())


def test_two_phones_that_make_a_card_at_once_cannot_overwrite_each_other(
    database: Database, now: datetime, ada: Any
) -> None:
    stale = ada.keyring
    given(database, ada, now)
    with pytest.raises(KeyringChanged), database.write() as db:
        add_card(db, stale, ada.account_key, now=now)
    with database.read() as db:
        assert len(db.execute(select(Slot.id)).all()) == 2


def test_nothing_of_a_card_lies_in_its_row(database: Database, now: datetime, ada: Any) -> None:
    card = given(database, ada, now)
    with database.read() as db:
        row = db.execute(select(Slot).where(Slot.kind == "card")).one()
    assert row.id == card.find
    assert (row.keep_until, row.credential_id, row.tries) == (None, None, 0)
    whole = b"".join(part for part in row if isinstance(part, bytes))
    assert card.unlock.reveal() not in whole
    assert b"Nyckelkort" not in whole
