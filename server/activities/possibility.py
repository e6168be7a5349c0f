"""One thing that is possible: an activity, or only its smallest version, as things stand at a moment."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from server.activities.builtin import BUILT_IN
from server.activities.state import State, StateKind
from server.activities.town import Activity, Leave, People, Place, Sound, Terms, Way


class ReasonCode(StrEnum):
    """Why it is shown. `level` and `at` of the reason are filled in where the comment says so."""

    FITS_FORM = "fits_form"  # level: the day's form
    FITS_UNKNOWN = "fits_unknown"  # no form given; it fits a heavy day too
    SMALLER_FITS = "smaller_fits"  # level: the day's form, or None; the whole needs more
    OPEN_NOW = "open_now"  # at: until when
    STARTS_SOON = "starts_soon"  # at: the start, at most an hour away
    LATER = "later"  # at: the start, later today
    TOMORROW = "tomorrow"  # at: the start
    NEXT = "next"  # at: the start
    ANY_TIME = "any_time"
    DAYLIGHT = "daylight"  # at: until when it is light
    DARK = "dark"  # at: when it gets light
    AGREEMENT = "agreement"
    NEEDS_NOTHING = "needs_nothing"  # no money, no booking, no other people, any time
    WITHOUT_DEMANDS = "without_demands"  # among people: just turn up, costs nothing, leave when you want
    ALONE = "alone"
    QUIET = "quiet"
    FREE = "free"
    NO_DECISION = "no_decision"
    LEAVE_ANY_TIME = "leave_any_time"
    REST_ALWAYS = "rest_always"


class Reason(Struct, frozen=True):
    """`level` is 1-5, `at` aware UTC."""

    code: ReasonCode
    level: int | None = None
    at: datetime | None = None


_JUST_COME = (Way.NONE, Way.DROPIN)


class Possibility(Struct, frozen=True):
    """Read the texts and facts here and not on the activity: they are those of the version that is shown."""

    activity: Activity
    smaller: bool
    state: State
    why: tuple[Reason, ...] = ()

    @property
    def slug(self) -> str:
        return self.activity.slug

    @property
    def title(self) -> str:
        return self.activity.smaller.title if self.smaller else self.activity.title

    @property
    def line(self) -> str:
        return self.activity.smaller.line if self.smaller else self.activity.line

    @property
    def least_form(self) -> int:
        return self.activity.smaller.least_form if self.smaller else self.activity.least_form

    @property
    def at_any_time(self) -> bool:
        return self.state.kind is StateKind.ANY_TIME

    @property
    def _at_home_instead(self) -> bool:
        return self.smaller and self.activity.smaller.anytime

    @property
    def place(self) -> Place | None:
        """None at home."""
        return None if self._at_home_instead else self.activity.place

    @property
    def people(self) -> People:
        if self._at_home_instead:
            return People.ALONE
        return (self.smaller and self.activity.smaller.people) or self.activity.people

    @property
    def sound(self) -> Sound:
        own = self.activity.smaller.sound if self.smaller else None
        return own or (Sound.SILENT if self._at_home_instead else self.activity.sound)

    @property
    def way(self) -> Way:
        if self._at_home_instead:
            return Way.NONE
        return (self.smaller and self.activity.smaller.way) or self.activity.way

    @property
    def cost_kr(self) -> int:
        own = self.activity.smaller.cost_kr if self.smaller else None
        return own if own is not None else 0 if self._at_home_instead else self.activity.cost_kr

    @property
    def terms(self) -> tuple[Terms, ...]:
        return (Terms.OPEN,) if self._at_home_instead else self.activity.terms

    @property
    def leave(self) -> Leave:
        return Leave.YES if self._at_home_instead else self.activity.leave

    @property
    def needs(self) -> str:
        """What one must do first. A smaller version that one just turns up to needs nothing first."""
        own = self.smaller and self.activity.smaller.way in _JUST_COME
        return "" if own or self._at_home_instead else self.activity.needs

    @property
    def no_decision(self) -> bool:
        return Terms.OPEN in self.terms or Terms.MEMBER in self.terms

    @property
    def needs_nothing(self) -> bool:
        """No money, no booking, no other people, nobody's leave, and it can be done at any time."""
        return (
            self.at_any_time
            and self.people is People.ALONE
            and self.way is Way.NONE
            and self.cost_kr == 0
            and Terms.OPEN in self.terms
        )

    @property
    def without_demands(self) -> bool:
        """Among people: one turns up without telling anybody, pays nothing and leaves when one wants to."""
        return (
            self.people is not People.ALONE
            and self.way in _JUST_COME
            and not self.needs
            and self.cost_kr == 0
            and self.leave is Leave.YES
            and Terms.OPEN in self.terms
            and not self.activity.from_start
        )


def explained(one: Possibility, form: int | None, limit: int) -> Possibility:
    """The same with its reasons: first how it fits, then when, then what makes it easy.

    `limit` is the form it was sought for: the day's own, or what stands in when none is given.
    """
    if one.slug in BUILT_IN:
        why = [Reason(ReasonCode.REST_ALWAYS), Reason(ReasonCode.NEEDS_NOTHING)]
    else:
        why = [_fit(one, form, limit), _when(one.state), *(Reason(code) for code, so in _facts(one) if so)]
    return Possibility(one.activity, one.smaller, one.state, tuple(why))


def _fit(one: Possibility, form: int | None, limit: int) -> Reason:
    if one.activity.least_form > limit:
        return Reason(ReasonCode.SMALLER_FITS, form)
    return Reason(ReasonCode.FITS_UNKNOWN if form is None else ReasonCode.FITS_FORM, form)


_WHEN = {
    StateKind.NOW: ReasonCode.OPEN_NOW,
    StateKind.SOON: ReasonCode.STARTS_SOON,
    StateKind.LATER: ReasonCode.LATER,
    StateKind.TOMORROW: ReasonCode.TOMORROW,
    StateKind.NEXT: ReasonCode.NEXT,
    StateKind.ANY_TIME: ReasonCode.ANY_TIME,
    StateKind.DAYLIGHT: ReasonCode.DAYLIGHT,
    StateKind.DARK: ReasonCode.DARK,
    StateKind.AGREEMENT: ReasonCode.AGREEMENT,
}
_UNTIL = (StateKind.NOW, StateKind.DAYLIGHT)


def _when(state: State) -> Reason:
    return Reason(_WHEN[state.kind], at=state.end if state.kind in _UNTIL else state.start)


def _facts(one: Possibility) -> tuple[tuple[ReasonCode, bool], ...]:
    nothing = one.needs_nothing
    return (
        (ReasonCode.NEEDS_NOTHING, nothing),
        (ReasonCode.WITHOUT_DEMANDS, one.without_demands),
        (ReasonCode.ALONE, not nothing and one.people is People.ALONE),
        (ReasonCode.QUIET, one.sound in (Sound.SILENT, Sound.LOW)),
        (ReasonCode.FREE, not nothing and one.cost_kr == 0),
        (ReasonCode.NO_DECISION, not nothing and one.no_decision),
        (ReasonCode.LEAVE_ANY_TIME, not nothing and one.leave is Leave.YES),
    )
