"""Bjud in: one's own side (in the room or at a distance, the yes, the three words), and the invited person's.

Whatever is wrong with an invitation, whoever opens it is told the same thing, byte for byte (vault.md, rule 1).
"""

from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response as AnyResponse

from server.accounts.trying import open_or_begin, site
from server.circle import people, post
from server.circle.payloads import SHORT, Card, Hat
from server.circle.sorting import sort_post
from server.vault import invitations, pairing
from server.vault.drawer import Drawer
from server.vault.errors import ContactKeyChanged, InvitationOver, NoSuchContact, TwoHats
from server.vault.invitations import Invitation
from server.vault.keyring import Contact, write_keyring
from server.vault.sealing import fingerprint
from server.web.drawing import qr
from server.web.errors import missing
from server.web.guard import has_been_here, is_locked, keyring, open_to_all, unlocked
from server.web.inputs import NotOffered, clean, line, one_of
from server.web.language import lazy_gettext as _
from server.web.limits import brake
from server.web.respond import done, respond

bp = Blueprint("inviting", __name__)

HATS = {
    Hat.SUPPORT: (_("Support"), _("Walks beside you: coach, guide, personal ombudsman, friend.")),
    Hat.AUTHORITY: (_("Authority"), _("Decides about you, or writes to those who do.")),
    Hat.EMPLOYER: (_("Employer"), _("A workplace, or somebody who finds one.")),
}
LONGEST_ABOUT = 1_000
TRIES_AN_HOUR = 60  # many may sit behind one address; the tries that matter are counted on the invitation


@bp.get("/kretsen/<card_id>/bjud-in")
@unlocked
def invite(card_id: str) -> AnyResponse:
    """Where it stands with this person: to be invited, invited, answered, or met already."""
    sort_post()
    card = people.find_card(_drawer(), card_id)
    if _contact(card):
        return redirect(url_for("inviting.words", card_id=card_id), 303)
    return _page(card)


@bp.post("/kretsen/<card_id>/bjud-in")
@unlocked
def invited(card_id: str) -> AnyResponse:
    """Make the invitation. The hat and the own name are said first: the other side gets both with the yes."""
    card = people.find_card(_drawer(), card_id)
    hat, called, how = _hat(), line(request.form.get("called")), request.form.get("how")
    if wrong := _wrong(hat, called, how):
        return _choose(card, hat=hat, called=called, how=how, wrong=wrong, code=422)
    if _contact(card) is None:
        people.alter(_drawer(), card_id, lambda old: old.saying(replace(old.about, hat=hat, called=called)))
        invitations.invite(g.db, g.keyring, card_id, in_the_room=how == "room", now=g.now)
    return redirect(url_for("inviting.invite", card_id=card_id), 303)


@bp.get("/kretsen/<card_id>/bjud-in/stampel")
@unlocked
def stamp(card_id: str) -> Response:
    """For the open page: how it stands, in one word. The page asks by itself, which is no sign of a person."""
    sort_post()
    card = people.find_card(_drawer(), card_id)
    return Response(_state(card, _invitation(card)), mimetype="text/plain")


@bp.post("/kretsen/<card_id>/bjud-in/avbryt")
@unlocked
def cancel(card_id: str) -> Response:
    """“Avbryt”, and “Nej, det är någon annan”: the invitation opens nothing, and whoever took it gets nothing."""
    people.find_card(_drawer(), card_id)
    invitations.cancel(g.db, g.keyring, card_id)
    return done(url_for("inviting.invite", card_id=card_id), "not_paired")


@bp.post("/kretsen/<card_id>/bjud-in/ja")
@unlocked
def confirm(card_id: str) -> AnyResponse:
    """The owner's yes, to the very person that the page showed."""
    card = people.find_card(_drawer(), card_id)
    invitation = _invitation(card)
    if invitation is None or invitation.joined is None or request.form.get("who") != _who(invitation):
        return redirect(url_for("inviting.invite", card_id=card_id), 303)
    if not (card.hat and card.called):
        return _page(card, refused="unfinished")
    says = invitation.joined.about[:LONGEST_ABOUT]
    try:
        with g.db.begin_nested():
            known = post.part_from_bin(g.db, g.keyring, g.account_key, invitation.joined.public_key, g.now)
            g.keyring, pair = pairing.confirm(
                g.db,
                known,
                g.account_key,
                card_id,
                (card.called, card.hat, card.name),
                now=g.now,
                frank=current_app.extensions["frank"],
            )
    except TwoHats:
        return _page(card, refused="two_hats")
    except ContactKeyChanged:
        return _page(card, refused="key_changed")
    people.alter(_drawer(), card_id, lambda old: replace(old, relation=pair.hex(), ended=False, says=says))
    return done(url_for("inviting.words", card_id=card_id), "paired")


@bp.get("/kretsen/<card_id>/tre-ord")
@unlocked
def words(card_id: str) -> AnyResponse:
    """“Jämför tre ord”: how this person's key was confirmed, and what both can read aloud."""
    sort_post()
    return _words_page(people.find_card(_drawer(), card_id))


@bp.post("/kretsen/<card_id>/tre-ord")
@unlocked
def compared(card_id: str) -> AnyResponse:
    card = people.find_card(_drawer(), card_id)
    if request.form.get("words") != "same":
        return _words_page(card, differ=True)
    pair = bytes.fromhex(card.relation)
    g.keyring = pairing.change(g.db, g.keyring, g.account_key, pair, verified="words")
    return done(url_for("inviting.words", card_id=card_id), "compared")


@bp.get("/bjuden/<token>")
@open_to_all
def invitation(token: str) -> Response:
    """The same page for every link, one that was never made too: a mail scanner uses nothing up."""
    return _invited_page(token)


@bp.post("/bjuden/<token>")
@open_to_all
def accept(token: str) -> AnyResponse:
    """Take the invitation. Without an account one is begun on this device, once it is sure to be taken."""
    brake("invitation", TRIES_AN_HOUR)
    if is_locked():
        return redirect(url_for("accounts.unlock", vidare=request.path), 303)
    name, about = line(request.form.get("name")), clean(request.form.get("about"))
    code = "".join(filter(str.isdigit, request.form.get("code", "")))
    if not 0 < len(name) <= SHORT:
        return _invited_page(token, name[:SHORT], about, wrong="long_name" if name else "no_name")
    if len(about) > LONGEST_ABOUT:
        return _invited_page(token, name, about, wrong="long_about")
    if keyring() is None and not has_been_here():
        return _invited_page(token, name, about, wrong="cookies")
    try:
        new = keyring() is None
        if new:
            invitations.check(g.db, token, code, g.now)
        account = open_or_begin()
        g.keyring = invitations.accept(g.db, account, g.account_key, token, code, name, g.now, about)
    except InvitationOver:  # answered here, inside the transaction: a wrong code counts
        return _invited_page(token, name, about, wrong="over")
    if _to_be_listed():
        return done(url_for("peers.own"), "accepted")
    if new:
        settings = g.keyring.settings | {"home": "shared"}
        g.keyring = write_keyring(g.db, g.keyring, g.account_key, settings=settings)
    return done(url_for("shared.roster"), "accepted")


@bp.errorhandler(people.NoSuchCard)
@bp.errorhandler(NoSuchContact)
def nobody_there(_error: Exception) -> Response:
    return missing()


def _drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


def _to_be_listed() -> bool:
    """Whether the link says that it is an association's: the page then tells of that, and leads there."""
    return request.args.get("som") == "forening"


def _contact(card: Card) -> Contact | None:
    """The person behind the card, when they have met already."""
    return g.keyring.contacts.get(bytes.fromhex(card.relation)) if card.relation else None


def _invitation(card: Card) -> Invitation | None:
    return invitations.invitation_for(g.db, g.keyring, card.id)


def _state(card: Card, open_: Invitation | None) -> str:
    if _contact(card):
        return "met"
    if open_ is None:
        return "none"
    if open_.joined:
        return "answered"
    if open_.end <= g.now:
        return "over"
    return "used_up" if invitations.is_used_up(g.db, open_) else "waiting"


def _page(card: Card, *, refused: str = "") -> Response:
    open_ = _invitation(card)
    state = _state(card, open_)
    if open_ is None or state in ("over", "used_up"):
        return _choose(card, hat=card.hat, called=card.called, how=None, over=state)
    if open_.joined is None:
        address = site().origin + url_for("inviting.invitation", token=invitations.token_of(g.keyring, open_))
        return respond(
            "circle/invite/waiting.html", card=card, invitation=open_, address=address, picture=qr(address)
        )
    page = respond(
        "circle/invite/answered.html",
        card=card,
        hats=HATS,
        invitation=open_,
        who=_who(open_),
        words=pairing.words_before(g.keyring, open_) if open_.code else None,
        refused=refused,
    )
    page.status_code = 409 if refused else 200
    return page


def _choose(card: Card, *, code: int = 200, **said: Any) -> Response:
    page = respond("circle/invite/choose.html", card=card, hats=HATS, **{"wrong": {}, "over": "", **said})
    page.status_code = code
    return page


def _words_page(card: Card, *, differ: bool = False) -> AnyResponse:
    contact = _contact(card)
    if contact is None:
        return redirect(url_for("inviting.invite", card_id=card.id), 303)
    three = pairing.three_words(g.keyring, bytes.fromhex(card.relation))
    return respond("circle/invite/words.html", card=card, contact=contact, words=three, differ=differ)


def _invited_page(token: str, name: str = "", about: str = "", *, wrong: str = "") -> Response:
    """Nothing on it is about who invited, or about whether there is an invitation."""
    try:
        wants_code = invitations.wants_code(token)
    except InvitationOver:
        wants_code = True
    page = respond(
        "circle/invite/invitation.html",
        wants_code=wants_code,
        name=name,
        about=about,
        wrong=wrong,
        locked=is_locked(),
        listed=_to_be_listed(),
    )
    page.status_code = 422 if wrong else 200
    return page


def _hat() -> Hat | None:
    try:
        return one_of(Hat, request.form.get("hat"))
    except NotOffered:
        return None


def _wrong(hat: Hat | None, called: str, how: str | None) -> dict[str, Any]:
    """A sentence for each thing that is missing, by the field it is about."""
    wrong: dict[str, Any] = {}
    if hat is None:
        wrong["hat"] = _("Choose support, authority or employer.")
    if not called:
        wrong["called"] = _("Write what this person may call you. A first name is enough.")
    elif len(called) > SHORT:
        wrong["called"] = _("That is more than fits on one line. Your text is still here. Shorten it.")
    if how not in ("room", "away"):
        wrong["how"] = _("Choose where this person is now.")
    return wrong


def _who(open_: Invitation) -> str:
    """Names whoever answered, so that a yes is to the person that the page showed and to nobody else."""
    return fingerprint(open_.joined.public_key)[:8].hex() if open_.joined else ""
