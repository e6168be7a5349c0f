"""The two nights when the clocks change, and the wall clock on all other days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from server.activities.catalogue import Catalogue
from server.activities.matching import possible
from server.activities.schedule import ZONE, at, days_of, occurrences
from server.activities.state import StateKind, of_times
from server.activities.town import Activity, Occurrence, Times

Make = Callable[..., Activity]
Weekly = Callable[..., Times]
Moment = Callable[[str], datetime]

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
DAYS = st.dates(date(2025, 2, 1), date(2028, 12, 31)) | st.sampled_from([SPRING, AUTUMN])


def only(activity: Activity, day: date) -> Occurrence:
    [found] = [one for one in occurrences(activity, day, day) if one.start.astimezone(ZONE).date() == day]
    return found


def hours(one: Occurrence) -> float:
    return (one.end - one.start) / timedelta(hours=1)


def test_ten_is_ten_on_both_sides_of_both_changes(make: Make, weekly: Weekly) -> None:
    sundays = make(times=(weekly("SU"),), open_on_holidays=True)
    for day, utc in ((date(2026, 3, 22), 9), (SPRING, 8), (date(2026, 10, 18), 8), (AUTUMN, 9)):
        one = only(sundays, day)
        assert one.start == datetime(day.year, day.month, day.day, utc, tzinfo=UTC)
        assert hours(one) == 2


def test_a_night_in_spring_is_an_hour_shorter(make: Make, weekly: Weekly, at: Moment) -> None:
    night = make(times=(weekly("SA", "22.00", "06.00", overnight=True),))
    one = only(night, SPRING - timedelta(days=1))
    assert hours(one) == 7
    assert one.end == at("2026-03-29 06.00")


def test_a_night_in_autumn_is_an_hour_longer(make: Make, weekly: Weekly, at: Moment) -> None:
    night = make(times=(weekly("SA", "22.00", "06.00", overnight=True),))
    one = only(night, AUTUMN - timedelta(days=1))
    assert hours(one) == 9
    assert one.end == at("2026-10-25 06.00")


def test_it_goes_on_through_both_hours_that_are_called_two(make: Make, weekly: Weekly) -> None:
    """D7: what is possible is right at any minute of that night too."""
    night = make("night", times=(weekly("SA", "22.00", "06.00", overnight=True),))
    catalogue = Catalogue("v", "t", (), (night,))
    for utc in ((0, 30), (1, 30), (4, 59)):  # 02:30 twice, and 05:59
        moment = datetime(2026, 10, 25, *utc, tzinfo=UTC)
        assert StateKind.NOW in [one.state.kind for one in possible(3, moment, catalogue).choices]
    over = datetime(2026, 10, 25, 5, 0, tzinfo=UTC)
    assert StateKind.NOW not in [one.state.kind for one in possible(3, over, catalogue).choices]


def test_what_begins_in_the_hour_that_is_skipped_is_not_lost(make: Make, weekly: Weekly) -> None:
    early = make(times=(weekly("SU", "02.30", "03.30"),))
    one = only(early, SPRING)
    assert one.start == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert hours(one) == 1


def test_what_is_at_half_past_two_happens_once_when_that_comes_twice(make: Make, weekly: Weekly) -> None:
    early = make(times=(weekly("SU", "02.30", "03.30"),))
    assert [one.start for one in occurrences(early, AUTUMN, AUTUMN)] == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    ]


def test_an_exception_on_the_day_of_the_change_is_kept(make: Make, weekly: Weekly) -> None:
    sundays = make(times=(weekly("SU", not_on=(SPRING, AUTUMN)),))
    assert occurrences(sundays, SPRING, SPRING) == []
    assert occurrences(sundays, AUTUMN, AUTUMN) == []


@settings(deadline=None)
@given(DAYS, st.times(), st.integers(5, 23 * 60))
def test_the_wall_clock_is_kept_on_every_day(make: Make, day: date, start: time, minutes: int) -> None:
    """Whatever the day: it begins and ends when the clock on the wall says so."""
    start = start.replace(second=0, microsecond=0, fold=0)
    end = (datetime.combine(day, start) + timedelta(minutes=minutes)).time()
    assume(at(day, start).astimezone(ZONE).time() == start)  # not in the hour that spring skips
    overnight = end <= start
    times = Times("FREQ=DAILY", date(2025, 1, 1), start, end, overnight=overnight)
    one = only(make(times=(times,), open_on_holidays=True), day)
    assert one.start == at(day, start)
    assert one.end == at(day + timedelta(days=overnight), end)
    assert one.start < one.end
    assert of_times(one.start, [one]).kind is StateKind.NOW
    assert of_times(one.end, [one]).kind is StateKind.OVER


@settings(deadline=None)
@given(DAYS, st.integers(1, 40), st.sampled_from(["MO", "SA,SU", "TU,TH", "FR"]), st.booleans())
def test_a_span_of_days_is_its_days(
    make: Make, weekly: Weekly, first: date, length: int, on: str, night: bool
) -> None:
    """Asking for a month gives what asking for each of its days gives: nothing twice, nothing lost."""
    activity = make(times=(weekly(on, "21.00", "03.00" if night else "22.30", overnight=night),))
    span = [first + timedelta(days=number) for number in range(length)]
    whole = occurrences(activity, span[0], span[-1])
    each = {one for day in span for one in occurrences(activity, day, day)}
    assert sorted(each, key=lambda one: one.start) == whole
    assert all(set(days_of(one)) & set(span) for one in whole)
