"""The people in the circle: add, change, take away, put back, and the one main contact. Nothing here knows a page.

A change of a card's text is compare-and-swap by its edition: two tabs meet as `CardChanged`, and both texts are kept.
"""

import unicodedata
from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace

from server.circle.payloads import About, Card, CircleBin
from server.vault.changing import NoSuchRecord, change_existing, change_record
from server.vault.drawer import Drawer
from server.vault.errors import RecordExists

SHELF, BIN = "circle", "circle-bin"
MOST = 300  # people in one life
_AFTER_Z = {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"}  # the three signs that follow z in ASCII


class NoSuchCard(Exception):
    """No card with that id in this person's circle."""


class TooManyPeople(Exception):
    """More cards than a circle holds."""


class CardChanged(Exception):
    """Another tab or phone saved this card first; `theirs` is what it says now."""

    def __init__(self, theirs: Card) -> None:
        super().__init__("card changed")
        self.theirs = theirs


def card_record(card_id: str) -> str:
    return f"contact/{card_id}"


def everyone(drawer: Drawer) -> list[Card]:
    """Every card in the order of the Swedish alphabet; at most one of them is the main contact."""
    cards = sorted((record.payload for record in drawer.shelf(SHELF)), key=lambda card: card.id)
    # Two phones that chose at the very same moment may both have been heard; then the first by id it is.
    main = next((card.id for card in cards if card.main), None)
    cards = [card if card.id == main else replace(card, main=False) for card in cards]
    return sorted(cards, key=lambda card: (alphabet(card.name), card.id))


def main_contact(drawer: Drawer) -> Card | None:
    """The one contact (row D2): where a question goes when one does not know whom to ask."""
    return next((card for card in everyone(drawer) if card.main), None)


def find_card(drawer: Drawer, card_id: str) -> Card:
    """The card. Raises NoSuchCard."""
    found = drawer.find(card_record(card_id)).get(card_record(card_id))
    if found is None:
        raise NoSuchCard
    card: Card = found.payload
    return card


def add(drawer: Drawer, card_id: str, about: About) -> Card:
    """Somebody new, under the id that the page made: the same id twice is one card (hard rule 8)."""
    cards = drawer.shelf(SHELF)
    if len(cards) >= MOST and all(record.payload.id != card_id for record in cards):
        raise TooManyPeople
    card = Card(id=card_id, **{field: getattr(about, field) for field in About.__struct_fields__})
    with suppress(RecordExists):
        drawer.put(SHELF, card_record(card_id), card)
    return find_card(drawer, card_id)


def change(drawer: Drawer, card_id: str, about: About, edition: int) -> Card:
    """Put a new text on a card that was read at `edition`. Raises CardChanged, with the other text, if it moved on."""

    def rewrite(old: Card) -> Card:
        if old.about == about:
            return old
        if old.edition != edition:
            raise CardChanged(old)
        return old.saying(about)

    return alter(drawer, card_id, rewrite)


def undo(drawer: Drawer, card_id: str, edition: int) -> bool:
    """Take back what was just saved: the text before stands again, and a new card goes to the bin.

    Only as long as the card is at `edition`; False when it has moved on or is gone.
    """
    try:
        card = find_card(drawer, card_id)
    except NoSuchCard:
        return False
    if card.edition != edition:
        return False
    if card.before is None:
        take_away(drawer, card_id)
    else:
        change(drawer, card_id, card.before, edition)
    return True


def alter(drawer: Drawer, card_id: str, how: Callable[[Card], Card]) -> Card:
    """The card as `how` makes it, written with compare-and-swap. Raises NoSuchCard."""
    try:
        return change_existing(drawer, card_record(card_id), how)
    except NoSuchRecord:
        raise NoSuchCard from None


def make_main(drawer: Drawer, card_id: str) -> str:
    """The one main contact from now on; whoever was it before is not. Gives the id of that one, or “”.

    Raises NoSuchCard.
    """
    earlier = main_contact(drawer)
    alter(drawer, card_id, lambda card: replace(card, main=True))
    _nobody_else_is_main(drawer, card_id)
    return earlier.id if earlier and earlier.id != card_id else ""


def not_main(drawer: Drawer, card_id: str) -> None:
    """Nobody is the main contact any more. Twice is once. Raises NoSuchCard."""
    alter(drawer, card_id, lambda card: replace(card, main=False))


def take_away(drawer: Drawer, card_id: str) -> None:
    """Move a card to the bin, whence it can come back. Twice is once."""
    record = drawer.find(card_record(card_id)).get(card_record(card_id))
    if record is None:
        return
    change_bin(drawer, lambda old: replace(old, cards=(*_others(old, card_id), record.payload)))
    drawer.remove(record)


def put_back(drawer: Drawer, card_id: str) -> Card:
    """Take a card out of the bin again. Raises NoSuchCard.

    It is the main contact again only if nobody else has become that meanwhile; a card that is in the circle
    under the same id already stays as it is.
    """
    card = next((one for one in bin_of(drawer).cards if one.id == card_id), None)
    if card is None:
        raise NoSuchCard
    if card.main and main_contact(drawer):
        card = replace(card, main=False)
    with suppress(RecordExists):
        drawer.put(SHELF, card_record(card_id), card)
    destroy(drawer, card_id)
    return card


def destroy(drawer: Drawer, card_id: str) -> None:
    """Gone for good from the bin. The caller truncates the log after commit, so that the bytes leave the files."""
    change_bin(drawer, lambda old: replace(old, cards=_others(old, card_id)))


def bin_of(drawer: Drawer) -> CircleBin:
    """What was taken away from the circle, in the order it was."""
    found = drawer.find(BIN).get(BIN)
    return found.payload if found else CircleBin()


def change_bin(drawer: Drawer, how: Callable[[CircleBin], CircleBin]) -> None:
    change_record(drawer, BIN, BIN, CircleBin(), how)


def alphabet(name: str) -> str:
    """What Swedish names are sorted by: å, ä and ö last, é as e, capitals as small letters."""
    signs = unicodedata.normalize("NFC", name.casefold())
    return "".join(_AFTER_Z.get(sign) or unicodedata.normalize("NFD", sign)[:1] for sign in signs)


def _nobody_else_is_main(drawer: Drawer, card_id: str) -> None:
    for record in drawer.shelf(SHELF):
        if record.payload.main and record.payload.id != card_id:
            alter(drawer, record.payload.id, lambda card: replace(card, main=False))


def _others(bin_: CircleBin, card_id: str) -> tuple[Card, ...]:
    return tuple(card for card in bin_.cards if card.id != card_id)
