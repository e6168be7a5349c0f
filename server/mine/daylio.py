"""Days from Daylio's CSV export. Its moods become mående and never form: what a day can hold is another question.

Source for the columns: files that Daylio itself has made, since 2018 (`full_date,date,weekday,time,mood,activities,
scales,note_title,note`; earlier without note_title, scales or full_date). Moods: context-sweden.md, section 11.
"""

import hashlib
import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html.entities import html5

import msgspec

from server.core.clock import STOCKHOLM
from server.days.inputs import LONGEST
from server.days.log import FIRST_DAY, MOST_ENTRIES_A_DAY
from server.days.payloads import Day, Entry, Mood, Told
from server.mine.csvrows import Row, head_of, rows_of
from server.mine.problems import NotKnown, TooLarge
from server.mine.whens import day_of, time_of

MOST_CHARACTERS = 8_000_000


def _(msgid: str) -> str:
    """Marks a msgid for extraction; the page translates it."""
    return msgid


# The five that Daylio begins with, best first, in the languages in which they are known for sure.
_FIVE = (
    ("rad", "good", "meh", "bad", "awful"),
    ("super", "gut", "ok", "schlecht", "lausig"),
    ("wspaniale", "dobrze", "tak sobie", "źle", "okropnie"),
)
MOODS = {word: Mood(5 - place) for words in _FIVE for place, word in enumerate(words)}

NO_DATE = _("The date cannot be read.")
TOO_EARLY = _("The date is before 1920.")
NOT_YET = _("That day has not been yet.")
BROKEN = _("A quotation mark is missing, so the row cannot be read.")
NOTHING = _("There is nothing in the row but a date.")
TOO_LONG = _("The text is longer than fits in one note (20,000 characters).")
TOO_MANY = _("There is no room for more notes on that day.")
MOOD_LINE = _("Mood: %(word)s")


Choose = Callable[[Sequence[str]], Mapping[str, Mood]]


@dataclass(frozen=True)
class Unread:
    """A row that was left, by its number in a spreadsheet, and why (a msgid)."""

    row: int
    why: str


@dataclass
class Log:
    """What a file holds. `unknown` are words for moods that nobody has told us the place of, in order."""

    days: tuple[Day, ...] = ()
    unknown: tuple[str, ...] = ()
    unread: list[Unread] = field(default_factory=list)
    twice: int = 0  # rows that say the same as an earlier one


@dataclass(frozen=True)
class _Said:
    """One row, before it is known what its mood means."""

    day: date
    written: datetime | None
    mood: str
    done: str
    words: tuple[str, ...]
    clock: str = ""

    @property
    def id(self) -> str:
        """Made from the content, so that the same row is the same entry however often it is read.

        One of Daylio's own moods counts as its place: a phone that changes language doubles nothing.
        """
        known = MOODS.get(_plain(self.mood))
        mood = str(known.value) if known else _plain(self.mood)
        content = msgspec.json.encode((self.day, self.clock, mood, self.done, "\n".join(self.words)))
        return hashlib.sha256(b"dagsform/daylio/1\n" + content).hexdigest()[:32]


class _NotReadable(Exception):
    """A row that is left; the message is its why."""


def read(
    text: str, *, now: datetime, today: date, say: Callable[..., str], choose: Choose = lambda _words: {}
) -> Log:
    """Everything in the file that can be read. `choose` is given the unknown words, and says which have a place.

    Raises NotKnown when it has not Daylio's columns, TooLarge for more than anybody has written.
    """
    if len(text) > MOST_CHARACTERS:
        raise TooLarge
    names, _separator = head_of(text)
    if "mood" not in names or not {"full_date", "date"} & set(names):
        raise NotKnown
    log = Log()
    said = _different(rows_of(text), today, log)
    words = {
        _plain(one.mood): one.mood for one in said.values() if one.mood and _plain(one.mood) not in MOODS
    }
    log.unknown = tuple(words.values())
    known = MOODS | {_plain(word): mood for word, mood in choose(log.unknown).items()}
    log.days = tuple(_days(said, known, now, say))
    return log


def _different(rows: Iterator[Row], today: date, log: Log) -> dict[str, _Said]:
    """The rows that can be read, each once, by id; the others are told in the log."""
    found: dict[str, _Said] = {}
    per_day: dict[date, int] = {}
    for row in rows:
        try:
            said = _said(row, today)
            entry_id = said.id
            if entry_id in found:
                log.twice += 1
                continue
            per_day[said.day] = per_day.get(said.day, 0) + 1
            if per_day[said.day] > MOST_ENTRIES_A_DAY:
                raise _NotReadable(TOO_MANY)
            found[entry_id] = said
        except _NotReadable as problem:
            log.unread.append(Unread(row.number, str(problem)))
    return found


def _said(row: Row, today: date) -> _Said:
    cells = row.cells
    if cells is None:
        raise _NotReadable(BROKEN)
    day = day_of(cells)
    if day is None:
        raise _NotReadable(NO_DATE)
    if not FIRST_DAY <= day <= today:
        raise _NotReadable(NOT_YET if day > today else TOO_EARLY)
    clock = time_of(cells.get("time", ""))
    said = _Said(
        day=day,
        written=datetime.combine(day, clock, STOCKHOLM).astimezone(UTC) if clock else None,
        mood=_line(cells["mood"]),
        done=", ".join(_parts(cells.get("activities", ""))),
        words=tuple(
            filter(None, (_line(cells.get("note_title", "")), _note(cells.get("note", "")), *_scales(cells)))
        ),
        clock=f"{clock:%H:%M}" if clock else "",
    )
    if not (said.mood or said.done or said.words):
        raise _NotReadable(NOTHING)
    # The word for the mood may come to stand in the note as well.
    if len("\n".join(said.words)) + len(said.mood) + 50 > LONGEST or len(said.done) > LONGEST:
        raise _NotReadable(TOO_LONG)
    return said


def _days(
    said: Mapping[str, _Said], moods: Mapping[str, Mood], now: datetime, say: Callable[..., str]
) -> Iterator[Day]:
    """The rows as days, oldest first, each with its entries in the order of the clock."""
    entries: dict[date, list[Entry]] = {}
    for entry_id, one in said.items():
        mood = moods.get(_plain(one.mood))
        # The word stays when it is the person's own, and also when it now has a place.
        own = one.mood if one.mood and _plain(one.mood) not in MOODS else ""
        words = "\n".join([*one.words, *([say(MOOD_LINE, word=own)] if own else [])])
        told = Told(words=words, done=one.done, mood=mood)
        # Without a clock it is as written now: the day then says “written afterwards”, which is true.
        entries.setdefault(one.day, []).append(
            Entry(id=entry_id, written=min(one.written or now, now), told=told)
        )
    for day in sorted(entries):
        yield Day(date=day, entries=tuple(sorted(entries[day], key=lambda entry: entry.written)))


def _scales(cells: Mapping[str, str]) -> Iterator[str]:
    """“Sleep: 3 | Stress: 4” in one column, or a column of its own for each scale."""
    for name, text in cells.items():
        if name in ("scales", "scale"):
            yield from _parts(text)


def _parts(text: str) -> list[str]:
    """“walk | music” divided; a name keeps its own spaces and signs."""
    return [part for part in (_line(part) for part in re.split(r"\s*\|\s*", text)) if part]


def _line(text: str) -> str:
    """One line of text, its spaces made single."""
    return " ".join(text.replace("\0", "").split())


def _plain(mood: str) -> str:
    return mood.casefold()


def _note(text: str) -> str:
    """The note without Daylio's markup (<br>, <b>, <li>, &amp;); every other sign stays as it was written."""
    text = re.sub(r"<br\s*/?>|</(?:p|div|li|ul|ol|h[1-6])>", "\n", text, flags=re.IGNORECASE)
    text = re.sub(r"<li(?:\s[^<>]*)?>", "– ", text, flags=re.IGNORECASE)
    text = re.sub(
        r"</?(?:b|i|u|s|strong|em|font|span|small|big|p|div|ul|ol|h[1-6])(?:\s[^<>]*)?>",
        "",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"&(?:#\d{1,7}|[a-zA-Z]{2,8});", _sign, text)
    lines = [line.rstrip() for line in text.replace("\0", "").replace("\xa0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _sign(found: re.Match[str]) -> str:
    """“&amp;” is &; “&nothing;” is what somebody wrote."""
    name = found[0][1:]
    return html.unescape(found[0]) if name.startswith("#") else html5.get(name, found[0])
