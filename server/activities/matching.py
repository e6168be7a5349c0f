"""What is possible today: which few things are shown for a day's form at a moment, in which order, and why.

`possible` is pure: the same form, moment, catalogue, taste and page give the same answer, and every choice
carries its reasons. The rules (rows A24, B8, B11, C7, C22, D4, D7, D27, D30; context-sweden section 11):

1.  Nothing above the form. An activity that needs more shows its smallest version when that one fits. No form
    given (*vet inte*, *inte idag*) is treated as 2. *Visa allt* (`listing.everything`) holds nothing back.
2.  One large choice and two quiet ones on 1-2, three on 3, four on 4-5. Rest is always one of them: on
    light days too, where nobody is pushed.
3.  On 1-2 the calmest comes first: the large one is done alone, at home if possible. Then rest. Then
    something among people without demands, where the town has such a thing open now or later today (when
    the day is done: on a coming day); otherwise another small thing.
4.  On 3-5 what goes on now, what comes later today and what can be done at any time take turns, and no page
    shows three of one kind. Within each: what closes within a quarter of an hour last, what needs no
    booking first, what is free first, whole versions first, what is nearest the form first.
5.  What no authority decides about comes before what one does; what needs an agreed time comes last.
6.  What is over is gone. So is what one can only join at its start, once it has begun. When nothing more that
    fits happens today, the next day that has something is shown as well, at most a week ahead.
7.  Equals take turns by date, so that the same thing is not first every day.
8.  Asking for something else (`skip`) goes through everything that fits and then begins again.
9.  Without a town, or with all of it hidden, rest and just being are left. They cost nothing, need nothing,
    and can be done at any time; they cannot be hidden.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice, zip_longest
from typing import Final

from msgspec import Struct

from server.activities import schedule
from server.activities.builtin import BE, REST
from server.activities.catalogue import Catalogue, Times
from server.activities.possibility import Possibility, explained
from server.activities.state import ANY_TIME, State, StateKind, of_times, state_of
from server.activities.town import Activity, Kind, People, Schedule, Sound, Terms, Way

UNKNOWN: Final = 2
"""The form that *vet inte* and *inte idag* are treated as."""

_LOW = 2
_ALMOST_OVER = timedelta(minutes=15)
_DAYS_AHEAD = 7
_NEAR = 6  # how far down the queue a page looks for something of another kind

_PEOPLE = {one: rank for rank, one in enumerate(People)}
_SOUND = {one: rank for rank, one in enumerate(Sound)}
_WAY = {one: rank for rank, one in enumerate(Way)}
_TIMED = (StateKind.NOW, StateKind.SOON, StateKind.LATER)
_AHEAD = (StateKind.TOMORROW, StateKind.NEXT)
_TURN = {
    StateKind.NOW: 0,
    StateKind.SOON: 1,
    StateKind.LATER: 1,
    StateKind.DARK: 1,
    StateKind.ANY_TIME: 2,
    StateKind.DAYLIGHT: 2,
    StateKind.TOMORROW: 3,
    StateKind.NEXT: 3,
    StateKind.AGREEMENT: 4,
}


class Taste(Struct, frozen=True):
    """What the person has said about activities. `hidden`: slugs marked *Inte för mig*."""

    hidden: frozenset[str] = frozenset()


ANY_TASTE: Final = Taste()


class Today(Struct, frozen=True):
    """What one page shows: `choices` in order, never fewer than two.

    `low` says that the first is drawn large and the others as quiet rows; `day_done` that nothing more that
    fits happens today, so that times shown belong to a later day.
    """

    choices: tuple[Possibility, ...]
    form: int | None
    low: bool
    day_done: bool


_REST: Final = Possibility(REST, False, ANY_TIME)
_BE: Final = Possibility(BE, False, ANY_TIME)


def possible(
    form: int | None, moment: datetime, catalogue: Catalogue, *, taste: Taste = ANY_TASTE, skip: int = 0
) -> Today:
    """What is possible with that form (1-5, None when not given) at an aware moment.

    `skip` is the page, counted from 0. ValueError for a form outside 1-5 and for a naive moment.
    """
    if form is not None and not 1 <= form <= 5:
        raise ValueError(f"a form is 1 to 5, not {form}")
    if moment.tzinfo is None:
        raise ValueError("the moment has to be aware")
    limit = form or UNKNOWN
    today, coming = _found(limit, moment, catalogue, taste)
    low = limit <= _LOW
    chosen = _low_page(today, coming, skip) if low else _page(limit, moment, today + coming, skip)
    done = not any(one.state.kind in _TIMED for one in today)
    return Today(tuple(explained(one, form, limit) for one in chosen), form, low, done)


def _found(
    limit: int, moment: datetime, catalogue: Catalogue, taste: Taste
) -> tuple[list[Possibility], list[Possibility]]:
    """All that fits today; and what fits on the next day that has something, when today has no more times."""
    day = moment.astimezone(schedule.ZONE).date()
    shown = (one for one in catalogue.in_turn(day) if one.slug not in taste.hidden)
    fitting = [(one, smaller) for one in shown for smaller in _versions(one, limit)]
    today = _at(fitting, moment, catalogue.times(day), today=True)
    if any(one.state.kind in _TIMED for one in today):
        return today, []
    known = {one.slug for one in today}
    fitting = [(one, smaller) for one, smaller in fitting if one.slug not in known]
    ahead = (catalogue.times(day + timedelta(days=number)) for number in range(1, _DAYS_AHEAD + 1))
    each_day = (_at(fitting, moment, times, today=False) for times in ahead)
    return today, next(filter(None, each_day), [])


def _versions(activity: Activity, limit: int) -> tuple[bool, ...]:
    """Which versions to try, the whole (False) first; the smaller stands in when the whole needs too much."""
    smaller_fits = activity.smaller.least_form <= limit
    if activity.least_form <= limit:
        return (False, True) if smaller_fits and activity.smaller.times else (False,)
    return (True,) if smaller_fits else ()


def _at(
    fitting: Iterable[tuple[Activity, bool]], moment: datetime, times: Times, *, today: bool
) -> list[Possibility]:
    found: dict[str, Possibility] = {}
    for activity, smaller in fitting:
        if activity.slug in found:
            continue
        state = _state(activity, smaller, moment, times)
        if _counts(state, moment) if today else state.kind in _AHEAD:
            found[activity.slug] = Possibility(activity, smaller, state)
    return list(found.values())


def _state(activity: Activity, smaller: bool, moment: datetime, times: Times) -> State:
    if smaller and activity.smaller.anytime:
        return ANY_TIME
    own = smaller and bool(activity.smaller.times)
    if own or activity.schedule is Schedule.TIMES:
        from_start = activity.from_start and not own
        return of_times(moment, times.get((activity.slug, own), ()), from_start=from_start)
    return state_of(activity, moment, ())


def _counts(state: State, moment: datetime) -> bool:
    """Is it possible today: not over, and if it waits for light, the light of this day."""
    if state.kind is StateKind.DARK and state.start:
        zone = schedule.ZONE
        return state.start.astimezone(zone).date() == moment.astimezone(zone).date()
    return state.kind is not StateKind.OVER


def _low_page(today: list[Possibility], coming: list[Possibility], skip: int) -> list[Possibility]:
    """One large thing done alone, rest, and one thing more (rule 3)."""
    agreed = [one for one in today if one.state.kind is StateKind.AGREEMENT]
    now = [one for one in today if one.state.kind is not StateKind.AGREEMENT]
    alone = sorted((one for one in now if one.people is People.ALONE), key=_calm_alone)
    others = [one for one in now if one.people is not People.ALONE] + coming
    among = sorted(others, key=_calm_among)
    easy = [one for one in among if one.without_demands] or alone[1:] + alone[:1]
    more = easy + [one for one in among if not one.without_demands] + sorted(agreed, key=_calm_among)
    large = alone[skip % len(alone)] if alone else _BE
    ring = [more[(skip + number) % len(more)] for number in range(min(2, len(more)))]
    third = next((one for one in ring if one is not large), None if large is _BE else _BE)
    return [large, _REST] + ([third] if third else [])


def _calm_alone(one: Possibility) -> tuple[int, ...]:
    return (one.place is not None, _SOUND[one.sound], one.least_form)


def _calm_among(one: Possibility) -> tuple[int, ...]:
    return (
        _gate(one),
        _WAY[one.way],
        _PEOPLE[one.people],
        _SOUND[one.sound],
        one.state.kind is not StateKind.NOW,
    )


def _gate(one: Possibility) -> int:
    """0 open to all, 1 for members, 2 when somebody else decides."""
    return 0 if Terms.OPEN in one.terms else 1 if Terms.MEMBER in one.terms else 2


def _page(limit: int, moment: datetime, found: list[Possibility], skip: int) -> list[Possibility]:
    """Two (on 3) or three (on 4-5) different things and rest (rules 2, 4 and 5)."""
    count = 2 if limit == 3 else 3
    queue = _queue(limit, moment, found)
    pages = list(_pages(queue, count)) if skip else list(islice(_pages(queue, count), 1))
    page = pages[skip % len(pages)] if pages else []
    for one in queue:
        if len(page) < count and one not in page and _kinds(page).count(one.activity.kind) < 2:
            page = [*page, one]
    return [*page, _REST] if len(page) > 1 else [*page, _BE, _REST]


def _queue(limit: int, moment: datetime, found: list[Possibility]) -> list[Possibility]:
    """All of it in the order in which it is offered."""

    def easiest(one: Possibility) -> tuple[int, ...]:
        end = one.state.end
        almost_over = one.state.kind is StateKind.NOW and end is not None and end - moment < _ALMOST_OVER
        return (almost_over, _WAY[one.way], one.cost_kr > 0, one.smaller, limit - one.least_form)

    ordered = sorted(found, key=easiest)
    mine = [one for one in ordered if one.no_decision]
    decided = [one for one in ordered if not one.no_decision]
    return [*_taking_turns(mine), *_taking_turns(decided)]


def _taking_turns(ordered: list[Possibility]) -> Iterator[Possibility]:
    """One now, one later today, one for any time, one another day, and round again; then by agreement."""
    groups: dict[int, list[Possibility]] = {turn: [] for turn in range(5)}
    for one in ordered:
        groups[_TURN[one.state.kind]].append(one)
    *turns, agreed = groups.values()
    return chain(filter(None, chain.from_iterable(zip_longest(*turns))), agreed)


def _pages(queue: list[Possibility], count: int) -> Iterator[list[Possibility]]:
    """The queue in pages: different kinds where they are near, never three of one kind."""
    left = list(queue)
    while left:
        page: list[Possibility] = []
        for _ in range(count):
            kinds = _kinds(page)
            near = (
                one
                for one in left[:_NEAR]
                if one.activity.kind not in kinds and one.no_decision is left[0].no_decision
            )
            fits = (one for one in left if kinds.count(one.activity.kind) < 2)
            pick = next(chain(near, fits), None)
            if pick is not None:
                page.append(pick)
                left.remove(pick)
        yield page


def _kinds(page: list[Possibility]) -> list[Kind]:
    return [one.activity.kind for one in page]
