"""Hjälp, Göm, and the page behind the quiet line: readable by anybody, without an account."""

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.help.lines import lines
from server.web.guard import HIDDEN, keyring, lock, no_notices, open_to_all, phone_locks
from server.web.respond import respond

bp = Blueprint("help", __name__)

_A_YEAR = 365 * 86_400  # hidden until Tillbaka, also when the phone has closed the browser


@bp.get("/hjalp")
@open_to_all
def help_page() -> Response:
    keyring()  # so that the tabs are those of whoever asks
    return respond("help/help.html", lines=lines())


@bp.get("/sa-funkar-det")
@open_to_all
def about() -> Response:
    """Who runs this, what is stored and visible, your rights, how to leave, accessibility (hard rule 5)."""
    return respond("help/about.html", settings=current_app.extensions["settings"])


@bp.post("/gom")
@open_to_all
def hide() -> AnyResponse:
    """From now on every page of ours is a clock in this browser, Back included, until somebody taps Tillbaka."""
    keyring()
    no_notices()  # a phone that others look at says nothing by itself either
    if keyring() and phone_locks():
        lock()  # where there is something to lock, hiding locks
    response = redirect(url_for("help.clock_face"), 303)
    response.set_cookie(HIDDEN, "1", max_age=_A_YEAR, secure=True, httponly=True, samesite="Lax", path="/")
    return response


@bp.get("/klocka")
@open_to_all
def clock_face() -> Response:
    now = clock.here(clock.now())
    return respond("help/clock.html", face=f"{now:%-H.%M}", day=now.date())


@bp.post("/klocka")
@open_to_all
def come_back() -> AnyResponse:
    response = redirect(url_for("today.today"), 303)
    response.delete_cookie(HIDDEN, secure=True, httponly=True, samesite="Lax", path="/")
    return response


@bp.before_app_request
def cover() -> AnyResponse | None:
    """While hidden, every address is the clock. What is posted from another tab is still saved."""
    hidden = HIDDEN in request.cookies and request.method in ("GET", "HEAD")
    if hidden and request.endpoint not in ("help.clock_face", "health"):
        return redirect(url_for("help.clock_face"), 303)
    return None
