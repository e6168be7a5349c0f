"""Who comes in. Every route carries exactly one of these guards; a test walks the URL map.

A guard opens the transaction that the handler works in, finds out who is asking, commits, and only then lets
the answer go. Nothing personal is ever in Flask's own cookie: two `__Host-` cookies carry 32 random bytes each.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, make_response, redirect, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.database import Database
from server.vault import notices, ways_in
from server.vault.errors import NoSuchAccount, NoSuchWayIn, NotASecret, WrongKey
from server.vault.keyring import Keyring, open_keyring
from server.vault.rotation import finish_epoch, is_rotating, reseal
from server.vault.sealing import Secret
from server.vault.sessions import Sessions
from server.vault.tray import close_tray, open_tray
from server.vault.tray import owner as tray_owner
from server.web import tray
from server.web.borrowed import BORROWED, IDLE, borrowed

SESSION, DEVICE, HELLO, HIDDEN = "__Host-s", "__Host-d", "__Host-h", "__Host-g"
LOCKS, TRAY = "__Host-l", "__Host-p"  # this phone locks for real; what it may leave while it is locked
WAITS = "__Host-w"  # something has come from this phone and may not have been joined
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


def host(view: View) -> View:
    """Only who speaks for an association: `g.host` is there. Anybody else with an account meets the one 404."""

    def as_host(**kwargs: Any) -> Any:
        g.host = current_app.extensions["host_of"](g.db, account=g.keyring.account)
        if g.host is None:
            abort(404)
        return view(**kwargs)

    @wraps(view)
    def guarded(**kwargs: Any) -> Response:
        return _enter(as_host, kwargs, needs_key=True)

    guarded.guard = "host"  # type: ignore[attr-defined]
    return guarded


def keyring() -> Keyring | None:
    """The keyring of whoever is asking, opened at most once a request; None for a visitor."""
    if "keyring" not in g:
        g.keyring = _open_session() or _open_device()
    found: Keyring | None = g.keyring
    return found


def following() -> tuple[bytes, bytes] | None:
    """Whose drawer the session of this request has open, and the name of its row, for what follows it by itself.

    The same rules as for a page, but it is never activity, begins no session and does not bring a hidden one back.
    A request from another site's page follows nobody.
    """
    cookie = _secret(SESSION)
    if cookie is None or _comes_from_elsewhere():
        return None
    found = _open_session(touch=False)
    return (found.account, current_app.extensions["sessions"].row(cookie)) if found else None


def let_in(
    account: Keyring, account_key: Secret, half: Secret | None = None, *, through: bytes | None = None
) -> None:
    """Somebody's drawer is open on this phone: the cookies go out when the handler's work is committed.

    `half` is what this phone keeps; one that has none yet gets one, for the code or passkey that may want it.
    `through` is the way in that was used: taking that away closes this phone's tray, too.
    """
    g.keyring, g.account_key = account, account_key
    g.half = half or this_phone() or Secret.random()
    g.opened = True
    if phone_locks():
        g.tray = open_tray(g.db, account, held=_secret(TRAY), slot=through)


def changed_locks(account: Keyring, account_key: Secret) -> None:
    """The account key was changed: this session goes on under the new one, every other has ended."""
    g.keyring, g.account_key, g.renewed = account, account_key, True


def borrow(*, on: bool) -> None:
    """From this answer on the computer is one that others use, or is one's own again. What it already keeps follows."""
    if borrowed() == on:
        return
    g.borrowed, g.borrowing = on, True
    if keyring():
        let_in(g.keyring, g.account_key)  # the session, too, is a shorter one


def sign_out(*, keep: bool = False) -> None:
    """Nothing of the person stays on this phone: cookies, caches and storage go with the answer.

    `keep`: what the phone has not sent yet stays there, sealed; the rest of the storage the worker has taken away.
    """
    session, tray = _secret(SESSION), _secret(TRAY)
    no_notices()
    if session:
        current_app.extensions["sessions"].end(session)
    if tray:
        close_tray(g.db, tray)
    g.signed_out, g.keyring = True, None
    g.keep_storage = keep


def lock() -> None:
    """One touch reopens. The row goes, and with it the only sealed copy of the account key."""
    session = _secret(SESSION)
    if session:
        current_app.extensions["sessions"].end(session)
    g.keyring, g.locked = None, True


def accounts_here() -> set[bytes]:
    """Whose phone this is, open or locked: by the half and the tray that it keeps, and by what is open just now."""
    half, tray, account = this_phone(), _secret(TRAY), g.get("keyring")
    found = ways_in.accounts_on_phone(g.db, half) if half else set()
    found |= {whose} if tray and (whose := tray_owner(g.db, tray)) else set()
    return found | ({account.account} if account else set())


def no_notices() -> None:
    """Nothing is sent to this phone any more, whoever it was for. Wants a writing connection."""
    half = this_phone()
    if half:
        notices.forget_phone(g.db, current_app.extensions["push"], accounts_here(), half)


def this_phone() -> Secret | None:
    """The half that this phone keeps in its long-lived cookie."""
    return _secret(DEVICE)


def tray_here() -> Secret | None:
    """What this phone may leave in while it is locked."""
    return _secret(TRAY)


def join_what_waits() -> None:
    """With an open drawer: join what came from this phone, in a transaction of its own. A busy store does it later."""
    g.now, database = clock.now(), current_app.extensions["database"]
    with suppress(OperationalError):
        if request.method in _SAFE:  # then a device is opened in a transaction of its own
            with database.read() as g.db:
                keyring()
        with database.write() as g.db:
            if mine := keyring():
                tray.join_all(mine)


def phone_locks() -> bool:
    """Whether this phone needs a passkey, a code or a card again after the lock. A try-account is only hidden."""
    half = g.get("half") or this_phone()
    return half is None or ways_in.device_slot(half) not in g.keyring.slots


def is_locked() -> bool:
    """There is an account behind this phone's cookies, and it is closed just now."""
    return keyring() is None and LOCKS in request.cookies


def has_been_here() -> bool:
    """True when the browser has sent back any cookie of ours, so that it can keep a key."""
    return any(name in request.cookies for name in (HELLO, DEVICE, SESSION))


def seems_signed_in() -> bool:
    """Whether to draw the tabs. On a page that asks for no keyring the cookies decide; that promises nothing."""
    if "keyring" in g:
        return g.keyring is not None
    return DEVICE in request.cookies or SESSION in request.cookies


def came_as_contact() -> bool:
    """Whether what others show comes first for this person, who took an invitation before having days of their own."""
    account: Keyring | None = g.get("keyring")
    return account is not None and account.settings.get("home") == "shared"


def key_fits_nothing() -> bool:
    """This phone holds a key, but what it opened has been deleted (about 30 days after the last visit)."""
    return DEVICE in request.cookies and LOCKS not in request.cookies and keyring() is None


def _enter(view: View, kwargs: dict[str, Any], *, needs_key: bool = False) -> Response:
    g.now = clock.now()
    _refuse_foreign_posts()
    database: Database = current_app.extensions["database"]
    if WAITS in request.cookies:
        join_what_waits()
    with database.read() if request.method in _SAFE else database.write() as g.db:
        response = _work(view, kwargs, needs_key)
        if request.method not in _SAFE:
            tray.note(response)
    if g.get("forget_deleted"):
        database.forget_deleted()  # never the person's problem when it is busy: tried again by the next one
    return _hand_out_cookies(response)


def _work(view: View, kwargs: dict[str, Any], needs_key: bool) -> Response:
    if not needs_key or keyring():
        response = make_response(view(**kwargs))
        if needs_key and request.method not in _SAFE:
            _go_on_sealing()
        return response
    if is_locked() and request.method in _SAFE:
        return _plain(redirect(url_for("accounts.unlock", vidare=request.path), 303))
    if request.method in _SAFE:
        return _plain(redirect(url_for("today.today"), 303))
    if tray.leave(_secret(TRAY)):
        return _plain(redirect(url_for("accounts.unlock", sparat=1), 303))
    abort(401)  # the text that was posted stands in the answer, see errors.py


def _go_on_sealing() -> None:
    """After the locks were changed, each act of the person seals some older records under the new key."""
    account = g.get("keyring")
    if account and not g.get("signed_out") and is_rotating(account) and not reseal(g.db, account):
        g.keyring = finish_epoch(g.db, account, g.account_key)


def _plain(response: AnyResponse) -> Response:
    return make_response(response)


def _open_session(*, touch: bool = True) -> Keyring | None:
    cookie = _secret(SESSION)
    if cookie is None:
        return None
    sessions: Sessions = current_app.extensions["sessions"]
    found = sessions.resume(cookie, g.now, touch=touch and UNATTENDED not in request.headers)
    if found is None:
        return None
    account, g.account_key = found
    try:
        return open_keyring(g.db, account, g.account_key)
    except (NoSuchAccount, WrongKey):
        # Deleted since, or another phone has changed the locks. A row that was tampered with is refused aloud.
        sessions.end(cookie)
        return None


def _open_device() -> Keyring | None:
    """A try-account is hidden, not locked: the half that this phone keeps opens it again."""
    half = _secret(DEVICE)
    if half is None:
        return None
    try:
        if request.method in _SAFE:  # the visit may move the day until which the account is kept
            with current_app.extensions["database"].write() as db:
                account, g.account_key = ways_in.open_device(db, half, now=g.now)
        else:
            account, g.account_key = ways_in.open_device(g.db, half, now=g.now)
    except (NoSuchWayIn, NoSuchAccount):
        return None
    g.opened, g.half = True, half
    return account


def _secret(cookie: str) -> Secret | None:
    try:
        return Secret.from_text(request.cookies.get(cookie, ""))
    except NotASecret:
        return None


def _hand_out_cookies(response: Response) -> Response:
    sessions: Sessions = current_app.extensions["sessions"]
    if g.get("signed_out"):
        for name in (name for name in request.cookies if name.startswith("__Host-")):
            if name in ("__Host-t", BORROWED):
                continue
            response.delete_cookie(name, secure=True, httponly=True, samesite="Lax", path="/")
        response.headers["Clear-Site-Data"] = '"cache"' if g.get("keep_storage") else '"cache", "storage"'
        return response
    _keep_as_chosen(response)
    if g.get("locked"):
        # A cookie that changes also makes the browser forget the pages it keeps for Back.
        response.delete_cookie(SESSION, secure=True, httponly=True, samesite="Lax", path="/")
    elif g.get("opened"):
        cookie = sessions.start(g.keyring.account, g.account_key, g.now, idle=idle_of(g.keyring))
        _replace_session(response, sessions, cookie)
        _set(response, DEVICE, g.half.as_text(), _YEAR)
    elif g.get("renewed"):
        old = _secret(SESSION) or Secret.random()
        sessions.end_others(g.keyring.account, old)
        cookie = sessions.renew(old, g.keyring.account, g.account_key, g.now)
        _set(response, SESSION, cookie.as_text(), None)
    if "tray" in g:
        _set(response, TRAY, g.tray.as_text(), _YEAR)
    _tell_what_waits(response)
    if g.get("opened") or g.get("renewed"):
        _tell_lock(response)
    elif HELLO not in request.cookies and request.method in _SAFE and not seems_signed_in():
        _set(response, HELLO, "1", _YEAR)
    return response


def _keep_as_chosen(response: Response) -> None:
    """What this browser has of ours is given again, for as long as it may stay there now."""
    if not g.get("borrowing"):
        return
    if borrowed():
        _set(response, BORROWED, "1", None)
    else:
        response.delete_cookie(BORROWED, secure=True, httponly=True, samesite="Lax", path="/")
    for name in (HELLO,) if g.get("opened") else (HELLO, DEVICE, TRAY, LOCKS):
        if name in request.cookies:
            _set(response, name, request.cookies[name], _YEAR)


def _replace_session(response: Response, sessions: Sessions, cookie: Secret) -> None:
    old = _secret(SESSION)
    if old:
        sessions.end(old)
    _set(response, SESSION, cookie.as_text(), None)


def _tell_lock(response: Response) -> None:
    if phone_locks():
        _set(response, LOCKS, "1", _YEAR)
    elif LOCKS in request.cookies:
        response.delete_cookie(LOCKS, secure=True, httponly=True, samesite="Lax", path="/")


def _tell_what_waits(response: Response) -> None:
    if g.get("waits"):
        _set(response, WAITS, "1", None)
    elif "waits" in g and WAITS in request.cookies:
        response.delete_cookie(WAITS, secure=True, httponly=True, samesite="Lax", path="/")


def idle_of(account: Keyring) -> timedelta:
    """How long the drawer stays open by itself: ten minutes, or 2 to 30 by choice; less where others sit, too."""
    chosen = timedelta(minutes=account.settings.get("idle", 10))
    return min(chosen, IDLE) if borrowed() else chosen


def _set(response: Response, name: str, value: str, age: int | None) -> None:
    response.set_cookie(name, value, max_age=age, secure=True, httponly=True, samesite="Lax", path="/")


def _refuse_foreign_posts() -> None:
    """A form on another site cannot act as the person: every browser of the last years says where it stands.

    Sec-Fetch-Site first, else Origin; a request with neither does not come from a page in a browser. The same
    rule as Go's http.CrossOriginProtection. SameSite=Lax on both cookies is the second lock.
    """
    if request.method not in _SAFE and _comes_from_elsewhere():
        abort(403)


def _comes_from_elsewhere() -> bool:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site not in ("same-origin", "none")
    return origin is not None and urlsplit(origin).netloc != request.host
