"""When one writes: late at night or on a heavy day the page says kindly when the other usually answers. Nothing that
is written is read for it.
"""

from datetime import date, datetime, timedelta

from server.days import log
from server.vault.drawer import Drawer

EVENING, MORNING = 21, 7  # o'clock
HEAVY = 2  # a form up to this is a heavy day
_SATURDAY = 5


def is_late(here: datetime) -> bool:
    return here.hour >= EVENING or here.hour < MORNING


def is_heavy(drawer: Drawer, today: date) -> bool:
    """What the latest answer today says; no answer says nothing."""
    told = [entry.told.form for entry in log.read_day(drawer, today).entries if entry.told.form]
    return bool(told) and told[-1] <= HEAVY


def answer_days(today: date) -> list[date]:
    """The days by which one can say that an answer comes: tomorrow, and the next few weekdays."""
    ahead = (today + timedelta(days=number) for number in range(1, 9))
    return [day for day in ahead if day.weekday() < _SATURDAY or day == today + timedelta(days=1)][:5]
