"""Writing about days: once is once, two windows lose nothing, what is taken away can come back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from server.core import ids
from server.core.database import Database
from server.days import log
from server.days.payloads import Circumstance, Cost, Day, Form, Maybe, Mood, Told
from server.vault.drawer import Drawer, Record
from server.vault.keyring import Keyring
from server.vault.models import RecordRow
from server.vault.ways_in import new_account

HEAVY, LIGHT = Told(form=Form.HEAVY), Told(form=Form.LIGHT)


def rows(db: Connection) -> int:
    return db.execute(select(func.count()).select_from(RecordRow)).scalar_one()


def test_the_same_id_twice_is_one_entry(drawer: Drawer, day: date, now: datetime) -> None:
    """Hard rule 8: a post that is sent again arrives once, and the first one stands."""
    log.answer(drawer, day, "a", HEAVY, now)
    again = log.answer(drawer, day, "a", LIGHT, now + timedelta(minutes=1))
    assert again.told == HEAVY
    assert [entry.id for entry in log.read_day(drawer, day).entries] == ["a"]


def test_a_day_can_have_several_answers_and_the_latest_counts(
    drawer: Drawer, day: date, now: datetime
) -> None:
    """D7: one feels differently also within a day."""
    for number, form in enumerate((Form.HEAVY, Form.FAIRLY_LIGHT, None)):
        log.answer(drawer, day, str(number), Told(form=form), now + timedelta(hours=number))
    written = log.read_day(drawer, day)
    assert [entry.told.form for entry in written.entries] == [Form.HEAVY, Form.FAIRLY_LIGHT, None]
    assert written.form == Form.FAIRLY_LIGHT


def test_a_day_that_nobody_wrote_about_is_empty_and_has_no_row(
    drawer: Drawer, db: Connection, day: date
) -> None:
    before = rows(db)
    assert log.read_day(drawer, day) == Day(date=day)
    assert rows(db) == before


def test_two_windows_that_change_one_entry_meet(drawer: Drawer, day: date, now: datetime) -> None:
    """No silent overwrite: the second window is told, and what the first one wrote stands."""
    log.answer(drawer, day, "a", HEAVY, now)
    log.tell(drawer, day, "a", Told(form=Form.HEAVY, words="första fönstret"), edition=1)
    with pytest.raises(log.EntryChanged) as met:
        log.tell(drawer, day, "a", Told(form=Form.HEAVY, words="andra fönstret"), edition=1)
    assert met.value.theirs.told.words == "första fönstret"
    assert log.read_day(drawer, day).entries[0].told.words == "första fönstret"
    assert "fönstret" not in str(met.value)


def test_two_windows_that_wrote_the_same_agree(drawer: Drawer, day: date, now: datetime) -> None:
    log.answer(drawer, day, "a", HEAVY, now)
    for _ in range(2):
        assert log.tell(drawer, day, "a", LIGHT, edition=1).edition == 2


class Slow(Drawer):
    """A phone that reads, and then somebody else writes before it does."""

    meanwhile: Any = None

    def find(self, *names: str) -> dict[str, Record]:
        found = super().find(*names)
        if self.meanwhile:
            act, self.meanwhile = self.meanwhile, None
            act()
        return found


@pytest.mark.parametrize("already", [True, False], ids=["a day with an entry", "an empty day"])
def test_two_phones_that_write_at_once_are_both_kept(
    already: bool, db: Connection, keyring: Keyring, drawer: Drawer, day: date, now: datetime
) -> None:
    if already:
        log.answer(drawer, day, "before", HEAVY, now)
    slow = Slow(db, keyring)
    slow.meanwhile = lambda: log.answer(drawer, day, "other phone", LIGHT, now)
    log.answer(slow, day, "this phone", HEAVY, now)
    kept = {entry.id for entry in log.read_day(drawer, day).entries}
    assert kept >= {"other phone", "this phone"}


def test_there_is_a_limit_to_a_day(drawer: Drawer, day: date, now: datetime) -> None:
    for number in range(log.MOST_ENTRIES_A_DAY):
        log.answer(drawer, day, str(number), HEAVY, now)
    with pytest.raises(log.TooManyEntries):
        log.answer(drawer, day, "one more", HEAVY, now)
    assert log.answer(drawer, day, "0", HEAVY, now).id == "0"  # sent again is not one more


def test_what_is_taken_away_comes_back_in_its_place(drawer: Drawer, day: date, now: datetime) -> None:
    for number in range(3):
        log.answer(drawer, day, str(number), Told(words=f"text {number}"), now + timedelta(hours=number))
    log.take_away(drawer, day, "1")
    log.take_away(drawer, day, "1")
    assert [entry.id for entry in log.read_day(drawer, day).entries] == ["0", "2"]
    assert [gone.entry.told.words for gone in log.bin_of(drawer)] == ["text 1"]

    assert log.put_back(drawer, "1") == day
    assert [entry.id for entry in log.read_day(drawer, day).entries] == ["0", "1", "2"]
    assert log.bin_of(drawer) == ()
    with pytest.raises(log.NoSuchEntry):
        log.put_back(drawer, "1")


def test_the_bin_shows_the_latest_day_first(drawer: Drawer, day: date, now: datetime) -> None:
    for back in (2, 0, 1):
        log.answer(drawer, day - timedelta(days=back), str(back), HEAVY, now)
        log.take_away(drawer, day - timedelta(days=back), str(back))
    assert [gone.entry.id for gone in log.bin_of(drawer)] == ["0", "1", "2"]


def test_deleted_for_good_leaves_no_row(drawer: Drawer, db: Connection, day: date, now: datetime) -> None:
    before = rows(db)
    log.answer(drawer, day, "a", HEAVY, now)
    log.take_away(drawer, day, "a")
    log.destroy(drawer, "a")
    log.destroy(drawer, "a")
    assert log.bin_of(drawer) == ()
    assert rows(db) == before


def test_undoing_a_fresh_tap_leaves_no_trace(
    drawer: Drawer, db: Connection, day: date, now: datetime
) -> None:
    before = rows(db)
    log.answer(drawer, day, "a", HEAVY, now)
    assert log.undo_answer(drawer, day, "a")
    assert not log.undo_answer(drawer, day, "a")
    assert rows(db) == before


def test_undoing_an_entry_that_has_grown_loses_no_text(drawer: Drawer, day: date, now: datetime) -> None:
    """Hard rule 8: nothing typed is ever lost."""
    log.answer(drawer, day, "a", HEAVY, now)
    log.tell(drawer, day, "a", Told(form=Form.HEAVY, words="skrev lite"), edition=1)
    assert log.undo_answer(drawer, day, "a")
    assert log.bin_of(drawer)[0].entry.told.words == "skrev lite"


def test_a_maybe_is_noted_once_and_can_be_taken_back(drawer: Drawer, db: Connection, day: date) -> None:
    before = rows(db)
    for title in ("Öppen fika", "Öppen fika, en stund"):
        log.maybe(drawer, day, Maybe(slug="oppen-fika", title=title))
    assert [one.title for one in log.read_day(drawer, day).maybes] == ["Öppen fika, en stund"]
    log.maybe_not(drawer, day, "oppen-fika")
    log.maybe_not(drawer, day, "oppen-fika")
    assert rows(db) == before


def test_a_day_can_be_today_or_any_day_that_has_been(day: date) -> None:
    for good in (day, day - timedelta(days=1), log.FIRST_DAY):
        assert log.check_day(good, day) == good
    for wrong in (
        day + timedelta(days=1),
        log.FIRST_DAY - timedelta(days=1),
        date(1890, 1, 1),
        date(2027, 11, 19),
    ):
        with pytest.raises(log.NotADay):
            log.check_day(wrong, day)


@pytest.mark.parametrize(
    ("form", "looked", "better"),
    [
        (None, None, False), (1, None, False), (3, None, False), (4, None, True), (5, None, True), (5, 1, True),
        (None, 3, False), (None, 4, True), (1, 1, False), (1, 2, True), (2, 3, True), (3, 2, False), (3, 3, False),
    ],
)  # fmt: skip
def test_better_days(form: int | None, looked: int | None, better: bool) -> None:
    """D10 and product.md: level ≥ 4, or looked ≥ 4, or looked above the level."""
    told = Told(form=Form(form) if form else None, looked=Form(looked) if looked else None)
    assert log.is_better(told) is better


def test_another_persons_entry_is_not_there(db: Connection, drawer: Drawer, day: date, now: datetime) -> None:
    log.answer(drawer, day, "a", HEAVY, now)
    cleo = Drawer(db, new_account(db, now=now)[0])
    with pytest.raises(log.NoSuchEntry):
        log.find_entry(log.read_day(cleo, day), "a")
    with pytest.raises(log.NoSuchEntry):
        log.tell(cleo, day, "a", LIGHT, edition=1)
    log.take_away(cleo, day, "a")
    assert log.find_entry(log.read_day(drawer, day), "a").told == HEAVY


def _told() -> st.SearchStrategy[Told]:
    """Everything a person can have said: any text that can travel as UTF-8."""
    text = st.text(st.characters(codec="utf-8"), max_size=200)
    form = st.none() | st.sampled_from(list(Form))
    return st.builds(
        Told,
        form=form, words=text, done=text, looked=form, cost=st.none() | st.sampled_from(list(Cost)), helped=text,
        circumstances=st.lists(st.sampled_from(list(Circumstance)), unique=True).map(tuple),
        mood=st.none() | st.sampled_from(list(Mood)),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(told=_told())
@example(told=Told(words="🦔👩🏽‍🚀🏳️‍🌈", done="مرحبا بالعالم ‮bakvänt‬", helped="<script>alert(1)</script>"))
@example(told=Told(words="före\0efter", done="\r\n\t\x1b[31m", helped="'; DROP TABLE record; --"))
@example(told=Told(words="å" * 20_000, done="🦔" * 20_000, helped="{{ 7 * 7 }}"))
def test_what_is_told_is_kept_word_for_word(house: Database, told: Told) -> None:
    """D8, D10: words, what was done, how it looked, what it cost, what lay around, what helped."""
    day, now = date(2026, 11, 19), datetime.fromisoformat("2026-11-19T09:00:00+00:00")
    with house.write() as db:
        keyring, _account_key, _half = new_account(db, now=now)
        entry_id = ids.token()
        log.answer(Drawer(db, keyring), day, entry_id, told, now)
    with house.read() as db:
        entry = log.find_entry(log.read_day(Drawer(db, keyring), day), entry_id)
    assert (entry.told, entry.written) == (told, now)
