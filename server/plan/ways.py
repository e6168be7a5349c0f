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
LEFT, MIDDLE, RIGHT = 78, 160, 242  # of the drawing, in points: 320 wide, as the smallest phone
_TOP, _ROW, _TURN = 130, 118, 36
_LINES, _LETTERS = 4, 13  # of a label


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


@dataclass(frozen=True)
class Drawing:
    """`trunk` is how far down the way goes in the middle, where no label stands; each mark branches off from it."""

    height: int
    trunk: int
    marks: tuple[Mark, ...]
    here: tuple[str, ...]


def draw(map_: Map) -> Drawing:
    """Smaller to the left, larger to the right, sideways below on both sides. No post is higher for being larger."""
    marks = [_mark(LEFT, row, post) for row, post in enumerate(map_.smaller)]
    marks += [_mark(RIGHT, row, post) for row, post in enumerate(map_.larger)]
    below = max(len(map_.smaller), len(map_.larger))
    marks += [_mark((LEFT, RIGHT)[n % 2], below + n // 2, post) for n, post in enumerate(map_.sideways)]
    last = max((mark.y for mark in marks), default=_TOP)
    return Drawing(last + _ROW, last - _TURN, tuple(marks), _label(map_.here.title, 28, 2))


def _mark(x: int, row: int, post: Post) -> Mark:
    y, edge = _TOP + row * _ROW, 12 if x < MIDDLE else -12
    way = f"M{MIDDLE} {y - _TURN}C{MIDDLE} {y - 8} {(x + MIDDLE) // 2} {y - 6} {x + edge} {y}"
    return Mark(x, y, _label(post.title, _LETTERS, _LINES), way)


def _label(text: str, letters: int, most: int) -> tuple[str, ...]:
    lines = wrap(text, letters, break_long_words=True)
    return tuple(lines) if len(lines) <= most else (*lines[: most - 1], f"{lines[most - 1][: letters - 1]}…")


def _posts(activities: Sequence[Activity]) -> tuple[Post, ...]:
    """Each once, the calmer first."""
    once = {one.slug: one for one in activities}
    return tuple(_post(one) for one in sorted(once.values(), key=lambda one: (one.least_form, one.title)))


def _post(one: Activity) -> Post:
    return Post(one.title, one.slug, money=one.kind in _ASKS_ABOUT_MONEY)
