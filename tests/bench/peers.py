"""Beside a Solid server: handing one document to one reader, their reading it, a stranger refused (`make bench-peers`).

One at a time over HTTP on kept connections, in turns; medians on the clock. docs/bench.md says what is compared.
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from server.core import ids
from tests.bench.circles import Pair, pair
from tests.bench.cpu import APP, unrest
from tests.bench.keeping import Kept
from tests.bench.serving import Client, Served, served
from tests.bench.solid import Agent, Solid, solid_server

_WARM_UP, _ROUNDS = 15, 61
_WORDS = (
    "Gick till biblioteket ändå. Satt en kvart vid fönstret, ingen frågade något. " * 8
)  # as much as a letter

Acts = dict[str, Callable[[], object]]


def figures(folder: Path) -> dict[str, float]:
    """Milliseconds of both, and ours ÷ theirs."""
    (folder / "solid").mkdir()
    met = pair(folder / "ours")
    with solid_server(folder / "solid") as solid, served(APP, met.world.environment) as server:
        sides = {"ours": _ours(server, met), "solid": _solid(solid)}
        times: dict[str, list[float]] = {f"{act}_{side}": [] for act in _ACTS for side in sides}
        for number in range(_WARM_UP + _ROUNDS):
            for side, acts in sides.items():
                for act in _ACTS:
                    took = _clocked(acts[act])
                    if number >= _WARM_UP:
                        times[f"{act}_{side}"].append(took)
                acts["after"]()
    found: dict[str, float] = {}
    for act in _ACTS:
        ours, theirs = median(times[f"{act}_ours"]), median(times[f"{act}_solid"])
        found[f"{act}_ours_ms"], found[f"{act}_solid_ms"] = round(ours * 1000, 2), round(theirs * 1000, 2)
        found[f"{act}_vs_solid"] = round(ours / theirs, 3)
    return found | {"peers_unrest": unrest(times["read_ours"])}


_ACTS = ("share", "open", "read", "refuse")


def _ours(server: Served, met: Pair) -> Acts:
    """The last page's button; opening, with its event; the page; and the same address asked for by a stranger."""
    owner, reader, stranger = (
        Client(server, met.world.people[name].cookie) for name in ("owner", "reader", "stranger")
    )
    page, form = f"/delat/{met.pair}", owner.seen(f"/lamna/{met.ready}/se")
    return {
        "share": lambda: owner.post(f"/lamna/{met.ready}/se", form),
        "open": lambda: reader.post(f"{page}/oppna", "copy=alla"),
        "read": lambda: reader.get(page),
        "refuse": lambda: stranger.miss(page),
        "after": Kept(met.world, "owner", "reader").put_back,
    }


def _solid(solid: Solid) -> Acts:
    """Two PUTs, the rule and the document; a GET by the reader, once and again; a GET by a stranger."""
    owner, reader, stranger = (Agent(solid, name) for name in ("owner", "reader", "stranger"))
    made: list[str] = []

    def share() -> None:
        made.append(f"{ids.token()}.txt")
        owner.share(made[-1], _WORDS, reader)

    return {
        "share": share,
        "open": lambda: reader.read(owner.pod + made[-1]),
        "read": lambda: reader.read(owner.pod + made[-1]),
        "refuse": lambda: stranger.is_refused(owner.pod + made[-1]),
        "after": lambda: None,
    }


def _clocked(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
