"""A month as a wall of windows. A blank day is blank: nothing is counted and nothing comments on a gap."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from server.days.log import FIRST_DAY, month_shelf
from server.days.payloads import Day, Form
from server.vault.drawer import Drawer

_WEEKS = Calendar(firstweekday=0)


@dataclass(frozen=True)
class Cell:
    """One day in the wall; `day` is None when nothing was written, `later` when it has not been yet."""

    date: date
    day: Day | None
    later: bool


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Cell | None]]
    earlier: date | None
    next: date | None

    @property
    def written(self) -> list[Day]:
        """Days with at least one entry, latest first."""
        cells = [cell.day for week in self.weeks for cell in week if cell and cell.day]
        return [day for day in reversed(cells) if day.entries]

    def in_words(self, most: int) -> list[tuple[date, Form | None, str]]:
        """The latest days with own words, at most so many: the day, its form, the first of its words."""
        words = ((day.date, day.form, text) for day in self.written if (text := day.first_words))
        return list(islice(words, most))


def read_month(drawer: Drawer, first: date, today: date) -> Month:
    """The month that begins on `first`; one shelf, one statement."""
    days = {record.payload.date: record.payload for record in drawer.shelf(month_shelf(first))}
    weeks: list[list[Cell | None]] = [
        [Cell(day, days.get(day), day > today) if day.month == first.month else None for day in week]
        for week in _WEEKS.monthdatescalendar(first.year, first.month)
    ]
    before, after = (first - timedelta(days=1)).replace(day=1), next_month(first)
    return Month(
        first,
        weeks,
        before if before >= FIRST_DAY else None,
        after if after <= next_month(today) else None,
    )


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
