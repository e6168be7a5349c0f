"""What items are called, in the reader's language."""

from collections.abc import Iterable

from server.web.language import lower_first


def sheet_title(which: object, word: object) -> str:
    return str(which or word)


def part_words(labels: Iterable[object]) -> str:
    """“minsta varianten, vad det kostade”."""
    return ", ".join(lower_first(str(label)) for label in labels)
