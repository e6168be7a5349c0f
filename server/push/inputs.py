"""What comes from the page about notices, parsed."""

import base64
import binascii
import json
import re
from datetime import datetime, time
from typing import Any

from werkzeug.datastructures import MultiDict

from server.core.clock import here
from server.push.payloads import Reminder
from server.push.reminders import LONGEST, REPEATS
from server.push.timing import next_time
from server.vault.notices import KINDS, Phone
from server.web.inputs import NotOffered, clean, day_in, page_id
from server.web.language import lazy_gettext as _

Errors = dict[str, Any]
Fields = MultiDict[str, str]
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:00)?")
_LONGEST_SUBSCRIPTION = 3_000  # characters

NO_WORDS = _("Write a few words first.")
TOO_LONG = _("That is more than fits here. Your text is still here. Shorten it.")
NOT_A_TIME = _("Choose a day and a time.")
PASSED = _("That time has passed. Choose one that is to come.")


class NotASubscription(Exception):
    """Not what a browser says when it subscribes."""


def subscription(text: str) -> Phone:
    """What the browser made (PushSubscription as JSON). Raises NotASubscription.

    Where it leads is the courier's to look at.
    """
    try:
        if len(text) > _LONGEST_SUBSCRIPTION:
            raise ValueError
        said = json.loads(text)
        keys = said["keys"]
        return Phone(str(said["endpoint"]), _bytes(keys["p256dh"]), _bytes(keys["auth"]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise NotASubscription from None


def kinds(fields: Fields) -> tuple[str, ...]:
    """What is to be told. Raises NotOffered."""
    chosen = fields.getlist("kind")
    if not set(chosen) <= set(KINDS):
        raise NotOffered
    return tuple(kind for kind in KINDS if kind in chosen)


def quiet(fields: Fields) -> tuple[int, int]:
    """From and to, whole hours. Raises NotOffered."""
    return _hour(fields.get("from")), _hour(fields.get("to"))


def reminder(fields: Fields, now: datetime) -> tuple[Reminder | None, Errors]:
    """One with own words, or a sentence for each field that cannot be kept. Raises NotOffered."""
    words, wrong = clean(fields.get("words")), Errors()
    if not words:
        wrong["words"] = NO_WORDS
    elif len(words) > LONGEST:
        wrong["words"] = TOO_LONG
    repeat = fields.get("repeat", "")
    if repeat not in REPEATS:
        raise NotOffered
    wall = _wall(fields)
    if wall is None:
        wrong["when"] = NOT_A_TIME
    elif next_time(wall, repeat, now) is None:
        wrong["when"] = PASSED
    id = page_id(fields.get("id"))
    return (None if wrong or not wall else Reminder(id=id, wall=wall, words=words, repeat=repeat)), wrong


def _wall(fields: Fields) -> datetime | None:
    clock = fields.get("time", "")
    try:
        day = day_in(fields.get("day", ""))
    except ValueError:
        return None
    if not _TIME.fullmatch(clock) or not 2020 <= day.year <= 2100:
        return None
    return datetime.combine(day, time.fromisoformat(clock))


def local(moment: datetime) -> datetime:
    """The wall clock's time of a moment, to the minute, without its zone."""
    return here(moment).replace(tzinfo=None, second=0, microsecond=0)


def _hour(text: str | None) -> int:
    if text not in {str(hour) for hour in range(24)}:
        raise NotOffered
    return int(text)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
