"""Ways in. For now: the one-time link that `dagsform demo` prints."""

from flask import Blueprint, Response, g, url_for

from server.vault import ways_in
from server.vault.errors import NoSuchWayIn, NotASecret
from server.vault.sealing import Secret
from server.web.errors import refused
from server.web.guard import let_in, open_to_all
from server.web.respond import done, respond

bp = Blueprint("accounts", __name__)


@bp.get("/in/<token>")
@open_to_all
def link(token: str) -> Response:
    """Shows one button: opening happens by POST only, so that a mail scanner uses nothing up."""
    return respond("accounts/link.html", token=token)


@bp.post("/in/<token>")
@open_to_all
def use_link(token: str) -> Response:
    try:
        let_in(*ways_in.use_once(g.db, Secret.from_text(token), now=g.now))
    except (NoSuchWayIn, NotASecret):
        return refused("used_link")
    return done(url_for("today.today"), "welcome")
