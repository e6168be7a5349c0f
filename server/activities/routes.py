"""Visa allt: every activity there is, and a page for each. Public; only *Inte för mig* is somebody's own."""

from typing import Any

from flask import Blueprint, Response, abort, g, url_for

from server.activities import words
from server.activities.builtin import BUILT_IN
from server.activities.catalogue import catalogue
from server.activities.listing import everything
from server.activities.matching import Taste
from server.activities.taste import hide, read_taste, show
from server.activities.town import Activity
from server.vault.drawer import Drawer
from server.web.guard import keyring, open_to_all, unlocked
from server.web.respond import done, respond

bp = Blueprint("activities", __name__, url_prefix="/aktiviteter")


@bp.get("")
@open_to_all
def all_activities() -> Response:
    town = catalogue(g.db)
    listed = everything(g.now, town)
    return respond("activities/all.html", listed=listed, town=town, taste=_taste(), words=words)


@bp.get("/<slug>")
@open_to_all
def activity(slug: str) -> Response:
    town = catalogue(g.db)
    found = _activity(slug)
    listed = next(one for one in everything(g.now, town) if one.activity.slug == slug)
    leads: list[Any] = [town.activities[one] for one in found.leads_to if one in town.activities]
    return respond(
        "activities/activity.html", one=found, state=listed.state, leads=leads, taste=_taste(), words=words
    )


@bp.post("/<slug>/inte-for-mig")
@unlocked
def not_for_me(slug: str) -> Response:
    _activity(slug)
    hide(Drawer(g.db, g.keyring), slug)
    return done(url_for("today.today"), "hidden", undo=url_for("activities.for_me", slug=slug))


@bp.post("/<slug>/for-mig")
@unlocked
def for_me(slug: str) -> Response:
    show(Drawer(g.db, g.keyring), slug)
    return done(url_for("activities.activity", slug=slug), "shown")


def _activity(slug: str) -> Activity:
    found = catalogue(g.db).activities.get(slug) or BUILT_IN.get(slug)
    if found is None:
        abort(404)
    return found


def _taste() -> Taste:
    mine = keyring()
    return read_taste(Drawer(g.db, mine)) if mine else Taste()
