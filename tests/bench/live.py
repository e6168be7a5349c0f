"""Live pages: what 2,000 open streams cost, and how soon one of them or all of them are told (docs/bench.md)."""

import resource
import selectors
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from server.core import clock, ids
from server.core.database import Database
from server.vault.sessions import Sessions
from tests.bench.cpu import APP
from tests.bench.serving import Client, Served, served
from tests.bench.worlds import FORTNIGHT, World, build
from tests.streams import Follower, Stream, follower

_STREAMS = 2000
_ONES = 60
_ALLS = 9
_WARM_UP = 200
_PATIENCE = 20.0  # seconds
_NEW = b"data: new"


def figures(folder: Path) -> dict[str, float]:
    """One worker, as people start it. Every stream is another person's."""
    allow_open_files()
    world = build(folder, {"young": range(FORTNIGHT)})
    database = Database(world.settings.database)
    people = _move_in(world, database, _STREAMS)
    with served(APP, world.environment) as server:
        client = Client(server, world.people["young"].cookie)
        for _ in range(_WARM_UP):
            client.get("/")
        before = _kilobytes(server)
        streams = [Stream(server.port, one.cookie).begin() for one in people]
        each = (_kilobytes(server) - before) / len(streams)
        idle = _idle(server)
        one = _one(server, streams, people)
        everybody = _all(database, streams, people)
        used = _kilobytes(server) - before
    database.engine.dispose()
    return {
        "live_kb_per_conn": round(each, 1),
        "live_kb_per_conn_after": round(used / len(streams), 1),
        "live_idle_cpu_percent": round(idle, 2),
        "live_wake_one_ms": round(median(one) * 1000, 2),
        "live_wake_all_ms": round(median(everybody) * 1000, 1),
    }


def _move_in(world: World, database: Database, number: int) -> list[Follower]:
    sessions = Sessions(Database(world.settings.sessions, durable=False), world.settings.pepper)
    with database.write() as db:
        return [follower(db, sessions) for _ in range(number)]


def _kilobytes(server: Served) -> float:
    return float(sum(worker.memory_full_info().uss for worker in server.workers)) / 1000


def _idle(server: Served, seconds: float = 5.0) -> float:
    """Per cent of a processor that the streams take when nothing happens."""
    before = server.cpu()
    time.sleep(seconds)
    return (server.cpu() - before) / seconds * 100


def _one(server: Served, streams: Sequence[Stream], people: Sequence[Follower]) -> list[float]:
    """From the moment a locked phone sends a note to the event at the owner's other page: the request is in it."""
    times = []
    for number in range(_ONES):
        at = number * 7
        sender = Client(server, people[at].tray_cookie)
        sender.get("/healthz")
        address = f"/dagar/{clock.today()}/{ids.token()}"

        def send(sender: Client = sender, address: str = address) -> None:
            sender.post(address, "edition=0&words=hej")

        times.append(_until_told([streams[at]], send))
        sender.close()
    return times


def _all(database: Database, streams: Sequence[Stream], people: Sequence[Follower]) -> list[float]:
    """From the commit of another process to the last of the events: a letter for everybody at once."""
    times = []
    for _ in range(_ALLS):
        began: list[float] = []

        def send(began: list[float] = began) -> None:
            with database.write() as db:
                for one in people:
                    one.leave(db)
            began.append(time.perf_counter())

        _until_told(streams, send)
        times.append(time.perf_counter() - began[0])
    return times


def _until_told(streams: Sequence[Stream], send: Callable[[], None]) -> float:
    """Seconds from before `send` until each of the streams has said that something is new."""
    with selectors.DefaultSelector() as ready:
        for stream in streams:
            ready.register(stream.socket, selectors.EVENT_READ)
        start = time.perf_counter()
        send()
        while ready.get_map():
            found = ready.select(_PATIENCE)
            if not found:
                raise TimeoutError(f"{len(ready.get_map())} streams were not told")
            for key, _events in found:
                if _NEW in key.fileobj.recv(4096):  # type: ignore[union-attr]
                    ready.unregister(key.fileobj)
        return time.perf_counter() - start


def allow_open_files() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most if most > 0 else 65_536, most))
