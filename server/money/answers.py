"""The answers that were written down, under the authority that gave them."""

from collections.abc import Iterable

from server.items.payloads import Item
from server.money.words import AUTHORITIES

UNSAID = "other"  # where an answer stands that names no authority


def by_authority(items: Iterable[Item]) -> dict[str, list[Item]]:
    """The latest day first; what has no day comes last, in the owner's order."""
    found: dict[str, list[Item]] = {name: [] for name in AUTHORITIES}
    for item in sorted(items, key=lambda one: one.texts.get("on", ""), reverse=True):
        found[item.texts.get("authority") or UNSAID].append(item)
    return found
