"""Sheets: which texts an item of each sort has, and what may go to somebody else. Each slice registers its own.

A sheet becomes a kind of the circle (`server.circle.kinds`), so that every item is previewed, framed, handed over and
stopped by the same road as a day.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from server.circle.kinds import NoSuchItem, Parts
from server.items.payloads import Item, Line, Texts
from server.items.words import SHOWS
from server.vault.drawer import Drawer

ONE = "min"  # the id of an item of which there is one
LONG, SHORT = 5_000, 200  # characters of a text, of a line
STRICT = ("authority", "employer")


@dataclass(frozen=True)
class Field:
    """One text of an item. A `link` names another thing, a `set` one is tapped and stands in no form: neither goes to
    anybody. `only` names the one of few that has this field.
    """

    name: str
    label: object  # lazy text
    hint: object = ""
    kind: Literal["text", "line", "day", "choice", "link", "set"] = "text"
    choices: Mapping[str, object] = field(default_factory=dict)
    suggest: tuple[object, ...] = ()  # words to begin from
    longest: int = 0
    only: str = ""

    @property
    def limit(self) -> int:
        """The most characters."""
        return self.longest or (LONG if self.kind == "text" else SHORT)


def _never(_texts: Texts, _parts: Parts, _hat: str) -> bool:
    return False


def _nothing_more(_db: Connection, _drawer: Drawer, _item: Item, _now: datetime) -> dict[str, Any]:
    return {}


def _nothing_begun(_db: Connection, _drawer: Drawer, _links: Texts) -> Texts:
    return {}


def _as_chosen(_texts: Texts, parts: Parts) -> Parts:
    return parts


def _nothing_wrong(_texts: Texts) -> dict[str, Any]:
    return {}


def _nothing_else(_drawer: Drawer, _item: Item | None) -> None:
    return None


@dataclass(frozen=True)
class Sheet:
    """What an item of this sort is called, holds and needs.

    `few` names the items that there can be (one, or the areas of a life map); empty when there can be any number.
    `heading` is the field that names one of many: it always goes along. `about` gives further context to the item's
    page, `around` to its form, `begun` the first words of a new one that hangs on what its address names; `wrong` a
    sentence for each field that cannot be as it is. `needs_frame` says whether what was chosen goes to this hat only
    with a frame (and `why_frame` is what the person is told then), `wishes` what a suggestion can point at in an opened
    copy, which lies above all others if it `stands_first`. `goes` says what of the chosen really leaves: every copy,
    preview and offer asks it, so that what belongs together never goes in pieces. `kept` is told what an item has
    become, or None when it is taken away, in the transaction that writes it.
    """

    name: str
    slug: str  # in the address
    word: object  # lazy text, “A step”
    board: str
    home: str  # the page that lists it
    fields: tuple[Field, ...]
    heading: str = ""
    few: Mapping[str, object] = field(default_factory=dict)
    state: str = ""  # the field that a board shows as state
    note: str = ""  # the field whose first line a board shows
    under: str = ""  # the field that names what it hangs on
    another: object = None
    page: str = "items/item.html"
    edit_page: str = "items/edit.html"
    choose_page: str = "items/_choose.html"
    copy_page: str = "items/_copy.html"
    chosen: "Callable[[Sheet, MultiDict[str, str]], Parts] | None" = None
    about: Callable[[Connection, Drawer, Item, datetime], dict[str, Any]] = _nothing_more
    around: Callable[[Connection, Drawer, Item, datetime], dict[str, Any]] = _nothing_more
    begun: Callable[[Connection, Drawer, Texts], Texts] = _nothing_begun
    wrong: Callable[[Texts], dict[str, Any]] = _nothing_wrong
    needs_frame: Callable[[Texts, Parts, str], bool] = _never
    why_frame: object = SHOWS
    goes: Callable[[Texts, Parts], Parts] = _as_chosen
    stands_first: bool = False
    wishes: Callable[[Texts], Parts] = lambda _texts: ()
    kept: "Callable[[Drawer, Item | None], None]" = _nothing_else

    @property
    def written(self) -> tuple[Field, ...]:
        """The fields of its form."""
        return tuple(one for one in self.fields if one.kind != "set")

    def field(self, name: str) -> Field:
        return next(one for one in self.fields if one.name == name)

    @property
    def readable(self) -> tuple[Field, ...]:
        """What can be read of it and handed over, the heading apart."""
        return tuple(one for one in self.written if one.kind != "link" and one.name != self.heading)

    def address(self, item_id: str) -> str:
        return f"/plan/{self.slug}/{item_id}"

    def line(self, item: Item) -> Line:
        """The item as its board lists it."""

        def first(name: str) -> str:
            return item.texts.get(name, "").split("\n")[0][:SHORT]

        named = first(self.heading) if self.heading else next(filter(None, map(first, self.names)), "")
        state, under, note = first(self.state), first(self.under), first(self.note)
        return Line(sheet=self.name, id=item.id, title=named, state=state, under=under, note=note)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.written)

    def parts_of(self, texts: Texts) -> Parts:
        """What of it can go to somebody, in the order of the sheet; the heading is no choice."""
        names = (one.name for one in self.readable if texts.get(one.name))
        return tuple(name for name in names if name in self.goes(texts, (name,)))


_sheets: dict[str, Sheet] = {}


def add(sheet: Sheet) -> None:
    """Slices say `handing.register`, which calls this."""
    _sheets[sheet.name] = sheet


def sheet_called(name: str) -> Sheet:
    """Raises NoSuchItem."""
    try:
        return _sheets[name]
    except KeyError:
        raise NoSuchItem from None


def sheet_at(slug: str) -> Sheet:
    """The sheet with this word in its address. Raises NoSuchItem."""
    for sheet in _sheets.values():
        if sheet.slug == slug:
            return sheet
    raise NoSuchItem


def every_sheet() -> Mapping[str, Sheet]:
    return _sheets
