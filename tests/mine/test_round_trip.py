"""What is taken along and read in again is the same (rows A16, D31)."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from server.circle.copies import Handed, Heard, Inbox, Openings, Shown
from server.circle.handing import Frames
from server.circle.payloads import Card, DiaryNote, Matter
from server.items.payloads import Item, ItemDraft
from server.messages.payloads import Kept, MessageDraft, Written
from server.mine.receive import open_waiting, receive
from tests.mine.conftest import Person
from tests.mine.said import TODAY, day, entry, lives

Someone = Callable[[], Person]
# Each example moves in with a drawer of its own, so the database may be shared.
many = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(life=lives())
def test_the_same_days_on_another_host(life: list[Any], new_person: Someone) -> None:
    """A16: an account outlives its project and its host; the export gives the same days, word for word."""
    person, other_host = new_person().lives(*life), new_person()
    outcome = other_host.reads_in(person.export())
    assert other_host.holds() == person.would_take()
    assert not outcome.both
    assert outcome.here == 0


@many
@given(life=lives())
def test_reading_in_twice_doubles_nothing(life: list[Any], new_person: Someone) -> None:
    person, other_host = new_person().lives(*life), new_person()
    data = person.export()
    other_host.reads_in(data)
    before = other_host.export()
    assert other_host.reads_in(data).is_nothing
    assert other_host.export() == before


@many
@given(life=lives())
def test_reading_in_where_it_came_from_changes_nothing(life: list[Any], new_person: Someone) -> None:
    person = new_person().lives(*life)
    data = person.export()
    assert person.reads_in(data).is_nothing
    assert person.export() == data


@many
@given(mine=lives(), theirs=lives())
def test_nothing_that_is_here_is_lost(mine: list[Any], theirs: list[Any], new_person: Someone) -> None:
    """Hard rule 8: whatever is read in, every text that was here is here, and every text of the file too."""
    here, elsewhere = new_person().lives(*mine), new_person().lives(*theirs)
    before, brought = here.holds(), elsewhere.holds()
    here.reads_in(elsewhere.export())
    texts = told_in(here.holds())
    assert all(one in texts for one in [*told_in(before), *told_in(brought)])


@pytest.mark.parametrize("sign", ["å", "😀", "ש", '"', ";", "\n", "\\", "\u202e"])
def test_twenty_thousand_characters(sign: str, person: Person, other_host: Person) -> None:
    """As long as a note can be, of any sign."""
    person.lives(day(entry(1, sign * 20_000)))
    other_host.reads_in(person.export())
    assert other_host.holds() == person.holds()
    assert other_host.holds()[f"day/{TODAY}"].entries[0].told.words == sign * 20_000


def test_a_file_that_waits_is_read_as_it_was(person: Person, other_host: Person) -> None:
    """What lies sealed between the two pages gives the same as the file itself."""
    person.lives(day(entry(1, "ord 😀")))
    waiting = receive(person.export(), person.moment)
    again = type(waiting)(source=waiting.source, files=dict(waiting.files))
    assert open_waiting(again, person.moment) == open_waiting(waiting, person.moment)


def told_in(held: dict[str, Any]) -> list[Any]:
    """Every text in a drawer, wherever it lies."""
    found: list[Any] = []
    for one in held.values():
        found += [entry.told for entry in getattr(one, "entries", ())]
        found += [removed.entry.told for removed in getattr(one, "removed", ())]
        found += [getattr(one, "fields", None), *getattr(one, "hidden", ())]
        cards, matters = [one, *getattr(one, "cards", ())], [one, *getattr(one, "matters", ())]
        found += [card.about for card in cards if isinstance(card, Card)]
        notes = [one, *getattr(one, "notes", ())]
        found += [note.noted for note in notes if isinstance(note, DiaryNote)]
        found += [matter.affair for matter in matters if isinstance(matter, Matter)]
        found += history_in(one)
    return [one for one in found if one is not None]


def said_in(item: Item) -> list[Any]:
    return [item.texts, *(version.texts for version in (*item.earlier, *item.beside))]


def history_in(one: Any) -> list[Any]:
    """What was handed over, shown, opened and said, without what only stands for a letter."""
    if isinstance(one, Handed):
        return [one.share]
    if isinstance(one, Shown):
        return [(one.at, one.name, one.purpose, one.items, one.way)]
    if isinstance(one, Heard):
        return [(one.said.text, one.said.why, one.answer, one.own, one.reason)]
    items = [one, *getattr(one, "items", ())]
    if told := [text for item in items if isinstance(item, Item) for text in said_in(item)]:
        return told
    if isinstance(one, ItemDraft):
        return sorted(one.texts.values())
    if isinstance(one, Frames):
        return [text for _day, text in one.own]
    if isinstance(one, Inbox):
        return [(said.text, said.why, said.at) for said in one.said]
    if isinstance(one, Written | Kept):
        return [(type(one), one.pair, one.text)]
    if isinstance(one, MessageDraft):
        return [(one.pair, line) for line in one.text.splitlines() if line]
    return list(one.lines) if isinstance(one, Openings) else []
