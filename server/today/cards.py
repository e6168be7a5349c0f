"""Cards drawn once. A card holds only what the town has made public, a level and whether *kanske* was said to it.

So one drawing serves everybody, and a page on a light day, which has three, is drawn in half the time (docs/bench.md).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from markupsafe import Markup

from server.activities.possibility import Possibility, Reason

Shape = Literal["large", "card", "row"]


@dataclass(frozen=True, slots=True)
class Card:
    """All that decides how a card looks. `one` is left out of the comparison: town and slug name it."""

    town: str
    slug: str
    smaller: bool
    shape: Shape
    when: str
    why: tuple[Reason, ...]
    maybe: bool
    signed_in: bool
    another: str
    one: Possibility = field(compare=False, repr=False)


def remembering(draw: Callable[[Card], str]) -> Callable[[Card], Markup]:
    """`draw`, with the last 512 drawings remembered in this process."""
    return lru_cache(maxsize=512)(lambda card: Markup(draw(card)))  # noqa: S704 - a template's own output
