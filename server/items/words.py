"""What items are called, in the reader's language."""

from collections.abc import Iterable

from server.web.language import lazy_gettext as _
from server.web.language import lower_first

SHOWS = _(
    "This shows something that you do, have done or can do. To an authority or employer a sentence goes along, "
    "so that it is not read alone. One is enough."
)


def sheet_title(which: object, word: object) -> str:
    return str(which or word)


def part_words(labels: Iterable[object]) -> str:
    """“minsta varianten, vad det kostade”: without the mark of a question."""
    return ", ".join(lower_first(str(label).rstrip("?… ,")) for label in labels)
