"""The circle in a file that comes in: what may be kept, and what a file cannot bring about."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from server.circle.payloads import Card, CircleBin, DiaryNote, Happening, Matter, Move, Noted
from server.mine.circle import check_bin, check_card, check_matter, check_note
from server.mine.kind import Reading
from server.mine.problems import CannotRead
from tests.mine.conftest import Person
from tests.mine.said import NOW, TODAY

READING = Reading(file="kretsen.json", today=TODAY, now=NOW)
FIA = Card(id="f" * 32, name="Fia")
EVENT = Happening(id="e" * 32, on=TODAY, move=Move.NOTE, what="ord")
NOTE = DiaryNote(id="e" * 32, card=FIA.id, name="Fia", on=TODAY, what="Hon lovade ringa", written=NOW)
MATTER = Matter(id="a" * 32, title="Sjukpenningen", actor=FIA.id, since=TODAY, history=(EVENT,))


@pytest.mark.parametrize(
    "bad",
    [
        {"id": "../x"}, {"name": " "}, {"name": "x" * 200_001}, {"decides": "x" * 200_001}, {"edition": 0},
        {"relation": "<b>"}, {"before": replace(FIA, name="").about},
    ],
    ids=lambda bad: next(iter(bad)),
)  # fmt: skip
def test_a_card_that_no_page_makes_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(CannotRead):
        check_card(replace(FIA, **bad), READING)
    with pytest.raises(CannotRead):
        check_bin(CircleBin(cards=(replace(FIA, **bad),)), READING)


@pytest.mark.parametrize(
    "bad",
    [
        {"id": "x"}, {"title": ""}, {"actor": "somebody"}, {"since": date(1890, 1, 1)}, {"by": date(2090, 1, 1)},
        {"edition": 10**9}, {"history": (replace(EVENT, id="x"),)}, {"history": (replace(EVENT, on=date(1, 1, 1)),)},
        {"history": (replace(EVENT, what="x" * 200_001),)}, {"history": (EVENT,) * 5_001}, {"next_step": "x" * 200_001},
    ],
    ids=lambda bad: next(iter(bad)),
)  # fmt: skip
def test_a_matter_that_no_page_makes_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(CannotRead):
        check_matter(replace(MATTER, **bad), READING)


def test_nul_is_left_out() -> None:
    assert check_card(replace(FIA, name="F\0ia"), READING).name == "Fia"
    assert check_matter(replace(MATTER, title="a\0b"), READING).title == "ab"


def test_a_file_pairs_nobody(person: Person, other_host: Person) -> None:
    """The keys that a relation stood for do not travel: elsewhere the card is on paper."""
    person.lives(replace(FIA, relation="ab" * 16))
    other_host.reads_in(person.export())
    assert [card.relation for card in other_host.holds().values()] == [""]
    assert person.reads_in(person.export()).is_nothing
    assert person.holds()["contact/" + FIA.id].relation == "ab" * 16


def test_a_file_does_not_change_the_main_contact(person: Person, other_host: Person) -> None:
    """D2: one, and the owner's own act."""
    person.lives(replace(FIA, main=True))
    other_host.lives(Card(id="b" * 32, name="Ben", main=True))
    outcome = other_host.reads_in(person.export())
    assert outcome.people == 1
    assert [card.name for card in other_host.holds().values() if card.main] == ["Ben"]


def test_what_was_taken_away_here_stays_away(person: Person, other_host: Person) -> None:
    person.lives(FIA, MATTER)
    other_host.lives(CircleBin(cards=(FIA,), matters=(MATTER,)))
    assert other_host.reads_in(person.export()).is_nothing


def test_another_text_under_the_same_id_is_kept_beside(person: Person, other_host: Person) -> None:
    """Hard rule 8: both."""
    person.lives(replace(FIA, phone="1"), replace(MATTER, title="En"))
    other_host.lives(replace(FIA, phone="2"), replace(MATTER, title="Två"))
    data = person.export()
    other_host.reads_in(data)
    held = other_host.holds().values()
    assert sorted(one.phone for one in held if isinstance(one, Card)) == ["1", "2"]
    assert sorted(one.title for one in held if isinstance(one, Matter)) == ["En", "Två"]
    assert other_host.reads_in(data).is_nothing


@pytest.mark.parametrize(
    "bad",
    [
        {"id": "../x"}, {"card": "x"}, {"name": ""}, {"what": " "}, {"what": "x" * 200_001}, {"on": date(1890, 1, 1)},
        {"edition": 0}, {"written": NOW.replace(tzinfo=None)}, {"written": NOW + timedelta(days=2)},
        {"written": NOW.replace(year=1)}, {"before": Noted(on=TODAY, what="")},
    ],
    ids=str,
)  # fmt: skip
def test_a_note_that_no_page_makes_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(CannotRead):
        check_note(replace(NOTE, **bad), READING)
    with pytest.raises(CannotRead):
        check_bin(CircleBin(notes=(replace(NOTE, **bad),)), READING)


def test_a_note_brings_its_person(person: Person, other_host: Person) -> None:
    """A file cut by hand: the words are not lost for want of a card."""
    person.lives(NOTE)
    assert other_host.reads_in(person.export()).notes == 1
    assert other_host.holds()["contact/" + FIA.id].name == "Fia"
    assert other_host.reads_in(person.export()).is_nothing


def test_a_note_under_the_same_id_is_kept_beside(person: Person, other_host: Person) -> None:
    person.lives(FIA, NOTE)
    other_host.lives(FIA, replace(NOTE, what="Något annat"))
    other_host.reads_in(person.export())
    held = other_host.holds().values()
    assert sorted(one.what for one in held if isinstance(one, DiaryNote)) == [
        "Hon lovade ringa",
        "Något annat",
    ]
    assert other_host.reads_in(person.export()).is_nothing
