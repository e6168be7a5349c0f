"""Vem har öppnat vad: what contacts opened, and what was shown on the own screen or printed."""

from itertools import chain
from typing import Any

from server.circle import handing, sharing
from server.circle.copies import Handed, Log, Opening
from server.circle.kinds import NoSuchItem, of_item
from server.vault.drawer import Drawer
from server.vault.errors import CannotOpen


def everything(drawer: Drawer) -> dict[str, Any]:
    """`lines`: openings, latest first. `shown`: what was shown or printed. `gaps`: pairs with a missing number."""
    months = [record.payload for record in drawer.shelf("openings")]
    lines = sorted(
        chain.from_iterable(one.lines for one in months), key=lambda one: (one.at, one.item), reverse=True
    )
    return {"lines": lines, "shown": handing.all_shown(drawer), "gaps": gaps(drawer), "title_of": title_of}


def latest(drawer: Drawer, most: int = 3) -> list[Opening]:
    """The last few openings."""
    found: list[Opening] = everything(drawer)["lines"]
    return found[:most]


def gaps(drawer: Drawer) -> set[str]:
    """The contacts (hex) of whose events one was missing when the next one came."""
    logs: list[Log] = [record.payload for record in drawer.shelf("log")]
    return {log.pair for log in logs if log.gap}


def title_of(item: str) -> str:
    """“Tisdag 17 november” for “day/2026-11-17”."""
    try:
        kind, name = of_item(item)
    except NoSuchItem:
        return item
    return kind.title(name)


def called(handed: Handed) -> str:
    """As `title_of`, with the name that the owner gave it: “Ett steg: Ringa växthuset”."""
    try:
        kind, name = of_item(handed.item)
        named = kind.named(sharing.body_of(handed.share))
    except (NoSuchItem, CannotOpen):
        return title_of(handed.item)
    return f"{kind.title(name)}: {named}" if named else kind.title(name)


def partly(handed: Handed) -> str:
    """“bara formen”, when only some of the thing was handed over."""
    try:
        kind, _name = of_item(handed.item)
    except NoSuchItem:
        return ""
    return kind.partly(handed.parts)


def by_pair(live: list[Handed]) -> dict[str, list[Handed]]:
    """Who holds what, by contact (hex), in the order of the ends."""
    found: dict[str, list[Handed]] = {}
    for one in live:
        found.setdefault(one.pair, []).append(one)
    return found
