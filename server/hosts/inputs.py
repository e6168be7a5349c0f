"""What comes from the pages of an association, parsed; and a sentence for what cannot be kept as it is."""

from dataclasses import fields
from typing import Any

from werkzeug.datastructures import MultiDict

from server.hosts.founding import LONG, SHORT, Words
from server.hosts.listings import ROLES
from server.hosts.payloads import Invitee
from server.web.inputs import clean, line, page_id
from server.web.language import lazy_gettext as _

Fields = MultiDict[str, str]
LINES = ("name", "phone", "safe_name", "safe_phone")

NO_NAME = _("Write a name.")
NO_SAFE = _("Write a name and a phone number. Without them no peer is shown.")
NO_ROLE = _("Choose what this person is to be.")
NO_PLACE = _("Choose where this person is now.")
TOO_LONG_LINE = _("That is more than fits on one line. Your text is still here. Shorten it.")
TOO_LONG = _("That is more than fits here. Your text is still here. Shorten it.")


def words(form: Fields) -> tuple[Words, dict[str, Any]]:
    """What the association says, and what is wrong with it, by field."""
    said = Words(**{
        one.name: (line if one.name in LINES else clean)(form.get(one.name)) for one in fields(Words)
    })  # fmt: skip
    wrong: dict[str, Any] = {name: TOO_LONG_LINE for name in LINES if len(getattr(said, name)) > SHORT}
    wrong |= {name: TOO_LONG for name in ("about", "silence") if len(getattr(said, name)) > LONG}
    if not said.name:
        wrong["name"] = NO_NAME
    if bool(said.safe_name) != bool(said.safe_phone):
        wrong["safe_phone" if said.safe_name else "safe_name"] = NO_SAFE
    return said, wrong


def invitee(form: Fields) -> tuple[Invitee, str, dict[str, Any]]:
    """Who is invited to what, where they are now, and what is wrong with it. Raises NotOffered."""
    said = Invitee(id=page_id(form.get("id")), role=form.get("role", ""), name=line(form.get("name")))
    how, wrong = form.get("how", ""), dict[str, Any]()
    if not said.name:
        wrong["name"] = NO_NAME
    elif len(said.name) > SHORT:
        wrong["name"] = TOO_LONG_LINE
    if said.role not in ROLES:
        wrong["role"] = NO_ROLE
    if how not in ("room", "away"):
        wrong["how"] = NO_PLACE
    return said, how, wrong
