"""Handing over: chosen parts of a chosen version to one person, for a purpose, until an end; and taking it back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select

from server.circle import sharing
from server.circle.copies import Said
from server.circle.kinds import NoSuchItem
from server.circle.sharing import EndPassed, EndTooFar, FrameRequired, NothingChosen, PurposeRequired, TooLong
from server.core.clock import STOCKHOLM
from server.core.database import Base, Database
from server.days import log
from server.days.payloads import Form, Told
from server.shared import reading
from server.vault.errors import NoSuchContact, NoSuchLetter
from server.vault.models import Letter
from server.vault.ways_in import new_account
from tests.circle.pairs import HEAVY, TUESDAY, Person
from tests.vault.pairs import FRANK, met
from tests.world import NOW


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('circle') / 'circle.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.engine.dispose()


def somebody(house: Database) -> Person:
    with house.write() as db:
        keyring, key, _half = new_account(db, now=NOW)
    return Person(keyring, key)


@pytest.fixture
def ada(house: Database) -> Person:
    return somebody(house)


@pytest.fixture
def ben(house: Database) -> Person:
    return somebody(house)


@pytest.fixture
def fia(house: Database) -> Person:
    return somebody(house)


@pytest.fixture
def to_ben(house: Database, ada: Person, ben: Person) -> bytes:
    return met(house, ada, ben, NOW)


@pytest.fixture
def to_fia(house: Database, ada: Person, fia: Person) -> bytes:
    return met(house, ada, fia, NOW, card="fia", hat="authority")


@pytest.fixture
def db(house: Database, to_ben: bytes, to_fia: bytes) -> Iterator[Connection]:
    with house.write() as connection:
        yield connection


@pytest.fixture
def words(db: Connection, ada: Person) -> str:
    """A better day: in between, but it looked light."""
    return ada.writes(db, TUESDAY, 3, "Satt en kvart vid fönstret.", looked=Form.LIGHT)


ITEM = f"day/{TUESDAY}"
FRAME = {"frame": "En kvart tog onsdagens kraft också."}


def test_only_what_was_chosen_goes_along(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str
) -> None:
    ada.writes(db, TUESDAY, 2, "Det här är bara mitt.")
    ada.hands(db, to_ben, NOW, (ITEM, ("form", words)))
    ben.sorts(db, NOW)
    assert ben.reads(db, to_ben, NOW) == []  # nothing stands open before it is opened
    ben.opens_all(db, to_ben, NOW)
    assert ben.reads(db, to_ben, NOW) == ["Satt en kvart vid fönstret."]
    (copy,) = reading.copies(db, ben.keyring, to_ben, NOW)
    assert "looked" not in copy.share.body and "bara mitt" not in copy.share.body


def test_only_the_form(db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str) -> None:
    ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
    ben.sorts(db, NOW)
    ben.opens_all(db, to_ben, NOW)
    (copy,) = reading.copies(db, ben.keyring, to_ben, NOW)
    assert (copy.body.form, copy.body.notes) == (3, ())  # type: ignore[union-attr]


def test_nobody_else_has_it(
    db: Connection, ada: Person, ben: Person, fia: Person, to_ben: bytes, to_fia: bytes, words: str
) -> None:
    ada.hands(db, to_ben, NOW, (ITEM, ("form", words)))
    fia.sorts(db, NOW)
    assert reading.copies(db, fia.keyring, to_fia, NOW) == []
    with pytest.raises(NoSuchContact):
        reading.copies(db, fia.keyring, to_ben, NOW)


@pytest.mark.parametrize(
    ("hat", "form", "looked", "wanted"),
    [
        ("authority", 4, None, True),
        ("employer", 5, None, True),
        ("authority", 3, Form.FAIRLY_LIGHT, True),
        ("authority", 1, Form.HEAVY, True),
        ("authority", 3, Form.IN_BETWEEN, False),
        ("authority", 2, None, False),
        ("support", 5, Form.LIGHT, False),
    ],
)
def test_a_better_day_goes_to_an_authority_only_with_its_frame(
    db: Connection, ada: Person, hat: str, form: int, looked: Form | None, wanted: bool
) -> None:
    """Rows B20, B21; the rule stands in the domain, so that no page goes round it."""
    ada.writes(db, HEAVY, form, looked=looked)
    piece = sharing.Piece.of(ada.drawer(db), f"day/{HEAVY}", ("form",))
    assert sharing.needs_frame([piece], hat) is wanted


def test_a_day_is_better_by_what_its_notes_say_together(db: Connection, ada: Person) -> None:
    """Heavy in one note, and another says that it looked in between."""
    ada.writes(db, HEAVY, 2)
    ada.writes(db, HEAVY, 2, looked=Form.IN_BETWEEN)
    piece = sharing.Piece.of(ada.drawer(db), f"day/{HEAVY}", ("form",))
    assert sharing.needs_frame([piece], "authority")


def test_ninety_days_are_days_of_the_town(db: Connection, ada: Person, to_fia: bytes, words: str) -> None:
    """Just after midnight, across the change of the clocks."""
    now = datetime(2026, 8, 1, 0, 30, tzinfo=STOCKHOLM)
    until = datetime(2026, 10, 31, tzinfo=STOCKHOLM)
    (handed,) = ada.hands(db, to_fia, now, (ITEM, ("form",)), terms=FRAME | {"until": until})
    assert handed.until == until
    with pytest.raises(EndTooFar):
        ada.hands(db, to_fia, now, (ITEM, ("form",)), terms=FRAME | {"until": until + timedelta(seconds=1)})


def test_the_domain_refuses_without_the_frame_and_writes_nothing(
    db: Connection, ada: Person, to_fia: bytes, words: str
) -> None:
    with pytest.raises(FrameRequired):
        ada.hands(db, to_fia, NOW, (ITEM, ("form",)))
    assert sharing.live(ada.drawer(db), NOW) == []
    assert ada.hands(db, to_fia, NOW, (ITEM, ("form",)), terms=FRAME)


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"purpose": ""}, PurposeRequired),
        ({"purpose": "x" * 5000}, TooLong),
        ({"frame": "x" * 5000}, TooLong),
        ({"asks": "x" * 5000}, TooLong),
        ({"until": NOW}, EndPassed),
        ({"until": NOW - timedelta(days=1)}, EndPassed),
        ({"until": NOW + timedelta(days=3650)}, EndTooFar),
        ({"until": NOW + timedelta(days=92)}, EndTooFar),
    ],
)
def test_terms_that_cannot_be(
    db: Connection, ada: Person, to_fia: bytes, words: str, terms: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        ada.hands(db, to_fia, NOW, (ITEM, ("form",)), terms=FRAME | terms)
    assert sharing.live(ada.drawer(db), NOW) == []


def test_things_that_cannot_be_handed_over(db: Connection, ada: Person, to_ben: bytes) -> None:
    for item in ("day/2026-11-18", "day/hej", "recipe/1", "day"):
        with pytest.raises(NoSuchItem):
            ada.hands(db, to_ben, NOW, (item, ("form",)))
    with pytest.raises(NothingChosen):
        ada.hands(db, to_ben, NOW)


def test_to_whom_nothing_can_be_handed(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str
) -> None:
    ben.writes(db, TUESDAY, 2)
    for who, pair in (
        (ada, b"nobody".ljust(16)),
        (ben, to_ben),
    ):  # a stranger, and somebody who shows me things
        with pytest.raises(NoSuchContact):
            who.hands(db, pair, NOW, (ITEM, ("form",)))


def test_the_same_handing_over_twice_is_once(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str
) -> None:
    first = ada.hands(db, to_ben, NOW, (ITEM, ("form",)), set_id="once")
    assert ada.hands(db, to_ben, NOW, (ITEM, ("form",)), set_id="once") == first
    ben.sorts(db, NOW)
    assert len(reading.copies(db, ben.keyring, to_ben, NOW)) == 1


def test_later_edits_stay_mine(db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str) -> None:
    (handed,) = ada.hands(db, to_ben, NOW, (ITEM, ("form", words)))
    day = log.find_entry(log.read_day(ada.drawer(db), TUESDAY), words)
    log.tell(ada.drawer(db), TUESDAY, words, Told(form=Form.HEAVY, words="Ändrat."), day.edition)
    ben.sorts(db, NOW)
    ben.opens_all(db, to_ben, NOW)
    assert ben.reads(db, to_ben, NOW) == ["Satt en kvart vid fönstret."]
    ada.hands(db, to_ben, NOW, (ITEM, ("form", words)), instead_of=handed.id)
    ben.sorts(db, NOW)
    ben.opens_all(db, to_ben, NOW)
    assert ben.reads(db, to_ben, NOW) == ["Ändrat."]


def test_every_item_shows_its_audience(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, to_fia: bytes, words: str
) -> None:
    ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
    (handed,) = ada.hands(db, to_fia, NOW, (ITEM, ("form", words)), terms=FRAME)
    assert {one.name for one in sharing.audience(ada.drawer(db), ITEM, NOW)} == {
        "Ben"
    }  # both are called so here
    assert len(sharing.audience(ada.drawer(db), ITEM, NOW)) == 2
    sharing.stop(db, ada.keyring, NOW, [handed.id])
    assert [one.pair for one in sharing.audience(ada.drawer(db), ITEM, NOW)] == [to_ben.hex()]
    assert sharing.audience(ada.drawer(db), ITEM, NOW + timedelta(days=31)) == []
    assert sharing.audience(ada.drawer(db), f"day/{HEAVY}", NOW) == []


def test_the_owner_sees_what_was_opened(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str
) -> None:
    """Row E15. Opening again within the hour tells nothing more."""
    ada.hands(db, to_ben, NOW, (ITEM, ("form", words)))
    ben.sorts(db, NOW)
    later, much_later = NOW + timedelta(minutes=59), NOW + timedelta(minutes=61)
    (letter,) = reading.unopened(db, ben.keyring, to_ben, NOW)
    hours = [NOW + timedelta(hours=n) for n in range(2, 8)]
    for moment in (NOW, later, much_later, *hours):
        reading.open_copies(db, ben.keyring, FRANK, to_ben, [letter], moment)
    ada.sorts(db, hours[-1])
    (handed,) = sharing.live(ada.drawer(db), NOW)
    assert handed.opened[:2] == (NOW, much_later)
    assert list(handed.opened) == sorted(handed.opened)
    assert not ada.drawer(db).find(f"log/{to_ben.hex()}")[f"log/{to_ben.hex()}"].payload.gap


def test_a_lost_event_is_noticed(db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str) -> None:
    ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
    ada.hands(db, to_ben, NOW, (ITEM, ("form", words)))
    ben.sorts(db, NOW)
    first, second = reading.unopened(db, ben.keyring, to_ben, NOW)
    reading.open_copies(db, ben.keyring, FRANK, to_ben, [first], NOW)
    db.execute(delete(Letter).where(Letter.mailbox == ada.keyring.account))
    reading.open_copies(db, ben.keyring, FRANK, to_ben, [second], NOW)
    ada.sorts(db, NOW)
    assert ada.drawer(db).find(f"log/{to_ben.hex()}")[f"log/{to_ben.hex()}"].payload.gap


def test_stopped_is_gone_at_once_and_opens_nothing(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str
) -> None:
    (handed,) = ada.hands(db, to_ben, NOW, (ITEM, ("form", words)))
    ben.sorts(db, NOW)
    ben.opens_all(db, to_ben, NOW)
    sharing.stop(db, ada.keyring, NOW, [handed.id])
    assert ben.reads(db, to_ben, NOW) == []
    assert reading.copies(db, ben.keyring, to_ben, NOW) == []
    with pytest.raises(NoSuchLetter):
        reading.open_copies(db, ben.keyring, FRANK, to_ben, [handed.letter], NOW)


def test_undoing_a_stop_hands_the_same_versions_over_anew(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str
) -> None:
    (handed,) = ada.hands(db, to_ben, NOW, (ITEM, ("form", words)))
    other = ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
    sharing.stop(db, ada.keyring, NOW, [other[0].id])
    batch = sharing.stop(db, ada.keyring, NOW, [handed.id])
    assert sharing.give_again(db, ada.keyring, FRANK, NOW, to_ben, batch) == 1
    assert sharing.give_again(db, ada.keyring, FRANK, NOW, to_ben, batch) == 0
    ben.sorts(db, NOW)
    ben.opens_all(db, to_ben, NOW)
    assert ben.reads(db, to_ben, NOW) == ["Satt en kvart vid fönstret."]
    (again,) = sharing.live(ada.drawer(db), NOW)
    assert (again.share, again.until) == (handed.share, handed.until)


def test_what_has_ended_is_not_given_again(db: Connection, ada: Person, to_ben: bytes, words: str) -> None:
    (handed,) = ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
    batch = sharing.stop(db, ada.keyring, NOW, [handed.id])
    assert sharing.give_again(db, ada.keyring, FRANK, handed.until, to_ben, batch) == 0


def test_ended_copies_leave_the_shelf_of_what_is(
    db: Connection, ada: Person, to_ben: bytes, words: str
) -> None:
    ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
    ada.sorts(db, NOW + timedelta(days=31))
    assert ada.drawer(db).shelf(sharing.SHELF) == []
    assert len(sharing.over(ada.drawer(db), to_ben)) == 1


def test_parting_burns_first(db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str) -> None:
    """Block and end look like stopping from the other side."""
    from server.circle import post

    ada.hands(db, to_ben, NOW, (ITEM, ("form", words)))
    ben.sorts(db, NOW)
    ada.keyring = post.part(db, ada.keyring, ada.account_key, to_ben, NOW)
    assert reading.copies(db, ben.keyring, to_ben, NOW) == []
    reading.say(db, ben.keyring, FRANK, to_ben, Said(id="1", what="question", text="Är du där?", at=NOW), NOW)
    assert db.execute(select(Letter.id).where(Letter.mailbox == ada.keyring.account)).all() == []


def test_what_a_contact_says_reaches_the_owner_once(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str
) -> None:
    (handed,) = ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
    ben.sorts(db, NOW)
    for _ in range(2):
        said = Said(id="f" * 32, what="suggestion", text="Kom förbi på tisdag", why="Du skrev…", at=NOW)
        reading.say(db, ben.keyring, FRANK, to_ben, said, NOW)
    with pytest.raises(reading.NotOpened):
        reading.acknowledge(db, ben.keyring, FRANK, to_ben, handed.letter, TUESDAY, NOW)
    ben.opens_all(db, to_ben, NOW)
    reading.acknowledge(db, ben.keyring, FRANK, to_ben, handed.letter, TUESDAY, NOW)
    ada.sorts(db, NOW)
    (heard,) = [record.payload for record in ada.drawer(db).shelf("heard")]
    assert (heard.said.text, heard.name, heard.answer) == ("Kom förbi på tisdag", "Ben", "")
    (mine,) = sharing.live(ada.drawer(db), NOW)
    assert mine.receipt is not None and mine.receipt.by == TUESDAY


def test_a_contact_who_leaves(db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str) -> None:
    ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
    ben.sorts(db, NOW)
    ben.keyring = reading.leave(db, ben.keyring, ben.account_key, FRANK, to_ben, NOW)
    ada.sorts(db, NOW)
    assert to_ben not in ada.keyring.contacts and to_ben not in ben.keyring.contacts
    assert sharing.live(ada.drawer(db), NOW) == []
    assert [person.pair for person in reading.roster(db, ben.keyring, NOW)] == []


def test_what_was_said_before_leaving_is_heard(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str
) -> None:
    """All in one bag of post, in whatever order it lies: nobody is shut out by a letter from somebody who has left."""
    for number in range(8):
        said = Said(id=f"{number:032x}", what="question", text=f"Fråga {number}", at=NOW)
        reading.say(db, ben.keyring, FRANK, to_ben, said, NOW)
    ben.keyring = reading.leave(db, ben.keyring, ben.account_key, FRANK, to_ben, NOW)
    ada.sorts(db, NOW)
    assert len(ada.drawer(db).shelf("heard")) == 8
    assert to_ben not in ada.keyring.contacts


def test_what_somebody_opened_before_they_left_is_heard(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str
) -> None:
    """Both come in one post: the farewell is the last of it."""
    ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
    ben.sorts(db, NOW)
    ben.opens_all(db, to_ben, NOW)
    ben.keyring = reading.leave(db, ben.keyring, ben.account_key, FRANK, to_ben, NOW)
    ada.sorts(db, NOW)
    assert to_ben not in ada.keyring.contacts
    (was,) = sharing.over(ada.drawer(db), to_ben)
    assert was.opened == (NOW,)


def test_the_readers_note_does_not_grow_with_what_was(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str
) -> None:
    for _ in range(3):
        (handed,) = ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
        ben.sorts(db, NOW)
        assert list(reading.inbox_of(db, ben.keyring, to_ben).letters) == [handed.letter]
        sharing.stop(db, ada.keyring, NOW, [handed.id])


def test_handing_over_lays_aside_what_has_ended(
    db: Connection, ada: Person, to_ben: bytes, words: str
) -> None:
    """Also for an owner to whom nobody ever writes, who has no post to sort."""
    (first,) = ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
    (second,) = ada.hands(
        db, to_ben, first.until, (ITEM, ("form",)), terms={"until": first.until + timedelta(days=1)}
    )
    drawer = ada.drawer(db)
    assert [record.payload.id for record in drawer.shelf(sharing.SHELF)] == [second.id]
    assert [one.id for one in sharing.over(drawer, to_ben)] == [first.id]


def test_the_roster_says_until_when_and_nothing_more(
    db: Connection, ada: Person, ben: Person, to_ben: bytes, words: str
) -> None:
    assert [person.until for person in reading.roster(db, ben.keyring, NOW)] == [None]
    (handed,) = ada.hands(db, to_ben, NOW, (ITEM, ("form",)))
    ben.sorts(db, NOW)
    assert [(p.name, p.until) for p in reading.roster(db, ben.keyring, NOW)] == [("Ada L", handed.until)]
    sharing.stop(db, ada.keyring, NOW, [handed.id])
    assert [person.until for person in reading.roster(db, ben.keyring, NOW)] == [None]


def test_nothing_shows_in_a_repr(db: Connection, ada: Person, to_ben: bytes, words: str) -> None:
    (handed,) = ada.hands(db, to_ben, NOW, (ITEM, ("form", words)))
    assert "fönstret" not in repr(handed) and "mötet" not in repr(handed.share)


def test_the_words_are_nowhere_in_the_files(
    house: Database, db: Connection, ada: Person, to_ben: bytes
) -> None:
    entry = ada.writes(db, HEAVY, 1, "ordsomingenserr")
    ada.hands(db, to_ben, NOW, (f"day/{HEAVY}", ("form", entry)), terms={"purpose": "syftesomingenser"})
    db.commit()
    for file in Path(house.url.database or "").parent.iterdir():
        content = file.read_bytes()
        assert b"ordsomingenserr" not in content and b"syftesomingenser" not in content
