"""Idag: the question, the answer, and what is possible just today."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.accounts import news
from server.accounts.trying import CookiesRefused, open_or_begin
from server.activities import words
from server.activities.catalogue import Catalogue, catalogue
from server.activities.matching import Taste, possible
from server.activities.matching import Today as Shown
from server.activities.possibility import Possibility
from server.activities.state import state_of
from server.activities.taste import RECORD as TASTE
from server.activities.taste import taste_in
from server.activities.town import Kind
from server.core import clock, ids
from server.days import inputs, log
from server.days.payloads import Day, Maybe, Told
from server.push.reminders import RECORD as REMINDERS
from server.push.reminders import come, reminders_in
from server.story.shown import RECORD as PLAN
from server.today.cards import Card, Shape, remembering
from server.vault.drawer import Drawer
from server.vault.posted import UNJOINED
from server.vault.ways_in import is_lasting, ways
from server.web.guard import is_locked, key_fits_nothing, keyring, open_to_all, tray_here, unlocked
from server.web.inputs import clean
from server.web.respond import done, respond
from server.web.tray import joins, leave

bp = Blueprint("today", __name__)

_OFFER_AFTER = timedelta(days=3)
_HEAVY = (1, 2)  # on these a safety plan is offered to whoever has none, and on no other


@bp.get("/")
@open_to_all
def today() -> AnyResponse:
    """The first screen is the question; with an answer it is what the day can hold."""
    if is_locked():
        return redirect(url_for("accounts.unlock"), 303)
    mine = keyring()
    if not mine:
        return _ask()
    day, taste, plan = _read()
    if not day.entries:
        if mine.settings.get("home") == "shared" and "har" not in request.args:
            return redirect(url_for("shared.roster"), 303)  # came as a contact; the tab Idag says otherwise
        return _ask()
    return _possibilities(day, taste, plan)


@bp.get("/svara")
@open_to_all
def ask() -> Response:
    """The question again: a day may have many answers."""
    return _ask(again=True)


@bp.post("/svara")
@open_to_all
def answer() -> AnyResponse:
    """One tap is a saved entry, with undo. The first one makes a try-account on this device."""
    told, entry_id = _told(request.form), inputs.entry_id(request.form)
    if is_locked():
        return redirect(url_for("accounts.unlock", sparat=1), 303) if leave(tray_here()) else abort(401)
    mine = open_or_begin()
    day = clock.today()
    entry = log.answer_today(Drawer(g.db, mine), day, entry_id, told, g.now)
    return done(url_for("today.today"), "saved", undo=url_for("days.undo", day=day, entry_id=entry.id))


@bp.get("/inte-idag")
@open_to_all
def not_today() -> Response:
    """Saves nothing, and shows what fits a heavy day."""
    mine = keyring()
    day, taste, plan = _read() if mine else (Day(date=clock.today()), Taste(), False)
    return _possibilities(day, taste, plan, unanswered=True)


@bp.post("/kanske/<slug>")
@unlocked
def maybe(slug: str) -> Response:
    """“Jag kanske går”, “Jag provar”: noted on the day, with undo. Nobody is told."""
    day, wanted = clock.today(), _wanted(slug, request.form, g.now)
    if wanted is None:
        abort(404)
    log.maybe(Drawer(g.db, g.keyring), day, wanted)
    return done(url_for("today.today"), "maybe", undo=url_for("days.maybe_not", day=day, slug=slug))


@joins("today.maybe")
def join_maybe(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    """Tapped without a connection: on the day when it was. What the town has taken away meanwhile is let be."""
    wanted = _wanted(values["slug"], fields, at)
    if wanted:
        log.maybe(drawer, clock.here(at).date(), wanted)


@joins("today.answer")
def join_answer(drawer: Drawer, _values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    log.answer(drawer, clock.here(at).date(), inputs.entry_id(fields), _told(fields), at)


@bp.errorhandler(CookiesRefused)
def cookies_refused(_error: CookiesRefused) -> Response:
    page = respond("today/cookies.html", typed=list(request.form.items()))
    page.status_code = 422
    return page


def _wanted(slug: str, fields: Mapping[str, str], at: datetime) -> Maybe | None:
    """What the town calls it, and when it begins that day; None for what the town does not have."""
    town = catalogue(g.db)
    activity = town.activities.get(slug)
    if activity is None:
        return None
    smaller = fields.get("version") == "smaller"
    state = state_of(activity, at, town.times(clock.here(at).date()).get((slug, smaller), ()))
    title = activity.smaller.title if smaller else activity.title
    return Maybe(slug=slug, title=title, start=state.start)


def _told(fields: Mapping[str, str]) -> Told:
    """The answer; with words, where there was no connection and so no page to write them on."""
    return Told(
        form=inputs.form_answer(fields.get("form")), words=clean(fields.get("words"))[: inputs.LONGEST]
    )


def _read() -> tuple[Day, Taste, bool]:
    """Today's record, the taste, and whether there is a safety plan, which is not opened: one statement."""
    name = log.day_record(clock.today())
    found, beside = Drawer(g.db, g.keyring).glance((name, TASTE, REMINDERS), (PLAN, UNJOINED))
    g.unsaved = UNJOINED in beside
    g.reminded = come(reminders_in(found.get(REMINDERS)), g.now)
    day = found[name].payload if name in found else Day(date=clock.today())
    return day, taste_in(found.get(TASTE)), PLAN in beside


def _ask(*, again: bool = False) -> Response:
    return respond(
        "today/ask.html",
        day=clock.today(),
        forms=inputs.FORMS,
        hints=inputs.HINTS,
        new_id=ids.token(),
        again=again,
        key_fits_nothing=key_fits_nothing(),
        reminded=g.get("reminded", []),
        unsaved=g.get("unsaved", False),
    )


def _possibilities(day: Day, taste: Taste, plan: bool, *, unanswered: bool = False) -> Response:
    skip = min(max(request.args.get("annat", 0, int), 0), 1000)
    form = None if unanswered else day.form
    town = catalogue(g.db)
    another = url_for("today.not_today" if unanswered else "today.today", annat=skip + 1)
    minute, signed_in = g.now.replace(second=0, microsecond=0), keyring() is not None
    shown, cards = _possible(form, minute, town, taste, skip, another, signed_in)
    maybes = {one.slug for one in day.maybes}
    return respond(
        "today/today.html",
        "today/_possible.html",
        day=day,
        form=form,
        today_form=day.form,
        shown=shown,
        cards=[replace(card, maybe=True) if card.slug in maybes else card for card in cards],
        draw=_draw,
        another=another,
        unanswered=unanswered,
        titles=inputs.TITLES,
        plan=plan,
        reminded=g.get("reminded", []),
        unsaved=g.get("unsaved", False),
        offer_plan=signed_in and not plan and form in _HEAVY,
        **_key_state(),
    )


def _key_state() -> dict[str, Any]:
    """Whether the account is lasting, and whether to offer a key: kindly, after the third day, never blocking.

    And the new ways in that this phone has not told about.
    """
    mine = keyring()
    if mine is None:
        return {"lasting": True, "offer_key": False, "new_keys": [], "no_key": False}
    new = news.untold(mine, g.now)
    if is_lasting(mine):
        return {"lasting": True, "offer_key": False, "new_keys": new, "no_key": False}
    made = [way.made for way in ways(mine) if way.state == "active"]
    offer = bool(made) and clock.today() - min(made) >= _OFFER_AFTER
    return {"lasting": False, "offer_key": offer, "new_keys": new, "no_key": not made}


@lru_cache(maxsize=64)
def _possible(
    form: int | None,
    minute: datetime,
    town: Catalogue,
    taste: Taste,
    skip: int,
    another: str,
    signed_in: bool,
) -> tuple[Shown, tuple[Card, ...]]:
    """What is possible, and its cards before any *kanske*.

    `possible` is pure, and right to the minute: whoever asks the same in the same minute gets the same.
    """
    shown = possible(form, minute, town, taste=taste, skip=skip)
    cards = (_card(town.version, one, _shape(shown, one), another, signed_in) for one in shown.choices)
    return shown, tuple(cards)


def _shape(shown: Shown, one: Possibility) -> Shape:
    """On low days the first is large and the others are quiet rows; else only rest is a row."""
    if shown.low:
        return "large" if one is shown.choices[0] else "row"
    return "row" if one.activity.kind is Kind.REST else "card"


def _card(town: str, one: Possibility, shape: Shape, another: str, signed_in: bool) -> Card:
    return Card(
        town=town,
        slug=one.slug,
        smaller=one.smaller,
        shape=shape,
        when=words.when_and_where(one.state, one.place),
        why=one.why,
        maybe=False,
        signed_in=signed_in,
        another=another if shape == "large" else "",
        one=one,
    )


@remembering
def _draw(card: Card) -> str:
    page = "today/_row.html" if card.shape == "row" else "today/_card.html"
    return render_template(page, card=card, forms=inputs.FORMS, words=words)
