"""Statements and transactions of one request, counted where SQLAlchemy hands them to the driver."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, update

from server import create_app
from server.core import ids
from server.core.database import Database
from server.vault.models import SessionRow
from tests.bench.worlds import FORTNIGHT, TEN_YEARS, World, build

_HELLO = "__Host-h=1"


@dataclass
class Count:
    """What reached the stores. `written`: transactions that take the write lock; `read`: the others."""

    statements: list[str] = field(default_factory=list)
    read: int = 0
    written: int = 0


def figures(folder: Path) -> dict[str, float]:
    """Idag at two ages; saving in its three cases, of which the dearest counts."""
    world = build(folder, {"young": range(FORTNIGHT), "old": range(TEN_YEARS), "saver": range(1, FORTNIGHT)})
    app = create_app(world.settings)
    ages = [len(_count(app, "GET", world.people[who].cookie).statements) for who in ("young", "old")]
    saves = [
        _count(app, "POST", _HELLO),  # the very first answer, which makes the account
        _count(app, "POST", world.people["saver"].cookie),
        _count(app, "POST", _a_minute_later(world)),
    ]
    return {
        "today_statements": max(ages),
        "today_statements_spread": max(ages) - min(ages),
        "save_statements": max(len(one.statements) for one in saves),
        "save_transactions": max(one.written for one in saves),
        "save_transactions_and_reads": max(one.written + one.read for one in saves),
    }


def _count(app: Flask, method: str, cookie: str) -> Count:
    """One request in a warm process, its redirect not followed."""
    client: FlaskClient = app.test_client(use_cookies=False)
    answer = {"data": {"form": "3", "id": ids.token()}} if method == "POST" else {}
    path = "/svara" if method == "POST" else "/"
    if method == "GET":
        client.get(path, headers={"Cookie": cookie})
    with _counting(app) as count:
        response = client.open(path, method=method, headers={"Cookie": cookie}, **answer)
    if response.status_code not in (200, 303):
        raise RuntimeError(f"{method} {path} answered {response.status}")
    return count


@contextmanager
def _counting(app: Flask) -> Iterator[Count]:
    count = Count()

    def statement(_c: Any, _cursor: Any, text: str, *_more: Any) -> None:
        if text.startswith("BEGIN"):
            count.written += 1
            count.read -= 1
        else:
            count.statements.append(text)

    def begin(_connection: Any) -> None:
        count.read += 1

    engines: list[Engine] = [app.extensions[name].engine for name in ("database", "session_database")]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", statement)
        event.listen(engine, "begin", begin)
    yield count
    for engine in engines:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "begin", begin)


def _a_minute_later(world: World) -> str:
    """The saver's cookies, when every session's idle end is so near that a visit moves it on."""
    with Database(world.settings.sessions, durable=False).write() as db:
        db.execute(update(SessionRow).values(idle_end=SessionRow.idle_end - 2 * 60))
    return world.people["saver"].cookie
