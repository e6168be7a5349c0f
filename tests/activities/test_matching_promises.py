"""The promises of `possible`, for any town, any moment, any form, any taste and any page."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from server.activities.builtin import BUILT_IN
from server.activities.catalogue import EMPTY, Catalogue
from server.activities.matching import Taste, Today, possible
from server.activities.possibility import Possibility, ReasonCode
from server.activities.schedule import ZONE, daylight, occurrences
from server.activities.state import StateKind
from server.activities.town import (
    Activity,
    Kind,
    Leave,
    Occurrence,
    People,
    Place,
    Schedule,
    Smaller,
    Sound,
    Terms,
    Times,
    Way,
)

FORMS = st.sampled_from([None, 1, 2, 3, 4, 5])
HOUSE = Place("house", "The house", "near")
MOMENTS = st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 31)).map(
    lambda one: one.replace(second=0, microsecond=0, tzinfo=ZONE)
)


@st.composite
def times(draw: st.DrawFn) -> Times:
    start, length = draw(st.integers(6 * 60, 22 * 60)), draw(st.integers(10, 300))
    begins, ends = (time(minutes // 60 % 24, minutes % 60) for minutes in (start, start + length))
    first = date(2026, 1, draw(st.integers(5, 11)))
    days = draw(st.sampled_from(["WEEKLY", "DAILY", "WEEKLY;INTERVAL=2"]))
    return Times(f"FREQ={days}", first, begins, ends, overnight=start + length >= 24 * 60)


@st.composite
def activities(draw: st.DrawFn, slug: str) -> Activity:
    least = draw(st.integers(1, 5))
    schedule = draw(st.sampled_from([*Schedule, Schedule.TIMES, Schedule.TIMES]))
    anytime = draw(st.booleans())
    smaller = Smaller(
        "Less",
        "Less of it.",
        draw(st.integers(1, max(1, least - 1))),
        people=draw(st.none() | st.sampled_from(People)),
        way=draw(st.none() | st.sampled_from(Way)),
        cost_kr=draw(st.none() | st.just(0)),
        anytime=anytime,
        times=() if anytime else tuple(draw(st.lists(times(), max_size=1))),
    )
    return Activity(
        slug=slug,
        title=slug,
        line="A line.",
        kind=draw(st.sampled_from([Kind.HOME, Kind.COMPANY, Kind.WORK])),
        host="Somebody",
        least_form=least,
        people=draw(st.sampled_from(People)),
        sound=draw(st.sampled_from(Sound)),
        way=draw(st.sampled_from(Way)),
        schedule=schedule,
        when="At times",
        smaller=smaller,
        place=draw(st.none() | st.just(HOUSE)),
        cost_kr=draw(st.sampled_from([0, 0, 20])),
        terms=draw(st.sampled_from([(one,) for one in Terms])),
        leave=draw(st.sampled_from(Leave)),
        from_start=draw(st.booleans()),
        times=(draw(times()),) if schedule is Schedule.TIMES else (),
    )


@st.composite
def towns(draw: st.DrawFn) -> Catalogue:
    slugs = [f"a{number}" for number in range(draw(st.integers(0, 7)))]
    return Catalogue("v", "t", [HOUSE], [draw(activities(slug)) for slug in slugs])


def many(count: int) -> settings:
    return settings(max_examples=count, deadline=None)


def pages(form: int | None, moment: datetime, town: Catalogue, taste: Taste) -> Iterator[Today]:
    for skip in (0, 1, 2, 3, 7, 40):
        yield possible(form, moment, town, taste=taste, skip=skip)


def happening(one: Possibility) -> Occurrence | None:
    """The occurrence that the state speaks of, found anew without any memory."""
    start = one.state.start
    if start is None or one.state.kind in (StateKind.DAYLIGHT, StateKind.DARK):
        return None
    day = start.astimezone(ZONE).date()
    own = one.smaller and bool(one.activity.smaller.times)
    found = occurrences(one.activity, day, day)
    return next(each for each in found if each.start == start and each.smaller is own)


@many(80)
@given(FORMS, MOMENTS, towns())
def test_never_above_the_form_and_always_a_few_with_rest(
    form: int | None, moment: datetime, town: Catalogue
) -> None:
    """A24, B11, D7: two to four that fit the form, rest among them, never more than two of one kind."""
    for today in pages(form, moment, town, Taste()):
        choices = today.choices
        assert 2 <= len(choices) <= (4 if form and form > 3 else 3)
        assert all(one.least_form <= (form or 2) for one in choices)
        assert "vila" in [one.slug for one in choices]
        assert len({one.slug for one in choices}) == len(choices)
        kinds = [one.activity.kind for one in choices]
        assert all(kinds.count(kind) < 3 for kind in kinds)
        assert today.low is (form is None or form <= 2)


@many(80)
@given(FORMS, MOMENTS, towns())
def test_one_always_needs_nothing(form: int | None, moment: datetime, town: Catalogue) -> None:
    """C7: no money, no booking, no other people, nobody's decision, any time."""
    for today in pages(form, moment, town, Taste()):
        assert [one for one in today.choices if one.needs_nothing]


@many(80)
@given(FORMS, MOMENTS, towns())
def test_the_state_is_true_at_that_minute(form: int | None, moment: datetime, town: Catalogue) -> None:
    """D7: what is said to go on does, what is said to come will, what is over is gone."""
    for today in pages(form, moment, town, Taste()):
        for one in today.choices:
            state, occurrence = one.state, happening(one)
            match state.kind:
                case StateKind.NOW:
                    assert occurrence
                    assert occurrence.start <= moment < occurrence.end == state.end
                case StateKind.SOON | StateKind.LATER:
                    assert occurrence
                    soon = occurrence.start - moment <= timedelta(hours=1)
                    assert soon is (state.kind is StateKind.SOON)
                    assert occurrence.start > moment
                case StateKind.TOMORROW | StateKind.NEXT:
                    assert occurrence
                    assert today.day_done
                    days = (occurrence.start.astimezone(ZONE).date() - moment.date()).days
                    assert 1 <= days <= 7
                    assert (days == 1) is (state.kind is StateKind.TOMORROW)
                case StateKind.DAYLIGHT:
                    start, end = daylight(moment.date())
                    assert start <= moment < end == state.end
                case StateKind.DARK:
                    assert moment < daylight(moment.date())[0] == state.start
                case StateKind.OVER:
                    raise AssertionError(one)


@many(80)
@given(st.sampled_from([1, 2, None]), MOMENTS, towns())
def test_a_heavy_day_is_calm(form: int | None, moment: datetime, town: Catalogue) -> None:
    """One thing alone first, rest second, then people without demands where the town has such a thing."""
    today = possible(form, moment, town)
    large, rest, *more = today.choices
    assert rest.slug == "vila" or large.slug == "bara-vara"
    assert large.people is People.ALONE
    later = (StateKind.TOMORROW, StateKind.NEXT, StateKind.AGREEMENT)
    now = [one for one in _all_that_fits(form, moment, town) if one.state.kind not in later]
    if any(one.people is People.ALONE and one.place is None for one in now):
        assert large.place is None
    if any(one.without_demands for one in now):
        assert [one for one in more if one.without_demands]


@many(60)
@given(FORMS, MOMENTS, towns(), st.sets(st.sampled_from([*(f"a{n}" for n in range(7)), "vila"])))
def test_what_is_hidden_stays_hidden_and_rest_cannot_be(
    form: int | None, moment: datetime, town: Catalogue, hidden: set[str]
) -> None:
    for today in pages(form, moment, town, Taste(frozenset(hidden))):
        assert {one.slug for one in today.choices} & hidden <= {"vila"}
        assert "vila" in [one.slug for one in today.choices]


@many(80)
@given(FORMS, MOMENTS, towns())
def test_something_else_goes_through_all_that_fits(
    form: int | None, moment: datetime, town: Catalogue
) -> None:
    """B11: nothing that fits today is out of reach of “Något annat”."""
    seen = {one.slug for one in _all_that_fits(form, moment, town)}
    limit = form or 2
    for slug, activity in town.activities.items():
        always = activity.schedule in (Schedule.ANYTIME, Schedule.AGREEMENT)
        if (activity.least_form <= limit and always) or (
            activity.least_form > limit >= activity.smaller.least_form and activity.smaller.anytime
        ):
            assert slug in seen
        if activity.least_form <= limit and not activity.from_start:
            day = moment.date()
            going_on = [one for one in occurrences(activity, day, day) if one.start <= moment < one.end]
            assert slug in seen or not [one for one in going_on if not one.smaller]


@many(80)
@given(st.sampled_from([3, 4, 5]), MOMENTS, towns())
def test_what_no_authority_decides_comes_first(form: int, moment: datetime, town: Catalogue) -> None:
    """C7, D30: something decided by others is on the first page only when nothing else could be there."""
    shown = possible(form, moment, town).choices
    if not [one for one in shown if not one.no_decision]:
        return
    left = [one for one in _all_that_fits(form, moment, town) if one.no_decision and one not in shown]
    kinds = [one.activity.kind for one in shown if one.no_decision]
    assert all(kinds.count(one.activity.kind) == 2 for one in left)


@many(80)
@given(FORMS, MOMENTS, towns())
def test_every_choice_says_why(form: int | None, moment: datetime, town: Catalogue) -> None:
    """“Varför visas den?” is never empty, and what it says is true."""
    for today in pages(form, moment, town, Taste()):
        for one in today.choices:
            codes = [reason.code for reason in one.why]
            assert len(codes) == len(set(codes)) >= 2
            if one.slug in BUILT_IN:
                assert codes == [ReasonCode.REST_ALWAYS, ReasonCode.NEEDS_NOTHING]
                continue
            assert (ReasonCode.SMALLER_FITS in codes) is (one.activity.least_form > (form or 2))
            assert (ReasonCode.FREE in codes or ReasonCode.NEEDS_NOTHING in codes) is (one.cost_kr == 0)
            assert (ReasonCode.OPEN_NOW in codes) is (one.state.kind is StateKind.NOW)
            ends = {StateKind.NOW: one.state.end, StateKind.DAYLIGHT: one.state.end}
            assert one.why[1].at == ends.get(one.state.kind, one.state.start)


@many(40)
@given(FORMS, MOMENTS, towns(), st.integers(0, 50))
def test_the_same_question_has_the_same_answer(
    form: int | None, moment: datetime, town: Catalogue, skip: int
) -> None:
    fresh = Catalogue("v", "t", town.places.values(), town.activities.values())
    assert possible(form, moment, town, skip=skip) == possible(form, moment, fresh, skip=skip)


@many(40)
@given(FORMS, MOMENTS, st.integers(0, 50))
def test_without_a_town_rest_and_being_are_left(form: int | None, moment: datetime, skip: int) -> None:
    """B11, D27: never empty."""
    choices = possible(form, moment, EMPTY, skip=skip).choices
    assert {one.slug for one in choices} == {"vila", "bara-vara"}


def _all_that_fits(form: int | None, moment: datetime, town: Catalogue) -> list[Possibility]:
    """Everything that any page shows, each once, without rest and being."""
    found: dict[str, Possibility] = {}
    for skip in range(20):
        for one in possible(form, moment, town, skip=skip).choices:
            found.setdefault(one.slug, one)
    return [one for slug, one in found.items() if slug not in BUILT_IN]
