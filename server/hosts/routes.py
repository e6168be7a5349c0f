"""Värd: an association's own pages. It learns whom it lists and whether they can be asked, and nothing about asks."""

from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.accounts.trying import CookiesRefused, open_or_begin, site
from server.circle.sorting import sort_post
from server.core import clock, ids
from server.hosts import founding, inputs, listings, roster
from server.hosts.founding import HostLinkOver, Words
from server.hosts.listings import ListedAlready, NoSuchListing
from server.hosts.payloads import Invitee
from server.hosts.roster import NoSuchInvitee, TooManyInvited, Waiting
from server.vault import invitations, pairing
from server.vault.errors import ContactKeyChanged, NoSuchContact, TwoHats
from server.vault.sealing import Secret, fingerprint
from server.vault.ways_in import is_lasting
from server.web.drawing import qr
from server.web.errors import missing, refused
from server.web.guard import has_been_here, host, is_locked, keyring, open_to_all
from server.web.limits import brake
from server.web.respond import done, respond

bp = Blueprint("hosts", __name__, url_prefix="/vard")

TRIES_AN_HOUR = 60  # many may sit behind one address


@bp.get("/ny/<token>")
@open_to_all
def link(token: str) -> Response:
    """The same page for every link, one that was never made too: a mail scanner uses nothing up."""
    return _link_page()


@bp.post("/ny/<token>")
@open_to_all
def accept(token: str) -> AnyResponse:
    """Speak for an association from now on. Without an account one is begun on this device, once the link holds."""
    brake("host link", TRIES_AN_HOUR)
    if is_locked():
        return redirect(url_for("accounts.unlock", vidare=request.path), 303)
    if keyring() is None and not has_been_here():
        return _link_page(wrong="cookies")
    try:
        founding.check(g.db, _vouching(), token, g.now)
        founding.accept(g.db, _vouching(), open_or_begin().account, token, g.now)
    except CookiesRefused:
        return _link_page(wrong="cookies")
    except HostLinkOver:
        return _link_page(wrong="over")
    return done(url_for("hosts.about"), "welcome")


@bp.get("")
@host
def home() -> Response:
    """The association's page: its words, whom it lists, who is invited."""
    sort_post()
    there = listings.of_host(g.db, _vouching(), g.host)
    return respond(
        "hosts/home.html",
        host=g.host,
        peers=[one for one in there if one.role == listings.PEER],
        safeguarding=[one for one in there if one.role == listings.SAFEGUARDING],
        waiting=roster.waiting(g.db, g.keyring),
        lasting=is_lasting(g.keyring),
        today=clock.today(),
        now=g.now,
    )


@bp.get("/om")
@host
def about() -> Response:
    return _about_page(g.host.words)


@bp.post("/om")
@host
def tell() -> Response:
    words, wrong = inputs.words(request.form)
    if wrong:
        return _about_page(words, wrong)
    founding.tell(g.db, _vouching(), g.host, words)
    return done(url_for("hosts.home"), "saved")


@bp.get("/bjud-in")
@host
def invite() -> Response:
    return _invite_page(Invitee(id=ids.token(), role="", name=""))


@bp.post("/bjud-in")
@host
def invited() -> AnyResponse:
    """Make the invitation. Whoever has no lasting way in would lose everybody with the browser's cookies."""
    invitee, how, wrong = inputs.invitee(request.form)
    if wrong or not is_lasting(g.keyring):
        return _invite_page(invitee, how, wrong)
    roster.invite(g.db, g.keyring, invitee, g.now, in_the_room=how == "room")
    return redirect(url_for("hosts.waiting", invitee=invitee.id), 303)


@bp.get("/bjud-in/<invitee>")
@host
def waiting(invitee: str) -> AnyResponse:
    """Where it stands: waiting, answered, over."""
    sort_post()
    return _waiting_page(roster.one(g.db, g.keyring, invitee))


@bp.get("/bjud-in/<invitee>/stampel")
@host
def stamp(invitee: str) -> Response:
    """For the open page, in one word. The page asks by itself, which is no sign of a person."""
    sort_post()
    return Response(_state(roster.one(g.db, g.keyring, invitee)), mimetype="text/plain")


@bp.post("/bjud-in/<invitee>/avbryt")
@host
def cancel(invitee: str) -> Response:
    roster.cancel(g.db, g.keyring, invitee)
    return done(url_for("hosts.home"), "not_paired")


@bp.post("/bjud-in/<invitee>/ja")
@host
def confirm(invitee: str) -> AnyResponse:
    """The association's yes, to the very person that the page showed."""
    there = roster.one(g.db, g.keyring, invitee)
    if _who(there) == "" or request.form.get("who") != _who(there):
        return redirect(url_for("hosts.waiting", invitee=invitee), 303)
    keys = (_vouching(), current_app.extensions["frank"])
    try:
        with g.db.begin_nested():
            g.keyring = roster.confirm(g.db, g.keyring, g.account_key, keys, g.host, invitee, g.now)
    except (TwoHats, ListedAlready):
        return _waiting_page(there, refused="two_hats")
    except ContactKeyChanged:
        return _waiting_page(there, refused="key_changed")
    return done(url_for("hosts.home"), "listed")


@bp.post("/lista/<listing>/bort")
@host
def take_off(listing: str) -> Response:
    """The association lists this person no more. It can be undone."""
    roster.take_off(g.db, g.keyring, _vouching(), g.host, listing)
    return done(url_for("hosts.home"), "removed", undo=url_for("hosts.put_back", listing=listing))


@bp.post("/lista/<listing>/tillbaka")
@host
def put_back(listing: str) -> Response:
    try:
        roster.put_back(g.db, g.keyring, _vouching(), listing)
    except (NoSuchListing, ListedAlready):
        return done(url_for("hosts.home"), "nothing")
    return done(url_for("hosts.home"), "back")


@bp.errorhandler(NoSuchInvitee)
@bp.errorhandler(NoSuchListing)
@bp.errorhandler(NoSuchContact)
def nobody_there(_error: Exception) -> Response:
    return missing()


@bp.errorhandler(TooManyInvited)
def too_many(_error: Exception) -> Response:
    return refused("full_circle")


def _vouching() -> Secret:
    found: Secret = current_app.extensions["vouching"]
    return found


def _link_page(*, wrong: str = "") -> Response:
    keyring()  # so that it says whether there is a key in this browser
    page = respond("hosts/link.html", wrong=wrong, locked=is_locked(), here=keyring() is not None)
    page.status_code = 422 if wrong else 200
    return page


def _about_page(words: Words, wrong: dict[str, Any] | None = None) -> Response:
    page = respond("hosts/about.html", words=words, errors=wrong or {}, new=not g.host.words.name)
    page.status_code = 422 if wrong else 200
    return page


def _invite_page(invitee: Invitee, how: str = "", wrong: dict[str, Any] | None = None) -> Response:
    lasting = is_lasting(g.keyring)
    page = respond("hosts/invite.html", invitee=invitee, how=how, errors=wrong or {}, lasting=lasting)
    page.status_code = 422 if wrong or (how and not lasting) else 200
    return page


def _state(there: Waiting) -> str:
    """waiting, answered, listed, or over: cancelled, too late, or a wrong code five times."""
    if there.invitee.relation:
        return "listed"
    if there.invitation is None:
        return "over"
    if there.invitation.joined:
        return "answered"
    over = there.invitation.end <= g.now or invitations.is_used_up(g.db, there.invitation)
    return "over" if over else "waiting"


def _who(there: Waiting) -> str:
    """Names whoever answered, so that a yes is to the person that the page showed and to nobody else."""
    joined = there.invitation.joined if there.invitation else None
    return fingerprint(joined.public_key)[:8].hex() if joined else ""


def _waiting_page(there: Waiting, *, refused: str = "") -> AnyResponse:
    state = _state(there)
    if state == "listed":
        return redirect(url_for("hosts.home"), 303)
    if state == "over" or there.invitation is None:
        return respond("hosts/invite.html", invitee=there.invitee, how="", errors={}, lasting=True, over=True)
    shown: dict[str, Any] = {"invitee": there.invitee, "invitation": there.invitation}
    if state == "waiting":
        token = invitations.token_of(g.keyring, there.invitation)
        address = site().origin + url_for("inviting.invitation", token=token, som="forening")
        return respond("hosts/waiting.html", address=address, picture=qr(address), **shown)
    words = pairing.words_before(g.keyring, there.invitation) if there.invitation.code else None
    page = respond("hosts/answered.html", who=_who(there), words=words, refused=refused, **shown)
    page.status_code = 409 if refused else 200
    return page
