"""Finding a peer and asking one: on the same blueprint as the peer's own pages."""

from typing import Any

from flask import Response, g, request, url_for
from werkzeug.exceptions import TooManyRequests

from server.circle import words
from server.circle.people import TooManyPeople
from server.circle.sorting import sort_post
from server.core import clock, ids
from server.hosts import listings
from server.hosts.listings import Listing
from server.messages import peer_inputs, peers
from server.messages.peer_routes import bp, keys
from server.vault.asked import Asking
from server.vault.drawer import Drawer
from server.vault.errors import AskedAlready, AskGone, NotVouched, TwoHats
from server.web.errors import refused
from server.web.guard import unlocked
from server.web.language import lazy_gettext as _
from server.web.limits import brake_account
from server.web.respond import done, respond

ASKS_AN_HOUR = 10
# Why a question was not sent, and with which status.
WHY: dict[type[Exception], tuple[str, int]] = {
    AskedAlready: ("asked", 409),
    TwoHats: ("two_hats", 409),
    NotVouched: ("not_vouched", 409),
    TooManyRequests: ("too_often", 429),
}
SENTENCES = {
    "asked": _("You have asked this person already. One question at a time."),
    "two_hats": _("This person is somebody else to you already. Nobody is two things towards you here."),
    "not_vouched": _(
        "This page is not as the association made it. Nothing has been sent. Tell the association."
    ),
    "too_often": _(
        "You have asked many people in a short time. Rest a little, and try again in an hour. Your text is still here."
    ),
}


@bp.get("/kamrater")
@unlocked
def everyone() -> Response:
    """The associations and their peers, in the order of the alphabet."""
    sort_post()
    return respond(
        "messages/peers.html",
        hosts=list(listings.open_peers(g.db, keys().vouching).values()),
        asked=asked_so_far(),
        listed=peers.own(g.db, keys(), g.keyring) is not None,
        today=clock.today(),
    )


@bp.get("/kamrater/<listing>")
@unlocked
def peer(listing: str) -> Response:
    """One peer. After a no that named this one, what was written to the first stands in the fields."""
    sort_post()
    one = listings.open_peer(g.db, keys().vouching, listing)
    earlier = _earlier(request.args.get("efter", ""))
    typed = {"called": earlier.name, "words": earlier.words} if earlier else {}
    return _peer_page(one, ids.token(), typed)


@bp.post("/kamrater/<listing>")
@unlocked
def ask(listing: str) -> Response:
    """The first question, sealed to the key that the association vouches for. The same form twice is one ask."""
    sort_post()
    one = listings.open_peer(g.db, keys().vouching, listing)
    said, wrong = peer_inputs.question(request.form)
    typed = {"called": said.name, "words": said.words}
    if wrong:
        return _peer_page(one, said.pair.hex(), typed, wrong=wrong, code=422)
    try:
        if said.pair not in g.keyring.contacts:
            brake_account("ask a peer", g.keyring.account, ASKS_AN_HOUR)
        with g.db.begin_nested():
            g.keyring = peers.ask(g.db, g.keyring, g.account_key, keys(), one, said, g.now)
    except tuple(WHY) as error:
        why, code = WHY[type(error)]
        return _peer_page(one, said.pair.hex(), typed, why=why, code=code)
    return done(url_for("peers.everyone"), "question_sent")


@bp.post("/fragat/<pair>/ta-tillbaka")
@unlocked
def withdraw(pair: str) -> Response:
    """Nothing of the question is left with the peer. Answered at this very moment, the answer stands."""
    sort_post()
    try:
        g.keyring = peers.withdraw(g.db, g.keyring, g.account_key, keys(), pair, g.now)
    except AskGone:
        return done(url_for("peers.everyone"), "nothing")
    g.forget_deleted = True
    answered = any(one.hex() == pair for one in g.keyring.contacts)
    return done(url_for("peers.everyone"), "nothing" if answered else "question_back")


@bp.post("/fragat/<pair>/last")
@unlocked
def put_away(pair: str) -> Response:
    """A no that has been read. Twice is once."""
    try:
        peers.put_away(g.db, g.keyring, pair)
    except AskGone:
        return done(url_for("peers.everyone"), "nothing")
    return done(url_for("peers.everyone"), "put_away")


@bp.errorhandler(TooManyPeople)
def too_many(_error: Exception) -> Response:
    return refused("full_circle")


def asked_so_far() -> list[tuple[Asking, Listing | None]]:
    """Whom this person has asked, each with the one who was named instead, if they can be asked."""
    return [(one, _named(one)) for one in peers.asked(Drawer(g.db, g.keyring))]


def _named(one: Asking) -> Listing | None:
    if one.no is None or not one.no.other:
        return None
    try:
        return listings.open_peer(g.db, keys().vouching, one.no.other)
    except listings.NoSuchListing:
        return None


def _earlier(pair: str) -> Asking | None:
    try:
        return peers.note_of(Drawer(g.db, g.keyring), pair)
    except AskGone:
        return None


def _peer_page(
    one: Listing, id_: str, typed: dict[str, str], *, why: str = "", code: int = 200, **more: Any
) -> Response:
    drawer = Drawer(g.db, g.keyring)
    asked = next((note for note in peers.asked(drawer) if note.listing == one.id and not note.no), None)
    page = respond(
        "messages/peer.html",
        one=one,
        preview=False,
        stands=peers.how_it_stands(g.keyring, one),
        pair=peers.pair_with(g.keyring, one),
        card=peers.card_of(drawer, g.keyring, one),
        asked=asked,
        id=id_,
        typed={"called": "", "words": "", **typed},
        errors=more.get("wrong", {}),
        why=SENTENCES.get(why),
        today=clock.today(),
        words=words,
    )
    page.status_code = code
    return page
