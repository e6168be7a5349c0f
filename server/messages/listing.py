"""Who stands on Prata: those one can write with, what is new as a word, and how many wait for an answer."""

from dataclasses import dataclass
from typing import Any

from server.circle import people
from server.circle.payloads import Card
from server.circle.people import alphabet
from server.messages import drafts, talks
from server.messages.payloads import Talk
from server.messages.writing import Conversation
from server.vault.drawer import Drawer
from server.vault.keyring import LISTED_HATS, Contact


@dataclass(frozen=True)
class Row:
    """One conversation. `about` is what stands under the name; `contact` is None once the two have parted."""

    pair: str
    name: str
    about: str
    talk: Talk
    contact: Contact | None

    @property
    def office(self) -> bool:
        return bool(self.contact and self.contact.hat in ("authority", "employer"))

    @property
    def closed(self) -> str:
        return talks.why_closed(self.contact, self.talk)


def around(drawer: Drawer) -> dict[str, Any]:
    """Three statements, however many there are. How many wait is for peers alone: nobody else is pressed to answer."""
    begun, known, cards = drafts.everything(drawer), talks.all_talks(drawer), _cards(drawer)
    rows = [
        _row(pair.hex(), contact, known.get(pair.hex()), cards.get(pair.hex()))
        for pair, contact in drawer.keyring.contacts.items()
        if contact.hat not in LISTED_HATS
    ]
    met = {row.pair for row in rows}
    rows += [
        Row(pair, talk.name, "", talk, None)
        for pair, talk in known.items()
        if pair not in met and (talk.weeks or pair in begun)
    ]
    rows = sorted((row for row in rows if _stands(row)), key=lambda row: (alphabet(row.name), row.pair))
    waiting = [row for row in rows if not row.closed and talks.waits(row.talk) and not row.talk.paused]
    return {"rows": rows, "waiting": len(waiting)}


def beside(drawer: Drawer, talk: Conversation) -> str:
    """How fast the other usually answers, in the owner's own words on the card; empty when nothing is said."""
    card = _cards(drawer).get(talk.pair)
    return card.answers_within.rstrip(".") if card else ""


def _cards(drawer: Drawer) -> dict[str, Card]:
    return {card.relation: card for card in people.everyone(drawer) if card.relation}


def _row(pair: str, contact: Contact, talk: Talk | None, card: Card | None) -> Row:
    about = (card.role or card.organisation) if card else ""
    return Row(pair, contact.name, about, talk or Talk(pair=pair), contact)


def _stands(row: Row) -> bool:
    """Somebody to write with, or something that was written. A yes that is still to come stands elsewhere."""
    return row.closed != "pending" and (bool(row.talk.weeks) or row.closed in ("", "blocked", "parted"))
