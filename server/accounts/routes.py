"""Coming in and going out: passkey, key card, own code, one-time link; lock and sign out."""

import re
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.accounts import challenges, passkeys
from server.accounts.trying import ask_for, site
from server.vault import cards, codes, leaving, removing, ways_in
from server.vault.errors import (
    CodeSpent,
    LastWayIn,
    MistypedCard,
    NoSuchWayIn,
    NotACode,
    NotASecret,
    WrongKey,
    WrongLengthCard,
)
from server.vault.sealing import Secret
from server.web import guard, tray
from server.web.errors import refused
from server.web.guard import is_locked, keyring, let_in, open_to_all, this_phone, unlocked
from server.web.limits import brake
from server.web.respond import done, respond

bp = Blueprint("accounts", __name__)

_OURS = re.compile(r"(/[a-z0-9-]+)+")  # an address of ours, and nothing that a browser could read otherwise

CARD_TRIES_AN_HOUR = 60


@bp.get("/nyckel")
@open_to_all
def unlock() -> Response:
    """Every way back in, the nearest first: passkey, this phone's own code, key card."""
    return _unlock_page()


@bp.post("/nyckel/passnyckel")
@open_to_all
def by_passkey() -> Response:
    """Sign in or unlock. Without PRF the key comes from the half that this phone keeps."""
    try:
        credential = passkeys.parse(request.form.get("credential", ""))
        known = passkeys.find(g.db, credential)
        with current_app.extensions["session_database"].write() as db:
            challenges.use(db, passkeys.challenge_in(credential), g.now)
        count = passkeys.verify_answer(site(), credential, known.credential_public_key, known.sign_count)
        keks = passkeys.keks(request.form.get("kek", ""), this_phone(), passkeys.credential_id(credential))
        from_passkey = passkeys.open_with(g.db, credential, keks, count, g.now)
    except passkeys.PrfLeaked:
        return refused("unclear", 400)
    except challenges.ChallengeOver:
        return _unlock_page("too_old")
    except (passkeys.PasskeyRefused, NoSuchWayIn, NotASecret):
        return _unlock_page("unknown_passkey")
    except WrongKey:
        return _unlock_page("other_phone")
    return _come_in(*from_passkey)


@bp.post("/nyckel/kort")
@open_to_all
def by_card() -> Response:
    brake("card", CARD_TRIES_AN_HOUR)
    typed = request.form.get("card", "").replace("\0", "")
    try:
        opened = cards.open_card(g.db, cards.Card.parse(typed), now=g.now)
    except MistypedCard as slip:
        return _unlock_page("mistyped", typed=typed, groups=slip.groups)
    except WrongLengthCard as slip:
        return _unlock_page("wrong_length", typed=typed, count=slip.typed)
    except NoSuchWayIn:
        return _unlock_page("unknown_card", typed=typed)
    return _come_in(*opened, by_card=True)


@bp.post("/nyckel/kod")
@open_to_all
def by_code() -> Response:
    """The own code, on the phone where it was chosen. A wrong try is counted even though nothing opens."""
    half = this_phone()
    try:
        opened = codes.open_code(g.db, half, request.form.get("code", ""), now=g.now) if half else None
    except NotACode:
        return _unlock_page("not_a_code")
    except (NoSuchWayIn, CodeSpent):
        return _unlock_page("code_spent")
    if opened is None:
        return _unlock_page("code_spent")
    if isinstance(opened, codes.WrongCode):
        return _unlock_page("wrong_code" if opened.left else "code_spent", left=opened.left)
    return _come_in(*opened)


@bp.get("/in/<token>")
@open_to_all
def link(token: str) -> Response:
    """Shows one button: opening happens by POST only, so that a mail scanner uses nothing up."""
    return respond("accounts/link.html", other=keyring() is not None)


@bp.post("/in/<token>")
@open_to_all
def use_link(token: str) -> Response:
    """The one-time link of `dagsform demo`, and the QR of another phone: this phone gets a half of its own."""
    if keyring() and request.form.get("sure") != "1":
        return respond("accounts/link.html", other=True)  # what this browser opens now would be lost for ever
    try:
        let_in(*ways_in.use_once(g.db, Secret.from_text(token), now=g.now))
    except (NoSuchWayIn, NotASecret):
        return refused("used_link")
    return done(url_for("today.today"), "welcome")


@bp.post("/las")
@unlocked
def lock() -> AnyResponse:
    guard.lock()
    return redirect(url_for("accounts.unlock"), 303)


@bp.get("/logga-ut")
@unlocked
def ask_sign_out() -> Response:
    """A try-account has no other way in: *Då försvinner allt. Spara en nyckel först?*"""
    return respond("accounts/sign_out.html", lasting=ways_in.is_lasting(g.keyring))


@bp.post("/logga-ut")
@unlocked
def sign_out() -> Response:
    """Leave nothing on this phone. What only this phone could open goes with it."""
    half = this_phone()
    if not ways_in.is_lasting(g.keyring) and request.form.get("sure") != "1":
        return respond("accounts/sign_out.html", lasting=False)
    try:
        if half:
            g.keyring, _key = removing.close_device(g.db, g.keyring, g.account_key, half, now=g.now)
    except LastWayIn:
        leaving.delete_account(g.db, g.keyring)
        g.forget_deleted = True
    current_app.extensions["sessions"].end_all(g.keyring.account)
    guard.sign_out()
    return done(url_for("today.today"), "signed_out")


def _come_in(account: Any, account_key: Secret, *, by_card: bool = False) -> Response:
    let_in(account, account_key)
    joined = tray.join_all(account)
    if by_card:
        return done(url_for("keys.used_card"), "joined" if joined else "welcome")
    wanted = request.form.get("vidare", "")
    inside = _OURS.fullmatch(wanted)
    return done(wanted if inside else url_for("today.today"), "joined" if joined else "opened")


def _unlock_page(wrong: str = "", **more: Any) -> Response:
    half = this_phone()
    page = respond(
        "accounts/unlock.html",
        options=passkeys.request_options(site(), ask_for(g.now)),
        code_here=bool(half and codes.tries_left(g.db, half)),
        locked=is_locked(),
        kept=request.args.get("sparat") == "1",
        wanted=request.values.get("vidare", ""),
        wrong=wrong,
        **more,
    )
    page.status_code = 422 if wrong else 200
    return page
