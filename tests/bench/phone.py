"""How soon a cheap phone on a slow net shows something: against a page of nothing but text, in the same run."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from tests.bench.bare import BARE
from tests.bench.browser import PHONE, chromium
from tests.bench.cpu import APP
from tests.bench.serving import Served, served
from tests.bench.worlds import FORTNIGHT, build

# Slow 4G as Lighthouse has it, and a processor four times slower than this one.
NET = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
_ROUNDS = 9
_SETTLE = 700  # ms after load, so that late paints and long tasks are seen too
NEW_WINDOW = 600  # ms: a fresh window loads pages of the browser's own, which would be in the way
LISTEN = """
window.bench = {fcp: 0, lcp: 0, tasks: []};
const listen = (type, note) =>
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({type, buffered: true});
bench.painted = new Promise((done) => {
  listen("paint", (paint) => { if (paint.name === "first-contentful-paint") done(bench.fcp = paint.startTime); });
});
listen("largest-contentful-paint", (paint) => { bench.lcp = paint.startTime; });
listen("longtask", (task) => { bench.tasks.push([task.startTime, task.duration]); });
"""
_TELL = "() => ({fcp: bench.fcp, lcp: bench.lcp, tasks: bench.tasks})"

Paints = dict[str, float]


def figures(folder: Path) -> dict[str, float]:
    """First visit (nothing cached) and a later visit (static files cached) over the page of nothing but text."""
    world = build(folder, {"young": range(FORTNIGHT)})
    with (
        served(BARE, world.environment) as bare,
        served(APP, world.environment) as app,
        chromium() as browser,
    ):
        static, first = _new_each_time(browser, bare, ""), _new_each_time(browser, app, "")
        again = _new_each_time(browser, app, world.people["young"].cookie)
        kinds = {"static": static, "first": first, "idag": again}
        seen: dict[str, list[Paints]] = {name: [] for name in kinds}
        for _ in range(_ROUNDS):
            for name, load in kinds.items():
                seen[name].append(load())
    return _compared(seen)


def _compared(seen: dict[str, list[Paints]]) -> dict[str, float]:
    def middle(name: str, what: str) -> float:
        return median(one[what] for one in seen[name])

    def over(name: str, what: str) -> float:
        return round(middle(name, what) / middle("static", what), 3)

    return {
        "fcp_vs_static": over("first", "fcp"),
        "lcp_vs_static": over("first", "lcp"),
        "tbt_ms": round(middle("first", "tbt"), 1),
        "idag_fcp_vs_static": over("idag", "fcp"),
        "idag_lcp_vs_static": over("idag", "lcp"),
        "idag_tbt_ms": round(middle("idag", "tbt"), 1),
        "static_fcp_ms": round(middle("static", "fcp")),
        "first_fcp_ms": round(middle("first", "fcp")),
    }


def _new_each_time(browser: Browser, server: Served, cookie: str) -> Callable[[], Paints]:
    """Loads of the server's first page, each in a fresh browser profile."""
    address = f"http://localhost:{server.port}/"

    def load() -> Paints:
        context = browser.new_context(**PHONE)  # type: ignore[arg-type]
        if cookie:
            context.add_cookies([as_cookie(part) for part in cookie.split("; ")])
            _fetch_once(context, address)
        found = _slowly(context, address)
        context.close()
        return found

    return load


def as_cookie(part: str) -> Any:
    name, _is, value = part.partition("=")  # for https, as `__Host-` wants; localhost gets it all the same
    return {
        "name": name,
        "value": value,
        "url": "https://localhost/",
        "secure": True,
        "httpOnly": True,
        "sameSite": "Lax",
    }


def _fetch_once(context: BrowserContext, address: str) -> None:
    """An unmeasured visit at full speed, so that the static files lie in the cache as they would tomorrow."""
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.close()


def _slowly(context: BrowserContext, address: str) -> Paints:
    page = context.new_page()
    page.add_init_script(LISTEN)
    page.wait_for_timeout(NEW_WINDOW)
    log = context.new_cdp_session(page)
    log.send("Network.enable")
    log.send("Network.emulateNetworkConditions", NET)
    log.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    page.evaluate("() => bench.painted")
    page.wait_for_timeout(_SETTLE)
    told = page.evaluate(_TELL)
    return {"fcp": told["fcp"], "lcp": told["lcp"], "tbt": _blocked(told["tasks"], told["fcp"])}


def _blocked(tasks: list[list[float]], fcp: float) -> float:
    """Total blocking time: what each task after the first paint took beyond 50 ms."""
    return sum(
        max(0.0, start + duration - max(start + 50, fcp))
        for start, duration in tasks
        if start + duration > fcp
    )
