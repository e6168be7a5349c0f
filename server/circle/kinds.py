"""Kinds of things that can be handed over. Each slice registers its own; the circle imports none of them.

So no kind goes round the frame: `needs_frame` is asked for every item, in one place (`sharing.compose`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from werkzeug.datastructures import MultiDict

from server.vault.drawer import Drawer

Parts = tuple[str, ...]
MOST_WISHES, LONGEST_WISH = 12, 200
_MARKS = "-–•*· \t"


def _nothing_to_say(_parts: Parts) -> str:
    return ""


def _no_name(_thing: Any) -> str:
    return ""


def _no_wishes(_body: Any) -> Parts:
    return ()


def as_wishes(text: str) -> Parts:
    """Each line of a text as something that a suggestion can point at."""
    lines = (" ".join(line.split()).lstrip(_MARKS)[:LONGEST_WISH].rstrip() for line in text.split("\n"))
    return tuple(dict.fromkeys(line for line in lines if line))[:MOST_WISHES]


class NoSuchItem(Exception):
    """Nothing of that kind and name in this person's drawer, or nothing left to hand over."""


@dataclass(frozen=True)
class Kind:
    """How a kind of thing is found, chosen from, copied and drawn.

    `find` gives the thing itself (raises NoSuchItem); `chosen` reads which parts a person ticked; `copy` makes the
    struct that is sealed for the reader, with those parts and nothing else; `needs_frame` says whether this thing
    goes to somebody in this hat only with its frame; `more` lists what else of the kind could go along.
    `named` is what its owner calls this one, where many of the kind stand side by side: of the thing, or of a copy of
    it. `frame_why` is what the owner is told when a frame is asked for. `partly` says in few words that only some of it
    goes (“bara formen”). An opened copy whose kind `stands_first` lies above all others, and what it `wishes` is what a
    suggestion can point at (row B18).
    """

    name: str
    word: object  # lazy text: what it is called before it is opened
    find: Callable[[Drawer, str], Any]
    title: Callable[[str], str]
    chosen: Callable[["MultiDict[str, str]"], Parts]
    copy: Callable[[Any, Parts], msgspec.Struct]
    body: type[msgspec.Struct]  # what `copy` makes
    needs_frame: Callable[[Any, Parts, str], bool]
    more: Callable[[Drawer, datetime], list[str]]
    shelf: Callable[[str], str]
    address: Callable[[str], str]
    choose_page: str  # template: which parts
    copy_page: str  # template: the copy, read-only; the same for the preview and for the reader
    texts: Mapping[str, Any]  # what those two templates say
    frame_why: object  # lazy text: what in it asks for a frame, when it does
    another: object = (
        None  # lazy text of the button that adds one more; None when there is only one of the kind
    )
    partly: Callable[[Parts], str] = _nothing_to_say
    named: Callable[[Any], str] = _no_name
    stands_first: bool = False
    wishes: Callable[[Any], Parts] = _no_wishes


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind. Raises ValueError when its name is taken."""
    if kind.name in _kinds:
        raise ValueError(f"the kind {kind.name!r} is there already")
    _kinds[kind.name] = kind
    return kind


def kind_called(name: str) -> Kind:
    """Raises NoSuchItem for a kind that nobody has registered."""
    try:
        return _kinds[name]
    except KeyError:
        raise NoSuchItem from None


def every_kind() -> Mapping[str, Kind]:
    return _kinds


def of_item(item: str) -> tuple[Kind, str]:
    """“day/2026-11-17” as the kind and the name within it. Raises NoSuchItem."""
    kind, _slash, name = item.partition("/")
    return kind_called(kind), name
