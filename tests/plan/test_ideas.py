"""Ideas that hold the same ingredients as a dream: pure, explained, and never a grade."""

import pytest

from server.activities.town import Activity
from server.activities.townfile import read_town
from server.plan.ideas import same_ingredients
from tests.world import EXAMPLE_TOWN


@pytest.fixture(scope="module")
def activities() -> tuple[Activity, ...]:
    return read_town(EXAMPLE_TOWN).activities


def test_a_word_of_the_dream_finds_what_holds_it(activities: tuple[Activity, ...]) -> None:
    """Row E12: dream, ingredients, ideas."""
    found = same_ingredients({"tasks": "Odla"}, activities)
    assert [idea.activity.slug for idea in found] == ["odla"] and found[0].holds == ("tasks",)


def test_more_of_the_same_comes_first_and_says_which(activities: tuple[Activity, ...]) -> None:
    found = same_ingredients(
        {"tasks": "odla växter", "people": "några få", "pace": "i egen takt"}, activities
    )
    assert found[0].activity.slug == "odla" and found[0].holds == ("tasks", "people", "pace")
    held = [len(idea.holds) for idea in found]
    assert held == sorted(held, reverse=True)


@pytest.mark.parametrize(
    ("ingredient", "text", "slug"),
    [
        ("place", "Ute, helst", "kort-promenad"),
        ("place", "hemma", "fonster-och-vatten"),
        ("people", "ensam", "ljudbok"),
        ("pace", "när jag vill", "oppen-fika"),
    ],
)
def test_what_activities_say_of_themselves_counts(
    activities: tuple[Activity, ...], ingredient: str, text: str, slug: str
) -> None:
    assert slug in [idea.activity.slug for idea in same_ingredients({ingredient: text}, activities)]


@pytest.mark.parametrize(
    "dream", [{}, {"dream": ""}, {"dream": "jag vill att det ska vara som det är"}, {"own": "🌱"}]
)
def test_nothing_said_finds_nothing(activities: tuple[Activity, ...], dream: dict[str, str]) -> None:
    """Nothing is guessed from empty words, and own ideas are not searched for."""
    assert same_ingredients(dream, activities) == []
    assert same_ingredients(dream | {"ideas": "odla"}, activities) == []
