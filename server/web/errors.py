"""When something goes wrong: what happened, whose fault it is, and the way on. No stack trace, no lost text."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, g, make_response, render_template, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from server.vault.errors import KeyringChanged, RecordChanged, VaultError
from server.web.inputs import NotOffered

log = logging.getLogger("dagsform")
_HONEST = {
    401: "closed",
    403: "foreign",
    404: "missing",
    405: "missing",
    408: "too_slow",
    413: "too_large",
    429: "too_often",
    503: "no_room",
}

# Own words stand in a field of their own; what was chosen goes along unseen.
OWN_WORDS = (
    "words",
    "done",
    "helped",
    *("name", "role", "organisation", "decides", "phone", "answers_within", "away"),
    *("backup_name", "backup_phone", "called"),
    *("wishes", "meeting", "strengths", "why"),
    *("who", "may", "answers", "keeps"),
    *("title", "waiting_for", "next_step", "what"),
    *("story", "helps", "languages", "hours_words", "silence", "safe_name", "safe_phone"),
    *("hour_from", "hour_to", "capacity"),
    *("text", "about", "why", "own", "reason", "paper_name", "purpose", "frame", "asks"),
)
_KEPT = (
    *OWN_WORDS,
    "id",
    "form",
    "edition",
    "level",
    "looked",
    "cost",
    "circumstances",
    "mood",
    *("hat", "actor", "since", "by", "on", "wish", "how", "copy", "day"),
    *("weekdays", "away_until", "other", "bit"),
    *("paper_hat", "length", "asks_by", "answer"),
)
_WORTH_AGAIN = (422, 429, 500, 503)
# A room whose forms have fields of their own says which: own words, and all that is kept. Given the address's parts.
Fields = Callable[[Mapping[str, Any]], tuple[tuple[str, ...], tuple[str, ...]]]
_fields: dict[str, Fields] = {}


def fields_of(blueprint: str) -> Callable[[Fields], Fields]:
    """Register what is kept of a form of this blueprint when it could not be taken."""

    def register(fields: Fields) -> Fields:
        _fields[blueprint] = fields
        return fields

    return register


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _expected)
    app.register_error_handler(VaultError, _unreadable)
    for meanwhile in (KeyringChanged, RecordChanged):
        app.register_error_handler(meanwhile, _meanwhile)
    app.register_error_handler(DBAPIError, _busy)
    app.register_error_handler(NotOffered, _unclear)
    # Flask's own line would name the path, and paths hold ids.
    app.log_exception = _log_place  # type: ignore[method-assign]
    if not app.debug:
        app.register_error_handler(Exception, _ours)


def _log_place(exc_info: object) -> None:
    log.error("failed at %s", request.endpoint)


def refused(what: str, code: int = 422) -> Response:
    """An answer that cannot be taken: one clear sentence, and what was typed is still there."""
    return _page(what, code)


def missing() -> Response:
    """The one 404: the same for what is not there and for what is somebody else's."""
    return _page("missing", 404)


def _expected(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400 and error.response is not None:
        return make_response(error.response)
    return _page(_HONEST.get(code, "unclear" if code < 500 else "ours"), 404 if code == 405 else code)


def _unreadable(error: VaultError) -> Response:
    """Something in the store was changed behind our back. Refuse; show nothing of it, log only what kind."""
    log.error("sealed data refused at %s: %s", request.endpoint, type(error).__name__)
    return _page("refused", 500)


def _meanwhile(_error: VaultError) -> Response:
    """Another window or phone wrote at the very same moment, more often than anybody does. Nothing was half-written."""
    return _page("ours", 503)


def _unclear(_error: NotOffered) -> Response:
    """An answer that no page of ours offers."""
    return _page("unclear", 400)


def _busy(error: DBAPIError) -> Response:
    """A locked database, a full disk. Nothing was half-written: the transaction is gone as a whole."""
    log.error("database failed at %s: %s", request.endpoint, type(error.orig).__name__)
    return _page("ours", 503)


def _ours(error: Exception) -> Response:
    log.error("failed at %s", request.endpoint, exc_info=_without_values(error))
    return _page("ours", 500)


def _without_values(error: Exception) -> Exception:
    """The place of the fault for the log; the message may hold somebody's words, so it stays out."""
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)


def _page(what: str, code: int) -> Response:
    """What was typed stands in the page, ready to be sent again."""
    g.plain_page = True
    # Never after a post from elsewhere: our page must not hold out a stranger's words, ready to be sent.
    own, kept = _names()
    typed = [] if what == "foreign" else [pair for pair in _typed() if pair[0] in kept and pair[1].strip()]
    page = render_template(
        "errors/error.html", what=what, typed=typed, own_words=own, again=code in _WORTH_AGAIN
    )
    return make_response(page, code)


def _names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Fields of own words, and all that are kept. A key card is never held out again; whom a thing is handed to is
    chosen in a field of the same name.
    """
    found = _fields.get(request.blueprint or "")
    if found:
        return found(request.view_args or {})
    return OWN_WORDS, (*_KEPT, "card") if request.blueprint == "giving" else _KEPT


def _typed() -> list[tuple[str, str]]:
    if request.method != "POST":
        return []
    try:
        return list(request.form.items(multi=True))
    except HTTPException:  # too large to be read at all
        return []
