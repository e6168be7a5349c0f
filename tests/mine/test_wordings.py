"""A few texts of one's own in a file that comes in: what may be kept, and that both are when they differ."""

import pytest
from msgspec.structs import replace

from server.mine.kind import Reading
from server.mine.problems import CannotRead
from server.mine.wordings import check
from server.story.payloads import Meet
from tests.mine.conftest import Person
from tests.mine.said import NOW, TODAY

READING = Reading(file="mot-mig.json", today=TODAY, now=NOW)
MEET = Meet(wishes="Lugn", edition=1)


@pytest.mark.parametrize(
    "bad",
    [
        {"wishes": "x" * 200_001},
        {"edition": -1},
        {"edition": 10**9},
        {"before": {"wishes": "x"}},
        {"before": Meet().texts | {"id": "x"}},
        {"before": Meet(meeting="x" * 200_001).texts},
    ],
    ids=str,
)
def test_what_no_page_makes_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(CannotRead):
        check(replace(MEET, **bad), READING)


def test_nul_is_left_out() -> None:
    assert check(replace(MEET, wishes="L\0ugn"), READING).wishes == "Lugn"


def test_both_are_kept_and_twice_is_once(person: Person, other_host: Person) -> None:
    """Hard rule 8."""
    person.lives(MEET)
    other_host.lives(Meet(wishes="Djur", strengths="Baka", edition=4))
    assert other_host.reads_in(person.export()).texts == 1
    now = other_host.holds()["meet"]
    assert (now.wishes, now.strengths, now.edition) == ("Djur\n\nLugn", "Baka", 5)
    assert other_host.reads_in(person.export()).is_nothing
