"""Without a connection on a cheap phone: how soon Idag shows something once the worker has answered, and its weight."""

from pathlib import Path
from statistics import median

from playwright.sync_api import BrowserContext

from tests.bench.browser import PHONE, chromium
from tests.bench.cpu import APP
from tests.bench.phone import LISTEN, NEW_WINDOW, SLOWER, as_cookie
from tests.bench.serving import served
from tests.bench.worlds import FORTNIGHT, build

_ROUNDS = 9
_AT_WORK = """() => new Promise((yes) => {
  const look = () => (navigator.serviceWorker.controller ? yes() : setTimeout(look, 20));
  look();
})"""
_ANSWERED = "() => performance.getEntriesByType('navigation')[0].responseStart"


def figures(folder: Path) -> dict[str, float]:
    """A cold start of “/”: no server, no page open, no worker running."""
    world = build(folder, {"young": range(FORTNIGHT)})
    with chromium() as browser:
        context = browser.new_context(**PHONE)  # type: ignore[arg-type]
        context.add_cookies([as_cookie(part) for part in world.people["young"].cookie.split("; ")])
        with served(APP, world.environment) as server:
            address = f"http://localhost:{server.port}/"
            page = context.new_page()
            page.goto(address, wait_until="networkidle")
            page.evaluate(_AT_WORK)
            page.close()
        found = median(_cold(context, address) for _ in range(_ROUNDS))
        context.close()
    return {"offline_fcp_ms": round(found, 1), "worker_kb": _weight(world.settings.home)}


def _cold(context: BrowserContext, address: str) -> float:
    page = context.new_page()
    page.add_init_script(LISTEN)
    page.wait_for_timeout(NEW_WINDOW)
    devtools = context.new_cdp_session(page)
    devtools.send("ServiceWorker.enable")
    devtools.send("ServiceWorker.stopAllWorkers")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    painted = float(page.evaluate("() => bench.painted"))
    answered = float(page.evaluate(_ANSWERED))
    page.close()
    return painted - answered


def _weight(home: Path) -> float:
    """The worker's one script, as brotli."""
    return round(next(home.glob("worker/sw.*.js.br")).stat().st_size / 1000, 2)
