"""*Visa allt*: now, later today, any time, coming days, by agreement, and what has its season later."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from server.activities.builtin import BE, REST
from server.activities.catalogue import EMPTY, Catalogue
from server.activities.listing import Group, Listed, everything
from server.activities.schedule import ZONE
from server.activities.state import StateKind
from server.activities.town import Activity, Times

Moment = Callable[[str], datetime]
MOMENTS = st.datetimes(datetime(2025, 3, 1), datetime(2028, 12, 31)).map(lambda one: one.replace(tzinfo=ZONE))


def by_slug(moment: datetime, catalogue: Catalogue) -> dict[str, Listed]:
    return {one.activity.slug: one for one in everything(moment, catalogue)}


def test_it_is_not_empty_without_a_town(at: Moment) -> None:
    """B11: never empty."""
    assert [one.activity for one in everything(at("2026-11-22 03.00"), EMPTY)] == [REST, BE]


@settings(max_examples=15, deadline=None)
@given(MOMENTS)
def test_everything_is_there_at_any_moment_in_the_order_promised(
    ljungvik: Catalogue, moment: datetime
) -> None:
    """D4 and B11: nothing is missing, whatever the hour; groups come in order and each in order of time."""
    listed = everything(moment, ljungvik)
    assert {one.activity.slug for one in listed} == {*ljungvik.activities, "vila", "bara-vara"}
    assert [one.group for one in listed] == sorted(one.group for one in listed)
    for one in listed:
        start, end = one.state.start, one.state.end
        if one.group is Group.NOW:
            assert start is not None
            assert end is not None
            assert start <= moment < end
        if one.group is Group.LATER_TODAY:
            assert start is not None
            assert start > moment
            assert start.astimezone(ZONE).date() == moment.date()
        if one.group is Group.COMING_DAYS:
            assert start is not None
            assert timedelta() < start.astimezone(ZONE).date() - moment.date() <= timedelta(days=60)
        if one.group is Group.OTHER_SEASON and start:
            assert start.astimezone(ZONE).date() - moment.date() > timedelta(days=60)


def test_what_is_over_for_today_tells_its_next_time(ljungvik: Catalogue, at: Moment) -> None:
    """D7: breakfast ends 9.15; a minute later its next time is tomorrow."""
    assert by_slug(at("2026-11-18 09.14"), ljungvik)["frukost"].state.kind is StateKind.NOW
    after = by_slug(at("2026-11-18 09.15"), ljungvik)["frukost"]
    assert (after.state.kind, after.state.start) == (StateKind.TOMORROW, at("2026-11-19 08.30"))
    assert after.group is Group.COMING_DAYS


def test_what_is_out_of_season_tells_when_it_begins_again(ljungvik: Catalogue, at: Moment) -> None:
    listed = by_slug(at("2026-11-18 09.00"), ljungvik)
    assert listed["odla"].group is Group.OTHER_SEASON
    assert listed["odla"].state.start == at("2027-04-01 10.00")
    assert listed["odla"].activity.when.endswith("april–oktober")


def test_coming_days_are_sixty(
    make: Callable[..., Activity], weekly: Callable[..., Times], at: Moment
) -> None:
    once = make("once", times=(weekly("FR", last=date(2025, 1, 10), also_on=(date(2027, 1, 20),)),))
    town = Catalogue("v", "t", (), (once,))
    groups = [by_slug(at(f"{day} 09.00"), town)["once"].group for day in ("2026-11-20", "2026-11-21")]
    assert groups == [Group.OTHER_SEASON, Group.COMING_DAYS]


def test_the_last_time_of_a_season_is_followed_by_the_next_season(ljungvik: Catalogue, at: Moment) -> None:
    """On the course's last day, when it is over, the next term is told."""
    during = by_slug(at("2026-11-12 10.00"), ljungvik)["prova-studier"]
    after = by_slug(at("2026-11-12 12.00"), ljungvik)["prova-studier"]
    assert during.state.kind is StateKind.NOW
    assert (after.group, after.state.start) == (Group.OTHER_SEASON, at("2027-01-26 09.00"))


def test_a_walk_waits_for_the_light(ljungvik: Catalogue, at: Moment) -> None:
    kinds = [
        (by_slug(at(f"2026-12-10 {clock}"), ljungvik)["kort-promenad"]).group
        for clock in ("07.00", "12.00", "16.00")
    ]
    assert kinds == [Group.LATER_TODAY, Group.ANY_TIME, Group.COMING_DAYS]


def test_what_needs_an_agreement_says_so(ljungvik: Catalogue, at: Moment) -> None:
    assert by_slug(at("2026-11-18 09.00"), ljungvik)["studiebesok"].state.kind is StateKind.AGREEMENT
