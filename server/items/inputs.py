"""What comes from an item's form, parsed by its sheet. Text is kept word for word; what does not fit is said."""

import hashlib
from typing import Any

import msgspec
from werkzeug.datastructures import MultiDict

from server.items.payloads import Texts
from server.items.sheets import Field, Sheet
from server.web.inputs import NotOffered, clean, day_in, line, page_id
from server.web.language import lazy_gettext as _

Fields = MultiDict[str, str]
FIRST_YEAR, LAST_YEAR = 1920, 2100

NO_WORDS = _("Write a few words first.")
TOO_LONG_LINE = _("That is more than fits on one line. Your text is still here. Shorten it.")
TOO_LONG = _("That is more than fits here. Your text is still here. Shorten it.")
NOT_A_DAY = _("Choose a day, or leave it empty.")


def item_id(sheet: Sheet, text: str) -> str:
    """The name of one of few, or an id that a page made. Raises NotOffered."""
    return text if text in sheet.few else page_id(text)


def told(sheet: Sheet, fields: Fields) -> tuple[Texts, dict[str, Any]]:
    """Every written field, empty ones too, and a sentence for each that cannot be kept. Raises NotOffered."""
    texts = {one.name: _text(one, fields) for one in sheet.written}
    wrong: dict[str, Any] = {}
    for one in sheet.written:
        if len(texts[one.name]) > one.limit:
            wrong[one.name] = TOO_LONG_LINE if one.kind == "line" else TOO_LONG
        elif one.kind == "day" and texts[one.name] and not is_day(texts[one.name]):
            wrong[one.name] = NOT_A_DAY
    needed = sheet.heading or ("" if sheet.few else sheet.written[0].name)
    if needed and not texts[needed]:
        wrong[needed] = NO_WORDS
    return texts, sheet.wrong(texts) | wrong


def tapped(sheet: Sheet, fields: Fields) -> Texts:
    """What a tap sets: choices of the sheet, and nothing else. Raises NotOffered."""
    found = {
        one.name: _choice(one, fields) for one in sheet.fields if one.choices and fields.get(one.name) is not None
    }  # fmt: skip
    if not found:
        raise NotOffered
    return found


def anyhow(sheet: Sheet, fields: Fields) -> Texts:
    """For what was left while it was locked: every word of it. A choice that is not offered is none, nor is a day that
    no calendar has.
    """
    texts: Texts = {}
    for one in sheet.written:
        try:
            text = _text(one, fields)
        except NotOffered:
            continue
        if one.kind == "day" and text and not is_day(text):
            continue
        texts[one.name] = text
    return texts


def brought(sheet: Sheet, address: Fields) -> Texts:
    """What the address of an empty form brings along: links, and what our own pages offer. Never a person's words: an
    address stands in the history of the browser.
    """
    found = {one.name: line(address.get(one.name)) for one in sheet.written}
    return {name: text for name, text in found.items() if text and _is_ours(sheet.field(name), text)}


def beside(known_id: str, texts: Texts) -> str:
    """The id under which a version of an item that is gone is kept: the same version twice is once."""
    return hashlib.sha256(known_id.encode() + msgspec.json.encode(texts, order="sorted")).hexdigest()[:32]


def _text(one: Field, fields: Fields) -> str:
    if one.kind == "choice":
        return _choice(one, fields)
    return clean(fields.get(one.name)) if one.kind == "text" else line(fields.get(one.name))


def _choice(one: Field, fields: Fields) -> str:
    found = fields.get(one.name, "")
    if found and found not in one.choices:
        raise NotOffered
    return found


def _is_ours(one: Field, text: str) -> bool:
    if one.kind == "link":
        return len(text) <= one.limit
    return text in one.choices or text in map(str, one.suggest) or (one.kind == "day" and is_day(text))


def is_day(text: str) -> bool:
    """Whether a field for a day may say this."""
    try:
        return FIRST_YEAR <= day_in(text).year <= LAST_YEAR
    except ValueError:
        return False
