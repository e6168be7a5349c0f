"""What comes from the pages of the circle, parsed. Text is kept word for word; what does not fit gets a sentence."""

import hashlib
from datetime import date
from typing import Any, Literal, cast, get_args

import msgspec
from werkzeug.datastructures import MultiDict

from server.circle.matters import Told
from server.circle.payloads import LONG, ME, NOBODY, SHORT, About, Hat, Noted
from server.web.inputs import NotOffered, clean, day_in, line, one_of, page_id
from server.web.language import lazy_gettext as _

Errors = dict[str, Any]
How = Literal["this", "other"]
Fields = MultiDict[str, str]
LINES = (
    "name",
    "role",
    "organisation",
    "phone",
    "answers_within",
    "away",
    "backup_name",
    "backup_phone",
    "called",
)
FIRST_YEAR, YEARS_AHEAD = 1920, 20

NO_NAME = _("Write something, for example a first name.")
NO_TITLE = _("Write a few words about what it is.")
NO_WORDS = _("Write a few words first.")
TOO_LONG_LINE = _("That is more than fits on one line. Your text is still here. Shorten it.")
TOO_LONG = _("That is more than fits here. Your text is still here. Shorten it.")
NOT_A_DAY = _("Choose a day, or leave it empty.")
NOT_YET = _("Choose today or a day that has been.")


def about(fields: Fields) -> About:
    """A card as it was filled in. What it may say is checked by `wrong_about`."""
    lines = {name: line(fields.get(name)) for name in LINES}
    return About(**lines, decides=clean(fields.get("decides")), hat=one_of(Hat, fields.get("hat")))


def wrong_about(said: About) -> Errors:
    """A sentence for each field that cannot be kept as it is."""
    wrong: Errors = {name: TOO_LONG_LINE for name in LINES if len(getattr(said, name)) > SHORT}
    if not said.name:
        wrong["name"] = NO_NAME
    if len(said.decides) > LONG:
        wrong["decides"] = TOO_LONG
    return wrong


def told(fields: Fields, today: date) -> tuple[Told, Errors]:
    """A matter as it was filled in, and a sentence for each field that cannot be kept as it is."""
    wrong: Errors = {}
    since = _past_day(fields, "since", today, wrong)
    said = Told(
        title=line(fields.get("title")),
        since=since,
        waiting_for=clean(fields.get("waiting_for")),
        next_step=clean(fields.get("next_step")),
        by=_day_ahead(fields, "by", today, wrong),
    )
    if not said.title:
        wrong["title"] = NO_TITLE
    elif len(said.title) > SHORT:
        wrong["title"] = TOO_LONG_LINE
    for name in ("waiting_for", "next_step"):
        if len(getattr(said, name)) > LONG:
            wrong[name] = TOO_LONG
    return said, wrong


def happened(fields: Fields, today: date, *, needed: bool = False) -> tuple[str, date, Errors]:
    """What was said or done and on which day, and a sentence for what cannot be kept. `needed`: not empty."""
    wrong: Errors = {}
    what, on = clean(fields.get("what")), _past_day(fields, "on", today, wrong)
    if needed and not what:
        wrong["what"] = NO_WORDS
    if len(what) > LONG:
        wrong["what"] = TOO_LONG
    return what, on, wrong


def waits_for(fields: Fields, wrong: Errors) -> str:
    """What is waited for now; a sentence is laid in `wrong` when it is too long."""
    found = clean(fields.get("waiting_for"))
    if len(found) > LONG:
        wrong["waiting_for"] = TOO_LONG
    return found


def actor(fields: Fields) -> str:
    """A card's id, ME or NOBODY. Raises NotOffered."""
    found = fields.get("actor", NOBODY)
    return found if found in (ME, NOBODY) else page_id(found)


def beside(known_id: str, said: About | Told | Noted) -> str:
    """The id under which a second version of a thing is kept: the same version twice is once."""
    return hashlib.sha256(known_id.encode() + msgspec.json.encode(said)).hexdigest()[:32]


def how(fields: Fields) -> How:
    """Which of two versions stays. Raises NotOffered."""
    for one in get_args(How):
        if fields.get("how") == one:
            return cast("How", one)
    raise NotOffered


def _past_day(fields: Fields, name: str, today: date, wrong: Errors) -> date:
    """The day that was chosen; today when none was."""
    found = _day(fields, name, wrong)
    if found and not date(FIRST_YEAR, 1, 1) <= found <= today:
        wrong[name] = NOT_YET
    return found or today


def _day_ahead(fields: Fields, name: str, today: date, wrong: Errors) -> date | None:
    found = _day(fields, name, wrong)
    if found and not FIRST_YEAR <= found.year <= today.year + YEARS_AHEAD:
        wrong[name] = NOT_A_DAY
    return found


def _day(fields: Fields, name: str, wrong: Errors) -> date | None:
    text = clean(fields.get(name))
    try:
        return day_in(text) if text else None
    except ValueError:
        wrong[name] = NOT_A_DAY
        return None
