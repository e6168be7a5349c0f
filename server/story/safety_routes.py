"""Min krisplan: one bit at a time, and on a locked phone where its owner has chosen so."""

from datetime import datetime

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.circle import inputs
from server.items.sheets import ONE
from server.story import safety, shown
from server.story.sheets import SAFETY
from server.vault import open_page
from server.vault.drawer import Drawer
from server.vault.sealing import Secret
from server.web.errors import missing
from server.web.guard import keyring, open_to_all, tray_here, unlocked
from server.web.inputs import NotOffered, clean
from server.web.respond import done, respond
from server.web.tray import joins

bp = Blueprint("safety", __name__)

PAGE = SAFETY.address(ONE)


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.get("/plan/krisplan/bit")
@unlocked
def bit() -> Response:
    """One question; which one can be chosen, or it is the next without an answer."""
    texts, asked = safety.read(drawer()), safety.find_bit(request.args.get("vilken", ""))
    found = asked or safety.next_bit(texts, request.args.get("efter", ""))
    said = texts.get(found.name, "") if found else ""
    return respond("story/safety_bit.html", bit=found, said=said, plan=PAGE, errors={})


@bp.post("/plan/krisplan/bit")
@unlocked
def answer_bit() -> AnyResponse:
    """Whatever was written is saved, also by who goes past it or has had enough."""
    found, how = safety.find_bit(request.form.get("bit", "")), request.form.get("how", "save")
    if found is None or how not in ("save", "skip", "enough"):
        raise NotOffered
    text = clean(request.form.get("text"))
    if len(text) > found.limit:
        errors = {"text": inputs.TOO_LONG}
        page = respond("story/safety_bit.html", bit=found, said=text, plan=PAGE, errors=errors)
        page.status_code = 422
        return page
    onward = PAGE if how == "enough" else url_for("safety.bit", efter=found.name)
    if text == safety.read(drawer()).get(found.name, ""):
        return redirect(onward, 303)
    item = safety.answer(drawer(), found, text, g.now)
    return done(
        onward, "saved", undo=url_for("items.undo", slug=SAFETY.slug, item_id=ONE, edition=item.edition)
    )


@joins("safety.answer_bit")
def join_bit(drawer: Drawer, _values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    """What was written while the drawer was locked. Beside words that came meanwhile, both are kept."""
    found, text = safety.find_bit(fields.get("bit", "")), clean(fields.get("text"))
    if found and text:
        safety.answer_late(drawer, found, text, at)


@bp.post("/plan/krisplan/visa")
@unlocked
def show_here() -> Response:
    """The owner's own act, on this phone: it shows the plan while it is locked."""
    tray = tray_here()
    if tray is None:
        return done(PAGE, "nothing")
    shown.show(drawer(), tray)
    return done(f"{PAGE}#utan-las", "shown_here", undo=url_for("safety.hide_here"))


@bp.post("/plan/krisplan/visa/inte")
@unlocked
def hide_here() -> Response:
    tray = tray_here()
    if tray:
        open_page.hide(drawer(), tray)
    g.forget_deleted = True
    return done(f"{PAGE}#utan-las", "locked_here", undo=url_for("safety.show_here"))


@bp.post("/plan/krisplan/visa/ingenstans")
@unlocked
def hide_everywhere() -> Response:
    open_page.hide_everywhere(drawer())
    g.forget_deleted = True
    return done(f"{PAGE}#utan-las", "locked_here")


@bp.get("/krisplan")
@open_to_all
def open_plan() -> Response:
    """For whoever holds a phone on which its owner has chosen so. On any other it is the one 404.

    The same work is done for a phone without a cookie.
    """
    plan = open_page.read(g.db, tray_here() or Secret.random())
    if plan is None:
        return missing()
    return respond("story/safety_open.html", sheet=SAFETY, texts=plan.texts, mine=keyring() is not None)


bp.add_app_template_filter(safety.reaches, "reaches")


@bp.app_template_global("safety_plan")
def safety_plan() -> str:
    """The way to the plan for whoever is asking: the own page, what this phone shows while locked, or no way at all."""
    if keyring():
        return PAGE if drawer().there(shown.RECORD) else ""
    tray = tray_here()
    return url_for("safety.open_plan") if tray and open_page.is_open(g.db, tray) else ""


@bp.app_template_global("plan_shown")
def plan_shown() -> open_page.Shown | None:
    """Where the plan is shown without a lock; None on a phone that has nothing to lock."""
    tray = tray_here()
    return open_page.where_shown(drawer(), tray) if tray else None
