"""Rows of a CSV file that may be damaged. What can be read is read; a broken row does not take the rest with it."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.mine.problems import TooLarge

_SEPARATORS = (",", ";", "\t")
# A note may hold line breaks, but not this many; a quotation mark that never ends is looked for no further.
_MOST_LINES = 400
MOST_ROWS = 40_000  # four a day for twenty-seven years


@dataclass(frozen=True)
class Row:
    """`number` is the row as a spreadsheet counts, the head being 1. `cells` is None when it cannot be read."""

    number: int
    cells: dict[str, str] | None


def decoded(data: bytes) -> str | None:
    """The text of a file, however it was saved: UTF-8 (with or without its mark), UTF-16, or old Windows.

    None when it is no text at all.
    """
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def head_of(text: str) -> tuple[list[str], str]:
    """The column names in small letters, and what divides them."""
    first = _lines(text)[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        names = next(csv.reader([first], delimiter=separator), [])
    except csv.Error:
        names = []
    return [name.strip().lower() for name in names], separator


def rows_of(text: str) -> Iterator[Row]:
    """Every row after the head; blank lines are passed over. Raises TooLarge beyond MOST_ROWS."""
    names, separator = head_of(text)
    lines = _lines(text)[1:]
    starts = re.compile(rf'"?\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}"?{re.escape(separator)}')
    at, number = 0, 1
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        number += 1
        if number > MOST_ROWS:
            raise TooLarge
        cells, used = _row(lines, at, separator, len(names), starts)
        yield Row(number, _named(names, cells, separator) if cells else None)
        at += used


def _lines(text: str) -> list[str]:
    return text.lstrip("\ufeff\r\n ").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _row(
    lines: list[str], at: int, separator: str, columns: int, starts: re.Pattern[str]
) -> tuple[list[str] | None, int]:
    """The cells of the row that begins at a line, and how many lines it takes."""
    end = _end(lines, at, separator)
    if end is None:
        return None, 1  # a quotation mark that never ends: this line is lost, the next may be whole
    try:
        cells = next(csv.reader(["\n".join(lines[at:end])], delimiter=separator), [])
    except csv.Error:
        return None, 1
    # A note that quotes a row, or a row that has swallowed the next? Only the first is whole to the letter.
    quotes = end - at > 1 and any(starts.match(line) for line in lines[at + 1 : end])
    if quotes and not (len(cells) == columns and _is_whole("\n".join(lines[at:end]), separator)):
        return None, 1
    return cells, end - at


def _end(lines: list[str], at: int, separator: str) -> int | None:
    """After which line the row is whole: its quotation marks are even, or the odd one means inches (5" wide).

    None when that is too far away.
    """
    marks = 0
    for end in range(at, min(at + _MOST_LINES, len(lines))):
        marks += lines[end].count('"')
        if marks % 2 == 0 or (end == at and _is_whole(lines[at], separator)):
            return end + 1
    return None


def _is_whole(text: str, separator: str) -> bool:
    try:
        next(csv.reader([text], delimiter=separator, strict=True), None)
    except csv.Error:
        return False
    return True


def _named(names: list[str], cells: list[str], separator: str) -> dict[str, str]:
    """Cells by column. Missing ones are empty; what is left over belongs to the last, where the note stands."""
    if len(cells) > len(names):
        cells = [*cells[: len(names) - 1], separator.join(cells[len(names) - 1 :])]
    return dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))
