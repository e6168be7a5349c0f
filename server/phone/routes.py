"""Where no page can come: the page that the worker keeps, the same for everybody."""

from flask import Blueprint, Response

from server.days import inputs
from server.web.guard import keyring, open_to_all
from server.web.respond import respond

bp = Blueprint("phone", __name__)


@bp.get("/utan-nat")
@open_to_all
def offline() -> Response:
    """What the worker shows instead of a page that did not come. It asks nobody who is there."""
    keyring()  # so that the tabs are those of whoever asks
    return respond("phone/offline.html", forms=inputs.FORMS, hints=inputs.HINTS, longest=inputs.LONGEST)
