"""Daylio's CSV export: what can be read is read, into mående and never into form; the rest is told (context 11)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.days.payloads import Day, Entry, Mood
from server.mine import daylio
from server.mine.daylio import Log
from server.mine.problems import NotKnown, TooLarge
from tests.mine.conftest import Person, say
from tests.mine.said import NOW, TODAY

NEW = "full_date,date,weekday,time,mood,activities,scales,note_title,note"
HEADS = {
    "since 2026": (NEW, '2026-11-17,17 november,tisdag,20:05,good,"promenad | läsa","","Rubrik","Text"'),
    "with note_title": (
        "full_date,date,weekday,time,mood,activities,note_title,note",
        '2026-11-17,November 17,Tuesday,8:05 PM,good,"promenad | läsa","Rubrik","Text"',
    ),
    "before note_title": (
        "full_date,date,weekday,time,mood,activities,note",
        '2026-11-17,17. November,Dienstag,20:05,good,"promenad | läsa","Rubrik\nText"',
    ),
    "of 2018": (
        "year,date,weekday,time,mood,activities,note",
        '2026,17 November,Tuesday,8:05 pm,good,"promenad | läsa","Rubrik\nText"',
    ),
    "with a scale column": (
        "full_date,date,weekday,time,mood,activities,scale,note_title,note",
        '2026-11-17,17 listopada,wtorek,20:05,good,"promenad | läsa","","Rubrik","Text"',
    ),
    "in quotation marks": (
        '"full_date","date","weekday","time","mood","activities","note_title","note"',
        '"2026-11-17","17 nov.","martes","20:05","good","promenad | läsa","Rubrik","Text"',
    ),
    "saved again with semicolons": (
        "full_date;date;weekday;time;mood;activities;note_title;note",
        "2026-11-17;17 novembre;mardi;20:05;good;promenad | läsa;Rubrik;Text",
    ),
    "in capitals": (NEW.upper(), '2026-11-17,x,x,20:05,Good,"promenad | läsa",,Rubrik,Text'),
}


def read(text: str, **moods: Mood) -> Log:
    return daylio.read(text, now=NOW, today=TODAY, say=say, choose=lambda _words: moods)


def rows(*lines: str) -> Log:
    return read("\n".join([NEW, *lines]))


def entries(log: Log) -> list[Entry]:
    return [entry for day in log.days for entry in day.entries]


def row(note: str = "", *, mood: str = "meh", time: str = "10:00", day: str = "2026-11-17") -> str:
    quoted = note.replace('"', '""')
    return f'{day},x,x,{time},{mood},"","","","{quoted}"'


@pytest.mark.parametrize("head", HEADS)
def test_every_head_that_daylio_has_had(head: str) -> None:
    log = read("\n".join(HEADS[head]))
    (day,) = log.days
    (entry,) = day.entries
    assert day.date == date(2026, 11, 17)
    assert entry.written == datetime(2026, 11, 17, 19, 5, tzinfo=UTC)
    assert entry.told.mood == Mood.RATHER_GOOD
    assert entry.told.done == "promenad, läsa"
    assert entry.told.words == "Rubrik\nText"
    assert not log.unread


def test_every_head_gives_the_same_note() -> None:
    """Whichever version of Daylio the file is from, the same row is the same note."""
    assert len({entries(read("\n".join(lines)))[0].id for lines in HEADS.values()}) == 1


@pytest.mark.parametrize(
    ("word", "mood"),
    [("rad", 5), ("good", 4), ("meh", 3), ("bad", 2), ("awful", 1), ("Super", 5), ("Lausig", 1), ("tak sobie", 3),
     ("Źle", 2), ("wspaniale", 5)],
)  # fmt: skip
def test_daylios_own_moods_become_mående(word: str, mood: int) -> None:
    (entry,) = entries(rows(row(mood=word)))
    assert entry.told.mood == mood
    assert word not in entry.told.words


@given(st.lists(st.sampled_from(["rad", "meh", "awful", "stressad"]), min_size=1, max_size=5))
@settings(deadline=None, max_examples=20)
def test_never_form(moods: list[str]) -> None:
    """How one feels is one thing, what the day can hold is another (product.md, Words)."""
    log = rows(*(row(mood=mood, time=f"1{number}:00") for number, mood in enumerate(moods)))
    assert all(entry.told.form is None and entry.told.looked is None for entry in entries(log))


def test_an_own_word_for_mood_keeps_its_word() -> None:
    log = rows(row("text", mood="lite orolig"))
    (entry,) = entries(log)
    assert entry.told.words == "text\nMood: lite orolig"
    assert entry.told.mood is None
    assert log.unknown == ("lite orolig",)


def test_an_own_word_gets_a_place_when_the_person_gives_it_one() -> None:
    log = read(f"{NEW}\n{row(mood='orolig')}\n{row(mood='lugn', time='11:00')}", orolig=Mood.RATHER_BAD)
    assert [entry.told.mood for entry in entries(log)] == [Mood.RATHER_BAD, None]
    assert [entry.told.words for entry in entries(log)] == ["Mood: orolig", "Mood: lugn"]


def test_each_unknown_word_is_asked_about_once() -> None:
    log = rows(*(row(mood=mood, time=f"0{n}:00") for n, mood in enumerate(["lugn", "orolig", "Lugn", "rad"])))
    assert [word.casefold() for word in log.unknown] == ["lugn", "orolig"]


def test_scales_stand_in_the_words() -> None:
    (entry,) = entries(rows('2026-11-17,x,x,10:00,meh,"","Sömn:\u00a03 | Oro:\u00a04","",""'))
    assert entry.told.words == "Sömn: 3\nOro: 4"


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("ett<br>två<br/>tre", "ett\ntvå\ntre"),
        ("<b>fet</b> och <i>lutad</i>", "fet och lutad"),
        ("<ul><li>mjölk</li><li>bröd</li></ul>", "– mjölk\n– bröd"),
        ("du &amp; jag &lt;3", "du & jag <3"),
        ("5 < 6 och 7 > 3", "5 < 6 och 7 > 3"),
        ("R&D, &nothing;, <hej>", "R&D, &nothing;, <hej>"),
        ('sa "hej", gick', 'sa "hej", gick'),
        ("rad ett\n\nrad två", "rad ett\n\nrad två"),
        ("😀 שלום", "😀 שלום"),
    ],
)
def test_the_note_without_daylios_markup(note: str, words: str) -> None:
    (entry,) = entries(rows(row(note)))
    assert entry.told.words == words


def test_activities_keep_their_own_signs() -> None:
    (entry,) = entries(rows('2026-11-17,x,x,10:00,meh,"film / tv | 😉 | a, b |  | promenad",,,'))
    assert entry.told.done == "film / tv, 😉, a, b, promenad"


def test_a_note_may_hold_line_breaks_and_commas() -> None:
    log = rows(row("ett, två\ntre; fyra"), row("fem", time="11:00"))
    assert [entry.told.words for entry in entries(log)] == ["ett, två\ntre; fyra", "fem"]


def test_commas_without_quotation_marks_belong_to_the_note() -> None:
    (entry,) = entries(rows("2026-11-17,x,x,10:00,meh,,,,ett, två, tre"))
    assert entry.told.words == "ett, två, tre"


def test_a_row_that_ends_early_is_read_as_far_as_it_goes() -> None:
    (entry,) = entries(rows("2026-11-17,x,x,10:00,bad"))
    assert entry.told.mood == Mood.RATHER_BAD


def test_the_same_row_twice_is_one_note() -> None:
    log = rows(row("a"), row("a"), row("b"))
    assert [entry.told.words for entry in entries(log)] == ["a", "b"]
    assert log.twice == 1


def test_what_cannot_be_read_is_told_row_by_row() -> None:
    """The number is the row in a spreadsheet, and the why is a sentence; the others are read."""
    log = rows(
        row("först"),
        row(day="i går"),
        row(day="1890-01-01"),
        row(day="2027-01-01"),
        row(day="2026-02-30"),
        '2026-11-17,x,x,10:00,,"","","",""',
        row("x" * 20_000),
        row("sist", time="23:00"),
    )
    assert [(one.row, one.why) for one in log.unread] == [
        (3, daylio.NO_DATE),
        (4, daylio.TOO_EARLY),
        (5, daylio.NOT_YET),
        (6, daylio.NO_DATE),
        (7, daylio.NOTHING),
        (8, daylio.TOO_LONG),
    ]
    assert [entry.told.words for entry in entries(log)] == ["först", "sist"]


def test_a_missing_quotation_mark_loses_its_own_row_only() -> None:
    broken = '2026-11-16,x,x,10:00,meh,"","","","trasig'
    log = rows(row("före"), broken, row("efter", time="11:00"), row("sist", time="12:00"))
    assert [one.row for one in log.unread] == [3]
    assert log.unread[0].why == daylio.BROKEN
    assert [entry.told.words for entry in entries(log)] == ["före", "efter", "sist"]


def test_two_missing_quotation_marks_lose_two_rows() -> None:
    broken = '2026-11-16,x,x,10:00,meh,"","","","trasig'
    log = rows(broken, row("ett"), row("två", time="11:00"), broken, row("tre", time="12:00"))
    assert [one.row for one in log.unread] == [2, 5]
    assert [entry.told.words for entry in entries(log)] == ["ett", "två", "tre"]


def test_a_note_that_quotes_a_row_is_one_note() -> None:
    text = "jag skrev:\n2026-11-16,x,x,10:00,meh\noch mer"
    (entry,) = entries(rows(row(text)))
    assert entry.told.words == text


def test_without_a_time_it_is_written_afterwards() -> None:
    """No clock is made up."""
    (entry,) = entries(rows(row("a", time="")))
    assert entry.written == NOW


def test_a_clock_that_is_ahead_is_not_believed() -> None:
    (entry,) = entries(rows(row("a", day=TODAY.isoformat(), time="23:59")))
    assert entry.written == NOW


def test_notes_of_a_day_stand_in_the_order_of_the_clock() -> None:
    log = rows(row("kväll", time="8:05 PM"), row("morgon", time="7:00 AM"), row("natt", time="12:10 AM"))
    assert [entry.told.words for entry in entries(log)] == ["natt", "morgon", "kväll"]


@pytest.mark.parametrize(
    "text", ["", "hej", "date,steps\n2026-11-01,1", "mood\nrad", "full_date,note\n2026-11-01,x"]
)
def test_another_table_is_not_read(text: str) -> None:
    with pytest.raises(NotKnown):
        read(text)


def test_more_rows_than_anybody_has_written() -> None:
    with pytest.raises(TooLarge):
        read(NEW + "\n" + "2026-11-17\n" * 40_001)


def test_a_head_alone_is_an_empty_file() -> None:
    assert read(NEW).days == ()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
@settings(deadline=None, max_examples=60)
def test_no_text_breaks_it(text: str) -> None:
    read(f"{NEW}\n{text}\n{row('kvar')}")


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).map(
        lambda text: " ".join(text.split())
    )
)
@settings(deadline=None, max_examples=60)
def test_a_note_comes_through_word_for_word(text: str) -> None:
    """But for Daylio's own markup."""
    found = entries(rows(row(text)))
    if "<" not in text and "&" not in text:
        assert [entry.told.words for entry in found] == [text]


class TestLaidIn:
    """The same rows in the drawer."""

    FILE = "\n".join(["\ufeff" + NEW, row("a"), row("b", mood="orolig", day="2026-11-16")]).encode()

    def test_importing_twice_doubles_nothing(self, person: Person) -> None:
        assert person.reads_in(self.FILE).entries == 2
        before = person.export()
        assert person.reads_in(self.FILE).is_nothing
        assert person.export() == before

    def test_a_later_export_brings_only_what_is_new(self, person: Person) -> None:
        person.reads_in(self.FILE)
        outcome = person.reads_in(self.FILE + f"\n{row('c', time='11:00')}".encode())
        assert (outcome.entries, outcome.here) == (1, 2)

    def test_a_phone_that_has_changed_language_doubles_nothing(self, person: Person) -> None:
        english = '2026-11-17,November 17,Tuesday,8:05 PM,good,"","","","a"'
        german = '2026-11-17,17. November,Dienstag,20:05,Gut,"","","","a"'
        person.reads_in(f"{NEW}\n{english}".encode())
        assert person.reads_in(f"{NEW}\n{german}".encode()).is_nothing

    def test_a_note_that_has_grown_here_is_left_alone(self, person: Person) -> None:
        """Its id says that it is that row; what the person made of it since stands."""
        person.reads_in(self.FILE)
        name = "day/2026-11-17"
        old = person.holds()[name]
        grown = Day(date=old.date, entries=(_grown(old.entries[0]),))
        person.drawer.replace(person.drawer.find(name)[name], grown)
        assert person.reads_in(self.FILE).is_nothing
        assert person.holds()[name] == grown

    def test_it_stands_beside_what_was_here(self, person: Person) -> None:
        person.reads_in(f"{NEW}\n{row('först', time='08:00')}".encode())
        person.reads_in(f"{NEW}\n{row('sen', time='20:00')}".encode())
        assert [entry.told.words for entry in person.holds()["day/2026-11-17"].entries] == ["först", "sen"]


def _grown(entry: Entry) -> Entry:
    told = type(entry.told)(words=entry.told.words + " och mer", mood=entry.told.mood)
    return Entry(id=entry.id, written=entry.written, told=told, edition=2)
