"""What its owner may read without a connection, where she has said yes on that phone: gathered as it stands now."""

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
from server.items.payloads import Texts
from server.plan.around import BOARD, Wall
from server.story import safety
from server.vault.drawer import Drawer

DAYS = 7  # the latest that were written


@dataclass(frozen=True)
class Copy:
    """The latest days, today's possibilities, the plan as it is drawn, whom one can call, the safety plan."""

    form: int | None
    choices: tuple[Possibility, ...]
    wall: Wall
    cards: list[Card]
    safety: Texts
    days: list[Day]


def gather(db: Connection, drawer: Drawer, now: datetime) -> Copy:
    """Seven statements, whatever the age of the account."""
    days = _latest(drawer, clock.today())
    form = next((day.form for day in days if day.date == clock.today()), None)
    taste = taste_in(drawer.find(TASTE).get(TASTE))
    shown = possible(form, now.replace(second=0, microsecond=0), catalogue(db), taste=taste)
    return Copy(
        form=form,
        choices=tuple(shown.choices),
        wall=Wall.of(keeping.read_board(drawer, BOARD)),
        cards=[card for card in people.everyone(drawer) if card.phone or card.backup_phone],
        safety=safety.read(drawer),
        days=days,
    )


def _latest(drawer: Drawer, today: date) -> list[Day]:
    """The latest days that were written in this month and the one before, the latest first."""
    first = today.replace(day=1)
    shelves = (drawer.shelf(log.month_shelf(month)) for month in (first, log.before(first)))
    found = [record.payload for shelf in shelves for record in shelf if record.payload.entries]
    return sorted(found, key=lambda day: day.date, reverse=True)[:DAYS]
