"""CPU time per request: ratios of medians that mean the same on a slow machine and a fast one."""

import gc
import random
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median, quantiles

from server.core import clock, ids
from tests.bench.bare import BARE
from tests.bench.serving import Client, Served, served
from tests.bench.worlds import FORTNIGHT, OTHERS, TEN_YEARS, World, build

APP = ["server.cli", "run"]
_ROUNDS = 31
_BATCH = 40
_WARM_UP = 60
_SAVERS = 20  # people who have not answered today


@dataclass(frozen=True)
class Target:
    """Something to ask for `number` times a round. `after` puts things back, outside of what is measured."""

    server: Served
    ask: Callable[[], None]
    number: int
    after: Callable[[], None] = lambda: None
    warm_up: int = _WARM_UP


def figures(folder: Path) -> dict[str, float]:
    """Ratios of CPU per request, and the milliseconds behind them."""
    before = range(max(FORTNIGHT, clock.today().day), TEN_YEARS)  # ten years but for this month's other days
    lives: dict[str, Iterable[int]] = {"young": range(FORTNIGHT), "old": range(TEN_YEARS)}
    lives["alike"] = [*range(FORTNIGHT), *before]
    lives |= {f"saver {n}": range(1, FORTNIGHT) for n in range(_SAVERS)}
    long = build(folder / "long", lives)
    alone = build(folder / "alone", {"young": range(FORTNIGHT)})
    crowd = build(folder / "crowd", {"young": range(FORTNIGHT)}, others=OTHERS)
    with ExitStack() as running:
        start = running.enter_context
        targets = {"bare": page(start(served(BARE, long.environment)), "/", "")}
        server = start(served(APP, long.environment))
        for name in ("young", "old", "alike"):
            cookie = long.people[name].cookie
            targets[f"month {name}"] = page(server, "/dagar", cookie)
        for name in ("young", "old"):
            targets[f"today {name}"] = page(server, "/", long.people[name].cookie)
        targets["save"] = _saving(server, long, clock.today())
        for name, world in (("alone", alone), ("crowd", crowd)):
            targets[name] = page(start(served(APP, world.environment)), "/", world.people["young"].cookie)
        return _ratios(measure(targets))


def ratio(times: dict[str, list[float]], top: str, bottom: str, digits: int = 3) -> float:
    """The median over rounds of one ÷ the other."""
    return round(median(a / b for a, b in zip(times[top], times[bottom], strict=True)), digits)


def milliseconds(times: list[float]) -> float:
    return round(median(times) * 1000, 3)


def unrest(times: list[float]) -> float:
    """How far apart the middle half of the rounds lies. Above 0.1 the machine had other things to do."""
    low, middle, high = quantiles(times, n=4)
    return round((high - low) / middle, 3)


def _ratios(times: dict[str, list[float]]) -> dict[str, float]:
    def over(top: str, bottom: str) -> float:
        return ratio(times, top, bottom)

    def ms(name: str) -> float:
        return milliseconds(times[name])

    return {
        "today_vs_bare": over("bare", "today young"),
        "save_vs_bare": over("bare", "save"),
        "today_10y_vs_14d": over("today old", "today young"),
        "today_100k_vs_1": over("crowd", "alone"),
        "month_10y_vs_14d": over("month old", "month young"),
        "month_10y_vs_14d_same_days": over("month alike", "month young"),
        "bare_ms": ms("bare"),
        "today_ms": ms("today young"),
        "month_ms": ms("month young"),
        "save_ms": ms("save"),
        "unrest": unrest(times["today young"]),
    }


def measure(targets: dict[str, Target]) -> dict[str, list[float]]:
    """Seconds of CPU per request, one for each round. Rounds take the targets in ever new order."""
    for target in targets.values():
        for _ in range(-(-target.warm_up // target.number)):
            _round(target)
    times: dict[str, list[float]] = {name: [] for name in targets}
    gc.collect()
    for number in range(_ROUNDS):
        order = random.Random(number).sample(sorted(targets), len(targets))
        for name in order:
            times[name].append(_round(targets[name]))
    return times


def _round(target: Target) -> float:
    before = target.server.cpu()
    for _ in range(target.number):
        target.ask()
    used = target.server.cpu() - before
    target.after()
    return used / target.number


def page(server: Served, path: str, cookie: str, number: int = _BATCH) -> Target:
    """A page to ask for on a kept connection."""
    client = Client(server, cookie)
    return Target(server, lambda: client.get(path), number)


def _saving(server: Served, world: World, today: date) -> Target:
    """The first answer of the day, by one person after another; then all of them take it back."""
    clients = [Client(server, who.cookie) for name, who in world.people.items() if name.startswith("saver")]
    saved: list[str] = []

    def save() -> None:
        saved.append(ids.token())
        clients[len(saved) - 1].post("/svara", f"form=3&id={saved[-1]}")

    def undo() -> None:
        for client, entry_id in zip(clients, saved, strict=False):
            client.post(f"/dagar/{today}/{entry_id}/angra", "")
        saved.clear()

    return Target(server, save, len(clients), undo)
