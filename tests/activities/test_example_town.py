"""The example town against the table of thirty activities (context-sweden section 12)."""

import re

import msgspec
import pytest

from server.activities.town import Access, Activity, Leave, Schedule, Terms, TownFile, Way

# number in the table: slug, least form, terms, leads to
TABLE = {
    1: ("fonster-och-vatten", 1, "Ö", [2, 3]),
    2: ("banken", 1, "Ö", [4]),
    3: ("ljudbok", 1, "Ö", [6, 8]),
    4: ("kort-promenad", 2, "Ö", [5]),
    5: ("promenadgrupp", 2, "Ö", [9, 12]),
    6: ("tidningen", 2, "Ö", [7, 8]),
    7: ("bokprat", 3, "Ö", [22]),
    8: ("boka-dator", 3, "Ö", [26]),
    9: ("oppen-fika", 2, "Ö", [10, 11]),
    10: ("soffhornan", 2, "Ö", [11, 29]),
    11: ("studiecirkel", 3, "M", [21, 29]),
    12: ("odla", 2, "Ö", [13, 18]),
    13: ("hantverk", 3, "B", [18, 24]),
    14: ("atelje", 2, "Ö", [13, 22]),
    15: ("frukost", 2, "M", [16, 17]),
    16: ("koket", 3, "M", [17, 24, 25]),
    17: ("kontoret", 3, "M", [25, 26]),
    18: ("kafe-formiddag", 4, "ÖA", [24, 27]),
    19: ("sortera", 3, "A", [27, 28]),
    20: ("simma", 3, "Ö", [5]),
    21: ("vattengympa", 4, "M", [20]),
    22: ("oppet-hus", 3, "Ö", [23]),
    23: ("prova-studier", 4, "Ö", [26]),
    24: ("studiebesok", 4, "AÖ", [27, 28]),
    25: ("introduktion", 3, "Ö", [15, 16, 17]),
    26: ("yrkesprofil", 3, "MA", [24, 27]),
    27: ("en-arbetsplats", 4, "A", [28]),
    28: ("digitalt-kafe", 4, "Ö", [27, 29]),
    29: ("kamratstodjare", 4, "Ö", []),
    30: ("lordagsutflykt", 3, "M", [5]),
}
LETTERS = {Terms.OPEN: "Ö", Terms.MEMBER: "M", Terms.DECISION: "B", Terms.VIA_OFFICER: "A"}
TWINS = {
    "promenadgrupp": "Gå med till hörnet",
    "bokprat": "Läs en sida ur boken hemma",
    "koket": "Ät lunch, diska inte",
    "simma": "Bara bastun",
    "en-arbetsplats": "Kom och säg hej",
}


@pytest.fixture(scope="module")
def activities(town: TownFile) -> dict[str, Activity]:
    return {one.slug: one for one in town.activities}


def test_all_thirty_are_there_in_order(town: TownFile) -> None:
    assert [one.slug for one in town.activities] == [slug for slug, *_ in TABLE.values()]


@pytest.mark.parametrize("number", TABLE)
def test_an_activity_is_as_the_table_says(activities: dict[str, Activity], number: int) -> None:
    slug, least_form, terms, leads_to = TABLE[number]
    one = activities[slug]
    assert one.least_form == least_form
    assert "".join(LETTERS[term] for term in one.terms) == terms
    assert list(one.leads_to) == [TABLE[target][0] for target in leads_to]


def test_ways_on_outside_the_catalogue_are_told(activities: dict[str, Activity]) -> None:
    told = {slug for slug, one in activities.items() if one.leads_on}
    assert told == {"prova-studier", "en-arbetsplats", "kamratstodjare", "lordagsutflykt"}


def test_each_has_a_smallest_version_that_needs_less(activities: dict[str, Activity]) -> None:
    """B8 and C22."""
    for one in activities.values():
        assert one.smaller.title != one.title
        assert one.smaller.least_form < one.least_form or one.least_form == 1


@pytest.mark.parametrize(("slug", "title"), TWINS.items())
def test_the_named_twins_are_there(activities: dict[str, Activity], slug: str, title: str) -> None:
    assert activities[slug].smaller.title == title


def test_one_may_leave_all_but_the_outing_in_the_middle(activities: dict[str, Activity]) -> None:
    """B6: can I leave."""
    assert [slug for slug, one in activities.items() if one.leave is Leave.NO] == ["lordagsutflykt"]
    assert all(one.leave_text for one in activities.values() if one.leave is not Leave.YES)


def test_what_has_to_be_arranged_says_how(activities: dict[str, Activity]) -> None:
    for one in activities.values():
        assert one.needs or one.way in (Way.NONE, Way.DROPIN), one.slug


def test_what_others_decide_is_said_in_words(activities: dict[str, Activity]) -> None:
    """B6 and C7: needs a decision or not."""
    for one in activities.values():
        assert one.terms_text or one.terms == (Terms.OPEN,), one.slug


def test_most_of_it_needs_no_decision(activities: dict[str, Activity]) -> None:
    """C7: no benefit, no case, no decision."""
    decided = [slug for slug, one in activities.items() if not one.no_decision]
    assert decided == ["hantverk", "sortera", "en-arbetsplats"]


def test_senses_and_access_are_told(town: TownFile) -> None:
    """C29 and C36: light and smell where they are known, wheelchair, hearing loop, sign language."""
    indoors = [one for one in town.places if one.street]
    assert sum(bool(one.light) for one in indoors) >= len(indoors) - 1
    tags = {tag for one in town.places for tag in one.access}
    assert {Access.WHEELCHAIR, Access.HEARING_LOOP, Access.SIGN_LANGUAGE, Access.WHEELCHAIR_TOILET} <= tags


def test_the_words_are_those_of_the_house(town: TownFile) -> None:
    """Section 10.2: no pep talk, no haste, no blame; sentences are sentences."""
    for one in town.activities:
        texts = [text for text in _texts(msgspec.to_builtins(one)) if text]
        for text in texts:
            assert not re.search(r"!|bara att |passa på|duktig|bra jobbat|måste|frånvaro", text, re.I), text
        for line in (one.line, one.smaller.line, one.needs, one.breaks, one.leave_text, one.terms_text):
            assert not line or line.endswith("."), line
        for title in (one.title, one.smaller.title):
            assert not title.endswith("."), title


def test_times_are_said_in_words_too(activities: dict[str, Activity]) -> None:
    for one in activities.values():
        assert one.when
        assert (one.schedule is Schedule.TIMES) == bool(one.times)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return []
