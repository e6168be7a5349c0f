"""What is read in is laid beside what is here; nothing of it is overwritten (hard rule 8)."""

from datetime import date
from typing import Any

import pytest

from server.activities.taste import SavedTaste
from server.days import log
from server.days.payloads import Bin, Draft, Form, Maybe, Removed, Told
from server.mine.bring import foretell
from server.mine.receive import open_waiting, receive
from server.vault.drawer import Drawer, Record
from server.vault.errors import RecordChanged
from tests.mine.conftest import Person
from tests.mine.said import NOW, TODAY, day, entry

DAY = f"day/{TODAY}"


def draft(words: str, *, entry_id: str = "d" * 32, edition: int = 0) -> Draft:
    return Draft(entry_id=entry_id, date=TODAY, edition=edition, fields={"words": [words]})


def words(person: Person, name: str = DAY) -> list[str]:
    return [one.told.words for one in person.holds()[name].entries]


def test_days_that_are_not_here_are_added(person: Person, other_host: Person) -> None:
    person.lives(day(entry(1, "idag")), day(entry(2, "igår"), date=date(2026, 11, 18)))
    other_host.lives(day(entry(3, "oktober"), date=date(2026, 10, 8)))
    outcome = other_host.reads_in(person.export())
    assert (outcome.entries, len(outcome.days), outcome.here) == (2, 2, 0)
    assert sorted(other_host.holds()) == ["day/2026-10-08", "day/2026-11-18", DAY]


def test_notes_of_one_day_stand_in_the_order_they_were_written(person: Person, other_host: Person) -> None:
    person.lives(day(entry(30, "först"), entry(10, "sist")))
    other_host.lives(day(entry(20, "mitt i")))
    other_host.reads_in(person.export())
    assert words(other_host) == ["först", "mitt i", "sist"]


def test_a_note_with_other_words_is_kept_beside_the_one_here(person: Person, other_host: Person) -> None:
    """Both are kept, and it is told on which day."""
    person.lives(day(entry(1, "som i filen")))
    other_host.lives(day(entry(1, "som här")))
    outcome = other_host.reads_in(person.export())
    assert outcome.both == [TODAY]
    assert sorted(words(other_host)) == ["som här", "som i filen"]
    here, beside = other_host.holds()[DAY].entries
    assert here.id == entry(1).id != beside.id


def test_both_are_kept_once(person: Person, other_host: Person) -> None:
    person.lives(day(entry(1, "som i filen")))
    other_host.lives(day(entry(1, "som här")))
    other_host.reads_in(person.export())
    assert other_host.reads_in(person.export()).is_nothing
    assert len(words(other_host)) == 2


def test_a_note_that_only_counts_other_changes_is_the_same(person: Person, other_host: Person) -> None:
    """Where text agrees, how often it was edited does not make two of it."""
    person.lives(day(entry(1, "samma")))
    other_host.lives(day(type(entry(1))(id=entry(1).id, written=NOW, told=Told(words="samma"), edition=7)))
    assert other_host.reads_in(person.export()).here == 1
    assert words(other_host) == ["samma"]


def test_what_was_taken_away_here_stays_taken_away(person: Person, other_host: Person) -> None:
    person.lives(day(entry(1, "borta")))
    other_host.lives(Bin(removed=(Removed(date=TODAY, entry=entry(1, "borta")),)))
    outcome = other_host.reads_in(person.export())
    assert outcome.in_bin == 1
    assert outcome.is_nothing
    assert DAY not in other_host.holds()


def test_what_was_taken_away_there_stays_here(person: Person, other_host: Person) -> None:
    person.lives(Bin(removed=(Removed(date=TODAY, entry=entry(1, "kvar")),)))
    other_host.lives(day(entry(1, "kvar")))
    assert other_host.reads_in(person.export()).is_nothing
    assert words(other_host) == ["kvar"]
    assert "bin" not in other_host.holds()


def test_what_comes_to_the_bin_can_be_put_back(person: Person, other_host: Person) -> None:
    person.lives(Bin(removed=(Removed(date=TODAY, entry=entry(1, "borta")),)))
    assert other_host.reads_in(person.export()).removed == 1
    assert log.put_back(other_host.drawer, entry(1).id) == TODAY
    assert words(other_host) == ["borta"]


def test_the_same_id_on_two_days_is_two_notes(person: Person, other_host: Person) -> None:
    """Only a file made by hand has that; still nothing of it is lost, and neither hides the other."""
    person.lives(day(entry(1, "ena")), day(entry(1, "andra"), date=date(2026, 11, 2)))
    other_host.reads_in(person.export())
    held = other_host.holds()
    assert words(other_host) + words(other_host, "day/2026-11-02") == ["ena", "andra"]
    assert held[DAY].entries[0].id != held["day/2026-11-02"].entries[0].id


def test_maybes_are_added_once(person: Person, other_host: Person) -> None:
    fika, bad = (Maybe(slug=slug, title=slug) for slug in ("fika", "bad"))
    person.lives(type(day())(date=TODAY, maybes=(fika, bad)))
    other_host.lives(type(day())(date=TODAY, maybes=(fika,)))
    other_host.reads_in(person.export())
    assert other_host.holds()[DAY].maybes == (fika, bad)


def test_a_draft_is_kept_beside_another_of_the_same_note(person: Person, other_host: Person) -> None:
    person.lives(draft("som i filen"))
    other_host.lives(draft("som här"))
    other_host.reads_in(person.export())
    other_host.reads_in(person.export())
    found = [one for name, one in other_host.holds().items() if name.startswith("draft/")]
    assert sorted(one.fields["words"][0] for one in found) == ["som här", "som i filen"]


def test_a_draft_whose_note_is_gone_begins_a_new_note(person: Person, other_host: Person) -> None:
    """Else what is saved would go to a note that lies in the bin."""
    person.lives(day(entry(1)), draft("mer", entry_id=entry(1).id, edition=1))
    other_host.lives(Bin(removed=(Removed(date=TODAY, entry=entry(1)),)))
    other_host.reads_in(person.export())
    (found,) = (one for name, one in other_host.holds().items() if name.startswith("draft/"))
    assert found.edition == 0
    assert found.entry_id != entry(1).id


def test_what_is_hidden_is_hidden_in_both(person: Person, other_host: Person) -> None:
    person.lives(SavedTaste(hidden=("a", "b")))
    other_host.lives(SavedTaste(hidden=("b", "c")))
    assert other_host.reads_in(person.export()).hidden == 1
    assert other_host.holds()["taste"].hidden == ("b", "c", "a")


def test_the_page_before_tells_what_happens_after(person: Person, other_host: Person) -> None:
    """Nothing is written by looking."""
    person.lives(day(entry(1, "ny"), entry(2, "annan"), entry(3, "samma", form=Form.LIGHT)))
    other_host.lives(day(entry(2, "min"), entry(3, "samma", form=Form.LIGHT)))
    before = other_host.export()
    incoming = open_waiting(receive(person.export(), person.moment), person.moment).incoming
    told = foretell(other_host.drawer, incoming)
    assert other_host.export() == before
    assert other_host.reads_in(person.export()) == told


def test_another_phone_that_saves_meanwhile_loses_nothing(
    person: Person, other_host: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When somebody is first, it is read again and laid beside that too."""
    person.lives(day(entry(1, "från filen")))
    other_host.lives(day(entry(2, "här")))
    replace, calls = Drawer.replace, list[int]()

    def late(drawer: Drawer, record: Record, payload: Any) -> Record:
        if not calls:
            calls.append(1)
            log.answer(other_host.drawer, TODAY, entry(3).id, Told(words="från telefonen"), NOW)
            raise RecordChanged
        return replace(drawer, record, payload)

    monkeypatch.setattr(Drawer, "replace", late)
    other_host.reads_in(person.export())
    assert sorted(words(other_host)) == ["från filen", "från telefonen", "här"]
