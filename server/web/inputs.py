"""What comes from a page, whichever room it is: ids, editions, days, choices and people's own words, parsed."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import TypeVar

_ID = re.compile(r"[0-9a-f]{32}")
# Signs that cannot be seen: they turn the direction of what stands around a name, or make two names look like one.
# The tags of a flag (black flag, tags, end) are seen; so are joiners inside emoji and in scripts that want them.
_UNSEEN = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007f]+)"
    "|[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_WANTS_JOINERS = (
    "\u0600-\u109f\u1780-\u18af\u2190-\u2bff\ufb50-\ufdff\ufe0f\ufe70-\ufefc\U0001f000-\U0001faff"
)
_LOOSE_JOINER = re.compile(f"(?<![{_WANTS_JOINERS}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_WANTS_JOINERS}])")
_BLANK = "\u115f\u1160\u2800"  # letters and signs that are drawn as nothing
Choice = TypeVar("Choice", bound=Enum)


class NotOffered(Exception):
    """A value that no page of ours offers; only a hand-made request has one."""


def clean(text: str | None) -> str:
    """The person's own text: line breaks as one kind, no NUL (which no text needs), nothing around it."""
    return (text or "").replace("\0", "").replace("\r\n", "\n").strip()


def line(text: str | None) -> str:
    """As `clean`, on one line, without signs that cannot be seen; empty when nothing of it can be seen."""
    words = " ".join(clean(text).split())
    words = " ".join(_LOOSE_JOINER.sub("", _UNSEEN.sub(r"\1", words)).split())
    return (
        words if any(unicodedata.category(sign)[0] in "LNPS" and sign not in _BLANK for sign in words) else ""
    )


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
