"""Two phones wrote on one card or matter at the same time: both stand, and one tap chooses.

The second version has an id that is made from the first one's and its own text (inputs.beside), so nothing else need be
remembered. One that was rewritten since, or has a person behind it, is its own.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from server.circle import matters, people
from server.circle.inputs import How, beside
from server.circle.payloads import Card, Matter
from server.vault.drawer import Drawer

T = TypeVar("T", Card, Matter)


def of_card(drawer: Drawer, card: Card) -> tuple[Card, Card] | None:
    """The first and the second version, one of which is this card."""
    found = _pair(card, people.everyone(drawer), lambda one: one.about)
    return found if found and not found[1].relation else None


def of_matter(drawer: Drawer, matter: Matter) -> tuple[Matter, Matter] | None:
    """The first and the second version, one of which is this matter."""
    found = _pair(matter, matters.open_matters(drawer), _told)
    return found if found and found[1].changes == 1 else None


def settle_card(drawer: Drawer, card_id: str, how: How) -> Card:
    """Keep what one of them says, where the first stands; the second goes to the bin. Raises NoSuchCard."""
    card = people.find_card(drawer, card_id)
    found = of_card(drawer, card)
    if found is None:
        raise people.NoSuchCard
    first, second = found
    kept = _kept(card, found, how)
    settled = people.change(drawer, first.id, kept.about, first.edition)
    people.take_away(drawer, second.id)
    return settled


def settle_matter(drawer: Drawer, matter_id: str, how: How) -> Matter:
    """The same with a matter. Raises NoSuchMatter."""
    matter = matters.find_matter(drawer, matter_id)
    found = of_matter(drawer, matter)
    if found is None:
        raise matters.NoSuchMatter
    first, second = found
    kept = _kept(matter, found, how)
    settled = matters.tell(drawer, first.id, _told(kept), first.edition)
    matters.take_away(drawer, second.id)
    return settled


def _pair(this: T, things: Iterable[T], said: Callable[[T], object]) -> tuple[T, T] | None:
    for one in things:
        if one.id == beside(this.id, said(one)):  # type: ignore[arg-type]
            return this, one
        if this.id == beside(one.id, said(this)):  # type: ignore[arg-type]
            return one, this
    return None


def _kept(this: T, both: tuple[T, T], how: How) -> T:
    other = next(one for one in both if one.id != this.id)
    return this if how == "this" else other


def _told(matter: Matter) -> matters.Told:
    return matters.Told(matter.title, matter.since, matter.waiting_for, matter.next_step, matter.by)
