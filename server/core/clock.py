"""The only source of now and today. Times are aware and UTC; zones are applied at the edge."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")

_now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - swapped by `frozen`


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _now()


def here(moment: datetime) -> datetime:
    """The same moment on the wall clock of the town (Europe/Stockholm)."""
    return moment.astimezone(STOCKHOLM)


def today() -> date:
    """The date it is in the town just now."""
    return here(now()).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[Callable[[datetime], None]]:
    """Hold the clock still at an aware `moment`; yields a function that moves it. For tests and demo data."""
    global _now
    before, held = _now, [moment]
    _now = lambda: held[0]  # noqa: E731

    def move(to: datetime) -> None:
        held[0] = to

    try:
        yield move
    finally:
        _now = before
