"""What comes from a peer's own page and from who asks one, parsed; and a sentence for what cannot be kept as it is."""

import re
from typing import Any

from werkzeug.datastructures import MultiDict

from server.hosts.founding import LONG, SHORT
from server.hosts.listings import Profile
from server.messages.peers import Said
from server.vault.asked import LONGEST, LONGEST_NAME
from server.web.inputs import NotOffered, clean, day_in, line, page_id
from server.web.language import lazy_gettext as _

Fields = MultiDict[str, str]
LINES = ("name", "languages", "hours_words")
MOST = 50  # people that one peer can say they take
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[.:]?([0-5]\d))?")

NO_NAME = _("Write a name. A first name is enough.")
TOO_LONG_LINE = _("That is more than fits on one line. Your text is still here. Shorten it.")
TOO_LONG = _("That is more than fits here. Your text is still here. Shorten it.")
NOT_A_TIME = _("Write a time, for example 18 or 18.30.")
NOT_A_NUMBER = _("Write a number, or leave it empty.")
NOT_A_DAY = _("Choose a day, or leave it empty.")
ROLE = _("Peer supporter")


def profile(form: Fields) -> tuple[Profile, dict[str, str], dict[str, Any]]:
    """The peer's own page, what was typed where it could not be read, and what is wrong with it, by field."""
    wrong: dict[str, Any] = {}
    typed = {name: line(form.get(name)) for name in ("hour_from", "hour_to", "capacity", "away_until")}
    said = Profile(
        **{name: line(form.get(name)) for name in LINES},
        story=clean(form.get("story")),
        helps=clean(form.get("helps")),
        weekdays=tuple(sorted({int(day) for day in form.getlist("weekdays") if day in "0123456" and day})),
        hour_from=_time(typed, "hour_from", wrong),
        hour_to=_time(typed, "hour_to", wrong),
        capacity=_number(typed, wrong),
        away=form.get("away") == "yes",
        away_until=_day(typed, wrong),
    )
    wrong |= {name: TOO_LONG_LINE for name in LINES if len(getattr(said, name)) > SHORT}
    wrong |= {name: TOO_LONG for name in ("story", "helps") if len(getattr(said, name)) > LONG}
    if not said.name:
        wrong["name"] = NO_NAME
    return said, typed, wrong


def typed_of(said: Profile) -> dict[str, str]:
    """What stands in the fields of a page that was saved."""
    return {
        "hour_from": said.hour_from,
        "hour_to": said.hour_to,
        "capacity": str(said.capacity or ""),
        "away_until": said.away_until.isoformat() if said.away_until else "",
    }


def question(form: Fields) -> tuple[Said, dict[str, Any]]:
    """What somebody asks a peer, and what is wrong with it. Raises NotOffered."""
    pair = bytes.fromhex(page_id(form.get("id")))
    said = Said(pair=pair, name=line(form.get("called")), words=clean(form.get("words")), role=str(ROLE))
    wrong: dict[str, Any] = {}
    if not said.name:
        wrong["called"] = _("Write what this person may call you. A first name is enough.")
    elif len(said.name) > LONGEST_NAME:
        wrong["called"] = TOO_LONG_LINE
    if len(said.words) > LONGEST:
        wrong["words"] = TOO_LONG
    return said, wrong


def answer(form: Fields) -> tuple[str, str]:
    """The words of a no, and another peer if one is named (a listing's id). Raises NotOffered."""
    words, other = clean(form.get("words")), form.get("other", "")
    if other and not re.fullmatch(r"[0-9a-f]{32}", other):
        raise NotOffered
    return words, other


def _time(typed: dict[str, str], name: str, wrong: dict[str, Any]) -> str:
    """“18.30” from “18:30”, “1830” or “18”; empty for nothing."""
    if not typed[name]:
        return ""
    found = _CLOCK.fullmatch(typed[name])
    if not found:
        wrong[name] = NOT_A_TIME
        return ""
    return f"{int(found[1])}" + (f".{found[2]}" if found[2] and found[2] != "00" else "")


def _number(typed: dict[str, str], wrong: dict[str, Any]) -> int:
    text = typed["capacity"]
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and 0 < int(text) <= MOST):
        wrong["capacity"] = NOT_A_NUMBER
        return 0
    return int(text)


def _day(typed: dict[str, str], wrong: dict[str, Any]) -> Any:
    try:
        return day_in(typed["away_until"]) if typed["away_until"] else None
    except ValueError:
        wrong["away_until"] = NOT_A_DAY
        return None
