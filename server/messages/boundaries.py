"""Boundaries: let a conversation rest, block without a word, and open again. The other learns of none of it."""

from flask import Blueprint, Response, current_app, g, url_for

from server.circle import sharing
from server.circle.sorting import sort_post
from server.messages import talks
from server.messages.writing import Conversation
from server.vault import pairing
from server.vault.drawer import Drawer
from server.vault.errors import NoSuchContact
from server.web.errors import missing
from server.web.guard import unlocked
from server.web.respond import done, respond

bp = Blueprint("boundaries", __name__, url_prefix="/prata")


@bp.get("/<pair>/granser")
@unlocked
def boundaries(pair: str) -> Response:
    found = _conversation(pair)
    holds = [one for one in sharing.live(Drawer(g.db, g.keyring), g.now) if one.pair == pair]
    suggests = bool(g.keyring.is_listed and found.contact and found.contact.side == "theirs")
    return respond("messages/boundaries.html", talk=found, holds=holds, suggests=suggests)


@bp.post("/<pair>/pausa")
@unlocked
def pause(pair: str) -> Response:
    """Nothing says that something came, until it goes on. What comes waits."""
    _conversation(pair).pause(True)
    return done(_page(pair), "rests", undo=url_for("boundaries.go_on", pair=pair))


@bp.post("/<pair>/fortsatt")
@unlocked
def go_on(pair: str) -> Response:
    _conversation(pair).pause(False)
    return done(_page(pair), "awake")


@bp.post("/<pair>/blockera")
@unlocked
def block(pair: str) -> Response:
    """What they hold of mine is burnt first, so that it looks like stopping; then what they write is dropped."""
    sort_post()  # what came before stays
    found = _conversation(pair)
    if found.contact is None:
        raise talks.NoSuchTalk
    theirs = [one.id for one in sharing.live(Drawer(g.db, g.keyring), g.now) if one.pair == pair]
    found.stopped(sharing.stop(g.db, g.keyring, g.now, theirs) if theirs else "")
    g.keyring = pairing.block(g.db, g.keyring, g.account_key, bytes.fromhex(pair))
    g.forget_deleted = True
    return done(_page(pair), "blocked", undo=url_for("boundaries.unblock", pair=pair))


@bp.post("/<pair>/oppna-igen")
@unlocked
def unblock(pair: str) -> Response:
    """They can be written with again. What they held stays stopped: handing over is an act of its own."""
    found = _conversation(pair)
    if found.contact is None:
        raise talks.NoSuchTalk
    g.keyring = pairing.unblock(g.db, g.keyring, g.account_key, bytes.fromhex(pair))
    return done(_page(pair), "unblocked")


@bp.errorhandler(talks.NoSuchTalk)
@bp.errorhandler(NoSuchContact)
def no_such_talk(_error: Exception) -> Response:
    return missing()


def _conversation(pair: str) -> Conversation:
    ours = current_app.extensions
    return Conversation(g.db, g.keyring, pair, g.now, ours["frank"], ours["push"])


def _page(pair: str) -> str:
    return url_for("boundaries.boundaries", pair=pair)
