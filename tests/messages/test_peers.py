"""What an association, a peer and a participant may do with each other, without any page (rows B2, C19, D21, E14)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from server.circle import people, post
from server.circle.payloads import About, Card, Hat
from server.core import ids
from server.core.database import Base, Database
from server.hosts import founding, listings, roster
from server.hosts.founding import Host, Words
from server.hosts.listings import ListedAlready, Listing, NoSuchListing, Profile
from server.hosts.payloads import Invitee
from server.messages import peers
from server.messages.peers import Full, Keys, NothingToShow, Said, TooMuchPassed
from server.vault import invitations, pairing
from server.vault.asked import MOST_PASSED
from server.vault.drawer import Drawer
from server.vault.errors import AskGone, TwoHats
from server.vault.leaving import delete_account
from server.vault.sealing import Secret
from server.vault.ways_in import new_account
from tests.circle.pairs import Person
from tests.vault.pairs import FRANK, met
from tests.world import NOW

KEYS = Keys(Secret(b"v" * 32), FRANK)
WORDS = Words(name="Ljungviks kamratförening", safe_name="Karin", safe_phone="010-1")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'peers.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.engine.dispose()


@pytest.fixture
def person(house: Database) -> Callable[[], Person]:
    def make() -> Person:
        with house.write() as db:
            keyring, key, _half = new_account(db, now=NOW)
        return Person(keyring, key)

    return make


@pytest.fixture
def host(house: Database, person: Callable[[], Person]) -> tuple[Person, Host]:
    who = person()
    with house.write() as db:
        token = founding.invite(db, KEYS.vouching, WORDS.name, NOW)
        founding.accept(db, KEYS.vouching, who.keyring.account, token.as_text(), NOW)
        found = founding.host_of(db, KEYS.vouching, who.keyring.account)
        assert found
        founding.tell(db, KEYS.vouching, found, WORDS)
    return who, replace(found, words=WORDS)


def lists(house: Database, host: tuple[Person, Host], who: Person, name: str, *, role: str = "peer") -> None:
    speaker, association = host
    invitee = Invitee(id=ids.token(), role=role, name=name)
    with house.write() as db:
        roster.invite(db, speaker.keyring, invitee, NOW, in_the_room=True)
        waiting = roster.one(db, speaker.keyring, invitee.id)
        assert waiting.invitation
        token = invitations.token_of(speaker.keyring, waiting.invitation)
        who.keyring = invitations.accept(db, who.keyring, who.account_key, token, "", name, NOW)
        speaker.sorts(db, NOW)
        speaker.keyring = roster.confirm(
            db, speaker.keyring, speaker.account_key, KEYS, association, invitee.id, NOW
        )
        who.sorts(db, NOW)
        peers.tell(db, KEYS, who.keyring, Profile(name=name))
        peers.publish(db, KEYS, who.keyring)


def page(house: Database, who: Person) -> Listing:
    with house.read() as db:
        found = peers.own(db, KEYS, who.keyring)
    assert found
    return found


def asks(house: Database, who: Person, peer: Person, *, pair: bytes = b"", **more: Any) -> bytes:
    said = Said(pair or ids.random_bytes(16), "Ada", "hej", "Kamratstödjare", **more)
    with house.write() as db:
        listing = page(house, peer)
        who.keyring = peers.ask(db, who.keyring, who.account_key, KEYS, listing, said, NOW)
    return said.pair


def says_yes(house: Database, who: Person, pair: bytes) -> None:
    with house.write() as db:
        who.sorts(db, NOW)
        who.keyring = peers.say_yes(db, who.keyring, who.account_key, KEYS, pair.hex(), NOW)


@pytest.fixture
def ada(person: Callable[[], Person]) -> Person:
    return person()


@pytest.fixture
def pia(house: Database, host: tuple[Person, Host], person: Callable[[], Person]) -> Person:
    who = person()
    lists(house, host, who, "Pia")
    return who


@pytest.fixture
def jonas(house: Database, host: tuple[Person, Host], person: Callable[[], Person]) -> Person:
    who = person()
    lists(house, host, who, "Jonas")
    return who


def test_a_conversation_is_handed_to_a_colleague(
    house: Database, ada: Person, pia: Person, jonas: Person
) -> None:
    """With the participant's yes: the chosen messages go along, and both pairs stand."""
    says_yes(house, pia, asks(house, ada, pia))
    with house.write() as db:
        ada.sorts(db, NOW)
        (colleague,) = peers.colleagues(db, KEYS, page(house, pia))
    assert colleague.profile.name == "Jonas"
    passed = [("Ada", "hej", NOW), ("Pia", "hej du", NOW + timedelta(minutes=1))]
    pair = asks(house, ada, jonas, passed=passed)
    with house.write() as db:
        jonas.sorts(db, NOW)
        (ask,) = peers.asks(db, jonas.keyring)
    assert [(one.who, one.words, one.at) for one in ask.asked.passed] == passed
    says_yes(house, jonas, pair)
    with house.write() as db:
        ada.sorts(db, NOW)
    assert [one.state for one in ada.keyring.contacts.values()] == ["active", "active"]


def test_no_more_of_it_than_one_question_holds(house: Database, ada: Person, pia: Person) -> None:
    with pytest.raises(TooMuchPassed):
        asks(house, ada, pia, passed=[("Ada", "hej", NOW)] * (MOST_PASSED + 1))
    assert ada.keyring.contacts == {}


def test_asking_makes_one_card_in_the_circle(house: Database, ada: Person, pia: Person) -> None:
    pair = asks(house, ada, pia)
    assert asks(house, ada, pia, pair=pair) == pair
    with house.read() as db:
        (card,) = people.everyone(ada.drawer(db))
    assert (card.name, card.role, card.hat, card.called) == ("Pia", "Kamratstödjare", Hat.SUPPORT, "Ada")
    assert (card.organisation, card.relation) == (WORDS.name, pair.hex())


def test_a_card_with_something_written_on_it_stays_after_a_no(
    house: Database, ada: Person, pia: Person
) -> None:
    pair = asks(house, ada, pia)
    with house.write() as db:
        (card,) = people.everyone(ada.drawer(db))
        people.change(ada.drawer(db), card.id, replace_phone(card), card.edition)
        pia.sorts(db, NOW)
        peers.say_no(db, pia.keyring, KEYS, pair.hex(), "", "", NOW)
        ada.sorts(db, NOW)
        (card,) = people.everyone(ada.drawer(db))
    assert (card.ended, card.phone) == (True, "0700")


def replace_phone(card: Card) -> About:
    return structs.replace(card.about, phone="0700")


def test_somebody_in_the_bin_makes_room(house: Database, ada: Person, pia: Person) -> None:
    """Who was taken away from the circle can be asked: what was ends."""
    pair = met(house, ada, pia, NOW, card="pia", hat="authority")
    with house.write() as db:
        drawer = ada.drawer(db)
        card = people.add(drawer, ids.token(), About(name="Pia"))
        people.alter(drawer, card.id, lambda old: structs.replace(old, relation=pair.hex()))
    with pytest.raises(TwoHats):
        asks(house, ada, pia)
    with house.write() as db:
        people.take_away(ada.drawer(db), card.id)
    asks(house, ada, pia)
    assert pair not in ada.keyring.contacts


def test_withdrawn_while_it_is_answered(house: Database, ada: Person, pia: Person) -> None:
    """Both orders: whoever was first has it."""
    pair = asks(house, ada, pia)
    says_yes(house, pia, pair)
    with house.write() as db:
        ada.keyring = peers.withdraw(db, ada.keyring, ada.account_key, KEYS, pair.hex(), NOW)
    assert ada.keyring.contacts[pair].state == "active"
    with pytest.raises(AskGone), house.write() as db:
        peers.withdraw(db, ada.keyring, ada.account_key, KEYS, pair.hex(), NOW)


def test_withdrawn_before_it_is_answered(house: Database, ada: Person, pia: Person) -> None:
    pair = asks(house, ada, pia)
    with house.write() as db:
        ada.keyring = peers.withdraw(db, ada.keyring, ada.account_key, KEYS, pair.hex(), NOW)
        assert people.everyone(ada.drawer(db)) == []
    with pytest.raises(AskGone):
        says_yes(house, pia, pair)
    assert [one for one in pia.keyring.contacts.values() if one.hat == "support"] == []


def test_full_is_the_peers_own_word(
    house: Database, person: Callable[[], Person], ada: Person, pia: Person
) -> None:
    """Row C19. Whoever only asks takes no room."""
    with house.write() as db:
        peers.tell(db, KEYS, pia.keyring, Profile(name="Pia", capacity=1))
    first, other = asks(house, ada, pia), person()
    second = asks(house, other, pia)
    assert not page(house, pia).full
    says_yes(house, pia, first)
    assert page(house, pia).full
    with pytest.raises(Full):
        says_yes(house, pia, second)
    with house.write() as db:
        ada.sorts(db, NOW)
        post.part(db, ada.keyring, ada.account_key, first, NOW)
        pia.keyring = post.forget(db, pia.keyring, pia.account_key, first, NOW)
        assert peers.is_out_of_step(db, KEYS, pia.keyring)
        peers.settle(db, KEYS, pia.keyring)
    assert not page(house, pia).full
    says_yes(house, pia, second)


def test_a_block_changes_nothing_that_others_see(house: Database, ada: Person, pia: Person) -> None:
    with house.write() as db:
        peers.tell(db, KEYS, pia.keyring, Profile(name="Pia", capacity=1))
    pair = asks(house, ada, pia)
    says_yes(house, pia, pair)
    with house.write() as db:
        pia.keyring = pairing.block(db, pia.keyring, pia.account_key, pair)
        assert not peers.is_out_of_step(db, KEYS, pia.keyring)
    assert page(house, pia).full


def test_who_is_named_instead_can_be_asked(house: Database, ada: Person, pia: Person, jonas: Person) -> None:
    pair = asks(house, ada, pia)
    with house.write() as db:
        pia.sorts(db, NOW)
        for nobody in (page(house, pia).id, "0" * 32, "x"):
            with pytest.raises(NoSuchListing):
                peers.say_no(db, pia.keyring, KEYS, pair.hex(), "", nobody, NOW)
        peers.say_no(db, pia.keyring, KEYS, pair.hex(), "Fråga Jonas.", page(house, jonas).id, NOW)
        ada.sorts(db, NOW)
        (note,) = peers.asked(ada.drawer(db))
    assert note.no
    assert note.no.other == page(house, jonas).id
    with house.write() as db:
        peers.put_away(db, ada.keyring, pair.hex())
        assert peers.asked(ada.drawer(db)) == []


def test_away_until_and_with_that_day() -> None:
    away = Profile(away=True, away_until=date(2026, 11, 25))
    assert away.is_away(date(2026, 11, 25))
    assert not away.is_away(date(2026, 11, 26))
    assert Profile(away=True).is_away(date(2030, 1, 1))
    assert not Profile(away_until=date(2026, 11, 25)).is_away(date(2026, 11, 1))


def test_a_page_without_a_name_is_not_shown(house: Database, pia: Person) -> None:
    with pytest.raises(NothingToShow), house.write() as db:
        peers.tell(db, KEYS, pia.keyring, Profile())
        peers.publish(db, KEYS, pia.keyring)


def test_the_safeguarding_contact_is_no_peer(
    house: Database, host: tuple[Person, Host], person: Callable[[], Person], ada: Person
) -> None:
    karin = person()
    lists(house, host, karin, "Karin", role="safeguarding")
    with house.read() as db:
        assert listings.open_peers(db, KEYS.vouching) == {}
        found = listings.safeguarding(db, KEYS.vouching, host[1])
    assert found and found.to
    with pytest.raises(NoSuchListing), house.read() as db:
        listings.open_peer(db, KEYS.vouching, found.id)


def test_a_row_that_was_changed_by_hand_is_not_there(house: Database, pia: Person) -> None:
    """Moved to another account, role or association, with another key, or saying anything else: as if nobody had ever
    been listed. Nothing that our own code writes afterwards makes it count."""
    shown = page(house, pia)
    for change in (
        *("public_key = x'00'", "role = 'safeguarding'", "vouch = x'00'", "id = randomblob(16)"),
        *("name = 'Maria'", "story = 'x'", "helps = 'x'", "languages = 'x'", "weekdays = '[1]'"),
        *("hour_from = '1'", "hour_to = '2'", "hours_words = 'x'", "capacity = 7", "away = 1"),
        *("away_until = '2030-01-01'", "door = randomblob(32)", '"full" = 1'),
    ):
        with house.write() as db:
            db.exec_driver_sql("SAVEPOINT s")
            db.exec_driver_sql(f"UPDATE listing SET {change}")
            assert listings.open_peers(db, KEYS.vouching) == {}
            assert peers.own(db, KEYS, pia.keyring) is None
            with pytest.raises(NoSuchListing):
                listings.set_full(db, KEYS.vouching, shown, not shown.full)
            db.exec_driver_sql("ROLLBACK TO s")
    with house.read() as db:
        assert listings.open_peers(db, KEYS.vouching)
        assert listings.open_peers(db, Secret(b"w" * 32)) == {}  # another secret vouches for nobody


def test_a_page_shown_by_hand_is_not_there(house: Database, pia: Person) -> None:
    with house.write() as db:
        peers.take_down(db, KEYS, pia.keyring)
        db.exec_driver_sql("UPDATE listing SET published = 1")
        assert listings.open_peers(db, KEYS.vouching) == {}


def test_an_association_whose_words_were_changed_by_hand_lists_nobody(
    house: Database, pia: Person, host: tuple[Person, Host]
) -> None:
    """Above all whom to turn to about a peer."""
    for column in ("name", "about", "silence", "phone", "safe_name", "safe_phone"):
        with house.write() as db:
            db.exec_driver_sql("SAVEPOINT s")
            db.exec_driver_sql(f"UPDATE host SET {column} = 'x'")
            assert listings.open_peers(db, KEYS.vouching) == {}
            assert founding.host_of(db, KEYS.vouching, host[0].keyring.account) is None
            db.exec_driver_sql("ROLLBACK TO s")


def test_two_names_that_changed_places_are_not_there(house: Database, pia: Person, jonas: Person) -> None:
    with house.write() as db:
        db.exec_driver_sql("UPDATE listing SET name = CASE name WHEN 'Pia' THEN 'Jonas' ELSE 'Pia' END")
        assert listings.open_peers(db, KEYS.vouching) == {}


def test_taken_off_and_put_back_is_shown_when_the_peer_says_so(
    house: Database, host: tuple[Person, Host], ada: Person, pia: Person
) -> None:
    """Her door was shut meanwhile: a page that stood open would drop every question."""
    listing = page(house, pia)
    with house.write() as db:
        roster.take_off(db, host[0].keyring, KEYS.vouching, host[1], listing.id)
        peers.settle(db, KEYS, pia.keyring)
        roster.put_back(db, host[0].keyring, KEYS.vouching, listing.id)
        assert listings.open_peers(db, KEYS.vouching) == {}
        back = peers.own(db, KEYS, pia.keyring)
        assert back and not back.published and back.profile == listing.profile
        peers.publish(db, KEYS, pia.keyring)
    asks(house, ada, pia)
    with house.write() as db:
        pia.sorts(db, NOW)
        assert len(peers.asks(db, pia.keyring)) == 1


def test_leaving_takes_the_page_along(house: Database, pia: Person, host: tuple[Person, Host]) -> None:
    with house.write() as db:
        delete_account(db, pia.keyring)
        assert listings.of_host(db, KEYS.vouching, host[1]) == []


def test_a_host_that_is_removed_takes_its_list_along(
    house: Database, pia: Person, host: tuple[Person, Host]
) -> None:
    with house.write() as db:
        assert founding.remove(db, host[1].id)
        assert not founding.remove(db, host[1].id)
        assert peers.own(db, KEYS, pia.keyring) is None


def test_a_peer_of_one_association_is_not_of_another(
    house: Database, host: tuple[Person, Host], pia: Person
) -> None:
    with pytest.raises((ListedAlready, TwoHats)):
        lists(house, host, pia, "Pia igen")


def test_resigning_twice_is_once(house: Database, host: tuple[Person, Host], pia: Person) -> None:
    for _ in range(2):
        with house.write() as db:
            pia.keyring = peers.resign(db, pia.keyring, pia.account_key, KEYS, NOW)
    assert pia.keyring.contacts == {}
    with house.write() as db:
        host[0].sorts(db, NOW)
        assert Drawer(db, host[0].keyring).shelf("goodbyes") == []
    assert host[0].keyring.contacts == {}


def test_the_clock_of_a_question_is_the_askers(house: Database, ada: Person, pia: Person) -> None:
    asks(house, ada, pia)
    with house.write() as db:
        pia.sorts(db, NOW + timedelta(days=2))
        (ask,) = peers.asks(db, pia.keyring)
    at: datetime = ask.asked.at
    assert at == NOW
