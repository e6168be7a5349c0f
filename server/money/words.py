"""What money's things are called, in the reader's language."""

from server.web.language import lazy_gettext as _

ANSWER = _("An answer about money")
ANOTHER = _("Another answer")
AUTHORITIES = {
    "fk": _("Försäkringskassan"),
    "af": _("Arbetsförmedlingen"),
    "municipality": _("The municipality, social services"),
    "school": _("CSN and the school"),
    "other": _("Somebody else"),
}
WRITING = {"yes": _("Yes, in writing"), "no": _("No, by word of mouth"), "waits": _("I am waiting for it")}
