"""Dates and clocks as phones write them in Swedish, English, German, Spanish, Polish and French."""

from datetime import date, time

import pytest
from babel.dates import format_date, format_time
from hypothesis import given, settings
from hypothesis import strategies as st

from server.mine.whens import LANGUAGES, day_of, time_of


@given(day=st.dates(date(1920, 1, 1), date(2030, 1, 1)), language=st.sampled_from(LANGUAGES))
@settings(deadline=None, max_examples=100)
def test_a_date_in_any_of_the_languages(day: date, language: str) -> None:
    """Daylio has no comma in a date, and the year stands in a column of its own or not at all."""
    cells = {
        "year": str(day.year),
        "date": format_date(day, "d MMMM", locale=language),
        "weekday": format_date(day, "EEEE", locale=language),
    }
    assert day_of(cells) == day
    assert day_of({"date": format_date(day, "long", locale=language).replace(",", ".")}) == day


@given(day=st.dates(date(1920, 1, 1), date(2030, 1, 1)))
@settings(deadline=None, max_examples=50)
def test_the_iso_date_is_believed_first(day: date) -> None:
    assert day_of({"full_date": day.isoformat(), "date": "3 maj 1999", "weekday": "måndag"}) == day


@pytest.mark.parametrize(
    ("cells", "day"),
    [
        ({"full_date": "2026/11/17"}, date(2026, 11, 17)),
        ({"full_date": "2026-11-17T20:05:00"}, date(2026, 11, 17)),
        ({"date": "17.11.2026"}, date(2026, 11, 17)),
        ({"date": "17/11/2026"}, date(2026, 11, 17)),
        ({"date": "3/4/2026", "weekday": "Friday"}, date(2026, 4, 3)),
        ({"date": "3/4/2026", "weekday": "onsdag"}, date(2026, 3, 4)),
        ({"full_date": "2026-99-99", "date": "17 november", "weekday": "tisdag"}, date(2026, 11, 17)),
        ({"date": "11 de nov. de 2025"}, date(2025, 11, 11)),
    ],
)
def test_other_ways_to_write_it(cells: dict[str, str], day: date) -> None:
    assert day_of(cells) == day


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"date": "17 november"},
        {"date": "3/4/2026"},
        {"full_date": "2026-02-30"},
        {"date": "17 november 2026", "weekday": "onsdag"},
        {"date": "17 18 november 2026"},
        {"date": "i går"},
        {"date": "99999999999999999999-11-17"},
    ],
)
def test_what_can_be_read_in_two_ways_or_none_is_not_guessed(cells: dict[str, str]) -> None:
    """A day on the wrong date is worse than a row in a list."""
    assert day_of(cells) is None


@given(
    clock=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    language=st.sampled_from(LANGUAGES),
)
@settings(deadline=None, max_examples=100)
def test_a_clock_in_any_of_the_languages(clock: time, language: str) -> None:
    assert time_of(format_time(clock, "HH:mm", locale=language)) == clock
    assert time_of(format_time(clock, "short", locale=language)) == clock


@pytest.mark.parametrize(
    ("text", "clock"),
    [("8:05 PM", time(20, 5)), ("8:05\u202fpm", time(20, 5)), ("8.05 em", time(20, 5)), ("8:05 p.\xa0m.", time(20, 5)),
     ("12:00 am", time(0)), ("12:30 PM", time(12, 30)), ("20 h 05", time(20, 5)), ("20:05 Uhr", time(20, 5)),
     ("7:05", time(7, 5)), ("20:05:59", time(20, 5))],
)  # fmt: skip
def test_twelve_and_twenty_four_hours(text: str, clock: time) -> None:
    assert time_of(text) == clock


@pytest.mark.parametrize(
    "text", ["", "kväll", "25:00", "12:60", "13:00 pm", "0:10 am", "8", "8:5", "20:05 ish"]
)
def test_what_is_no_clock(text: str) -> None:
    assert time_of(text) is None
