"""The three texts as they were filled in; what does not fit gets a sentence and is kept on the page."""

from typing import Any

from werkzeug.datastructures import MultiDict

from server.story.payloads import LONGEST, PARTS
from server.web.inputs import clean
from server.web.language import lazy_gettext as _

TOO_LONG = _("That is more than fits here. Your text is still here. Shorten it.")


def texts(fields: MultiDict[str, str]) -> dict[str, str]:
    return {part: clean(fields.get(part)) for part in PARTS}


def wrong(said: dict[str, str]) -> dict[str, Any]:
    """A sentence for each text that cannot be kept as it is."""
    return {part: TOO_LONG for part, text in said.items() if len(text) > LONGEST}
