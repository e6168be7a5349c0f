"""However a table was saved, its rows come out."""

import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.mine.csvrows import decoded, head_of, rows_of

TEXT = "full_date,mood,note\n2026-11-17,rad,åäö\n"
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=20)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_however_it_was_saved(encoding: str) -> None:
    assert decoded(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("data", [b"\x89PNG\0\0\xff", b"\xff\xfe\xff", b"\x81\x8d"])
def test_what_is_no_text(data: bytes) -> None:
    assert decoded(data) is None


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_whatever_divides_it(separator: str, mark: str, end: str) -> None:
    text = mark + TEXT.replace(",", separator).replace("\n", end)
    assert head_of(text) == (["full_date", "mood", "note"], separator)
    assert [row.cells for row in rows_of(text)] == [{"full_date": "2026-11-17", "mood": "rad", "note": "åäö"}]


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
@settings(deadline=None, max_examples=100)
def test_what_was_written_as_csv_is_read_as_it_was(rows: list[tuple[str, str]]) -> None:
    """A whole table is read to the letter, line breaks and quotation marks too."""
    text = StringIO()
    table = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    table.writerow(["full_date", "mood", "note"])
    for mood, note in rows:
        table.writerow(["2026-11-17", mood, note])
    found = [row.cells for row in rows_of(text.getvalue())]
    assert found == [{"full_date": "2026-11-17", "mood": mood, "note": note} for mood, note in rows]


def test_inches_are_no_quotation() -> None:
    """An odd mark inside a cell means what it says."""
    found = [
        row.cells for row in rows_of('full_date,mood,note\n2026-11-17,rad,en 5" skärm\n2026-11-16,rad,b\n')
    ]
    assert [cells["note"] for cells in found if cells] == ['en 5" skärm', "b"]


def test_rows_are_counted_as_in_a_spreadsheet() -> None:
    text = 'full_date,mood,note\n2026-11-17,rad,"a\nb"\n\n2026-11-16,rad,c\n'
    assert [row.number for row in rows_of(text)] == [2, 3]
