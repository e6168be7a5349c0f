"""Planen: dream, goals and steps on one page; the life map, tries, obstacles, and the ways forward."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.activities.catalogue import catalogue
from server.circle import hearing, inputs, matters, people, sharing
from server.circle import words as circle_words
from server.circle.matters import Holder
from server.circle.payloads import ME, NOBODY
from server.circle.sorting import sort_post
from server.core import clock
from server.days.inputs import FORMS
from server.items import keeping
from server.items.payloads import Item
from server.items.sheets import ONE
from server.plan import mapping, steps, ways, weeks, words
from server.plan.around import BOARD, Wall, by_title, lines_of
from server.plan.sheets import AREA, OBSTACLE, TRY
from server.vault.drawer import Drawer
from server.web.errors import missing
from server.web.guard import unlocked
from server.web.inputs import NotOffered, clean, page_id
from server.web.language import lower_first
from server.web.respond import done, respond
from server.web.tray import joins

bp = Blueprint("plan", __name__, url_prefix="/plan")


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.get("")
@unlocked
def plan() -> Response:
    """The own plan, there from minute one (row B23): the board, who may see what, and what has been suggested."""
    sort_post()
    waiting = [one for one in hearing.heard(drawer()) if not one.answer and one.said.what == "suggestion"]
    return respond("plan/plan.html", one=ONE, suggested=waiting[::-1], today=clock.today(), **_wall())


@bp.get("/mal")
@unlocked
def goals() -> Response:
    """Every goal and every step, also what rests or is done."""
    board = keeping.read_board(drawer(), BOARD)
    goals = lines_of(board, "goal")
    known = {goal.id for goal in goals}
    loose = [step for step in lines_of(board, "step") if step.under not in known]
    under = {goal.id: lines_of(board, "step", goal.id) for goal in goals}
    return respond("plan/goals.html", goals=goals, under=under, loose=loose, seen=_seen(), words=words)


@bp.post("/vila")
@unlocked
def rest() -> Response:
    """The whole plan rests, by one tap and without a reason (row A9). Nobody is told."""
    keeping.pause(drawer(), BOARD, True)
    return done(url_for("plan.plan"), "rests", undo=url_for("plan.wake"))


@bp.post("/vila/bort")
@unlocked
def wake() -> Response:
    keeping.pause(drawer(), BOARD, False)
    return done(url_for("plan.plan"), "awake", undo=url_for("plan.rest"))


@bp.get("/kartan")
@unlocked
def life_map() -> Response:
    """The whole of it on one page (rows B22, E21)."""
    areas = mapping.read(drawer())
    return respond(
        "plan/map.html",
        sheet=AREA,
        areas=areas,
        talk={name: mapping.rather_talk(areas.get(name)) for name in AREA.few},
        bit=mapping.next_bit(areas),
        seen=_seen(),
    )


@bp.get("/kartan/bit")
@unlocked
def bit() -> Response:
    """One small question; which one can be chosen, or it is the next that waits."""
    areas, asked = mapping.read(drawer()), mapping.find_bit(request.args.get("vilken", ""))
    found = asked or mapping.next_bit(areas, request.args.get("efter", ""))
    said = areas[found.area].texts.get(found.field.name, "") if found and found.area in areas else ""
    return respond("plan/bit.html", bit=found, said=said, areas=AREA.few, errors={})


@bp.post("/kartan/bit")
@unlocked
def answer_bit() -> AnyResponse:
    """Answered, left for later, or for a talk; then the next one. What was written is kept, whichever was tapped."""
    found, how = mapping.find_bit(request.form.get("bit", "")), request.form.get("how", "save")
    if found is None or how not in ("save", "skip", "talk", "enough"):
        raise NotOffered
    area, text = mapping.read(drawer()).get(found.area), clean(request.form.get("text"))
    said = area.texts.get(found.field.name, "") if area else ""
    if len(text) > found.field.limit:
        page = respond(
            "plan/bit.html", bit=found, said=text, areas=AREA.few, errors={"text": inputs.TOO_LONG}
        )
        page.status_code = 422
        return page
    onward = url_for("plan.life_map") if how == "enough" else url_for("plan.bit", efter=found.name)
    if text == said and (how == "enough" or (how == "save" and text)):
        return redirect(onward, 303)
    if how in ("save", "enough") and (text or said):
        item = mapping.answer(drawer(), found, text, g.now)
    else:
        item = mapping.put_aside(drawer(), found, "talk" if how == "talk" else "skip", g.now, text)
    undo = url_for("items.undo", slug=AREA.slug, item_id=item.id, edition=item.edition)
    return done(onward, "saved", undo=undo)


@joins("plan.answer_bit")
def join_answer(drawer: Drawer, _values: dict[str, Any], fields: MultiDict[str, str], at: datetime) -> None:
    """What was written while the drawer was locked, whatever was pressed; what was skipped then is asked again."""
    found, text = mapping.find_bit(fields.get("bit", "")), clean(fields.get("text"))
    if found and text:
        mapping.answer_later(drawer, found, text, at)


@bp.get("/forsok")
@unlocked
def tries() -> Response:
    """What was tried and learned, in the owner's order: nothing is counted (rows A13, C17)."""
    return respond(
        "plan/tries.html",
        tries=lines_of(keeping.read_board(drawer(), BOARD), "try"),
        words=words,
        today=clock.today(),
    )


@bp.post("/forsok/<item_id>/igen")
@unlocked
def try_again(item_id: str) -> Response:
    """“Prova på annat sätt”: the card is copied, and opens to be changed. Twice is once."""
    again = steps.try_again(drawer(), item_id, page_id(request.form.get("id")), g.now)
    undo = url_for("items.undo", slug=TRY.slug, item_id=again.id, edition=again.edition)
    return done(url_for("items.edit", slug=TRY.slug, item_id=again.id), "copied", undo=undo)


@bp.post("/forsok/<item_id>/dagar")
@unlocked
def gather_days(item_id: str) -> Response:
    """The form before, during and after, in words, from the own days; each word can be changed."""
    start = _start(keeping.find(drawer(), TRY, item_id))
    titles = {name: str(title) for name, title in words.SPANS.items()}
    forms = {form: lower_first(word) for form, word in FORMS.items()}
    told = weeks.in_words(weeks.around(drawer(), start, clock.today()), titles, forms)
    if not told:
        return done(TRY.address(item_id), "no_days")
    item = keeping.alter(drawer(), TRY, item_id, {"days": told}, g.now)
    undo = url_for("items.undo", slug=TRY.slug, item_id=item_id, edition=item.edition)
    return done(TRY.address(item_id), "saved", undo=undo)


@bp.get("/forsok/<item_id>/sammanfattning")
@unlocked
def summary(item_id: str) -> Response:
    """The owner's own page of a try: before, during and after as windows and words, and what came of it (row C3)."""
    item = keeping.find(drawer(), TRY, item_id)
    spans = weeks.around(drawer(), _start(item), clock.today())
    return respond("plan/summary.html", item=item, sheet=TRY, spans=spans, titles=words.SPANS, forms=FORMS)


@bp.get("/hinder")
@unlocked
def obstacles() -> Response:
    """Each with whose turn it is, as the matter behind it says."""
    everybody = {card.id: card for card in people.everyone(drawer())}
    turns = {
        matter.id: circle_words.whose(matter, everybody, clock.today())
        for matter in matters.open_matters(drawer())
    }
    found = lines_of(keeping.read_board(drawer(), BOARD), "obstacle")
    return respond("plan/obstacles.html", obstacles=found, turns=turns, words=words)


@bp.post("/hinder/<item_id>/bollen")
@unlocked
def give_ball(item_id: str) -> Response:
    """Whose turn it is: from here it stands among the matters, too."""
    actor, (_what, since, wrong) = (
        inputs.actor(request.form),
        inputs.happened(request.form, clock.today()),
    )
    holder = Holder(actor) if actor in (ME, NOBODY) else Holder.of(people.find_card(drawer(), actor))
    since = clock.today() if wrong else since
    matter = steps.give_ball(drawer(), page_id(item_id), holder, since, g.now)
    undo = url_for("ball.undo", matter_id=matter.id, change=matter.changes)
    return done(OBSTACLE.address(item_id), "passed", undo=undo)


@bp.get("/vagar")
@unlocked
def ways_forward() -> Response:
    """A map around one activity. Only the page knows which: nothing of it is kept."""
    town, board = catalogue(g.db), keeping.read_board(drawer(), BOARD)
    map_ = ways.ways_from(request.args.get("fran", ""), town.activities, lines_of(board, "step"))
    return respond(
        "plan/ways.html", map=map_, drawing=ways.draw(map_), activities=by_title(town.activities.values())
    )


@bp.errorhandler(people.NoSuchCard)
def no_such_card(_error: people.NoSuchCard) -> Response:
    return missing()


def _start(item: Item) -> date:
    """The day a try begins; today when none is said."""
    return date.fromisoformat(item.texts["start"]) if item.texts.get("start") else clock.today()


def _wall() -> dict[str, Any]:
    return {
        "wall": Wall.of(keeping.read_board(drawer(), BOARD)),
        "seen": _seen(),
        "areas": AREA.few,
        "states": {state: str(word) for state, word in words.STATES.items()},
    }


def _seen() -> dict[str, list[str]]:
    return sharing.seen_on(drawer(), BOARD, g.now)
