"""Ideas that hold the same ingredients as a dream (row E12): pure, and each says which ingredients it holds.

Two ways of holding. A *word* of an ingredient, four letters or more, begins as a word in what the activity says of
itself. Or the ingredient says something that activities have facts for, as quiet, few people, outdoors, own pace. The
more ingredients, the earlier; then the calmer. Nothing of the dream is graded, and nothing is said of what is missing.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from server.activities.town import Activity, Kind, Leave, People, Sound, Way

_WORD = re.compile(r"[^\W\d_]+")
# Words that stand in any sentence and tell nothing of what it is about.
_EMPTY = frozenset(
    """
    alla allt andra annat aldrig bara behöver blir bort borde både dagar dagen denna deras detta eller efter från
    finns folk får ganska gärna göra gör hade hela helst henne hinna hans hon här inte ingen inget jobb jobba kunna
    kanske komma kommer lite lugn lugnt långt många med mellan mera mest mitt mycket måste något någon några nära
    också olika orkar ordning saker samma sedan skulle slippa som stund sådan sådant till tiden tills under utan
    vara varje vecka vill vilja väldigt själv människor
    """.split()  # noqa: SIM905 - a page of words, not a list to read one by one
)
Says = Callable[[Activity], bool]
_FACTS: dict[str, tuple[tuple[str, Says], ...]] = {
    "people": (
        (r"\b(ensam|själv|ingen|inga)\b", lambda one: one.people is People.ALONE),
        (r"\b(en person|någon|en i taget|två)\b", lambda one: one.people is People.ONE),
        (r"\b(få|några|liten grupp|små grupper|inte så många)\b", lambda one: one.people is People.FEW),
        (r"\b(grupp|gemenskap|tillsammans|många)\b", lambda one: one.people in (People.GROUP, People.MANY)),
    ),
    "place": (
        (r"\b(ute|utomhus|natur\w*|skog\w*|trädgård\w*|park\w*)\b", lambda one: one.kind is Kind.NATURE),
        (r"\bhemma\b", lambda one: one.place is None),
        (r"\b(tyst|lugn\w*|stilla)\b", lambda one: one.sound in (Sound.SILENT, Sound.LOW)),
    ),
    "pace": (
        (r"\b(egen takt|lugn\w*|långsam\w*|paus\w*|gå när)\b", lambda one: one.leave is Leave.YES),
        (r"\b(när jag vill|ingen tid|utan att boka)\b", lambda one: one.way in (Way.NONE, Way.DROPIN)),
    ),
}


@dataclass(frozen=True)
class Idea:
    """An activity and the names of the ingredients that it holds, in the order of the dream."""

    activity: Activity
    holds: tuple[str, ...]


def same_ingredients(dream: Mapping[str, str], activities: Iterable[Activity]) -> list[Idea]:
    """Every activity that holds something of the dream, most first. `dream` is texts by ingredient."""
    wanted = {
        name: (_stems(text), _facts(name, text)) for name, text in dream.items() if text and name != "ideas"
    }
    found = [
        Idea(one, holds)
        for one in activities
        if (holds := tuple(name for name, asked in wanted.items() if _holds(one, *asked)))
    ]
    return sorted(found, key=lambda idea: (-len(idea.holds), idea.activity.least_form, idea.activity.title))


def _holds(activity: Activity, stems: frozenset[str], facts: tuple[Says, ...]) -> bool:
    told = " ".join((activity.title, activity.line, activity.smaller.title, activity.who))
    return bool(stems & _stems(told)) or any(fact(activity) for fact in facts)


def _stems(text: str) -> frozenset[str]:
    """The beginnings of the words that tell something: “växter” and “växthus” begin alike."""
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(word[:4] for word in words if len(word) >= 4 and word not in _EMPTY)


def _facts(name: str, text: str) -> tuple[Says, ...]:
    return tuple(fact for pattern, fact in _FACTS.get(name, ()) if re.search(pattern, text.casefold()))
