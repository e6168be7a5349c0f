"""What takes as long as what: an id that is somebody else's against one that never was, an open door against a closed.

Times are compared as distributions, asked for in turns in one process (vault.md, rule 9): the ratio of the medians, and
the Kolmogorov-Smirnov distance (0: the same distribution, 1: told apart every time).
"""

import random
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from flask.testing import FlaskClient

from server.circle.copies import Said
from server.core import clock, ids
from server.shared import reading
from server.vault import ways_in
from server.vault.pairing import part
from server.vault.sealing import Secret
from tests import world as worlds
from tests.client import FROM_US, HOST
from tests.together import Together, build, lay

_ROUNDS = 400
_MISSING = "0123456789abcdef" * 2


def figures(folder: Path) -> dict[str, float]:
    """Cleo asks for what is Ada's and Ben's, and for what is nobody's; Ben writes to Ada, who is there or not."""
    (folder / "foundations").mkdir()
    worlds.lay_foundations(folder / "foundations")
    lay(folder / "foundations", folder / "laid")
    (folder / "world").mkdir()
    with clock.frozen(worlds.NOW):
        together = build(folder / "laid", folder / "world")
        there, never = _foreign_and_missing(together)
        opened, closed = _open_and_closed(together)
    return {
        "foreign_vs_missing": round(median(there) / median(never), 3),
        "foreign_vs_missing_ks": _distance(there, never),
        "door_open_vs_closed": round(median(opened) / median(closed), 3),
        "door_open_vs_closed_ks": _distance(opened, closed),
    }


def _foreign_and_missing(together: Together) -> tuple[list[float], list[float]]:
    names, cleo = together.names, _raw(together, "cleo")
    paths = [
        ("GET", "/delat/{}", names["ben_pair"]),
        ("GET", "/kretsen/{}", names["ben_card"]),
        ("GET", "/lamna/{}/se", together.ada.circle["handing"]),
        ("POST", "/delat/{}/oppna", names["ben_pair"]),
    ]

    def ask(id_: str) -> Callable[[], Any]:
        def all_of_them() -> None:
            for method, path, real in paths:
                address = path.format(real if id_ == "real" else _MISSING)
                answer = cleo.open(address, method=method, base_url=HOST, headers=FROM_US, data={"copy": "1"})
                assert answer.status_code == 404

        return all_of_them

    return _in_turns(ask("real"), ask("missing"))


def _open_and_closed(together: Together) -> tuple[list[float], list[float]]:
    """What Ben writes reaches Ada, or is dropped because she has closed the door: the same to him."""
    database, app = together.world.database, together.world.app
    half = Secret.from_text(together.client("ben").cookies()["__Host-d"])
    with database.write() as db:
        keyring, _key = ways_in.open_device(db, half, now=clock.now())
    pair = bytes.fromhex(together.names["ben_pair"])

    def say(between: Callable[[Any], None]) -> Callable[[], None]:
        def once() -> None:
            connection = database.engine.connect()
            transaction = connection.begin()
            between(connection)
            said = Said(id=ids.token(), what="question", text="hej", at=clock.now())
            start = perf_counter()
            reading.say(connection, keyring, app.extensions["frank"], pair, said, clock.now())
            spent.append(perf_counter() - start)
            transaction.rollback()
            connection.close()

        return once

    spent: list[float] = []
    ada_half = Secret.from_text(together.ada.client.cookies()["__Host-d"])

    def close(connection: Any) -> None:
        ada, key = ways_in.open_device(connection, ada_half, now=clock.now())
        part(connection, ada, key, pair)

    def leave_open(connection: Any) -> None:
        ways_in.open_device(connection, ada_half, now=clock.now())

    opened: list[float] = []
    closed: list[float] = []
    for _ in range(_ROUNDS):
        for act, times in random.sample([(say(leave_open), opened), (say(close), closed)], 2):
            spent.clear()
            act()
            times += spent
    return opened, closed


def _raw(together: Together, who: str) -> FlaskClient:
    """The bare client, which checks nothing: the checks would take most of the time."""
    return together.client(who)._client


def _in_turns(one: Callable[[], Any], other: Callable[[], Any]) -> tuple[list[float], list[float]]:
    times: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(_ROUNDS):
        for number in random.sample((0, 1), 2):
            start = perf_counter()
            (one, other)[number]()
            times[number].append(perf_counter() - start)
    return times[0], times[1]


def _distance(left: list[float], right: list[float]) -> float:
    """Kolmogorov-Smirnov: the largest difference between the two cumulative distributions."""
    every = sorted([*left, *right])
    first, second = sorted(left), sorted(right)

    def share(values: list[float], limit: float) -> float:
        return sum(value <= limit for value in values) / len(values)

    return round(max(abs(share(first, at) - share(second, at)) for at in every), 3)
