"""The peer's own pages: what others see of them, when that is shown, and who asks."""

from typing import Any

from flask import Blueprint, Response, current_app, g, request, url_for

from server.circle import words
from server.circle.sorting import sort_post
from server.core import clock
from server.hosts.listings import Listing, NoSuchListing, Profile
from server.messages import peer_inputs, peers
from server.messages.peers import Full, Keys, NothingToShow
from server.vault import pairing
from server.vault.asked import LONGEST
from server.vault.errors import AskGone, ContactKeyChanged, TwoHats
from server.web.errors import missing
from server.web.guard import unlocked
from server.web.respond import done, respond

bp = Blueprint("peers", __name__, url_prefix="/prata")


def keys() -> Keys:
    return Keys(current_app.extensions["vouching"], current_app.extensions["frank"])


@bp.get("/min-sida")
@unlocked
def own() -> Response:
    """What this person shows as somebody who is listed; the same page for whoever is not, told so."""
    come_in()
    listing = peers.own(g.db, keys(), g.keyring)
    if listing is None:
        return respond("messages/not_listed.html", three=_words_to_compare())
    return _own_page(listing, listing.profile, peer_inputs.typed_of(listing.profile))


@bp.post("/min-sida")
@unlocked
def tell() -> Response:
    """Save. What is shown already changes at once."""
    listing = _listed()
    profile, typed, wrong = peer_inputs.profile(request.form)
    if wrong:
        return _own_page(listing, profile, typed, wrong)
    peers.tell(g.db, keys(), g.keyring, profile)
    return done(url_for("peers.preview"), "saved")


@bp.get("/min-sida/se")
@unlocked
def preview() -> Response:
    """Exactly as others see it, by the same template."""
    return respond(
        "messages/peer.html", one=_listed(), preview=True, stands="self", today=clock.today(), words=words
    )


@bp.post("/min-sida/visa")
@unlocked
def publish() -> Response:
    listing = _listed()
    try:
        peers.publish(g.db, keys(), g.keyring)
    except NothingToShow:
        wrong = {"name": peer_inputs.NO_NAME}
        return _own_page(listing, listing.profile, peer_inputs.typed_of(listing.profile), wrong)
    return done(url_for("peers.own"), "published", undo=url_for("peers.take_down"))


@bp.post("/min-sida/dolj")
@unlocked
def take_down() -> Response:
    peers.take_down(g.db, keys(), g.keyring)
    return done(url_for("peers.own"), "taken_down", undo=url_for("peers.publish"))


@bp.get("/min-sida/sluta")
@unlocked
def ask_resign() -> Response:
    """For good, so it asks first."""
    return respond("messages/resign.html", one=_listed())


@bp.post("/min-sida/sluta")
@unlocked
def resign() -> Response:
    _listed()
    g.keyring = peers.resign(g.db, g.keyring, g.account_key, keys(), g.now)
    return done(url_for("peers.own"), "resigned")


@bp.get("/fragor")
@unlocked
def asks() -> Response:
    """Who asks this peer, the oldest first."""
    come_in()
    return _asks_page()


@bp.post("/fragor/<pair>/ja")
@unlocked
def say_yes(pair: str) -> Response:
    sort_post()
    try:
        g.keyring = peers.say_yes(g.db, g.keyring, g.account_key, keys(), pair, g.now)
    except AskGone:
        return missing()
    except Full:
        return _asks_page(full=pair, code=409)
    except (ContactKeyChanged, TwoHats):
        return _asks_page(wrong_key=True, code=409)
    return done(url_for("peers.asks"), "said_yes")


@bp.post("/fragor/<pair>/nej")
@unlocked
def say_no(pair: str) -> Response:
    """No, with or without words, and with or without somebody else to ask."""
    sort_post()
    said, other = peer_inputs.answer(request.form)
    if len(said) > LONGEST:
        return _asks_page(long=pair, typed=said, other=other, code=422)
    try:
        told = peers.say_no(g.db, g.keyring, keys(), pair, said, other, g.now)
    except NoSuchListing:
        return _asks_page(nobody=pair, typed=said, code=409)
    return done(url_for("peers.asks"), "said_no" if told else "put_away")


@bp.errorhandler(NoSuchListing)
def nobody_there(_error: Exception) -> Response:
    return missing()


@bp.errorhandler(AskGone)
def gone(_error: Exception) -> Response:
    """Taken back or answered, a moment ago or long since: told in the same words as what never was."""
    return missing()


def come_in() -> None:
    """Sort what came; and when the row no longer says how full this peer is, mend it."""
    sort_post()
    if peers.is_out_of_step(g.db, keys(), g.keyring):
        with current_app.extensions["database"].write() as db:
            peers.settle(db, keys(), g.keyring)


def _listed() -> Listing:
    listing = peers.own(g.db, keys(), g.keyring)
    if listing is None:
        raise NoSuchListing
    return listing


def _words_to_compare() -> list[tuple[str, str, str]]:
    """For whoever has said yes to an association at a distance, and waits: what both can read aloud."""
    pending = [
        pair for pair, one in g.keyring.contacts.items() if (one.side, one.state) == ("theirs", "pending")
    ]
    return [pairing.three_words(g.keyring, pair) for pair in pending[-1:]]


def _own_page(
    listing: Listing, profile: Profile, typed: dict[str, str], wrong: dict[str, Any] | None = None
) -> Response:
    page = respond(
        "messages/own.html",
        one=listing,
        profile=profile,
        typed=typed,
        errors=wrong or {},
        waiting=len(peers.asks(g.db, g.keyring)) > 0,
    )
    page.status_code = 422 if wrong else 200
    return page


def _asks_page(*, code: int = 200, **told: Any) -> Response:
    listing = peers.own(g.db, keys(), g.keyring)
    page = respond(
        "messages/asks.html",
        asks=peers.asks(g.db, g.keyring),
        crowded=peers.is_crowded(g.db, g.keyring),
        one=listing,
        others=peers.colleagues(g.db, keys(), listing) if listing else [],
        **{"full": "", "long": "", "nobody": "", "typed": "", "other": "", "wrong_key": False, **told},
    )
    page.status_code = code
    return page
