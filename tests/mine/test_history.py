"""What was handed over, shown, opened and said comes in as history: told, and given to nobody (row D31, E15)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from server.circle import handing, openings, sharing
from server.circle.copies import Handed, Heard, Inbox, Lying, Openings, Shown
from server.circle.handing import Frames
from server.mine.given import check_handed, check_openings, check_shown
from server.mine.heard import check_heard, check_inbox
from server.mine.kind import Reading
from server.mine.problems import CannotRead
from server.vault.models import Letter
from tests.mine.conftest import Person
from tests.mine.said import NOW, TODAY
from tests.mine.test_export import HANDED, HISTORY, MORNING, PAIR, SUGGESTION, files

SHOWN, OPENINGS, HEARD, FRAMES, INBOX = HISTORY[1:]
READING = Reading(file="lamnat.json", today=TODAY, now=NOW)
LIVE = replace(HANDED, letter=4711, burn="hemligheten-som-branner")
BAD_DAY = datetime(1850, 1, 1, tzinfo=UTC)


@pytest.fixture
def giver(person: Person) -> Person:
    """Ada, whose copy is with Maria just now."""
    person.drawer.put(sharing.SHELF, f"handed/{LIVE.id}", LIVE)
    return person.lives(*HISTORY[1:])


def test_what_stands_for_a_letter_is_not_in_the_files(giver: Person) -> None:
    made = str(files(giver))
    assert "hemligheten" not in made and "4711" not in made
    assert "fönstret" in made


def test_elsewhere_it_is_history(giver: Person, other_host: Person) -> None:
    """No letter, no audience, nothing that can be stopped or handed again; but it is told."""
    outcome = other_host.reads_in(giver.export())
    assert outcome.history == 6
    drawer = other_host.drawer
    assert sharing.live(drawer, NOW) == [] and sharing.over(drawer, bytes.fromhex(PAIR)) == []
    assert sharing.audience(drawer, HANDED.item, NOW) == []
    assert [one.is_history for one in sharing.history(drawer)] == [True]
    assert other_host.db.execute(select(Letter.id)).all() == []
    told = openings.everything(drawer)
    assert [line.name for line in told["lines"]] == ["Maria"]
    assert [one.name for one in told["shown"]] == ["Petra"]
    assert handing.own_frames(drawer) == FRAMES.own


def test_stopping_history_is_nothing(giver: Person, other_host: Person) -> None:
    other_host.reads_in(giver.export())
    before = other_host.holds()
    keyring = other_host.drawer._keyring
    sharing.stop(other_host.db, keyring, NOW, [HANDED.id])
    sharing.burn_everything(other_host.db, keyring)
    assert other_host.holds() == before


def test_where_it_came_from_it_stays_live(giver: Person) -> None:
    """Nothing that is here is touched, nor doubled."""
    assert giver.reads_in(giver.export()).is_nothing
    assert sharing.live(giver.drawer, NOW) == [LIVE]


def test_of_a_contact_only_what_the_contact_said(person: Person, other_host: Person) -> None:
    """No bulk export of what others show; the number of the events stays where it is."""
    lying = {12345: Lying(until=MORNING, opened=MORNING)}
    person.lives(replace(INBOX, letters=lying, number=7))
    assert "12345" not in str(files(person))
    other_host.reads_in(person.export())
    assert list(other_host.holds().values()) == [INBOX]
    assert person.reads_in(person.export()).is_nothing
    (kept,) = person.holds().values()
    assert (kept.number, kept.letters) == (7, lying)


def test_a_contact_who_has_said_nothing_takes_nothing(person: Person) -> None:
    person.lives(Inbox(pair=PAIR, letters={1: Lying(until=MORNING)}))
    assert list(files(person)) == ["LAS-MIG.txt", "innehall.json"]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (HANDED, replace(HANDED, share=replace(HANDED.share, terms=replace(HANDED.share.terms, purpose="Annat")))),
        (SHOWN, replace(SHOWN, purpose="Annat")),
        (HEARD, replace(HEARD, own="Annat")),
        (INBOX, replace(INBOX, said=(replace(SUGGESTION, text="Annat"),))),
        (OPENINGS, replace(OPENINGS, lines=(replace(OPENINGS.lines[0], name="Annat"),))),
        (FRAMES, Frames(own=((TODAY, "Annat"),))),
    ],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_other_words_are_kept_beside(mine: Any, theirs: Any, person: Person, other_host: Person) -> None:
    """Hard rule 8: both, and once."""
    person.lives(theirs)
    other_host.lives(mine)
    assert other_host.reads_in(person.export()).history == 1
    assert "Annat" in str(files(other_host))
    assert all(text in str(files(other_host)) for text in ("Annat", *words_of(mine)))
    assert other_host.reads_in(person.export()).is_nothing


def words_of(one: Any) -> list[str]:
    if isinstance(one, Handed):
        return [one.share.terms.purpose]
    if isinstance(one, Shown):
        return [one.purpose]
    if isinstance(one, Heard):
        return [one.own]
    if isinstance(one, Inbox):
        return [one.said[0].text]
    return [one.lines[0].name] if isinstance(one, Openings) else [one.own[0][1]]


def test_an_answer_fills_in_where_there_is_none(person: Person, other_host: Person) -> None:
    person.lives(HEARD)
    other_host.lives(replace(HEARD, answer="", own="", reason=""))
    other_host.reads_in(person.export())
    assert list(other_host.holds().values()) == [HEARD]
    person.reads_in(other_host.export())
    assert list(person.holds().values()) == [HEARD]


@pytest.mark.parametrize(
    "bad",
    [
        {"id": "../x"}, {"pair": "<b>"}, {"item": "day/i går"}, {"item": "hej"}, {"item": "day/2026-13-01"},
        {"name": "x" * 2_000_001}, {"opened": (BAD_DAY,)}, {"opened": (datetime(2026, 1, 1),)},
        {"share": replace(HANDED.share, body="hej")}, {"share": replace(HANDED.share, body="day-copy/1\n{}")},
        {"share": replace(HANDED.share, body="day-copy/99\n{}")}, {"share": replace(HANDED.share, body="new/1\n{}")},
        {"share": replace(HANDED.share, given=date(1, 1, 1))}, {"parts": ("x",) * 20_001},
    ],
    ids=lambda bad: next(iter(bad)),
)  # fmt: skip
def test_a_copy_that_no_page_makes_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(CannotRead):
        check_handed(replace(HANDED, **bad), READING)


LINE = OPENINGS.lines[0]


@pytest.mark.parametrize(
    ("check", "thing"),
    [
        (check_shown, replace(SHOWN, id="x")),
        (check_shown, replace(SHOWN, items=("day/x",))),
        (check_shown, replace(SHOWN, at=BAD_DAY)),
        (check_openings, replace(OPENINGS, month="2026-13")),
        (check_openings, replace(OPENINGS, lines=(replace(LINE, pair="x"),))),
        (check_openings, replace(OPENINGS, lines=(replace(LINE, item="day/x"),))),
        (check_heard, replace(HEARD, pair="x")),
        (check_heard, replace(HEARD, said=replace(HEARD.said, id="a/b"))),
        (check_inbox, replace(INBOX, pair="x")),
        (check_inbox, replace(INBOX, said=(replace(SUGGESTION, id="x"),))),
    ],
)
def test_the_rest_that_no_page_makes_is_refused(check: Any, thing: Any) -> None:
    with pytest.raises(CannotRead):
        check(thing, READING)


def test_a_kind_of_a_newer_program_is_named_as_it_stands(person: Person, other_host: Person) -> None:
    person.lives(replace(SHOWN, items=("recipe/1",)))
    other_host.reads_in(person.export())
    assert "recipe/1" in files(other_host)["visat.md"]
    assert openings.title_of("recipe/1") == "recipe/1"


def test_nul_is_left_out() -> None:
    assert check_heard(replace(HEARD, own="a\0b"), READING).own == "ab"
