"""What stands beside an item of the plan on its page and in its form. All of it the owner's own, or public."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from server.activities.catalogue import catalogue
from server.activities.town import Activity
from server.circle import matters, people, sharing
from server.circle import words as circle_words
from server.core import clock, ids
from server.items import keeping
from server.items.payloads import Board, Item, Line, Texts
from server.items.sheets import ONE, SHORT
from server.plan import words
from server.plan.ideas import same_ingredients
from server.vault.drawer import Drawer

BOARD = "plan"
SHOWN = 3  # goals on the page
OPEN_STEPS = {"trying": 0, "": 1, "tried": 2}  # in this order; what rests or is done comes after


@dataclass(frozen=True)
class Wall:
    """Planen as it is drawn, from its board: nothing of it is counted."""

    dream: str
    rests: bool
    goals: tuple[Line, ...]
    steps: dict[str, tuple[Line, ...]]  # by goal; "" for those without
    areas: dict[str, Line]

    @classmethod
    def of(cls, board: Board) -> "Wall":
        found: dict[str, list[Line]] = {}
        for line in board.lines:  # once through: a board may have hundreds
            found.setdefault(line.sheet, []).append(line)
        goals = found.get("goal", [])
        now = tuple(line for line in goals if not line.state)
        return cls(
            dream=next((line.title for line in found.get("dream", ())), ""),
            rests=board.rests,
            goals=now,
            steps=_by_goal(found.get("step", []), now, {goal.id for goal in goals if goal.state}),
            areas={line.id: line for line in found.get("area", ())},
        )


def _by_goal(steps: Iterable[Line], now: Iterable[Line], resting: set[str]) -> dict[str, tuple[Line, ...]]:
    """The steps of each goal that does not rest; under "" those of their own. What is tried is shown first."""
    by_goal: dict[str, list[Line]] = {goal: [] for goal in (*(one.id for one in now), "")}
    for line in steps:
        if line.under not in resting:
            by_goal[line.under if line.under in by_goal else ""].append(line)
    for goal in (*[*by_goal][:SHOWN], ""):
        by_goal[goal].sort(key=_how_open)
    return {goal: tuple(found) for goal, found in by_goal.items()}


def lines_of(board: Board, sheet: str, under: str | None = None) -> list[Line]:
    return [one for one in board.lines if one.sheet == sheet and under in (None, one.under)]


def _how_open(line: Line) -> int:
    return OPEN_STEPS.get(line.state, len(OPEN_STEPS))


def about_dream(db: Connection, _drawer: Drawer, item: Item, _now: datetime) -> dict[str, Any]:
    """What the town has that holds the same ingredients."""
    return {"found": same_ingredients(item.texts, catalogue(db).activities.values())[:6], "one": ONE}


def about_goal(_db: Connection, drawer: Drawer, item: Item, now: datetime) -> dict[str, Any]:
    """Its small steps, as they stand on Planen."""
    steps = lines_of(keeping.read_board(drawer, BOARD), "step", item.id)
    return {"steps_here": steps, "states": words.STATES, "seen": sharing.seen_on(drawer, BOARD, now)}


def about_step(db: Connection, drawer: Drawer, item: Item, _now: datetime) -> dict[str, Any]:
    board = keeping.read_board(drawer, BOARD)
    return {
        "goal": _line(board.lines, "goal", item.texts.get("goal", "")),
        "tries": lines_of(board, "try", item.id),
        "activity": catalogue(db).activities.get(item.texts.get("activity", "")),
    }


def begun_step(db: Connection, _drawer: Drawer, links: Texts) -> Texts:
    """From an activity: its name, which everybody can read."""
    activity = catalogue(db).activities.get(links.get("activity", ""))
    return {"title": activity.title[:SHORT]} if activity else {}


def around_step(db: Connection, drawer: Drawer, _item: Item, _now: datetime) -> dict[str, Any]:
    """The goals and activities that it can point at."""
    goals = lines_of(keeping.read_board(drawer, BOARD), "goal")
    activities = by_title(catalogue(db).activities.values())
    return {
        "goals": [(goal.id, goal.title) for goal in goals],
        "activities": [(one.slug, one.title) for one in activities],
    }


def about_try(_db: Connection, drawer: Drawer, item: Item, _now: datetime) -> dict[str, Any]:
    step = _line(keeping.read_board(drawer, BOARD).lines, "step", item.texts.get("step", ""))
    return {"step": step, "new_id": ids.token()}


def begun_try(_db: Connection, drawer: Drawer, links: Texts) -> Texts:
    """From a step: what the step is called. It is looked up here, so that no address holds the words."""
    step = _line(keeping.read_board(drawer, BOARD).lines, "step", links.get("step", ""))
    return {"title": step.title} if step else {}


def around_try(_db: Connection, drawer: Drawer, _item: Item, _now: datetime) -> dict[str, Any]:
    """The steps it can belong to."""
    steps = lines_of(keeping.read_board(drawer, BOARD), "step")
    return {"steps": [(step.id, step.title) for step in steps]}


def about_obstacle(_db: Connection, drawer: Drawer, item: Item, _now: datetime) -> dict[str, Any]:
    """Whose turn it is and since when is the matter's to say: it stands in one place."""
    everybody = people.everyone(drawer)
    matter_id = item.texts.get("matter", "")
    record = drawer.find(matters.matter_record(matter_id)).get(matters.matter_record(matter_id))
    return {
        "people": everybody,
        "cards": {card.id: card for card in everybody},
        "matter": record.payload if record else None,
        "today": clock.today(),
        "words": circle_words,
    }


def by_title(activities: Iterable[Activity]) -> list[Activity]:
    return sorted(activities, key=lambda one: one.title.casefold())


def _line(lines: Iterable[Line], sheet: str, item_id: str) -> Line | None:
    return next((one for one in lines if (one.sheet, one.id) == (sheet, item_id)), None)
