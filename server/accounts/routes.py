"""Coming in and going out: passkey, key card, own code, one-time link; lock and sign out."""

import re
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.accounts import challenges, news, passkeys
from server.accounts.trying import ask_for, site
from server.vault import cards, codes, leaving, notices, removing, ways_in
from server.vault.drawer import Drawer
from server.vault.errors import (
    CodeSpent,
    MistypedCard,
    NoSuchWayIn,
    NotACode,
    NotASecret,
    WrongKey,
    WrongLengthCard,
)
from server.vault.keyring import Keyring
from server.vault.passkeys import any_passkey, opened_by_half
from server.vault.sealing import Secret
from server.web import guard, tray
from server.web.errors import refused
from server.web.guard import is_locked, keyring, let_in, open_to_all, this_phone, unlocked
from server.web.limits import brake
from server.web.respond import done, respond

bp = Blueprint("accounts", __name__)

_OURS = re.compile(
    r"(/[A-Za-z0-9_-]+)+"
)  # an address of ours, and nothing that a browser could read otherwise

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
    return _come_in(*from_passkey, through=known.id)


@bp.post("/nyckel/kort")
@open_to_all
def by_card() -> Response:
    brake("card", CARD_TRIES_AN_HOUR)
    typed = request.form.get("card", "").replace("\0", "")
    try:
        card = cards.Card.parse(typed)
        opened = cards.open_card(g.db, card, now=g.now)
    except MistypedCard as slip:
        return _unlock_page("mistyped", typed=typed, groups=slip.groups)
    except WrongLengthCard as slip:
        return _unlock_page("wrong_length", typed=typed, count=slip.typed)
    except NoSuchWayIn:
        return _unlock_page("unknown_card", typed=typed)
    return _come_in(*opened, through=card.find, by_card=True)


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
    return _come_in(*opened, through=codes.code_slot(half) if half else None)


@bp.get("/in/<token>")
@open_to_all
def link(token: str) -> AnyResponse:
    """Shows one button: opening happens by POST only, so that a mail scanner uses nothing up."""
    if not _has_an_account():
        return respond("accounts/link.html", here="nothing")
    account = _behind(token)
    if account is None:  # used or too old: on an iPhone's home screen the app may go on beginning here
        return redirect(url_for("today.today"), 303)
    return respond("accounts/link.html", here="same" if account in _accounts_here() else "other")


@bp.post("/in/<token>")
@open_to_all
def use_link(token: str) -> Response:
    """The one-time link of `dagsform demo`, and the QR of another phone: this phone gets a half of its own."""
    if _has_an_account() and request.form.get("sure") != "1":
        # What this browser opens now would be lost for ever.
        here = "same" if _behind(token) in _accounts_here() else "other"
        return respond("accounts/link.html", here=here)
    try:
        let_in(*ways_in.use_once(g.db, Secret.from_text(token), now=g.now))
    except (NoSuchWayIn, NotASecret):
        return refused("used_link")
    return news.note(done(url_for("today.today"), "welcome"), g.keyring, g.now)


@bp.post("/las")
@unlocked
def lock() -> AnyResponse:
    guard.lock()
    return redirect(url_for("accounts.unlock"), 303)


@bp.post("/lanad-dator")
@open_to_all
def borrow() -> Response:
    """Others use this computer: said before the first answer, at the door or later, and taken back as easily."""
    on = request.form.get("on") == "1"
    guard.borrow(on=on)
    wanted = request.form.get("vidare", "")
    return done(wanted if _OURS.fullmatch(wanted) else url_for("today.today"), "borrowed" if on else "own")


@bp.get("/logga-ut")
@unlocked
def ask_sign_out() -> Response:
    """Where nothing opens from elsewhere: *Då försvinner allt. Spara en nyckel först?*"""
    half = this_phone()
    goes = bool(half and opened_by_half(g.db, g.keyring, half))
    return respond("accounts/sign_out.html", elsewhere=_opens_elsewhere(), passkey_goes=goes, given=_gives())


@bp.post("/logga-ut")
@unlocked
def sign_out() -> Response:
    """Leave nothing on this phone. What only this phone could open goes with it."""
    if _opens_elsewhere():
        here = _ways_here() & set(g.keyring.slots)
        if here:
            removing.take_out(g.db, g.keyring, g.account_key, here, now=g.now)
    elif request.form.get("sure") == "1":
        leaving.delete_account(g.db, g.keyring)
        notices.forget(g.db, current_app.extensions["push"], g.keyring.account)
        current_app.extensions["sessions"].end_all(g.keyring.account)
        g.forget_deleted = True
    else:
        return respond("accounts/sign_out.html", elsewhere=set(), given=_gives())
    guard.sign_out(keep=request.form.get("keep") == "1")
    return done(url_for("today.today"), "signed_out")


def _gives() -> bool:
    """There is somebody who may have been handed something."""
    return any(contact.side == "mine" for contact in g.keyring.contacts.values())


def _has_an_account() -> bool:
    """Open or locked: there is something in this browser that could be lost."""
    return keyring() is not None or is_locked()


def _behind(token: str) -> bytes | None:
    """The account that a one-time link would open now; None for a used, unknown or outdated one."""
    try:
        return ways_in.behind_link(g.db, Secret.from_text(token), now=g.now)
    except NotASecret:
        return None


def _accounts_here() -> set[bytes]:
    """Whose browser this is: open just now, or behind the half that it keeps."""
    half, account = this_phone(), keyring()
    return (ways_in.accounts_on_phone(g.db, half) if half else set()) | (
        {account.account} if account else set()
    )


def _ways_here() -> set[bytes]:
    """The ways in that go with this phone."""
    half = this_phone()
    if half is None:
        return set()
    return {ways_in.device_slot(half), codes.code_slot(half), *opened_by_half(g.db, g.keyring, half)}


def _opens_elsewhere() -> set[str]:
    """What still opens when this phone has forgotten its half: a card, another phone, a passkey with PRF."""
    here = _ways_here()
    return {
        way.kind
        for way in ways_in.ways(g.keyring)
        if way.state == "active"
        and way.id not in here
        and (way.kind in ("card", "device") or (way.kind == "passkey" and not way.here_only))
    }


def _come_in(
    account: Keyring, account_key: Secret, *, through: bytes | None, by_card: bool = False
) -> Response:
    """Open on this phone. A half that is somebody else's stays theirs: this account gets one of its own."""
    half, before = this_phone(), keyring()
    if before and before.account != account.account and not ways_in.is_lasting(before):
        return _unlock_page("somebody_else")  # their only key lies here, and would be written over
    others = (ways_in.accounts_on_phone(g.db, half) if half else set()) - {account.account}
    if half and (strangers := guard.accounts_here() - {account.account}):
        notices.forget_phone(
            g.db, current_app.extensions["push"], strangers, half
        )  # theirs come here no more
    let_in(account, account_key, Secret.random() if others else None, through=through)
    tray.join_again(Drawer(g.db, account))  # what stood in its way may be gone
    joined = tray.join_all(account)
    if by_card:
        return done(url_for("keys.used_card"), "joined" if joined else "welcome")
    wanted = request.form.get("vidare", "")
    inside = _OURS.fullmatch(wanted)
    return done(wanted if inside else url_for("today.today"), "joined" if joined else "opened")


def _unlock_page(wrong: str = "", **more: Any) -> Response:
    half = this_phone()
    code_here = bool(half and codes.tries_left(g.db, half))
    page = respond(
        "accounts/unlock.html",
        options=passkeys.request_options(site(), ask_for(g.now)),
        code_here=code_here,
        # A phone with a code, of somebody without passkeys: the button would only ever say no.
        passkey_first=not code_here or any_passkey(g.db, _accounts_here()),
        locked=is_locked(),
        kept=request.args.get("sparat") == "1",
        wanted=request.values.get("vidare", ""),
        wrong=wrong,
        **more,
    )
    page.status_code = 422 if wrong else 200
    return page
