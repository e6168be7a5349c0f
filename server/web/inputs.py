"""What comes from a page, whichever room it is: ids, editions, days, choices and people's own words, parsed."""

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import TypeVar

_ID = re.compile(r"[0-9a-f]{32}")
Choice = TypeVar("Choice", bound=Enum)


class NotOffered(Exception):
    """A value that no page of ours offers; only a hand-made request has one."""


def clean(text: str | None) -> str:
    """The person's own text: line breaks as one kind, no NUL (which no text needs), nothing around it."""
    return (text or "").replace("\0", "").replace("\r\n", "\n").strip()


def line(text: str | None) -> str:
    """As `clean`, on one line."""
    return " ".join(clean(text).split())


def page_id(text: str | None) -> str:
    """The id that the page made, so that the same post twice is one thing. Raises NotOffered."""
    if text is None or not _ID.fullmatch(text):
        raise NotOffered
    return text


def edition(fields: Mapping[str, str]) -> int:
    """Which edition of a text the page began from; 0 for a new one. Raises NotOffered."""
    text = fields.get("edition", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise NotOffered
    return int(text)


def day_in(text: str) -> date:
    """“2026-11-17”; ValueError for anything that is not a date."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


def one_of(kind: type[Choice], text: str | None) -> Choice | None:
    """The choice with this value; None for no answer. Raises NotOffered."""
    if not text:
        return None
    for choice in kind:
        if str(choice.value) == text:
            return choice
    raise NotOffered
