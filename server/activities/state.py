"""How things stand with an activity at a moment: right to the minute. The pages choose the words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from server.activities import schedule
from server.activities.town import Activity, Occurrence, Schedule

_SOON = timedelta(hours=1)
_ONE_DAY = timedelta(days=1)


class StateKind(StrEnum):
    """A state has `start` and `end` when it speaks of a time; otherwise both are None."""

    NOW = "now"  # goes on until `end`
    SOON = "soon"  # `start` is at most an hour away
    LATER = "later"  # `start` is later today
    TOMORROW = "tomorrow"  # nothing more today; `start` is tomorrow
    NEXT = "next"  # nothing more today or tomorrow; `start` is further on
    ANY_TIME = "any_time"
    DAYLIGHT = "daylight"  # it is light until `end`
    DARK = "dark"  # it will be light from `start` to `end`
    AGREEMENT = "agreement"  # one agrees on a time
    OVER = "over"  # no time ahead is known


class State(Struct, frozen=True):
    """Times are aware, UTC."""

    kind: StateKind
    start: datetime | None = None
    end: datetime | None = None


ANY_TIME = State(StateKind.ANY_TIME)
AGREEMENT = State(StateKind.AGREEMENT)
OVER = State(StateKind.OVER)
_PLAIN = {Schedule.ANYTIME: ANY_TIME, Schedule.AGREEMENT: AGREEMENT}


def state_of(activity: Activity, moment: datetime, times: Sequence[Occurrence]) -> State:
    """The activity at an aware moment. `times` are its occurrences in order of time, past ones or not."""
    if activity.schedule is Schedule.DAYLIGHT:
        return light(moment)
    plain = _PLAIN.get(activity.schedule)
    return plain or of_times(moment, times)


def of_times(moment: datetime, times: Sequence[Occurrence], *, from_start: bool = False) -> State:
    """The first time that is not over, or OVER. With `from_start` a time that has begun is over too."""
    for one in times:
        if moment < one.start:
            return State(_ahead(moment, one.start), one.start, one.end)
        if moment < one.end and not from_start:
            return State(StateKind.NOW, one.start, one.end)
    return OVER


def light(moment: datetime) -> State:
    """DAYLIGHT while it is plausibly light, otherwise DARK with the next time that it is."""
    day = moment.astimezone(schedule.ZONE).date()
    start, end = schedule.daylight(day)
    if moment >= end:
        start, end = schedule.daylight(day + _ONE_DAY)
    return State(StateKind.DAYLIGHT if start <= moment else StateKind.DARK, start, end)


def _ahead(moment: datetime, start: datetime) -> StateKind:
    days = (start.astimezone(schedule.ZONE).date() - moment.astimezone(schedule.ZONE).date()).days
    if start - moment <= _SOON and days <= 1:
        return StateKind.SOON
    return {0: StateKind.LATER, 1: StateKind.TOMORROW}.get(days, StateKind.NEXT)
