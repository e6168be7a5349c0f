"""The people in the circle: one card each, one main contact, and two tabs that lose nothing."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from server.circle import people
from server.circle.payloads import About, Card, Hat
from server.core import ids
from server.core.database import Database
from server.vault.drawer import Drawer, Record
from server.vault.keyring import Keyring
from server.vault.models import RecordRow
from server.vault.ways_in import new_account
from tests.world import NOW

FIA = About(
    name="Fia", role="Handläggare", organisation="Försäkringskassan", hat=Hat.AUTHORITY, decides="Sjukpenning"
)
BEN = About(name="Ben", role="Coach", hat=Hat.SUPPORT)


def names(drawer: Drawer) -> list[str]:
    return [card.name for card in people.everyone(drawer)]


def rows(db: Connection) -> int:
    return db.execute(select(func.count()).select_from(RecordRow)).scalar_one()


def test_the_same_id_twice_is_one_card(drawer: Drawer) -> None:
    """Hard rule 8: a post that is sent again arrives once."""
    first = people.add(drawer, "a", FIA)
    assert people.add(drawer, "a", BEN) == first
    assert names(drawer) == ["Fia"]


def test_the_order_is_that_of_the_swedish_alphabet(drawer: Drawer) -> None:
    """Å, ä and ö come last, and nobody comes first for having something new."""
    for name in ("Örjan", "eva", "Åsa", "Zlatan", "Éric", "Ärla", "Anna", "Wilma", "Vera", "Adam"):
        people.add(drawer, name, About(name=name))
    expected = ["Adam", "Anna", "Éric", "eva", "Vera", "Wilma", "Zlatan", "Åsa", "Ärla", "Örjan"]
    assert names(drawer) == expected


def test_there_is_one_main_contact_in_the_whole_circle(drawer: Drawer) -> None:
    """D2: one way in. Choosing another unsets the first, and says who it was."""
    for card_id, about in (("a", FIA), ("b", BEN)):
        people.add(drawer, card_id, about)
    assert people.main_contact(drawer) is None
    assert people.make_main(drawer, "a") == ""
    assert people.make_main(drawer, "a") == ""
    assert people.make_main(drawer, "b") == "a"
    assert [card.name for card in people.everyone(drawer) if card.main] == ["Ben"]
    assert not people.find_card(drawer, "a").main
    people.not_main(drawer, "b")
    people.not_main(drawer, "b")
    assert people.main_contact(drawer) is None


def test_two_phones_that_chose_at_once_still_give_one(drawer: Drawer) -> None:
    for card_id, about in (("a", FIA), ("b", BEN)):
        drawer.put(people.SHELF, people.card_record(card_id), Card(id=card_id, name=about.name, main=True))
    assert [card.main for card in people.everyone(drawer)].count(True) == 1
    people.make_main(drawer, "b")
    assert [card.name for card in people.everyone(drawer) if card.main] == ["Ben"]


def test_two_tabs_that_change_one_card_meet(drawer: Drawer) -> None:
    """No silent overwrite: the second tab is told, and what the first one wrote stands."""
    people.add(drawer, "a", FIA)
    people.change(drawer, "a", About(name="Fia", phone="1"), edition=1)
    with pytest.raises(people.CardChanged) as met:
        people.change(drawer, "a", About(name="Fia", phone="2"), edition=1)
    assert met.value.theirs.phone == "1"
    assert people.find_card(drawer, "a").phone == "1"
    assert "Fia" not in str(met.value)


def test_two_tabs_that_wrote_the_same_agree(drawer: Drawer) -> None:
    people.add(drawer, "a", FIA)
    for _ in range(2):
        assert people.change(drawer, "a", BEN, edition=1).edition == 2


class Slow(Drawer):
    """A phone that reads, and then somebody else writes before it does."""

    meanwhile: Any = None

    def find(self, *names: str) -> dict[str, Record]:
        found = super().find(*names)
        if self.meanwhile:
            act, self.meanwhile = self.meanwhile, None
            act()
        return found


def test_a_new_text_and_a_new_main_contact_at_once_are_both_kept(
    db: Connection, keyring: Keyring, drawer: Drawer
) -> None:
    people.add(drawer, "a", FIA)
    slow = Slow(db, keyring)
    slow.meanwhile = lambda: people.make_main(drawer, "a")
    people.change(slow, "a", BEN, edition=1)
    card = people.find_card(drawer, "a")
    assert (card.name, card.main) == ("Ben", True)


def test_what_was_saved_can_be_undone(drawer: Drawer) -> None:
    people.add(drawer, "a", FIA)
    people.change(drawer, "a", BEN, edition=1)
    assert not people.undo(drawer, "a", 1)  # another tab has gone on
    assert people.undo(drawer, "a", 2)
    assert people.find_card(drawer, "a").about == FIA
    assert not people.undo(drawer, "a", 2)
    assert not people.undo(drawer, "missing", 1)


def test_undoing_a_new_card_loses_no_text(drawer: Drawer) -> None:
    people.add(drawer, "a", FIA)
    assert people.undo(drawer, "a", 1)
    assert names(drawer) == []
    assert [card.about for card in people.bin_of(drawer).cards] == [FIA]


def test_who_is_taken_away_comes_back_as_before(drawer: Drawer) -> None:
    people.add(drawer, "a", FIA)
    people.make_main(drawer, "a")
    before = people.find_card(drawer, "a")
    for _ in range(2):
        people.take_away(drawer, "a")
    assert names(drawer) == []
    with pytest.raises(people.NoSuchCard):
        people.find_card(drawer, "a")
    assert people.put_back(drawer, "a") == before
    assert people.everyone(drawer) == [before]
    assert people.bin_of(drawer).cards == ()
    with pytest.raises(people.NoSuchCard):
        people.put_back(drawer, "a")


def test_who_comes_back_does_not_push_the_main_contact_out(drawer: Drawer) -> None:
    for card_id, about in (("a", FIA), ("b", BEN)):
        people.add(drawer, card_id, about)
    people.make_main(drawer, "a")
    people.take_away(drawer, "a")
    people.make_main(drawer, "b")
    people.put_back(drawer, "a")
    assert [card.name for card in people.everyone(drawer) if card.main] == ["Ben"]


def test_deleted_for_good_leaves_no_row(drawer: Drawer, db: Connection) -> None:
    before = rows(db)
    people.add(drawer, "a", FIA)
    people.take_away(drawer, "a")
    for _ in range(2):
        people.destroy(drawer, "a")
    assert rows(db) == before


def test_there_is_a_limit_to_a_circle(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST", 2)
    for card_id in ("a", "b"):
        people.add(drawer, card_id, FIA)
    with pytest.raises(people.TooManyPeople):
        people.add(drawer, "c", FIA)
    assert people.add(drawer, "a", FIA).id == "a"  # sent again is not one more


def test_another_persons_card_is_not_there(db: Connection, drawer: Drawer) -> None:
    people.add(drawer, "a", FIA)
    cleo = Drawer(db, new_account(db, now=NOW)[0])
    assert people.everyone(cleo) == []
    for act in (
        lambda: people.find_card(cleo, "a"),
        lambda: people.change(cleo, "a", BEN, 1),
        lambda: people.make_main(cleo, "a"),
        lambda: people.put_back(cleo, "a"),
    ):
        with pytest.raises(people.NoSuchCard):
            act()
    people.take_away(cleo, "a")
    assert people.find_card(drawer, "a").about == FIA


TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(max_examples=60, deadline=None)
@given(
    about=st.builds(
        About, name=TEXTS, role=TEXTS, organisation=TEXTS, hat=st.none() | st.sampled_from(Hat), decides=TEXTS,
        phone=TEXTS, answers_within=TEXTS, away=TEXTS, backup_name=TEXTS, backup_phone=TEXTS, called=TEXTS,
    )
)  # fmt: skip
@example(about=About(name="🦔👩🏽‍🚀", decides="مرحبا ‮bakvänt‬\0", away="<script>alert(1)</script>"))
def test_a_card_is_kept_word_for_word(house: Database, about: About) -> None:
    """C19, E24: role, phone, who answers when, who stands in."""
    with house.write() as db:
        keyring, _account_key, _half = new_account(db, now=NOW)
        card = people.add(Drawer(db, keyring), ids.token(), about)
    with house.read() as db:
        assert people.everyone(Drawer(db, keyring)) == [card]
    assert card.about == about
