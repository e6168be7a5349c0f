"""Planen with ten items and with 300: what the page costs must not grow with what lies behind it."""

from contextlib import ExitStack
from pathlib import Path

from server import create_app
from server.core import clock
from server.core.database import Database
from server.items import keeping
from server.items.payloads import Texts
from server.items.sheets import ONE
from server.plan.sheets import AREA, DREAM, GOAL, OBSTACLE, STEP, TRY
from server.vault.drawer import Drawer
from tests.bench.bare import BARE
from tests.bench.circles import Life
from tests.bench.counts import counting
from tests.bench.cpu import APP, measure, milliseconds, page, ratio, unrest
from tests.bench.serving import served
from tests.bench.worlds import FORTNIGHT, World, build

# Areas, goals, steps, tries, obstacles: with the dream 10 and 300 in all.
SIZES = {"ten": (1, 1, 6, 0, 1), "many": (8, 9, 200, 62, 20)}
_PAGES = 20
_STATES = ("", "trying", "resting", "done", "tried")


def figures(folder: Path) -> dict[str, float]:
    """CPU of one page beside the other and beside the bare one, and the statements of both."""
    world = planned(folder)
    with ExitStack() as running:
        server = running.enter_context(served(APP, world.environment))
        bare = running.enter_context(served(BARE, world.environment))
        targets = {name: page(server, "/plan", world.people[name].cookie, _PAGES) for name in SIZES}
        times = measure({"bare": page(bare, "/", ""), **targets})
    statements = [_statements(world, name) for name in SIZES]
    return {
        "plan_ms": milliseconds(times["ten"]),
        "plan_vs_bare": ratio(times, "bare", "ten", 4),
        "plan_300_vs_10": ratio(times, "many", "ten"),
        "plan_statements": max(statements),
        "plan_statements_spread": max(statements) - min(statements),
        "plan_unrest": unrest(times["ten"]),
    }


def planned(folder: Path) -> World:
    """“ten” and “many” with their plans, written through the domain."""
    world = build(folder, {name: range(FORTNIGHT) for name in SIZES})
    for name, sizes in SIZES.items():
        with Database(world.settings.database).write() as db:
            write_plan(Life(db, world, name).drawer, *sizes)
    return world


def write_plan(drawer: Drawer, areas: int, goals: int, steps: int, tries: int, obstacles: int) -> None:
    """A dream, and so many of each; steps hang on the goals in turn, and a tenth on none."""
    now = clock.now()
    keeping.begin(drawer, DREAM, ONE, {"dream": "Arbeta bland växter, i lugn takt"}, now)
    for area in [*AREA.few][:areas]:
        keeping.begin(drawer, AREA, area, {"now": "Ganska trångt, men ljust", "works": "Mornarna"}, now)
    for n in range(goals):
        keeping.begin(drawer, GOAL, f"{n:032x}", {"goal": f"Våga gå ut, del {n}"}, now)
    for n in range(steps):
        told: Texts = {
            "title": f"Sitta en kvart i biblioteket {n}",
            "smallest": "Gå till dörren",
            "learned": "Tyst",
        }
        under = {"goal": f"{n % goals:032x}"} if n % 10 else {}
        keeping.begin(drawer, STEP, f"{n:032x}", told | under | {"state": _STATES[n % 5]}, now)
    for n in range(tries):
        keeping.begin(drawer, TRY, f"{n:032x}", {"title": f"En timme {n}", "step": f"{n:032x}"}, now)
    for n in range(obstacles):
        keeping.begin(drawer, OBSTACLE, f"{n:032x}", {"what": f"Bussen går inte {n}"}, now)


def _statements(world: World, name: str) -> int:
    app, headers = create_app(world.settings), {"Cookie": world.people[name].cookie}
    client = app.test_client(use_cookies=False)
    for _ in range(2):
        with counting(app) as count:
            answer = client.get("/plan", headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"/plan answered {answer.status}")
    return count.statements
