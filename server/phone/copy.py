"""What its owner may read without a connection, where she has said yes on that phone: gathered as it stands now.

And what is needed to write from there: the steps and tries that can be marked, and the names of those to write to.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from server.activities.catalogue import catalogue
from server.activities.matching import possible
from server.activities.possibility import Possibility
from server.activities.taste import RECORD as TASTE
from server.activities.taste import taste_in
from server.circle import people
from server.circle.payloads import Card
from server.core import clock
from server.days import log
from server.days.payloads import Day
from server.items import keeping
from server.items.payloads import Line, Texts
from server.messages import talks
from server.messages.payloads import Talk
from server.plan.around import BOARD, Wall, lines_of
from server.story import safety
from server.vault.drawer import Drawer
from server.vault.keyring import LISTED_HATS

DAYS = 7  # the latest that were written


@dataclass(frozen=True)
class Other:
    """Somebody in the own circle whom one can write to. Nothing of what was written between them is here."""

    pair: str
    name: str
    role: str


@dataclass(frozen=True)
class Copy:
    """The latest days, today's possibilities, the plan as it is drawn, whom one can reach, the safety plan."""

    form: int | None
    choices: tuple[Possibility, ...]
    wall: Wall
    tries: list[Line]
    cards: list[Card]
    others: list[Other]
    safety: Texts
    days: list[Day]


def gather(db: Connection, drawer: Drawer, now: datetime) -> Copy:
    """Eight statements, whatever the age of the account."""
    days = _latest(drawer, clock.today())
    form = next((day.form for day in days if day.date == clock.today()), None)
    taste = taste_in(drawer.find(TASTE).get(TASTE))
    shown = possible(form, now.replace(second=0, microsecond=0), catalogue(db), taste=taste)
    board, cards = keeping.read_board(drawer, BOARD), people.everyone(drawer)
    return Copy(
        form=form,
        choices=tuple(shown.choices),
        wall=Wall.of(board),
        tries=lines_of(board, "try"),
        cards=[card for card in cards if card.phone or card.backup_phone],
        others=_others(drawer, cards),
        safety=safety.read(drawer),
        days=days,
    )


def _latest(drawer: Drawer, today: date) -> list[Day]:
    """The latest days that were written in this month and the one before, the latest first."""
    first = today.replace(day=1)
    shelves = (drawer.shelf(log.month_shelf(month)) for month in (first, log.before(first)))
    found = [record.payload for shelf in shelves for record in shelf if record.payload.entries]
    return sorted(found, key=lambda day: day.date, reverse=True)[:DAYS]


def _others(drawer: Drawer, cards: list[Card]) -> list[Other]:
    """Those whom the owner can write to just now, by name. Whose circle she is in herself stands in no copy."""
    known, roles = talks.all_talks(drawer), {card.relation: card.role or card.organisation for card in cards}
    found = [
        Other(pair.hex(), contact.name, roles.get(pair.hex(), ""))
        for pair, contact in drawer.keyring.contacts.items()
        if contact.side == "mine" and contact.hat not in LISTED_HATS
        if not talks.why_closed(contact, known.get(pair.hex(), Talk(pair=pair.hex())))
    ]
    return sorted(found, key=lambda one: (people.alphabet(one.name), one.pair))
