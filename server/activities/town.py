"""What a town offers: places and activities, as the rest of the house reads them."""

from datetime import date, datetime, time
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What sort of thing it is, so that a page never offers three of one sort."""

    REST = "rest"
    HOME = "home"
    NATURE = "nature"
    READING = "reading"
    COMPANY = "company"
    MAKING = "making"
    MOVEMENT = "movement"
    HELP = "help"
    STUDIES = "studies"
    WORK = "work"


class People(StrEnum):
    """From the calmest to the most crowded."""

    ALONE = "alone"
    ONE = "one"
    FEW = "few"
    GROUP = "group"
    MANY = "many"


class Sound(StrEnum):
    """From the calmest to the loudest."""

    SILENT = "silent"
    LOW = "low"
    MEDIUM = "medium"
    LOUD = "loud"


class Way(StrEnum):
    """How one gets in: nothing to arrange, just turn up, book, or sign up beforehand."""

    NONE = "none"
    DROPIN = "dropin"
    BOOKING = "booking"
    SIGNUP = "signup"


class Terms(StrEnum):
    """Who may come (context-sweden section 12): Ö, M, B, A."""

    OPEN = "open"
    MEMBER = "member"
    DECISION = "decision"
    VIA_OFFICER = "via_officer"


class Leave(StrEnum):
    """May one go in the middle: yes, yes but tell somebody, or not half-way."""

    YES = "yes"
    TELL = "tell"
    NO = "no"


class Access(StrEnum):
    """Row C36."""

    WHEELCHAIR = "wheelchair"
    WHEELCHAIR_TOILET = "wheelchair_toilet"
    TOILET = "toilet"
    LIFT = "lift"
    HEARING_LOOP = "hearing_loop"
    SIGN_LANGUAGE = "sign_language"
    QUIET_ROOM = "quiet_room"
    SEATS = "seats"
    PARKING = "parking"


class Schedule(StrEnum):
    """When it can be done: always, while it is light, at its `times`, or by agreement."""

    ANYTIME = "anytime"
    DAYLIGHT = "daylight"
    TIMES = "times"
    AGREEMENT = "agreement"


class Span(Struct, frozen=True, forbid_unknown_fields=True):
    """Days from `first` to `last`, both included.

    "MM-DD" means every year, and may pass New Year; "YYYY-MM-DD" means once.
    """

    first: str
    last: str

    def holds(self, day: date) -> bool:
        asked = day.isoformat()[-len(self.first) :]
        if self.first <= self.last:
            return self.first <= asked <= self.last
        return asked >= self.first or asked <= self.last


class Closed(Struct, frozen=True, forbid_unknown_fields=True):
    """A closed period: either a span of days or ISO weeks of every year."""

    first: str = ""
    last: str = ""
    weeks: tuple[int, ...] = ()
    why: str = ""

    def holds(self, day: date) -> bool:
        if self.weeks:
            return day.isocalendar().week in self.weeks
        return Span(self.first, self.last).holds(day)


class Times(Struct, frozen=True, forbid_unknown_fields=True):
    """Recurring times on the wall clock of the town. `rule` is an RFC 5545 RRULE that starts on `first`.

    `not_on` and `also_on` are single dates taken away and added (EXDATE and RDATE). An added date is meant:
    it stands even on a holiday or in a closed week. `overnight` says that `end` is on the following day.
    """

    rule: str
    first: date
    start: time
    end: time
    last: date | None = None
    season: Span | None = None
    overnight: bool = False
    not_on: tuple[date, ...] = ()
    also_on: tuple[date, ...] = ()


class Smaller(Struct, frozen=True, forbid_unknown_fields=True):
    """The smallest version of an activity (rows B8 and C22). What is left out is as in the whole activity.

    `anytime` means that this version is done at home, alone, with nothing to pay or arrange.
    `times` are its own, when they differ from those of the whole.
    """

    title: str
    line: str
    least_form: int
    people: People | None = None
    sound: Sound | None = None
    way: Way | None = None
    cost_kr: int | None = None
    anytime: bool = False
    times: tuple[Times, ...] = ()


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """Somewhere in the town. `far` is in words; `light` and `smell` are for sensitive senses (row C29)."""

    slug: str
    name: str
    far: str
    area: str = ""
    street: str = ""
    light: str = ""
    smell: str = ""
    access: tuple[Access, ...] = ()
    closed: tuple[Closed, ...] = ()


class Activity(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do. `place` None is at home. Texts are the host's own words; "" is not known or nothing.

    `least_form` is the least day-form (1-5) at which it usually works. `from_start`: come when it starts.
    `leads_to` are slugs of other activities, `leads_on` ways on that are not in the catalogue.
    """

    slug: str
    title: str
    line: str
    kind: Kind
    host: str
    least_form: int
    people: People
    sound: Sound
    way: Way
    schedule: Schedule
    when: str
    smaller: Smaller
    place: Place | None = None
    size: str = ""
    who: str = ""
    cost_kr: int = 0
    cost: str = ""
    terms: tuple[Terms, ...] = (Terms.OPEN,)
    terms_text: str = ""
    leave: Leave = Leave.YES
    leave_text: str = ""
    breaks: str = ""
    needs: str = ""
    from_start: bool = False
    times: tuple[Times, ...] = ()
    closed: tuple[Closed, ...] = ()
    open_on_holidays: bool = False
    own_access: tuple[Access, ...] = ()
    own_light: str = ""
    own_smell: str = ""
    leads_to: tuple[str, ...] = ()
    leads_on: tuple[str, ...] = ()

    @property
    def far(self) -> str | None:
        """How far, in the host's words; None at home."""
        return self.place.far if self.place else None

    @property
    def access(self) -> tuple[Access, ...]:
        """What the place has and what the activity adds, each once."""
        of_place = self.place.access if self.place else ()
        return of_place + tuple(tag for tag in self.own_access if tag not in of_place)

    @property
    def light(self) -> str:
        return self.own_light or (self.place.light if self.place else "")

    @property
    def smell(self) -> str:
        return self.own_smell or (self.place.smell if self.place else "")

    @property
    def no_decision(self) -> bool:
        """No authority has to say yes first (rows C7 and D30)."""
        return Terms.OPEN in self.terms or Terms.MEMBER in self.terms


class Occurrence(Struct, frozen=True):
    """One time that something happens: aware, UTC. `smaller` when only the smallest version has this time."""

    start: datetime
    end: datetime
    slug: str
    smaller: bool = False


class TownFile(Struct, frozen=True):
    """A whole town, checked. `version` is 16 hexadecimal characters of a hash of the content."""

    name: str
    places: tuple[Place, ...]
    activities: tuple[Activity, ...]
    version: str
