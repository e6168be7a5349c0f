"""Which server: the same two apps on each candidate, one worker, eight threads (`--only servers`; docs/server.md)."""

import gc
import socket
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from statistics import median

from flask import Flask

from server import config, create_app
from tests.bench.cpu import measure, page
from tests.bench.live import allow_open_files
from tests.bench.serving import GRANIAN, WSGI, Client, Served, served
from tests.bench.worlds import FORTNIGHT, build

_BRIDGE = [*GRANIAN, "--interface", "rsgi", "--factory", "--loop", "asyncio", "--no-ws"]
_GUNICORN = ["gunicorn", "--bind", "127.0.0.1:{port}", "--log-level", "error", "--worker-connections", "4096"]
_CANDIDATES = {
    "granian": WSGI,
    "bridge": _BRIDGE,
    "gthread": [*_GUNICORN, "--worker-class", "gthread", "--threads", "8", "--keep-alive", "30"],
    "gevent": [*_GUNICORN, "--worker-class", "gevent", "--keep-alive", "30"],
}
_PAGES = {
    "granian": "tests.bench.servers:pages",
    "bridge": "server.wsgi:development",
    "gthread": "tests.bench.servers:pages()",
}
_BARE = {
    "granian": "tests.bench.bare:create",
    "bridge": "tests.bench.bare:bridged",
    "gthread": "tests.bench.bare:create()",
}
_IDLE = 2000
_WITHIN = 10.0  # seconds for a stream's first line


def figures(folder: Path) -> dict[str, float]:
    """CPU per request and memory of each candidate; then 2,000 idle connections and 2,000 event streams."""
    allow_open_files()
    world = build(folder, {"young": range(FORTNIGHT)})
    cookie = world.people["young"].cookie
    found: dict[str, float] = {}
    with ExitStack() as running:
        started = {
            (name, what): running.enter_context(served([*command, app], world.environment))
            for name, command in _CANDIDATES.items()
            for what, app in (("bare", _target(_BARE, name)), ("today", _target(_PAGES, name)))
        }
        targets = {f"{name}_{what}": page(server, "/", cookie) for (name, what), server in started.items()}
        times = measure(targets)
        for target, seconds in times.items():
            found[f"{target}_ms"] = round(median(seconds) * 1000, 3)
        for name in _CANDIDATES:
            found |= _memory(name, started[name, "today"])
            found |= _idle(name, started[name, "today"], cookie)
            found |= _streams(name, started[name, "bare"])
    return found


def pages() -> Flask:
    """Our pages as a plain WSGI app."""
    app = create_app(config.for_development())
    gc.collect()
    gc.freeze()
    return app


def _target(apps: dict[str, str], name: str) -> str:
    return apps.get(name, apps["gthread"])


def _memory(name: str, server: Served) -> dict[str, float]:
    return {f"{name}_worker_mb": _mb(server)}


def _mb(server: Served) -> float:
    """The workers' own memory (USS), so that libraries shared between processes count for nobody."""
    return round(sum(worker.memory_full_info().uss for worker in server.workers) / 1e6, 1)


def _idle(name: str, server: Served, cookie: str) -> dict[str, float]:
    """Kept connections that say nothing: what they cost, and whether a person still gets a page."""
    before = _mb(server)
    clients = [Client(server, cookie) for _ in range(_IDLE)]
    for client in clients:
        client.get("/healthz")
    answers = _answers(server)
    used = _mb(server) - before
    for client in clients:
        client.close()
    return {f"{name}_idle_mb": round(used, 1), f"{name}_idle_answers": answers}


def _streams(name: str, server: Served) -> dict[str, float]:
    """How many of 2,000 event streams begin, what they cost, and whether a person still gets a page."""
    open_: list[socket.socket] = []
    before = _mb(server)
    for _ in range(_IDLE):
        one = socket.create_connection(("127.0.0.1", server.port), timeout=_WITHIN)
        one.sendall(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        open_.append(one)
    begun, end = 0, time.monotonic() + _WITHIN
    for one in open_:
        one.settimeout(max(0.001, end - time.monotonic()))
        with suppress(OSError):
            begun += b"200" in one.recv(4096)
    used = _mb(server) - before
    answers = _answers(server)
    for one in open_:
        one.close()
    return {
        f"{name}_streams": begun,
        f"{name}_streams_mb": round(used, 1),
        f"{name}_streams_answers": answers,
    }


def _answers(server: Served) -> float:
    """1 when the server still answers within a second or two, 0 when it does not."""
    client = Client(server, patience=2)
    try:
        client.get("/healthz")
    except OSError:
        return 0
    finally:
        client.close()
    return 1
