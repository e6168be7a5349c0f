"""A file comes in: what is it, can it be read, and what is in it? Nothing is laid in from here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from server.mine import daylio
from server.mine.bring import Incoming
from server.mine.bundle import things_in, unpack
from server.mine.csvrows import decoded
from server.mine.days import DAYS
from server.mine.kind import Reading
from server.mine.problems import NotKnown
from server.mine.waiting import Waiting

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TABLE = "daylio.csv"


@dataclass(frozen=True)
class Moment:
    """When the file is read, and in whose words: `say` is gettext."""

    now: datetime
    today: date
    say: Callable[..., str]


@dataclass(frozen=True)
class Opened:
    """What a waiting file holds; `log` tells about Daylio's rows."""

    incoming: Incoming
    log: daylio.Log | None = None


def receive(data: bytes, moment: Moment) -> Waiting:
    """The file as it can wait: known to be readable as a whole. Raises CannotRead's kinds."""
    waiting = _recognised(data)
    open_waiting(waiting, moment)
    return waiting


def open_waiting(waiting: Waiting, moment: Moment, choose: daylio.Choose = lambda _words: {}) -> Opened:
    """Everything in it, checked against today; `choose` places words for moods. Raises CannotRead's kinds."""
    if waiting.source == "daylio":
        log = daylio.read(
            waiting.files[_TABLE], now=moment.now, today=moment.today, say=moment.say, choose=choose
        )
        return Opened(Incoming(tuple((DAYS, day) for day in log.days), ids_are_contents=True), log)
    reading = Reading(file="", today=moment.today, now=moment.now)
    return Opened(Incoming(tuple(things_in(waiting.files, reading))))


def _recognised(data: bytes) -> Waiting:
    if data.startswith(_ZIP):
        return Waiting(source="dagsform", files=unpack(data))
    text = decoded(data)
    if text is None:
        raise NotKnown
    return Waiting(source="daylio", files={_TABLE: text})
