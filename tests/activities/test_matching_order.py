"""Which comes before which, in towns made for one question each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from msgspec import structs

from server.activities.catalogue import Catalogue
from server.activities.matching import possible
from server.activities.possibility import Possibility
from server.activities.state import ANY_TIME
from server.activities.town import Activity, Kind, Leave, People, Place, Smaller, Sound, Terms, Times, Way
from tests.activities.asking import everywhere, slugs

Make = Callable[..., Activity]
Weekly = Callable[..., Times]
Moment = Callable[[str], datetime]

HOUSE = Place("house", "The house", "near")


def test_what_is_almost_over_waits_behind_the_others(make: Make, weekly: Weekly, at: Moment) -> None:
    """Nobody is sent to a door that closes."""
    closing = make("closing", times=(weekly("WE", "10.00", "12.00"),), kind=Kind.HELP)
    open_ = make("open", times=(weekly("WE", "10.00", "14.00"),), least_form=1, cost_kr=20)
    town = Catalogue("v", "t", (), (closing, open_))
    assert slugs(possible(3, at("2026-11-18 11.45"), town))[:2] == ["closing", "open"]
    assert slugs(possible(3, at("2026-11-18 11.46"), town))[:2] == ["open", "closing"]


def test_what_one_turns_up_to_comes_before_what_is_booked(make: Make, at: Moment) -> None:
    ways = [make(way, way=way, kind=kind) for way, kind in zip(reversed(Way), Kind, strict=False)]
    town = Catalogue("v", "t", (), ways)
    moment = at("2026-11-18 11.45")
    order = slugs(possible(3, moment, town))[:2] + slugs(possible(3, moment, town, skip=1))[:2]
    assert order == ["none", "dropin", "booking", "signup"]


def test_open_to_all_comes_before_for_members_on_a_heavy_day(make: Make, at: Moment) -> None:
    """C7, D30: and what somebody decides comes last."""
    terms = {"decided": Terms.DECISION, "members": Terms.MEMBER, "open": Terms.OPEN}
    town = Catalogue("v", "t", (), [make(slug, terms=(one,), cost_kr=5) for slug, one in terms.items()])
    moment = at("2026-11-18 11.45")
    assert [
        one for skip in range(4) for one in slugs(possible(1, moment, town, skip=skip)) if one in terms
    ] == ["open", "members", "decided", "open"]


def test_no_page_has_three_of_one_kind(make: Make, at: Moment) -> None:
    town = Catalogue("v", "t", (), [make(f"a{number}") for number in range(6)])
    for skip in range(6):
        assert len(possible(5, at("2026-11-18 11.45"), town, skip=skip).choices) == 3


def test_the_calmest_is_first_on_a_heavy_day(make: Make, at: Moment) -> None:
    loud = make("loud", people=People.ALONE, sound=Sound.LOUD, way=Way.NONE)
    still = make("still", people=People.ALONE, sound=Sound.SILENT, way=Way.NONE)
    for order in ((loud, still), (still, loud)):
        assert slugs(possible(1, at("2026-11-18 11.45"), Catalogue("v", "t", (), order)))[0] == "still"


def test_home_is_first_on_a_heavy_day(make: Make, at: Moment) -> None:
    """Section 11: the one thing at level 1 is alone at home, even where something calmer is further off."""
    home = make("home", people=People.ALONE, way=Way.NONE, sound=Sound.LOW)
    bench = make("bench", people=People.ALONE, way=Way.NONE, sound=Sound.SILENT, place=HOUSE)
    assert (
        slugs(possible(1, at("2026-11-18 11.45"), Catalogue("v", "t", (HOUSE,), (bench, home))))[0] == "home"
    )


@pytest.mark.parametrize(
    ("calm", "other"),
    [
        ({"sound": Sound.SILENT}, {"sound": Sound.LOW}),
        ({"people": People.ONE, "sound": Sound.MEDIUM}, {"people": People.FEW, "sound": Sound.SILENT}),
        ({"start": "10.00"}, {"start": "13.00"}),
    ],
    ids=["the quietest", "the fewest people", "what is open already"],
)
def test_among_people_the_calmest_is_first(
    make: Make, weekly: Weekly, at: Moment, calm: dict[str, Any], other: dict[str, Any]
) -> None:
    both = [
        make(slug, times=(weekly("MO,TU,WE,TH,FR", said.pop("start", "10.00"), "15.00"),), **said)
        for slug, said in (("other", dict(other)), ("calm", dict(calm)))
    ]
    town = Catalogue("v", "t", (), both)
    assert {slugs(possible(1, at(f"2026-11-{day} 11.45"), town))[-1] for day in range(16, 21)} == {"calm"}


@pytest.mark.parametrize(
    "demand",
    [
        {"needs": "Take a number."},
        {"from_start": True},
        {"way": Way.BOOKING},
        {"cost_kr": 10},
        {"leave": Leave.TELL},
        {"terms": (Terms.MEMBER,)},
        {"people": People.ALONE},
    ],
    ids=str,
)
def test_a_demand_is_a_demand(make: Make, demand: dict[str, Any]) -> None:
    assert Possibility(make(), False, ANY_TIME).without_demands
    assert not Possibility(make(**demand), False, ANY_TIME).without_demands


def test_among_equally_calm_the_least_is_first(make: Make, at: Moment) -> None:
    town = Catalogue(
        "v",
        "t",
        (),
        [make(f"n{need}", least_form=need, people=People.ALONE, way=Way.NONE) for need in (2, 1)],
    )
    firsts = {slugs(possible(2, at(f"2026-11-{day} 11.45"), town))[0] for day in range(10, 20)}
    assert firsts == {"n1"}


def test_among_equals_a_light_day_begins_with_what_is_nearest_it(make: Make, at: Moment) -> None:
    """A24: a light day is not only offered what a heavy day is."""
    town = Catalogue("v", "t", (), [make(f"n{need}", least_form=need) for need in (1, 3, 4)])
    firsts = {slugs(possible(4, at(f"2026-11-{day} 11.45"), town))[0] for day in range(10, 20)}
    assert firsts == {"n4"}


def test_a_gated_or_booked_thing_is_not_the_quiet_row_of_a_heavy_day(make: Make, at: Moment) -> None:
    """C7: the third row is without demands, or another small thing."""
    gated = make("gated", terms=(Terms.DECISION,))
    booked = make("booked", way=Way.BOOKING)
    alone = [make(slug, people=People.ALONE, way=Way.NONE) for slug in ("one", "two")]
    town = Catalogue("v", "t", (), (gated, booked, *alone))
    assert set(slugs(possible(1, at("2026-11-18 11.45"), town))) == {"vila", "one", "two"}
    assert {"gated", "booked"} <= everywhere(1, at("2026-11-18 11.45"), town).keys()


def test_a_twin_that_is_done_at_home_needs_nothing(make: Make, at: Moment) -> None:
    whole = make("course", least_form=4, cost_kr=200, way=Way.SIGNUP, terms=(Terms.MEMBER,), needs="Sign up.")
    twin = Smaller("One page", "At home.", 1, anytime=True)
    town = Catalogue("v", "t", (), (structs.replace(whole, smaller=twin),))
    [shown] = [one for one in possible(1, at("2026-11-18 03.00"), town).choices if one.slug == "course"]
    assert shown.needs_nothing
    assert (shown.needs, shown.cost_kr, shown.place) == ("", 0, None)
