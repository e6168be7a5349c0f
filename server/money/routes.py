"""Pengar: what to ask, whom, and the answers one got. Never an answer of ours, never advice."""

from flask import Blueprint, Response, g

from server.items import drafts, keeping
from server.money.answers import UNSAID, by_authority
from server.money.questions import QUESTIONS
from server.money.sheets import ANSWER, BOARD
from server.money.words import AUTHORITIES, WRITING
from server.vault.drawer import Drawer
from server.web.guard import unlocked
from server.web.respond import respond

bp = Blueprint("money", __name__, url_prefix="/plan/pengar")


@bp.get("")
@unlocked
def money() -> Response:
    """The questions per authority, and under each what was answered (rows A3, C25)."""
    drawer = Drawer(g.db, g.keyring)
    return respond(
        "money/money.html",
        lists=QUESTIONS.lists,
        below=QUESTIONS.below,
        answers=by_authority(keeping.items_on(drawer, BOARD)),
        begun=[draft for draft in drafts.all_of(drawer, ANSWER) if draft.edition == 0],
        sheet=ANSWER,
        authorities=AUTHORITIES,
        writing=WRITING,
        unsaid=UNSAID,
    )
