"""My picture is gathered from the own entries (rows A12, E6): own words, each taken by an own tap.

Nothing is counted, weighed or chosen for anybody: the words of two months stand in the order of their days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from server.circle.kinds import NoSuchItem
from server.days import log
from server.items import keeping
from server.items.payloads import Item
from server.items.sheets import ONE
from server.story.sheets import PICTURE
from server.vault.drawer import Drawer

MOST_OF_DAYS, MOST_OF_PLAN = 20, 12
FIELDS = ("strengths", "conditions")
_FROM_PLAN = {"try": ("learned", "conditions"), "step": ("learned",)}


class NoRoom(Exception):
    """The field cannot hold a line more."""


@dataclass(frozen=True)
class Own:
    """Some own words. `key` names where they stand; `day` or `title` says it to their owner."""

    key: str
    words: str
    day: date | None = None
    title: str = ""
    taken: bool = False


@dataclass(frozen=True)
class Gathered:
    days: tuple[Own, ...]
    plan: tuple[Own, ...]

    def find(self, key: str) -> Own:
        """Raises NoSuchItem for words that are not offered."""
        for one in (*self.days, *self.plan):
            if one.key == key:
                return one
        raise NoSuchItem


def gather(drawer: Drawer, today: date) -> Gathered:
    """What helped and what was done in this month and the one before, the latest first, and what was learned."""
    found = keeping.peek(drawer, PICTURE, ONE).get(ONE)
    there = [found.texts.get(field, "") for field in FIELDS] if found else []

    def first(own: Iterator[Own], most: int) -> tuple[Own, ...]:
        once = {one.words: one for one in own if one.words}
        marked = [
            Own(one.key, one.words, one.day, one.title, any(_has(text, one.words) for text in there))
            for one in once.values()
        ]
        return tuple(marked[:most])

    return Gathered(first(_of_days(drawer, today), MOST_OF_DAYS), first(_of_plan(drawer), MOST_OF_PLAN))


def take(drawer: Drawer, field: str, key: str, today: date, now: datetime) -> Item | None:
    """A line more in my picture, as the words stand in the entry; None when it stood there.

    Raises NoSuchItem, NoRoom.
    """
    words = gather(drawer, today).find(key).words
    item = keeping.peek(drawer, PICTURE, ONE).get(ONE)
    if item is None:
        return keeping.begin(drawer, PICTURE, ONE, {field: words}, now)
    while not _has(item.texts.get(field, ""), words):
        text = "\n".join(filter(None, (item.texts.get(field), words)))
        if len(text) > PICTURE.field(field).limit:
            raise NoRoom
        try:
            return keeping.tell(drawer, PICTURE, ONE, {field: text}, item.edition, now)
        except keeping.ItemChanged as changed:
            item = changed.theirs
    return None


def _of_days(drawer: Drawer, today: date) -> Iterator[Own]:
    first = today.replace(day=1)
    months = (log.month_shelf(first), log.month_shelf(log.before(first)))
    days = [record.payload for month in months for record in drawer.shelf(month)]
    for day in sorted(days, key=lambda one: one.date, reverse=True):
        for entry in reversed(day.entries):
            for name in ("helped", "done"):
                yield Own(f"day/{day.date}/{entry.id}/{name}", getattr(entry.told, name), day=day.date)


def _of_plan(drawer: Drawer) -> Iterator[Own]:
    for item in keeping.items_on(drawer, "plan"):
        for name in _FROM_PLAN.get(item.sheet, ()):
            yield Own(f"{item.name}/{name}", item.texts.get(name, ""), title=item.texts.get("title", ""))


def _has(text: str, words: str) -> bool:
    return f"\n{words}\n" in f"\n{text}\n"
