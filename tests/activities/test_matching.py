"""What is possible in the example town, told at real hours."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest

from server.activities.catalogue import Catalogue
from server.activities.matching import Taste, possible
from server.activities.possibility import Possibility, ReasonCode
from server.activities.state import ANY_TIME, StateKind
from server.activities.town import Kind, People, Sound, Way
from tests.activities.asking import everywhere, slugs

Moment = Callable[[str], datetime]


def test_a_very_heavy_weekday(ljungvik: Catalogue, at: Moment) -> None:
    """D7, B8: alone at home, rest, and among people without demands; all at level 1."""
    today = possible(1, at("2026-11-18 13.00"), ljungvik)
    large, rest, people = today.choices
    assert (large.place, large.people, large.needs_nothing) == (None, People.ALONE, True)
    assert rest.slug == "vila"
    assert people.without_demands
    assert people.state.kind is StateKind.NOW
    assert [one.least_form for one in today.choices] == [1, 1, 1]


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("day", ["2026-11-18", "2026-11-21", "2026-11-22", "2026-12-24"])
def test_level_one_has_two_of_its_own_at_any_hour(
    ljungvik: Catalogue, at: Moment, day: str, hour: int
) -> None:
    """Section 11: one alone at home, and one among people without demands while the town has one today."""
    moment = at(f"{day} {hour:02}.30")
    today = possible(1, moment, ljungvik)
    assert [
        one
        for one in today.choices
        if one.place is None and one.people is People.ALONE and one.slug != "vila"
    ]
    open_today = [
        one for one in everywhere(1, moment, ljungvik).values()
        if one.without_demands and one.state.kind in (StateKind.NOW, StateKind.SOON, StateKind.LATER)
    ]  # fmt: skip
    assert bool(open_today) <= any(one.without_demands for one in today.choices)


def test_not_knowing_is_treated_as_a_heavy_day(ljungvik: Catalogue, at: Moment) -> None:
    """*Vet inte* and *Inte idag*."""
    moment = at("2026-11-18 13.00")
    unknown, heavy = possible(None, moment, ljungvik), possible(2, moment, ljungvik)
    assert slugs(unknown) == slugs(heavy)
    assert unknown.form is None
    assert ReasonCode.FITS_FORM not in [reason.code for one in unknown.choices for reason in one.why]


def test_a_heavy_day_shows_the_smaller_twin(ljungvik: Catalogue, at: Moment) -> None:
    """B8: the walking group on level 1 is “gå med till hörnet”; on level 2 it is the whole walk."""
    moment = at("2026-11-17 10.30")
    twin, whole = (everywhere(form, moment, ljungvik)["promenadgrupp"] for form in (1, 2))
    assert (twin.smaller, twin.title, twin.least_form) == (True, "Gå med till hörnet", 1)
    assert twin.why[0].code is ReasonCode.SMALLER_FITS
    assert (whole.smaller, whole.title) == (False, "Lugn promenadgrupp")


def test_the_twin_has_its_own_cost_and_company(ljungvik: Catalogue, at: Moment) -> None:
    fika = everywhere(1, at("2026-11-18 12.30"), ljungvik)["oppen-fika"]
    assert (fika.cost_kr, fika.people, fika.sound) == (0, People.FEW, Sound.LOW)


def test_lunch_is_offered_at_lunch(ljungvik: Catalogue, at: Moment) -> None:
    """B8: who missed the morning meeting can still come and eat, on a light day too."""
    assert everywhere(3, at("2026-11-18 09.00"), ljungvik)["koket"].smaller is False
    lunch = everywhere(3, at("2026-11-18 12.45"), ljungvik)["koket"]
    assert (lunch.smaller, lunch.title, lunch.state.kind) == (True, "Ät lunch, diska inte", StateKind.NOW)
    assert lunch.why[0].code is ReasonCode.FITS_FORM


@pytest.mark.parametrize(
    ("clock", "kind"),
    [
        ("07.29", StateKind.LATER),
        ("07.30", StateKind.SOON),
        ("08.29", StateKind.SOON),
        ("08.30", StateKind.NOW),
        ("09.14", StateKind.NOW),
    ],
)
def test_breakfast_is_right_to_the_minute(
    ljungvik: Catalogue, at: Moment, clock: str, kind: StateKind
) -> None:
    """D7: “senare i dag”, “börjar om en timme”, “pågår till 9.15”."""
    frukost = everywhere(3, at(f"2026-11-18 {clock}"), ljungvik)["frukost"]
    assert frukost.state.kind is kind
    assert (frukost.state.start, frukost.state.end) == (at("2026-11-18 08.30"), at("2026-11-18 09.15"))


def test_what_is_over_is_gone(ljungvik: Catalogue, at: Moment) -> None:
    assert "frukost" not in everywhere(3, at("2026-11-18 09.15"), ljungvik)


def test_one_cannot_join_half_way_what_begins_together(ljungvik: Catalogue, at: Moment) -> None:
    """The walking group leaves at eleven: at one minute past there is nobody at the door."""
    assert "promenadgrupp" in everywhere(3, at("2026-11-17 10.59"), ljungvik)
    assert "promenadgrupp" not in everywhere(3, at("2026-11-17 11.00"), ljungvik)


def test_when_the_day_is_done_tomorrow_is_told(ljungvik: Catalogue, at: Moment) -> None:
    """“Öppet i morgon”."""
    for form in (1, 2, 3, 4, 5):
        today = possible(form, at("2026-11-18 21.00"), ljungvik)
        assert today.day_done
        assert StateKind.TOMORROW in [one.state.kind for one in today.choices]


def test_after_saturday_comes_monday(ljungvik: Catalogue, at: Moment) -> None:
    """Nothing is open on Sunday: the next day that has something is told."""
    today = possible(2, at("2026-11-21 20.00"), ljungvik)
    [coming] = [one for one in today.choices if one.state.kind is StateKind.NEXT]
    assert coming.state.start == at("2026-11-23 10.00")


def test_midsommarafton_has_breakfast_and_nothing_else_open(ljungvik: Catalogue, at: Moment) -> None:
    found = everywhere(5, at("2026-06-19 08.00"), ljungvik).values()
    timed = {one.slug for one in found if one.state.start and one.state.kind is not StateKind.DAYLIGHT}
    assert timed == {"frukost"}


def test_a_walk_is_not_offered_in_the_dark(ljungvik: Catalogue, at: Moment) -> None:
    assert everywhere(4, at("2026-12-10 12.00"), ljungvik)["kort-promenad"].state.kind is StateKind.DAYLIGHT
    assert everywhere(4, at("2026-12-10 07.30"), ljungvik)["kort-promenad"].state.kind is StateKind.DARK
    assert "kort-promenad" not in everywhere(4, at("2026-12-10 19.00"), ljungvik)


def test_a_light_day_offers_now_later_and_any_time(ljungvik: Catalogue, at: Moment) -> None:
    """A24, B11: more than one kind of choice."""
    today = possible(4, at("2026-11-18 13.00"), ljungvik)
    assert [one.state.kind for one in today.choices[:3]] == [
        StateKind.NOW,
        StateKind.LATER,
        StateKind.DAYLIGHT,
    ]
    assert today.choices[-1].slug == "vila"
    assert len({one.activity.kind for one in today.choices}) == 4


def test_the_lightest_day_is_not_pushed(ljungvik: Catalogue, at: Moment) -> None:
    """Level 5 is offered what level 4 is; rest is there as well."""
    moment = at("2026-11-18 13.00")
    assert slugs(possible(5, moment, ljungvik)) == slugs(possible(4, moment, ljungvik))


def test_what_needs_a_decision_comes_after_what_does_not(ljungvik: Catalogue, at: Moment) -> None:
    """C7, D30."""
    order = [
        one
        for skip in range(8)
        for one in possible(4, at("2026-11-18 08.00"), ljungvik, skip=skip).choices
        if one.activity.kind is not Kind.REST
    ]
    decided = [number for number, one in enumerate(order) if not one.no_decision]
    assert decided
    assert all(one.no_decision for one in order[: decided[0]])
    assert {one.slug for one in order[: decided[0]]} >= {"oppen-fika", "frukost", "studiebesok"}


def test_something_else_shows_something_else_and_comes_round(ljungvik: Catalogue, at: Moment) -> None:
    moment = at("2026-11-18 13.00")
    pages = [slugs(possible(4, moment, ljungvik, skip=skip))[:-1] for skip in range(30)]
    assert not set(pages[0]) & set(pages[1])
    assert pages[0] in pages[1:]
    assert all(pages)


def test_the_first_thing_is_not_the_same_every_heavy_day(ljungvik: Catalogue, at: Moment) -> None:
    start = at("2026-11-02 08.00")
    first = {slugs(possible(1, start + timedelta(days=day), ljungvik))[0] for day in range(14)}
    assert len(first) >= 3


def test_a_twin_one_just_turns_up_to_needs_nothing_first(ljungvik: Catalogue) -> None:
    """B8: the introduction is booked; looking in at the door is not."""
    whole, twin = (
        Possibility(ljungvik.activities["introduktion"], smaller, ANY_TIME) for smaller in (False, True)
    )
    assert (whole.way, whole.needs) == (Way.BOOKING, "Boka en onsdag. Du kan ta med någon.")
    assert (twin.way, twin.needs, twin.without_demands) == (Way.DROPIN, "", True)


def test_hiding_everything_leaves_rest(ljungvik: Catalogue, at: Moment) -> None:
    taste = Taste(frozenset([*ljungvik.activities, "vila", "bara-vara"]))
    assert set(slugs(possible(4, at("2026-11-18 13.00"), ljungvik, taste=taste))) == {"vila", "bara-vara"}


@pytest.mark.parametrize("form", [0, 6, -1])
def test_a_form_is_one_to_five(ljungvik: Catalogue, at: Moment, form: int) -> None:
    with pytest.raises(ValueError, match="a form is 1 to 5"):
        possible(form, at("2026-11-18 13.00"), ljungvik)


def test_a_moment_has_to_be_aware(ljungvik: Catalogue) -> None:
    with pytest.raises(ValueError, match="aware"):
        possible(3, datetime(2026, 11, 18, 13), ljungvik)


def test_it_is_quick_once_the_day_is_known(ljungvik: Catalogue, at: Moment) -> None:
    """A guard against losing the day's memory; the bench has the real figure (about 0.1 ms)."""
    moment = at("2026-11-18 09.00")
    spent = []
    for _ in range(50):
        begun = perf_counter()
        possible(4, moment, ljungvik)
        spent.append(perf_counter() - begun)
    assert sorted(spent)[25] < 0.002


def test_moments_in_other_zones_are_the_same_moment(ljungvik: Catalogue, at: Moment) -> None:
    moment = at("2026-11-18 00.30")
    utc = moment.astimezone(UTC)
    assert utc.date() != moment.date()
    assert possible(3, utc, ljungvik) == possible(3, moment, ljungvik)
