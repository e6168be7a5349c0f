"""Rest and just being: possible in every town, without any town, at any time. They cost and need nothing."""

from typing import Final

from server.activities.town import Activity, Kind, People, Schedule, Smaller, Sound, Way


def _always(slug: str, title: str, line: str, smaller: Smaller) -> Activity:
    return Activity(
        slug=slug,
        title=title,
        line=line,
        kind=Kind.REST,
        host="",
        least_form=1,
        people=People.ALONE,
        sound=Sound.SILENT,
        way=Way.NONE,
        schedule=Schedule.ANYTIME,
        when="",
        smaller=smaller,
    )


# The texts are message ids: the page that shows them translates them.
REST: Final = _always(
    "vila",
    "Rest",
    "Nothing is lost while you rest.",
    Smaller("Close your eyes for a minute", "One minute is rest too.", 1),
)
BE: Final = _always(
    "bara-vara",
    "Just be",
    "Sit where you are, or where others are. You do not have to do anything.",
    Smaller("Take three breaths", "That is all.", 1),
)
BUILT_IN: Final = {one.slug: one for one in (REST, BE)}
