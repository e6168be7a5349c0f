"""The words for times, facts and reasons. Times are said as one would say them: “pågår till 12”, “i morgon 11–12”."""

import re
from datetime import datetime

from server.activities.builtin import BUILT_IN
from server.activities.listing import Group
from server.activities.possibility import Possibility, Reason, ReasonCode
from server.activities.state import State, StateKind
from server.activities.town import Access, Activity, Leave, People, Place, Sound, Terms, Way
from server.core import clock
from server.web.language import clock_time, long_date, lower_first
from server.web.language import gettext as _
from server.web.language import lazy_gettext as _l

POWER = {
    1: _l("Little strength"),
    2: _l("Little strength"),
    3: _l("Some strength"),
    4: _l("More strength"),
    5: _l("More strength"),
}
PEOPLE = {
    People.ALONE: _l("Nobody"),
    People.ONE: _l("One person"),
    People.FEW: _l("A few"),
    People.GROUP: _l("A group"),
    People.MANY: _l("Many"),
}
SOUND = {
    Sound.SILENT: _l("Quiet"),
    Sound.LOW: _l("Low sound"),
    Sound.MEDIUM: _l("Some sound"),
    Sound.LOUD: _l("Lively"),
}
WAY = {
    Way.NONE: _l("Nothing to arrange"),
    Way.DROPIN: _l("Drop in, no booking"),
    Way.BOOKING: _l("Book a time first"),
    Way.SIGNUP: _l("Sign up first"),
}
TERMS = {
    Terms.OPEN: _l("Open to everybody"),
    Terms.MEMBER: _l("For members"),
    Terms.DECISION: _l("Needs a decision under SoL"),
    Terms.VIA_OFFICER: _l("Through your handläggare"),
}
LEAVE = {
    Leave.YES: _l("You can leave whenever you want"),
    Leave.TELL: _l("You can leave, tell somebody first"),
    Leave.NO: _l("Hard to leave half-way"),
}
ACCESS = {
    Access.WHEELCHAIR: _l("Wheelchair"),
    Access.WHEELCHAIR_TOILET: _l("Toilet for wheelchair"),
    Access.TOILET: _l("Toilet"),
    Access.LIFT: _l("Lift"),
    Access.HEARING_LOOP: _l("Hearing loop"),
    Access.SIGN_LANGUAGE: _l("Sign language"),
    Access.QUIET_ROOM: _l("Quiet room"),
    Access.SEATS: _l("Seats to rest on"),
    Access.PARKING: _l("Parking"),
}
GROUPS = {
    Group.NOW: _l("Open now"),
    Group.LATER_TODAY: _l("Later today"),
    Group.ANY_TIME: _l("Whenever you want"),
    Group.COMING_DAYS: _l("Coming days"),
    Group.AGREEMENT: _l("At a time you agree on"),
    Group.OTHER_SEASON: _l("Another time of the year"),
}
# Rest and just being belong to no town, so their words are ours. Marked here for the catalogue of texts.
_BUILT_IN = [
    _l("Rest"),
    _l("Nothing is lost while you rest."),
    _l("Close your eyes for a minute"),
    _l("One minute is rest too."),
    _l("Just be"),
    _l("Sit where you are, or where others are. You do not have to do anything."),
    _l("Take three breaths"),
    _l("That is all."),
]


def said(activity: Activity, text: str) -> str:
    """A text of an activity: a host's own words as they are, our own translated."""
    return _(text) if activity.slug in BUILT_IN else text


def when_and_where(state: State, place: Place | None) -> str:
    """“Idag 10–12 · 8 minuter bort”."""
    return " · ".join(filter(None, (when(state), _together(place.far) if place else _("at home"))))


def _together(text: str) -> str:
    """A number and its unit do not part at the end of a line."""
    return re.sub(r"(\d) ", "\\1\u00a0", text)


def when(state: State) -> str:
    """When it can be done, as of this moment."""
    start, end = state.start, state.end
    span = f"{clock_time(start)}–{clock_time(end)}" if start and end else ""
    match state.kind:
        case StateKind.NOW if end:
            return _("Goes on until %(time)s", time=clock_time(end))
        case StateKind.SOON if start:
            return _soon(start)
        case StateKind.LATER:
            return _("Today %(span)s", span=span)
        case StateKind.TOMORROW:
            return _("Tomorrow %(span)s", span=span)
        case StateKind.NEXT if start:
            return f"{long_date(clock.here(start).date())} {span}"
        case StateKind.DAYLIGHT if end:
            return _("While it is light, until %(time)s", time=clock_time(end))
        case StateKind.DARK if start:
            return _("When it is light, from %(time)s", time=clock_time(start))
        case StateKind.AGREEMENT:
            return _("At a time you agree on")
        case StateKind.OVER:
            return _("No time set just now")
    return _("Whenever you want")


def _soon(start: datetime) -> str:
    minutes = max(1, round((start - clock.now()).total_seconds() / 60))
    if minutes >= 55:
        return _("Begins in an hour, at %(time)s", time=clock_time(start))
    if minutes == 1:
        return _("Begins in a minute, at %(time)s", time=clock_time(start))
    return _("Begins in %(minutes)s minutes, at %(time)s", minutes=minutes, time=clock_time(start))


def facts(one: Possibility) -> tuple[str, str, str]:
    """Strength, people, sound."""
    return str(POWER[one.least_form]), str(PEOPLE[one.people]), str(SOUND[one.sound])


def why(reason: Reason, forms: dict[int, str]) -> str:
    """Why it is shown, as one sentence (matching.py explains the rules)."""
    at = clock_time(reason.at) if reason.at else ""
    level = lower_first(str(forms[reason.level])) if reason.level else ""
    match reason.code:
        case ReasonCode.FITS_FORM:
            return _("It usually works on a day that is %(form)s.", form=level)
        case ReasonCode.FITS_UNKNOWN:
            return _("It works on a heavy day too.")
        case ReasonCode.SMALLER_FITS:
            return _("This is the smallest version. The whole asks for more.")
        case ReasonCode.OPEN_NOW:
            return _("It is open until %(time)s.", time=at)
        case ReasonCode.DAYLIGHT:
            return _("It is light until %(time)s.", time=at)
        case (
            ReasonCode.STARTS_SOON
            | ReasonCode.LATER
            | ReasonCode.TOMORROW
            | ReasonCode.NEXT
            | ReasonCode.DARK
        ):
            return _("It begins at %(time)s.", time=at)
    return str(_PLAIN[reason.code])


_PLAIN = {
    ReasonCode.ANY_TIME: _l("You can do it whenever you want."),
    ReasonCode.AGREEMENT: _l("You agree on a time that suits you."),
    ReasonCode.NEEDS_NOTHING: _l("It costs nothing and needs nothing."),
    ReasonCode.WITHOUT_DEMANDS: _l("There are people there, but no demands."),
    ReasonCode.ALONE: _l("You can do it alone."),
    ReasonCode.QUIET: _l("It is quiet there."),
    ReasonCode.FREE: _l("It costs nothing."),
    ReasonCode.NO_DECISION: _l("It needs no decision from an authority."),
    ReasonCode.LEAVE_ANY_TIME: _l("You can leave whenever you want."),
    ReasonCode.REST_ALWAYS: _l("Rest is always a choice."),
}
