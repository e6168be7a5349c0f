"""What the pages of handing over were told, parsed. Lengths are checked by the domain, which keeps the text."""

from typing import Any

from werkzeug.datastructures import MultiDict

from server.circle.handing import PAPER, Paper
from server.circle.payloads import Hat
from server.web.inputs import clean, day_in, line, one_of, page_id

Fields = MultiDict[str, str]
NAME = 100
_LENGTHS = ("days", "meeting", "other")


def whom(fields: Fields) -> dict[str, Any]:
    """A card's id, or somebody on paper with name and hat. Raises NotOffered."""
    card = fields.get("card", "")
    paper = Paper(name=line(fields.get("paper_name"))[:NAME], hat=one_of(Hat, fields.get("paper_hat")))
    if card not in ("", PAPER):
        page_id(card)
    return {"card": card, "paper": paper}


def terms(fields: Fields) -> dict[str, Any]:
    """For what and until when. A date that is none is no date: the page asks again."""
    length = fields.get("length", "")
    return {
        "purpose": line(fields.get("purpose")),
        "frame": clean(fields.get("frame")),
        "length": length if length in _LENGTHS else "",
        "day": _day(fields.get("day", "")),
        "asks": clean(fields.get("asks")),
        "asks_by": _day(fields.get("asks_by", "")),
    }


def _day(text: str) -> Any:
    try:
        return day_in(text)
    except ValueError:
        return None
