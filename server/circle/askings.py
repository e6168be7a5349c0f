"""The card of somebody who was asked: it stands in the circle from the question on, and goes with a no."""

from msgspec.structs import replace

from server.circle import diary, matters, people
from server.circle.payloads import About, Card
from server.vault.drawer import Drawer


def add(drawer: Drawer, card_id: str, about: About, pair: bytes) -> Card:
    """A card for somebody who has been asked. The same id twice is one card. Raises TooManyPeople."""
    people.add(drawer, card_id, about)
    return people.alter(drawer, card_id, lambda old: replace(old, relation=pair.hex(), ended=False))


def let_go(drawer: Drawer, pair: bytes) -> None:
    """Whoever was asked stands in the circle no more. A card on which the owner has written stays, on paper."""
    for card in people.everyone(drawer):
        if card.relation != pair.hex():
            continue
        if card.edition > 1 or card.main or diary.notes(drawer, card.id) or _holds_something(drawer, card):
            people.alter(drawer, card.id, lambda old: replace(old, ended=True))
        else:
            people.take_away(drawer, card.id)
            people.destroy(drawer, card.id)


def _holds_something(drawer: Drawer, card: Card) -> bool:
    return any(matter.actor == card.id for matter in matters.open_matters(drawer))
