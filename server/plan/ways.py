"""Vägar framåt: a map, not a ladder (rows B24, D1). Smaller, sideways and larger from where one is, several at once.

Built from what activities can lead to, both ways along each path, and from own steps. Nothing of what is looked at is
kept or told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from server.activities.town import Activity, Kind
from server.items.payloads import Line

MOST = 4  # in one direction: more can be reached by walking
_ASKS_ABOUT_MONEY = (Kind.WORK, Kind.STUDIES)
_WIDTH, _TOP, _ROW = 320, 118, 112  # of the drawing, in points
_LINES, _LETTERS = 4, 14  # of a label


@dataclass(frozen=True)
class Post:
    """A place on the map: an activity, an own step, or a way on that no catalogue has. `at` is where walking leads."""

    title: str
    at: str = ""
    own: bool = False
    smallest: bool = False
    money: bool = False


@dataclass(frozen=True)
class Map:
    """Where one stands, and the posts around. A sparse map says so, and leads to somebody who has walked there."""

    here: Post
    smaller: tuple[Post, ...]
    sideways: tuple[Post, ...]
    larger: tuple[Post, ...]

    @property
    def is_sparse(self) -> bool:
        return not self.larger


def ways_from(slug: str, activities: Mapping[str, Activity], steps: Sequence[Line] = ()) -> Map:
    """The map around one activity, or around one's own steps alone when `slug` is none of them."""
    own = tuple(
        Post(step.title, f"/plan/steg/{step.id}", own=True) for step in steps if step.state in ("", "trying")
    )
    here = activities.get(slug)
    if here is None:
        calm = sorted(activities.values(), key=lambda one: (one.least_form, one.people != "alone"))
        return Map(Post(""), (), own[:MOST], tuple(_post(one) for one in calm[:MOST]))
    onward = [activities[one] for one in here.leads_to if one in activities]
    back = [one for one in activities.values() if slug in one.leads_to]
    beside = {
        two: activities[two] for one in back for two in one.leads_to if two != slug and two in activities
    }
    near = [*onward, *back, *beside.values()]
    smaller = [one for one in near if one.least_form < here.least_form]
    larger = [one for one in onward if one.least_form > here.least_form]
    sideways = [one for one in near if one.least_form == here.least_form]
    return Map(
        here=_post(here),
        smaller=(Post(here.smaller.title, f"/aktiviteter/{slug}", smallest=True), *_posts(smaller))[:MOST],
        sideways=(*_posts(sideways), *own)[:MOST],
        larger=(*_posts(larger), *(Post(text) for text in here.leads_on))[:MOST],
    )


@dataclass(frozen=True)
class Mark:
    """A post as it is drawn: where, and its words broken into lines. `way` is the path from the middle to it."""

    x: int
    y: int
    lines: tuple[str, ...]
    way: str
    where: str


@dataclass(frozen=True)
class Drawing:
    height: int
    marks: tuple[Mark, ...]
    here: tuple[str, ...]


def draw(map_: Map) -> Drawing:
    """Smaller to the left, larger to the right, sideways in between below: as wide as the smallest phone."""
    columns = (("smaller", 80, map_.smaller), ("larger", 240, map_.larger))
    marks = []
    for where, x, posts in columns:
        marks += [_mark(where, x, row, post) for row, post in enumerate(posts)]
    below = max(len(map_.smaller), len(map_.larger))
    for number, post in enumerate(map_.sideways):
        marks.append(_mark("sideways", 80 if number % 2 == 0 else 240, below + number // 2, post))
    rows = below + (len(map_.sideways) + 1) // 2
    return Drawing(_TOP + max(rows, 1) * _ROW, tuple(marks), _label(map_.here.title, 28, 2))


def _mark(where: str, x: int, row: int, post: Post) -> Mark:
    y, middle = _TOP + row * _ROW, _WIDTH // 2
    way = f"M{middle} 64C{middle} {y - 40} {x} {y - 50} {x} {y - 12}"
    return Mark(x, y, _label(post.title, _LETTERS, _LINES), way, where)


def _label(text: str, letters: int, most: int) -> tuple[str, ...]:
    lines = wrap(text, letters, break_long_words=True)
    return tuple(lines) if len(lines) <= most else (*lines[: most - 1], f"{lines[most - 1][: letters - 1]}…")


def _posts(activities: Sequence[Activity]) -> tuple[Post, ...]:
    """Each once, the calmer first."""
    once = {one.slug: one for one in activities}
    return tuple(_post(one) for one in sorted(once.values(), key=lambda one: (one.least_form, one.title)))


def _post(one: Activity) -> Post:
    return Post(one.title, one.slug, money=one.kind in _ASKS_ABOUT_MONEY)
