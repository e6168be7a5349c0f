"""From recurring times to occurrences. Pure: what goes in decides what comes out.

Repeating follows RFC 5545 (icalendar and recurring-ical-events). Times are those of the town's wall clock,
so something at 10 is at 10 before and after the clocks change, and something that runs through that night
ends when the wall clock says so.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import recurring_ical_events
from dateutil.easter import easter  # type: ignore[import-untyped]
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from icalendar import Calendar, Event, vRecur

from server.activities.town import Activity, Closed, Occurrence, Times

ZONE = ZoneInfo("Europe/Stockholm")
_DAY = timedelta(days=1)

# When the sun is plausibly up in most of Sweden, per month, on the wall clock. A little inside the real hours
# of the south: nobody is sent out into the dusk. (December: Göteborg 8.50 to 15.25, Östersund 9.40 to 14.20.)
_LIGHT = {
    1: (time(9), time(15)),
    2: (time(8), time(16)),
    3: (time(7), time(17)),
    4: (time(6), time(19)),
    5: (time(5), time(21)),
    6: (time(4), time(22)),
    7: (time(5), time(21)),
    8: (time(6), time(20)),
    9: (time(7), time(18, 30)),
    10: (time(8), time(17)),
    11: (time(8), time(15)),
    12: (time(9), time(14, 30)),
}

# The law as it stands since 2005. Month and day: nyårsdagen, trettondedag jul, första maj, nationaldagen, julafton,
# juldagen, annandag jul, nyårsafton.
_EVERY_YEAR = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
# Days: långfredagen, påskafton, påskdagen, annandag påsk, Kristi himmelsfärdsdag, pingstdagen.
_AFTER_EASTER = (-2, -1, 0, 1, 39, 49)


def occurrences(activity: Activity, first: date, last: date) -> list[Occurrence]:
    """All that touch the days `first` to `last` (the town's dates, both included), in order of time."""
    found = list(_of(activity, activity.times, first, last, smaller=False))
    found += _of(activity, activity.smaller.times, first, last, smaller=True)
    return sorted(found, key=lambda one: (one.start, one.end))


def rule_days(times: Times, first: date, last: date) -> list[date]:
    """The days that the rule alone gives from `first` to `last`. ValueError when it is not a rule."""
    begins, until = datetime.combine(times.first, time()), datetime.combine(last, time())
    try:
        rule = rrulestr(times.rule, dtstart=begins).replace(until=until)
        return [found.date() for found in rule.between(datetime.combine(first, time()), until, inc=True)]
    except IndexError as error:  # a ninth Wednesday
        raise ValueError("there is no such day") from error


def daylight(day: date) -> tuple[datetime, datetime]:
    """From when to when it is plausibly light that day: aware, UTC."""
    start, end = _LIGHT[day.month]
    return at(day, start), at(day, end)


def days_of(one: Occurrence) -> list[date]:
    """The town's dates that it touches: two when it runs through the night."""
    first = one.start.astimezone(ZONE).date()
    last = (one.end - timedelta(microseconds=1)).astimezone(ZONE).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def at(day: date, clock: time) -> datetime:
    """That time on the town's wall clock: aware, UTC. An hour that comes twice is the first of the two."""
    return datetime.combine(day, clock, ZONE).astimezone(UTC)


@lru_cache(maxsize=32)
def closed_days(year: int) -> frozenset[date]:
    """Days on which the town is closed unless somebody says otherwise.

    Public holidays (lag 1989:253), the three eves that the annual leave act counts as such (SFS 1977:480
    section 7: midsommarafton, julafton, nyårsafton), and påskafton. Half-day eves are ordinary days.
    """
    midsommar, alla_helgons = _saturday(date(year, 6, 20)), _saturday(date(year, 10, 31))
    fixed = (date(year, month, day) for month, day in _EVERY_YEAR)
    after_easter = (easter(year) + timedelta(days=number) for number in _AFTER_EASTER)
    return frozenset((*fixed, *after_easter, midsommar - _DAY, midsommar, alla_helgons))


def _saturday(day: date) -> date:
    """That day, or the Saturday that comes next."""
    return day + timedelta(days=(5 - day.weekday()) % 7)


def _of(
    activity: Activity, times: tuple[Times, ...], first: date, last: date, *, smaller: bool
) -> Iterator[Occurrence]:
    closed = activity.closed + (activity.place.closed if activity.place else ())
    for each in times:
        for start, end in _expand(each, first, last):
            day = start.date()
            if day in each.also_on or _open(each, closed, day, holidays=activity.open_on_holidays):
                yield Occurrence(start.astimezone(UTC), end.astimezone(UTC), activity.slug, smaller)


def _open(times: Times, closed: tuple[Closed, ...], day: date, *, holidays: bool) -> bool:
    if times.season and not times.season.holds(day):
        return False
    if not holidays and day in closed_days(day.year):
        return False
    return not any(period.holds(day) for period in closed)


def _expand(times: Times, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """Starts and ends on the wall clock, exceptions and additions counted, closed days not."""
    window = datetime.combine(first, time(), ZONE), datetime.combine(last + _DAY, time(), ZONE)
    calendar = Calendar()
    calendar.add_component(_event(times, last))
    for event in recurring_ical_events.of(calendar).between(*window):
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        if end.astimezone(UTC) <= start.astimezone(UTC):  # began in the hour that spring skips
            end = (start.astimezone(UTC) + _length(times)).astimezone(ZONE)
        if start < window[1] and end > window[0]:
            yield start, end


def _event(times: Times, last: date) -> Event:
    start = datetime.combine(times.first, times.start, ZONE)
    event = Event()
    event.add("uid", "times")
    event.add("dtstart", start)
    event.add(
        "dtend", datetime.combine(times.first + (_DAY if times.overnight else timedelta()), times.end, ZONE)
    )
    rule = vRecur.from_ical(times.rule)
    # Bounded even without an end of its own, so that a rule that never comes true is not sought for ever.
    end = min(times.last or last, last)
    rule["UNTIL"] = [datetime.combine(end, time.max, ZONE).astimezone(UTC)]
    event.add("rrule", rule)
    if times.not_on:
        event.add("exdate", [datetime.combine(day, times.start, ZONE) for day in times.not_on])
    if times.also_on:
        event.add("rdate", [datetime.combine(day, times.start, ZONE) for day in times.also_on])
    return event


def _length(times: Times) -> timedelta:
    start, end = datetime.combine(times.first, times.start), datetime.combine(times.first, times.end)
    return end - start + (_DAY if times.overnight else timedelta())
