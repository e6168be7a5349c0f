"""Nycklar: the list of ways in, new ones, and taking one out of use. Pages of the signed-in person."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from server.accounts import challenges, news, passkeys
from server.accounts.trying import ask_for, site
from server.vault import cards, codes, notices, removing, ways_in
from server.vault import passkeys as sealed
from server.vault.errors import (
    LastWayIn,
    MistypedCard,
    NoSuchWayIn,
    NotACode,
    NotASecret,
    NothingToUndo,
    PasskeyAlreadyThere,
    WrongCard,
    WrongLengthCard,
)
from server.vault.keyring import write_keyring
from server.vault.sealing import Secret
from server.web.drawing import qr
from server.web.errors import missing, refused
from server.web.guard import changed_locks, idle_of, let_in, phone_locks, this_phone, unlocked
from server.web.respond import done, respond

bp = Blueprint("keys", __name__, url_prefix="/mitt/nycklar")

IDLE_MINUTES = (2, 5, 10, 20, 30)
_STEP_LASTS = 600  # seconds between making a passkey and trying it


@bp.get("")
@unlocked
def ways() -> Response:
    half = this_phone()
    page = respond(
        "accounts/keys.html",
        ways=ways_in.ways(g.keyring),
        removed=ways_in.removed_ways(g.keyring, g.now),
        here={ways_in.device_slot(half), codes.code_slot(half)} if half else set(),
        lasting=ways_in.is_lasting(g.keyring),
        locks=phone_locks(),
        code_here=bool(half and codes.code_slot(half) in g.keyring.slots),
        idle=int(idle_of(g.keyring).total_seconds() // 60),
        minutes=IDLE_MINUTES,
        now=g.now,
    )
    return news.note(page, g.keyring, g.now)


@bp.get("/passnyckel")
@unlocked
def new_passkey() -> Response:
    return _passkey_page()


@bp.post("/passnyckel")
@unlocked
def made_passkey() -> Response:
    """The first of two touches: the passkey exists. The second one shows that it opens."""
    try:
        credential = _answered(request.form.get("credential", ""))
        made = passkeys.verify_new(site(), credential)
    except _Refused as refusal:
        return refusal.answer(_passkey_page)
    except passkeys.PasskeyRefused:
        return _passkey_page("failed")
    carried = _signer().dumps([made.id.hex(), made.public_key.hex(), made.sign_count, made.backed_up])
    return _try_page(made.id, carried)


@bp.post("/passnyckel/prova")
@unlocked
def tried_passkey() -> Response:
    """The second touch: a fresh `get` with the key that will open. Only now is anything stored."""
    try:
        identity, public_key, count, backed_up = _signer().loads(
            request.form.get("made", ""), max_age=_STEP_LASTS
        )
    except BadSignature:
        return _passkey_page("too_old")
    credential_id = bytes.fromhex(identity)
    try:
        credential = _answered(request.form.get("credential", ""))
        if passkeys.credential_id(credential) != credential_id:
            raise passkeys.PasskeyRefused
        count = passkeys.verify_answer(site(), credential, bytes.fromhex(public_key), count)
        kek = passkeys.keks(request.form.get("kek", ""), this_phone(), credential_id)[0]
    except _Refused as refusal:
        return refusal.answer(_passkey_page)
    except (passkeys.PasskeyRefused, NotASecret, IndexError):
        return _passkey_page("failed")
    prf = bool(request.form.get("kek"))
    try:
        g.keyring = sealed.add_passkey(
            g.db,
            g.keyring,
            g.account_key,
            credential_id=credential_id,
            credential_public_key=bytes.fromhex(public_key),
            sign_count=count,
            backed_up=backed_up,
            kek=kek,
            prf=prf,
            label=request.form.get("label", "")[:40],
            now=g.now,
        )
    except PasskeyAlreadyThere:
        return _passkey_page("already")
    g.keyring, g.account_key = sealed.open_passkey(g.db, credential_id, kek, sign_count=count, now=g.now)
    _lock_for_real()
    return done(url_for("keys.ways"), "key_saved" if prf else "key_here_only")


@bp.post("/kort")
@unlocked
def new_card() -> Response:
    """A card is shown once, to be printed or written down, and counts when it has been typed back."""
    g.keyring, card = cards.add_card(g.db, g.keyring, g.account_key, now=g.now)
    return respond("accounts/card.html", card=card, picture=qr(card.text))


@bp.get("/kort/bekrafta")
@unlocked
def type_card_back() -> Response:
    return respond("accounts/confirm_card.html", typed="", wrong="", groups=())


@bp.post("/kort/bekrafta")
@unlocked
def typed_card_back() -> Response:
    typed = request.form.get("card", "").replace("\0", "")
    try:
        account, key = cards.confirm_card(g.db, g.keyring, g.account_key, cards.Card.parse(typed), now=g.now)
    except MistypedCard as slip:
        return _confirm_page(typed, "mistyped", groups=slip.groups)
    except WrongLengthCard as slip:
        return _confirm_page(typed, "wrong_length", count=slip.typed)
    except WrongCard:
        return _confirm_page(typed, "wrong_card")
    _use(account, key)
    half = this_phone()
    if half and codes.code_slot(half) in g.keyring.slots:
        _lock_for_real()
    return done(url_for("keys.ways"), "card_saved")


@bp.get("/kort/anvant")
@unlocked
def used_card() -> Response:
    """Used card: a new one is offered, and the old one dies when the new one has been typed back."""
    return respond("accounts/used_card.html", locks=phone_locks())


@bp.get("/kod")
@unlocked
def new_code() -> Response:
    return respond("accounts/code.html", wrong="", lasting=ways_in.is_lasting(g.keyring))


@bp.post("/kod")
@unlocked
def chosen_code() -> Response:
    """Four to six digits that reopen on this phone. With another way in the phone now locks for real."""
    half = this_phone()
    if half is None:
        abort(400)
    try:
        g.keyring = codes.add_code(
            g.db, g.keyring, g.account_key, half, request.form.get("code", ""), now=g.now
        )
    except NotACode:
        page = respond("accounts/code.html", wrong="not_a_code", lasting=ways_in.is_lasting(g.keyring))
        page.status_code = 422
        return page
    _lock_for_real()
    return done(url_for("keys.ways"), "code_saved")


@bp.post("/telefon")
@unlocked
def other_phone() -> Response:
    """A QR for another phone, or for the installed app on iPhone: once, within ten minutes."""
    token = ways_in.add_once(g.db, g.keyring, g.account_key, now=g.now)
    text = token.as_text()
    address = site().origin + url_for("accounts.link", token=text)
    return respond("accounts/other_phone.html", address=address, token=text, picture=qr(address))


@bp.post("/<way>/bort")
@unlocked
def remove(way: str) -> Response:
    """Out of use at once, on every phone. Can be undone for 72 hours."""
    sure = request.form.get("sure") == "1"
    try:
        account, key = removing.remove(g.db, g.keyring, g.account_key, _slot(way), now=g.now, sure=sure)
        notices.forget_way(g.db, current_app.extensions["push"], account.account, _slot(way))
    except LastWayIn:
        return respond("accounts/last_way.html", way=way)
    except NoSuchWayIn:
        return missing()
    _use(account, key)
    return done(url_for("keys.ways"), "key_removed", undo=url_for("keys.undo_remove", way=way))


@bp.post("/<way>/angra")
@unlocked
def undo_remove(way: str) -> Response:
    try:
        g.keyring = removing.undo_remove(g.db, g.keyring, g.account_key, _slot(way), now=g.now)
    except NothingToUndo:
        return done(url_for("keys.ways"), "nothing")
    return done(url_for("keys.ways"), "back")


@bp.post("/las")
@unlocked
def choose_idle() -> Response:
    """How long the drawer stays open by itself: 2 to 30 minutes. From the next unlock on, and now."""
    wanted = request.form.get("minutes", "")
    if wanted not in {str(one) for one in IDLE_MINUTES}:
        return refused("unclear", 400)
    settings = g.keyring.settings | {"idle": int(wanted)}
    g.keyring = write_keyring(g.db, g.keyring, g.account_key, settings=settings)
    let_in(g.keyring, g.account_key)
    return done(url_for("keys.ways"), "changed")


class _Refused(Exception):
    """What the page posted is no good answer; `answer` draws the page again with a sentence."""

    def __init__(self, why: str) -> None:
        self.why = why

    def answer(self, page: Callable[[str], Response]) -> Response:
        return refused("unclear", 400) if self.why == "leaked" else page(self.why)


def _answered(body: str) -> dict[str, Any]:
    """The posted credential, its question used up."""
    try:
        credential = passkeys.parse(body)
        with current_app.extensions["session_database"].write() as db:
            challenges.use(db, passkeys.challenge_in(credential), g.now)
    except passkeys.PrfLeaked:
        raise _Refused("leaked") from None
    except challenges.ChallengeOver:
        raise _Refused("too_old") from None
    except passkeys.PasskeyRefused:
        raise _Refused("failed") from None
    return credential


def _passkey_page(wrong: str = "") -> Response:
    options = passkeys.creation_options(site(), ask_for(g.now), sealed.credentials_of(g.db, g.keyring))
    page = respond("accounts/passkey.html", options=options, wrong=wrong)
    page.status_code = 422 if wrong else 200
    return page


def _try_page(credential_id: bytes, carried: str) -> Response:
    options = passkeys.request_options(site(), ask_for(g.now), only=credential_id)
    return respond("accounts/try_passkey.html", options=options, made=carried)


def _confirm_page(typed: str, wrong: str, **more: Any) -> Response:
    page = respond("accounts/confirm_card.html", typed=typed, wrong=wrong, **{"groups": (), **more})
    page.status_code = 422
    return page


def _lock_for_real() -> None:
    """With a passkey or code here, and another way in left, this phone no longer opens by itself."""
    half = this_phone()
    if half and ways_in.is_lasting(g.keyring):
        account, key = removing.close_device(g.db, g.keyring, g.account_key, half, now=g.now)
        _use(account, key)
        let_in(account, key)


def _use(account: Any, account_key: Secret) -> None:
    """Go on with what the vault handed back; under a new account key every other session ends."""
    if account_key == g.account_key:
        g.keyring = account
    else:
        changed_locks(account, account_key)


def _slot(way: str) -> bytes:
    try:
        return bytes.fromhex(way)
    except ValueError:
        abort(404)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        current_app.extensions["settings"].secret.reveal(), salt=f"new passkey {g.keyring.account.hex()}"
    )
