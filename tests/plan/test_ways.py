"""Vägar framåt: a map, not a ladder."""

from collections.abc import Mapping
from itertools import combinations

import pytest

from server.activities.town import Activity
from server.activities.townfile import read_town
from server.items.payloads import Line
from server.plan.ways import Map, Post, draw, ways_from
from tests.world import EXAMPLE_TOWN

STEPS = (
    Line(sheet="step", id="a" * 32, title="Mejla växthuset"),
    Line(sheet="step", id="b" * 32, title="Klart", state="done"),
)


@pytest.fixture(scope="module")
def town() -> Mapping[str, Activity]:
    return {one.slug: one for one in read_town(EXAMPLE_TOWN).activities}


def posts(map_: Map) -> list[Post]:
    return [*map_.smaller, *map_.sideways, *map_.larger]


def everywhere(map_: Map) -> list[str]:
    return [post.title for post in posts(map_)]


def test_smaller_sideways_and_larger_at_once(town: Mapping[str, Activity]) -> None:
    """Rows B24 and D1: built from what activities lead to, both ways along each path."""
    map_ = ways_from("tidningen", town, STEPS)
    assert map_.here.title == town["tidningen"].title
    assert map_.smaller[0].title == town["tidningen"].smaller.title and map_.smaller[0].smallest
    assert town["ljudbok"].title in [post.title for post in map_.smaller]  # from where one comes
    assert town["bokprat"].title in [post.title for post in map_.larger]
    assert "Mejla växthuset" in everywhere(map_) and "Klart" not in everywhere(map_)


def test_every_place_has_a_way_and_none_leads_to_itself(town: Mapping[str, Activity]) -> None:
    for slug, activity in town.items():
        map_ = ways_from(slug, town)
        assert map_.smaller, slug  # there is always something smaller
        assert activity.title not in everywhere(map_)
        assert all(post.at in town for post in map_.larger if post.at)
        assert len(everywhere(map_)) == len(set(everywhere(map_)))


def test_at_home_or_in_a_town_that_knows_nothing(town: Mapping[str, Activity]) -> None:
    home = ways_from("finns-inte", town, STEPS)
    assert (
        home.here.title == "" and home.larger and all(town[post.at].least_form <= 2 for post in home.larger)
    )
    nowhere = ways_from("", {}, ())
    assert nowhere.is_sparse and everywhere(nowhere) == []
    assert draw(nowhere).marks == ()


def test_money_is_asked_about_from_trying_work_and_on(town: Mapping[str, Activity]) -> None:
    asked = {post.title for slug in town for post in posts(ways_from(slug, town)) if post.money}
    assert town["en-arbetsplats"].title in asked and town["tidningen"].title not in asked


def test_no_label_lies_on_another_or_outside(town: Mapping[str, Activity]) -> None:
    """Readable on 320 points: each label has its own room, and the way in the middle has none."""
    for slug in town:
        drawing = draw(ways_from(slug, town, STEPS))
        boxes = [
            (mark.x - 65, mark.y - 12, mark.x + 65, mark.y + 28 + 19 * len(mark.lines))
            for mark in drawing.marks
        ]
        for left, _top, right, bottom in boxes:
            assert left >= 0 and right <= 320 and bottom <= drawing.height
            assert right < 160 or left > 160
        for one, two in combinations(boxes, 2):
            assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
        assert all(len(line) <= 13 for mark in drawing.marks for line in mark.lines)
