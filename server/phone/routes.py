"""Without a connection: the page that the worker keeps, and what may be read there where its owner has said yes."""

import base64

from flask import Blueprint, Response, g, jsonify, render_template, url_for

from server.activities import words as activity_words
from server.core import clock, ids
from server.days import inputs
from server.messages.payloads import LONGEST
from server.phone.copy import gather
from server.plan import words as plan_words
from server.story.sheets import SAFETY
from server.vault.drawer import Drawer
from server.vault.passkeys import credentials_of
from server.vault.posted import words_in
from server.web import tray
from server.web.guard import keyring, open_to_all, unlocked
from server.web.respond import done, respond

bp = Blueprint("phone", __name__)


@bp.get("/utan-nat")
@open_to_all
def offline() -> Response:
    """What the worker shows instead of a page that did not come. It is the same for everybody."""
    keyring()  # so that the tabs are those of whoever asks
    return respond("phone/offline.html", forms=inputs.FORMS, hints=inputs.HINTS, longest=inputs.LONGEST)


@bp.get("/mitt/utan-nat")
@unlocked
def reading() -> Response:
    """Yes or no to reading without a connection on this phone. The phone alone knows what was chosen."""
    passkeys = [base64.b64encode(one).decode() for one in credentials_of(g.db, g.keyring)]
    return respond("phone/reading.html", passkeys=" ".join(passkeys))


@bp.get("/mitt/utan-nat/kopia")
@unlocked
def copy() -> Response:
    """For the worker, which seals it at once (pwa/worker.js). The safety plan comes apart: it may be chosen alone."""
    found = gather(g.db, Drawer(g.db, g.keyring), g.now)
    about = {
        "copy": found,
        "sheet": SAFETY,
        "words": activity_words,
        "states": plan_words.STATES,
        "try_states": plan_words.TRY_STATES,
        "longest": LONGEST,
        "new_id": ids.token,
        "at": clock.here(g.now),
        "forms": inputs.FORMS,
        "titles": inputs.TITLES,
        "costs": inputs.COSTS,
        "moods": inputs.MOODS,
        "circumstances": inputs.CIRCUMSTANCES,
    }
    plan = render_template("phone/_plan.html", **about) if found.safety else ""
    return jsonify(all=render_template("phone/_copy.html", **about), plan=plan)


@bp.get("/mitt/inte-sparat")
@unlocked
def unsaved() -> Response:
    """What was written and could not be saved where it was to go: read, try again, throw away."""
    left = [(posted, words_in(posted)) for posted in tray.unjoined(Drawer(g.db, g.keyring))]
    return respond("phone/unsaved.html", left=left, here=clock.here)


@bp.post("/mitt/inte-sparat/<name>/igen")
@unlocked
def save_again(name: str) -> Response:
    saved = tray.join_again(Drawer(g.db, g.keyring), name)
    return done(url_for("phone.unsaved"), "saved" if saved else "not_saved")


@bp.post("/mitt/inte-sparat/<name>/ta-bort")
@unlocked
def throw_away(name: str) -> Response:
    tray.throw_away(Drawer(g.db, g.keyring), {name})
    return done(url_for("phone.unsaved"), "destroyed")
