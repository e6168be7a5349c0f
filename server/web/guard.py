"""Who comes in. Every route carries exactly one of these guards; a test walks the URL map.

A guard opens the transaction that the handler works in, finds out who is asking, commits, and only then lets
the answer go. Nothing personal is ever in Flask's own cookie: two `__Host-` cookies carry 32 random bytes each.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.database import Database
from server.vault import ways_in
from server.vault.errors import NoSuchAccount, NoSuchWayIn, NotASecret
from server.vault.keyring import Keyring, open_keyring
from server.vault.sealing import Secret
from server.vault.sessions import Sessions

SESSION, DEVICE, HELLO, HIDDEN = "__Host-s", "__Host-d", "__Host-h", "__Host-g"
UNATTENDED = "X-Unattended"  # sent by a page that saves by itself: such a request is no sign of a person
_YEAR = 365 * 86_400
_SAFE = ("GET", "HEAD", "OPTIONS")

View = Callable[..., Any]


def open_to_all(view: View) -> View:
    """Anybody may ask; `keyring()` tells whether somebody's drawer is open."""

    @wraps(view)
    def guarded(**kwargs: Any) -> Response:
        return _enter(view, kwargs)

    guarded.guard = "open_to_all"  # type: ignore[attr-defined]
    return guarded


def unlocked(view: View) -> View:
    """Only with an open drawer: `g.keyring` is there. Anybody else is led to the first page."""

    @wraps(view)
    def guarded(**kwargs: Any) -> Response:
        return _enter(view, kwargs, needs_key=True)

    guarded.guard = "unlocked"  # type: ignore[attr-defined]
    return guarded


def keyring() -> Keyring | None:
    """The keyring of whoever is asking, opened at most once a request; None for a visitor."""
    if "keyring" not in g:
        g.keyring = _open_session() or _open_device()
    found: Keyring | None = g.keyring
    return found


def let_in(account: Keyring, ak: Secret, half: Secret) -> None:
    """Somebody now has an account on this phone: the cookies go out when the handler's work is committed."""
    g.keyring, g.ak, g.half = account, ak, half


def has_been_here() -> bool:
    """True when the browser has sent back any cookie of ours, so that it can keep a key."""
    return any(name in request.cookies for name in (HELLO, DEVICE, SESSION))


def seems_signed_in() -> bool:
    """Whether to draw the tabs. On a page that asks for no keyring the cookies decide; that promises nothing."""
    if "keyring" in g:
        return g.keyring is not None
    return DEVICE in request.cookies or SESSION in request.cookies


def key_fits_nothing() -> bool:
    """This phone holds a key, but what it opened has been deleted (about 30 days after the last visit)."""
    return DEVICE in request.cookies and keyring() is None


def _enter(view: View, kwargs: dict[str, Any], *, needs_key: bool = False) -> Response:
    g.now = clock.now()
    _refuse_foreign_posts()
    database: Database = current_app.extensions["database"]
    with database.read() if request.method in _SAFE else database.write() as g.db:
        response = _work(view, kwargs, needs_key)
    if g.get("forget_deleted"):
        database.forget_deleted()  # never the person's problem when it is busy: tried again by the next one
    return _hand_out_cookies(response)


def _work(view: View, kwargs: dict[str, Any], needs_key: bool) -> Response:
    if not needs_key or keyring():
        return make_response(view(**kwargs))
    if request.method in _SAFE:
        return _plain(redirect(url_for("today.today"), 303))
    abort(401)  # the text that was posted stands in the answer, see errors.py


def _plain(response: AnyResponse) -> Response:
    return make_response(response)


def _open_session() -> Keyring | None:
    cookie = _secret(SESSION)
    if cookie is None:
        return None
    sessions: Sessions = current_app.extensions["sessions"]
    found = sessions.resume(cookie, g.now, touch=UNATTENDED not in request.headers)
    if found is None:
        return None
    try:
        return open_keyring(g.db, *found)
    except NoSuchAccount:
        return None  # deleted since; a row that was tampered with is refused aloud instead (errors.py)


def _open_device() -> Keyring | None:
    """A try-account is hidden, not locked: the half that this phone keeps opens it again."""
    half = _secret(DEVICE)
    if half is None:
        return None
    try:
        if request.method in _SAFE:  # the visit may move the day until which the account is kept
            with current_app.extensions["database"].write() as db:
                account, g.ak = ways_in.open_device(db, half, now=g.now)
        else:
            account, g.ak = ways_in.open_device(g.db, half, now=g.now)
    except (NoSuchWayIn, NoSuchAccount):
        return None
    return account


def _secret(cookie: str) -> Secret | None:
    try:
        return Secret.from_text(request.cookies.get(cookie, ""))
    except NotASecret:
        return None


def _hand_out_cookies(response: Response) -> Response:
    if "ak" in g:
        sessions: Sessions = current_app.extensions["sessions"]
        _set(response, SESSION, sessions.start(g.keyring.account, g.ak, g.now).as_text(), None)
    if "half" in g:
        _set(response, DEVICE, g.half.as_text(), _YEAR)
    elif HELLO not in request.cookies and request.method in _SAFE and not seems_signed_in():
        _set(response, HELLO, "1", _YEAR)
    return response


def _set(response: Response, name: str, value: str, age: int | None) -> None:
    response.set_cookie(name, value, max_age=age, secure=True, httponly=True, samesite="Lax", path="/")


def _refuse_foreign_posts() -> None:
    """A form on another site cannot act as the person: every browser of the last years says where it stands.

    Sec-Fetch-Site first, else Origin; a request with neither does not come from a page in a browser. The same
    rule as Go's http.CrossOriginProtection. SameSite=Lax on both cookies is the second lock.
    """
    if request.method in _SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        if site not in ("same-origin", "none"):
            abort(403)
    elif origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)
