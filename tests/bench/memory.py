"""Memory of one worker after a day's mix of pages."""

from pathlib import Path

from server.core import clock
from tests.bench.cpu import APP
from tests.bench.serving import Client, served
from tests.bench.worlds import TEN_YEARS, build

_REQUESTS = 500


def figures(folder: Path) -> dict[str, float]:
    """`worker_mb` is the resident set (shared libraries counted in full); `worker_own_mb` is what is its own."""
    world = build(folder, {"old": range(TEN_YEARS)})
    today = clock.today()
    pages = ("/", "/", "/dagar", f"/dagar/{today}", "/aktiviteter", "/hjalp", f"/dagar/{today:%Y-%m}/lista")
    with served(APP, world.environment) as server:
        client = Client(server, world.people["old"].cookie)
        for number in range(_REQUESTS):
            client.get(pages[number % len(pages)])
        worker = max(server.workers, key=lambda one: one.memory_info().rss)
        whole = worker.memory_full_info()
    return {"worker_mb": round(whole.rss / 1e6, 1), "worker_own_mb": round(whole.uss / 1e6, 1)}
