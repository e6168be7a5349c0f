"""Statements and transactions of one request, as SQLite itself tells them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, update

from server import create_app
from server.core import ids
from server.core.database import Database
from server.vault.models import SessionRow
from tests.bench.worlds import FORTNIGHT, TEN_YEARS, World, build

_HELLO = "__Host-h=1"


@dataclass
class Count:
    """What reached the stores. `written`: transactions that took the write lock; `taken`: connections, any use."""

    statements: int = 0
    written: int = 0
    taken: int = 0


def figures(folder: Path) -> dict[str, float]:
    """Idag at two ages; saving in its three cases, of which the dearest counts. A reading of the sessions is no
    transaction of its own: it takes no lock, and waits for nobody."""
    world = build(folder, {"young": range(FORTNIGHT), "old": range(TEN_YEARS), "saver": range(1, FORTNIGHT)})
    app = create_app(world.settings)
    ages = [_count(app, "GET", world.people[who].cookie).statements for who in ("young", "old")]
    saves = [
        _count(app, "POST", _HELLO),  # the very first answer, which makes the account
        _count(app, "POST", world.people["saver"].cookie),
        _count(app, "POST", _a_minute_later(world)),
    ]
    return {
        "today_statements": max(ages),
        "today_statements_spread": max(ages) - min(ages),
        "save_statements": max(one.statements for one in saves),
        "save_transactions": max(one.written for one in saves),
        "save_transactions_and_reads": max(one.taken for one in saves),
    }


def _count(app: Flask, method: str, cookie: str) -> Count:
    """One request, its redirect not followed; a page is asked for twice, and counted when all is warm."""
    client, headers = app.test_client(use_cookies=False), {"Cookie": cookie}
    if method == "GET":
        client.get("/", headers=headers)
    with counting(app) as count:
        if method == "GET":
            response = client.get("/", headers=headers)
        else:
            response = client.post("/svara", headers=headers, data={"form": "3", "id": ids.token()})
    if response.status_code not in (200, 303):
        raise RuntimeError(f"{method} answered {response.status}")
    return count


@contextmanager
def counting(app: Flask) -> Iterator[Count]:
    """What the app's stores are asked from here to the end of the block."""
    count = Count()

    def ran(text: str) -> None:
        if text.startswith("BEGIN"):
            count.written += 1
        elif not text.startswith(("COMMIT", "ROLLBACK", "--")):
            count.statements += 1

    def taken(connection: Any, *_more: Any) -> None:
        count.taken += 1
        connection.set_trace_callback(ran)

    engines: list[Engine] = [app.extensions[name].engine for name in ("database", "session_database")]
    for engine in engines:
        event.listen(engine, "checkout", taken)
    yield count
    for engine in engines:
        event.remove(engine, "checkout", taken)


def _a_minute_later(world: World) -> str:
    """The saver's cookies, when every session's idle end is so near that a visit moves it on."""
    with Database(world.settings.sessions, durable=False).write() as db:
        db.execute(update(SessionRow).values(idle_end=SessionRow.idle_end - 2 * 60))
    return world.people["saver"].cookie
