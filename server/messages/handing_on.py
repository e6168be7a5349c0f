"""A peer hands a conversation to a colleague, with the participant's yes: suggested here, asked anew there."""

from typing import Any

from flask import Blueprint, Response, current_app, g, request, url_for

from server.circle import people
from server.circle.people import TooManyPeople
from server.circle.sorting import sort_post
from server.core import ids
from server.hosts import listings
from server.hosts.listings import Listing, NoSuchListing
from server.messages import peers, talks, writing
from server.messages.payloads import LONGEST
from server.messages.peers import Keys, Said, TooMuchPassed
from server.messages.writing import Conversation
from server.vault.asked import LONGEST_PASSED, MOST_PASSED
from server.vault.drawer import Drawer
from server.vault.errors import AskedAlready, NotVouched, TwoHats
from server.web.errors import missing, refused
from server.web.guard import unlocked
from server.web.inputs import clean, line, page_id
from server.web.language import gettext
from server.web.language import lazy_gettext as _
from server.web.limits import brake_account
from server.web.respond import done, respond

bp = Blueprint("handing_on", __name__, url_prefix="/prata")

AN_HOUR = 10
LONGEST_NAME = 200


@bp.get("/<pair>/kollega")
@unlocked
def colleagues(pair: str) -> Response:
    """The peer's side: whom to suggest."""
    return _suggest_page(_conversation(pair), _own_side(pair))


@bp.post("/<pair>/kollega")
@unlocked
def suggest(pair: str) -> Response:
    talk, own = _conversation(pair), _own_side(pair)
    chosen = next(
        (one for one in peers.colleagues(g.db, _keys(), own) if one.id == request.form.get("to")), None
    )
    words = clean(request.form.get("words"))
    if chosen is None or len(words) > LONGEST:
        wrong = (
            _("Choose somebody.")
            if chosen is None
            else _("That is more than fits. Your text is still here. Shorten it.")
        )
        return _suggest_page(talk, own, words=words, wrong=wrong, code=422)
    brake_account("colleagues", g.keyring.account, AN_HOUR)
    talk.suggest(chosen.id, chosen.profile.name, words)
    return done(url_for("messages.talk", pair=pair), "told")


@bp.get("/<pair>/vidare")
@unlocked
def ask_on(pair: str) -> Response:
    """The participant's side: who it is, and what goes along. Nothing goes by itself."""
    talk = _conversation(pair)
    return _ask_page(talk, _suggested(talk), name=_called(pair))


@bp.post("/<pair>/vidare")
@unlocked
def asked_on(pair: str) -> Response:
    """A yes: the colleague is asked like any peer, with the messages that were chosen, if any."""
    sort_post()
    talk, form = _conversation(pair), request.form
    listing = _suggested(talk)
    name, words, along = line(form.get("name")), clean(form.get("words")), form.get("along") == "yes"
    if not 0 < len(name) <= LONGEST_NAME or len(words) > LONGEST:
        wrong = _("Write what this person may call you. A first name is enough.")
        return _ask_page(talk, listing, name=name, words=words, along=along, wrong=wrong, code=422)
    brake_account("asks", g.keyring.account, AN_HOUR)
    new = bytes.fromhex(page_id(form.get("id")))
    said = Said(new, name, words, gettext("Peer supporter"), _passed(talk, name) if along else ())
    g.keyring = peers.ask(g.db, g.keyring, g.account_key, _keys(), listing, said, g.now)
    Conversation(g.db, g.keyring, pair, g.now).answered_colleague()
    return done(url_for("messages.all_talks"), "told")


@bp.post("/<pair>/vidare/nej")
@unlocked
def not_on(pair: str) -> Response:
    """A no. The peer is not told."""
    _conversation(pair).answered_colleague()
    return done(url_for("messages.talk", pair=pair), "removed")


@bp.errorhandler(talks.NoSuchTalk)
@bp.errorhandler(NoSuchListing)
def not_there(_error: Exception) -> Response:
    return missing()


@bp.errorhandler(AskedAlready)
@bp.errorhandler(TwoHats)
def in_the_circle_already(_error: Exception) -> Response:
    return refused("in_circle_already")


@bp.errorhandler(TooManyPeople)
def full_circle(_error: TooManyPeople) -> Response:
    return refused("full_circle")


@bp.errorhandler(NotVouched)
@bp.errorhandler(TooMuchPassed)
@bp.errorhandler(writing.CannotWrite)
def cannot_write(_error: Exception) -> Response:
    return refused("cannot_write")


def _suggest_page(
    talk: Conversation, own: Listing, *, words: str = "", wrong: object = "", code: int = 200
) -> Response:
    page = respond(
        "messages/colleagues.html",
        talk=talk,
        colleagues=peers.colleagues(g.db, _keys(), own),
        words=words,
        wrong=wrong,
    )
    page.status_code = code
    return page


def _ask_page(talk: Conversation, listing: Listing, *, code: int = 200, **typed: Any) -> Response:
    page = respond(
        "messages/ask_on.html",
        talk=talk,
        listing=listing,
        new_id=ids.token(),
        most=MOST_PASSED,
        **{"words": "", "along": False, "wrong": "", **typed},
    )
    page.status_code = code
    return page


def _passed(talk: Conversation, name: str) -> list[tuple[str, str, Any]]:
    """The latest messages of both that fit, in order, with who wrote each."""
    lines, room = list[tuple[str, str, Any]](), LONGEST_PASSED
    for one in reversed(talk.latest(MOST_PASSED)):
        room -= len(one.text)
        if room < 0:
            break
        lines.insert(0, (name if one.mine else talk.name, one.text, one.at))
    return lines


def _called(pair: str) -> str:
    """What the peer who suggests may call me: the same is offered here."""
    cards = people.everyone(Drawer(g.db, g.keyring))
    return next((card.called for card in cards if card.relation == pair), "")


def _own_side(pair: str) -> Listing:
    """Where the peer who asks is listed; their page must be there to suggest anybody. Raises NoSuchListing."""
    own, talk = peers.own(g.db, _keys(), g.keyring), _conversation(pair)
    if own is None or talk.contact is None or talk.contact.side != "theirs":
        raise NoSuchListing
    return own


def _suggested(talk: Conversation) -> Listing:
    """Raises NoSuchListing when nobody is suggested, or that page is not shown any more."""
    if talk.talk.colleague is None:
        raise NoSuchListing
    return listings.open_peer(g.db, _keys().vouching, talk.talk.colleague.listing)


def _keys() -> Keys:
    return Keys(current_app.extensions["vouching"], current_app.extensions["frank"])


def _conversation(pair: str) -> Conversation:
    return Conversation(g.db, g.keyring, pair, g.now, current_app.extensions["frank"])
