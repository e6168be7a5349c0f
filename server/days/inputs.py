"""What comes from a page about a day, parsed. Text is kept word for word, but for NUL, which no text needs."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar, cast, get_args

from werkzeug.datastructures import MultiDict

from server.days.payloads import Circumstance, Cost, Form, Mood, Told
from server.days.twins import How
from server.web import inputs as web
from server.web.language import lazy_gettext as _

LONGEST = 20_000
TEXTS = ("words", "done", "helped")
TOO_LONG = _(
    "That is more than fits in one note. Your text is still here. Shorten it, or move some to another note."
)
# What every room reads alike.
NotOffered = web.NotOffered
clean, edition, day_in_path = web.clean, web.edition, web.day_in
_Choice = TypeVar("_Choice", bound=Enum)

FORMS = {
    Form.LIGHT: _("Light"),
    Form.FAIRLY_LIGHT: _("Fairly light"),
    Form.IN_BETWEEN: _("In between"),
    Form.HEAVY: _("Heavy"),
    Form.VERY_HEAVY: _("Very heavy"),
}
TITLES = {
    Form.LIGHT: _("Light day"),
    Form.FAIRLY_LIGHT: _("Fairly light day"),
    Form.IN_BETWEEN: _("In-between day"),
    Form.HEAVY: _("Heavy day"),
    Form.VERY_HEAVY: _("Very heavy day"),
}
HINTS = {
    5: _("Most things work"),
    4: _("Quite a lot works"),
    3: _("A little at a time"),
    2: _("Something small, maybe"),
    1: _("Just being is enough"),
}
COSTS = {
    Cost.GAVE: _("Gave"),
    Cost.EVEN: _("Even"),
    Cost.TOOK_LITTLE: _("Took a little"),
    Cost.TOOK_MUCH: _("Took a lot"),
}
MOODS = {
    Mood.NOT_GOOD: _("Not feeling well"),
    Mood.RATHER_BAD: _("Rather bad"),
    Mood.MIDDLE: _("In the middle"),
    Mood.RATHER_GOOD: _("Rather good"),
    Mood.GOOD: _("Good"),
}
CIRCUMSTANCES = {
    Circumstance.SLEEP: _("Sleep"),
    Circumstance.LETTER: _("Letter from an authority"),
    Circumstance.MONEY: _("Money"),
    Circumstance.FAMILY: _("Family"),
    Circumstance.BODY: _("The body"),
    Circumstance.MEETING: _("A meeting"),
    Circumstance.ALONE: _("Alone a lot"),
    Circumstance.COMPANY: _("Among people"),
    Circumstance.CARE: _("Care for others"),
    Circumstance.PAST: _("Something from before"),
}


def entry_id(fields: Mapping[str, str]) -> str:
    """The id that the page made, so that the same post twice is one entry."""
    return web.page_id(fields.get("id"))


def told(fields: MultiDict[str, str]) -> Told:
    """Everything from the page "Skriv mer". Lengths are not checked here: see `too_long`."""
    return _told(fields, web.one_of)


def told_in_draft(fields: MultiDict[str, str]) -> Told:
    """The same from a draft: a choice that is not offered (any more) is no choice; the words stay."""
    return _told(fields, _one_or_none)


def _told(fields: MultiDict[str, str], one: Any) -> Told:
    return Told(
        form=one(Form, fields.get("level")),  # a field called “form” would hide the form itself from htmx
        words=clean(fields.get("words")),
        done=clean(fields.get("done")),
        looked=one(Form, fields.get("looked")),
        cost=one(Cost, fields.get("cost")),
        circumstances=tuple(c for c in Circumstance if c.value in fields.getlist("circumstances")),
        helped=clean(fields.get("helped")),
        mood=one(Mood, fields.get("mood")),
    )


def too_long(said: Told) -> dict[str, Any]:
    """A sentence for each text that is longer than LONGEST characters."""
    return {name: TOO_LONG for name in TEXTS if len(getattr(said, name)) > LONGEST}


def form_answer(text: str | None) -> Form | None:
    """The picker's answer: "1" to "5", or "vet-inte" for an entry without a level."""
    if text == "vet-inte":
        return None
    found = web.one_of(Form, text)
    if found is None:
        raise NotOffered
    return found


def _one_or_none(kind: type[_Choice], text: str | None) -> _Choice | None:
    try:
        return web.one_of(kind, text)
    except NotOffered:
        return None


def how(fields: Mapping[str, str]) -> How:
    """Which of two versions to keep. Raises NotOffered."""
    for one in get_args(How):
        if fields.get("how") == one:
            return cast("How", one)
    raise NotOffered
