"""Recurring times of the example town and of small ones, against the almanac."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from holidays.countries.sweden import Sweden

from server.activities import schedule
from server.activities.catalogue import Catalogue
from server.activities.schedule import ZONE, closed_days, occurrences
from server.activities.town import Activity, Closed, Place, Span, Times

Make = Callable[..., Activity]
Weekly = Callable[..., Times]


def days(activity: Activity, first: str, last: str) -> list[str]:
    """The days of the activity's own times, as “11-19”."""
    found = occurrences(activity, date.fromisoformat(first), date.fromisoformat(last))
    return [f"{one.start.astimezone(ZONE):%m-%d}" for one in found if not one.smaller]


def test_every_other_thursday_keeps_its_step(ljungvik: Catalogue) -> None:
    """Bokprat: one date taken away (EXDATE) and one added (RDATE) in December 2026."""
    bokprat = ljungvik.activities["bokprat"]
    assert days(bokprat, "2026-11-01", "2026-12-31") == ["11-05", "11-19", "12-10", "12-17"]
    assert days(bokprat, "2027-01-01", "2027-02-28") == ["01-14", "01-28", "02-11", "02-25"]


def test_every_other_thursday_rests_in_summer(ljungvik: Catalogue) -> None:
    assert days(ljungvik.activities["bokprat"], "2026-06-11", "2026-08-19") == []


def test_first_wednesday_of_the_month(ljungvik: Catalogue) -> None:
    """Öppet hus: not on 6 January (a holiday and in the school's closed weeks), nor in summer."""
    house = ljungvik.activities["oppet-hus"]
    assert days(house, "2026-01-01", "2026-12-31") == [
        "02-04", "03-04", "04-01", "05-06", "06-03", "09-02", "10-07", "11-04", "12-02",
    ]  # fmt: skip


def test_season_from_april_to_october(ljungvik: Catalogue) -> None:
    garden = ljungvik.activities["odla"]
    found = days(garden, "2026-01-01", "2026-12-31")
    assert (found[0], found[-1]) == ("04-02", "10-29")


def test_a_season_may_pass_new_year(make: Make, weekly: Weekly) -> None:
    skating = make(times=(weekly("MO", season=Span("12-01", "01-31")),))
    found = days(skating, "2026-11-01", "2027-02-28")
    assert (found[0], found[-1]) == ("12-07", "01-25")


def test_ten_weeks_with_an_autumn_break(ljungvik: Catalogue) -> None:
    """Prova på studier: twenty forenoons, none of them in week 44."""
    found = days(ljungvik.activities["prova-studier"], "2026-08-01", "2026-12-31")
    assert len(found) == 20
    assert {date.fromisoformat(f"2026-{day}").isocalendar().week for day in found} == {*range(36, 44), 45, 46}


def test_eight_times_a_term(ljungvik: Catalogue) -> None:
    circle = ljungvik.activities["studiecirkel"]
    assert len(days(circle, "2026-08-01", "2026-12-31")) == 8
    assert len(days(circle, "2027-01-01", "2027-06-30")) == 8


def test_one_evening_a_term(ljungvik: Catalogue) -> None:
    assert days(ljungvik.activities["kamratstodjare"], "2026-01-01", "2026-12-31") == ["02-18", "09-16"]


def test_one_saturday_a_month_but_not_in_july(ljungvik: Catalogue) -> None:
    found = days(ljungvik.activities["lordagsutflykt"], "2026-01-01", "2026-12-31")
    assert len(found) == 11
    assert not [day for day in found if day.startswith("07")]


def test_closed_weeks_of_the_place_in_summer(ljungvik: Catalogue) -> None:
    fika = days(ljungvik.activities["oppen-fika"], "2026-07-01", "2026-08-10")
    assert fika == ["07-01", "08-03", "08-05", "08-10"]


def test_closed_between_christmas_and_new_year(ljungvik: Catalogue) -> None:
    fika = days(ljungvik.activities["oppen-fika"], "2026-12-20", "2027-01-07")
    assert fika == ["12-21", "01-04"]  # and not on 6 January


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-01", "nyårsdagen"),
        ("2026-01-06", "trettondedag jul"),
        ("2026-04-03", "långfredagen"),
        ("2026-04-04", "påskafton"),
        ("2026-04-06", "annandag påsk"),
        ("2026-05-01", "första maj"),
        ("2026-05-14", "Kristi himmelsfärdsdag"),
        ("2026-06-06", "nationaldagen"),
        ("2026-06-19", "midsommarafton"),
        ("2026-06-20", "midsommardagen"),
        ("2026-10-31", "alla helgons dag"),
        ("2026-12-24", "julafton"),
        ("2026-12-25", "juldagen"),
        ("2026-12-31", "nyårsafton"),
    ],
)
def test_holidays_and_eves_are_closed(ljungvik: Catalogue, day: str, name: str) -> None:
    """D7: open today has to be true on midsommarafton as well."""
    assert days(ljungvik.activities["tidningen"], day, day) == [], name


def test_closed_days_are_those_of_the_holidays_package() -> None:
    """It knows every country in the world, which is too much for each worker to carry."""
    for year in range(2005, 2101):
        red = Sweden(years=year, categories=("public", "de_facto"), language="sv")
        optional = Sweden(years=year, categories=("optional",), language="sv")
        assert closed_days(year) == {*red, *(day for day, name in optional.items() if name == "Påskafton")}


@pytest.mark.parametrize("day", ["2026-04-02", "2026-04-30", "2026-05-15", "2026-10-30"])
def test_half_day_eves_and_days_between_are_ordinary(ljungvik: Catalogue, day: str) -> None:
    assert days(ljungvik.activities["tidningen"], day, day) == [day[5:]]


def test_open_on_holidays_when_the_host_says_so(ljungvik: Catalogue) -> None:
    """D27: the house where one can just be has breakfast on midsommarafton and julafton too."""
    for day in ("2026-06-19", "2026-12-24"):
        assert days(ljungvik.activities["frukost"], day, day) == [day[5:]]


def test_an_added_date_stands_even_on_a_holiday_in_a_closed_week(make: Make, weekly: Weekly) -> None:
    added = weekly("MO", also_on=(date(2026, 12, 24),), season=Span("03-01", "05-31"))
    activity = make(times=(added,), closed=(Closed(weeks=(52,)),))
    assert days(activity, "2026-12-01", "2026-12-31") == ["12-24"]


def test_a_closed_period_of_one_year_is_open_the_next(make: Make, weekly: Weekly) -> None:
    once = make(times=(weekly("TU"),), closed=(Closed("2026-05-04", "2026-05-08"),))
    assert "05-05" not in days(once, "2026-05-01", "2026-05-31")
    assert "05-04" in days(once, "2027-05-01", "2027-05-31")


def test_a_rule_ends_on_its_last_day(make: Make, weekly: Weekly) -> None:
    ended = make(times=(weekly("TU", last=date(2026, 5, 12)),))
    assert days(ended, "2026-05-01", "2026-12-31") == ["05-05", "05-12"]


def test_the_smaller_version_can_have_times_of_its_own(ljungvik: Catalogue) -> None:
    """B8: “ät lunch, diska inte” is at lunch, not at the morning meeting."""
    day = date(2026, 11, 18)
    found = [one for one in ljungvik.programme(day) if one.slug == "koket"]
    assert [(one.smaller, one.start.astimezone(ZONE).time()) for one in found] == [
        (False, time(9, 15)),
        (True, time(12, 30)),
    ]


def test_what_runs_through_the_night_is_on_both_days(make: Make, weekly: Weekly) -> None:
    night = make("night", times=(weekly("SA", "22.00", "06.00", overnight=True),))
    catalogue = Catalogue("v", "t", (), (night,))
    for day in (date(2026, 11, 21), date(2026, 11, 22)):
        assert [one.slug for one in catalogue.programme(day)] == ["night"]
    assert catalogue.programme(date(2026, 11, 23)) == ()


def test_what_ends_at_midnight_is_not_on_the_next_day(make: Make, weekly: Weekly) -> None:
    late = make("late", times=(weekly("SA", "22.00", "00.00", overnight=True),))
    catalogue = Catalogue("v", "t", (), (late,))
    assert len(catalogue.programme(date(2026, 11, 21))) == 1
    assert catalogue.programme(date(2026, 11, 22)) == ()


def test_a_night_that_passes_into_a_new_month_is_on_both_days(make: Make, weekly: Weekly) -> None:
    night = make("night", times=(weekly("SA", "22.00", "06.00", overnight=True),))
    catalogue = Catalogue("v", "t", (), (night,))
    assert catalogue.programme(date(2026, 10, 31)) == ()  # alla helgons dag
    assert catalogue.programme(date(2026, 2, 28)) == catalogue.programme(date(2026, 3, 1)) != ()


def test_closed_weeks_of_the_place_hold_for_all_that_happens_there(make: Make, weekly: Weekly) -> None:
    place = Place("house", "The house", "near", closed=(Closed(weeks=(20,)),))
    activity = make(place=place, times=(weekly("MO,WE"),))
    assert days(activity, "2026-05-11", "2026-05-17") == []
    assert days(activity, "2026-05-18", "2026-05-24") == ["05-18", "05-20"]


def test_days_are_right_far_ahead_and_far_back(make: Make, weekly: Weekly) -> None:
    activity = make(times=(weekly("TU"),))
    assert days(activity, "2024-01-01", "2025-01-06") == []
    assert days(activity, "2055-01-01", "2055-01-05") == ["01-05"]


def test_it_is_light_in_daytime_all_year() -> None:
    """The table holds for every month, and the longest day is in June."""
    spans: list[Any] = [schedule.daylight(date(2026, month, 15)) for month in range(1, 13)]
    lengths = [end - start for start, end in spans]
    assert all(start.astimezone(ZONE).hour < 12 < end.astimezone(ZONE).hour for start, end in spans)
    assert max(lengths) == lengths[5]
    assert min(lengths) == lengths[11]
