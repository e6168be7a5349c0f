"""*Visa allt*: every activity there is, nothing held back by the day's form."""

from datetime import datetime
from enum import IntEnum

from msgspec import Struct

from server.activities import schedule
from server.activities.builtin import BUILT_IN
from server.activities.catalogue import AHEAD, Catalogue
from server.activities.state import State, StateKind, state_of
from server.activities.town import Activity


class Group(IntEnum):
    """In the order in which they are shown."""

    NOW = 0
    LATER_TODAY = 1
    ANY_TIME = 2
    COMING_DAYS = 3  # within 60 days
    AGREEMENT = 4
    OTHER_SEASON = 5  # further on; the state's start says when, `activity.when` tells the season


class Listed(Struct, frozen=True):
    activity: Activity
    state: State
    group: Group


def everything(moment: datetime, catalogue: Catalogue) -> tuple[Listed, ...]:
    """All activities as they stand at an aware moment, with rest and just being: never empty (row B11)."""
    day = moment.astimezone(schedule.ZONE).date()
    upcoming = catalogue.upcoming(day)
    found = []
    for activity in (*catalogue.activities.values(), *BUILT_IN.values()):
        state = state_of(activity, moment, upcoming.get((activity.slug, False), ()))
        found.append(Listed(activity, state, _group(state, moment)))
    return tuple(sorted(found, key=lambda one: (one.group, one.state.start or moment)))


def _group(state: State, moment: datetime) -> Group:
    if state.kind in (StateKind.ANY_TIME, StateKind.DAYLIGHT):
        return Group.ANY_TIME
    if state.kind is StateKind.AGREEMENT:
        return Group.AGREEMENT
    if state.kind is StateKind.NOW:
        return Group.NOW
    if state.start is None:
        return Group.OTHER_SEASON
    first, start = (one.astimezone(schedule.ZONE).date() for one in (moment, state.start))
    if start == first:
        return Group.LATER_TODAY
    return Group.COMING_DAYS if (start - first).days <= AHEAD else Group.OTHER_SEASON
