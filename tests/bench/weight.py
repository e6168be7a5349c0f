"""Kilobytes: of the built files, and of a first visit, a first tap and a later visit over the wire."""

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from server.web.static import SHEET, SOURCE, build
from tests.bench.browser import PHONE, Wire, chromium, watch
from tests.bench.cpu import APP
from tests.bench.serving import served
from tests.bench.worlds import build as build_world

_SETTLE = 400  # ms: prefetches and icons begin after the page is loaded


def figures(folder: Path) -> dict[str, float]:
    """Built files as brotli; visits as Chromium counts them, headers included."""
    world = build_world(folder / "world", {})
    with served(APP, world.environment) as server, chromium() as browser:
        visits = _visits(browser, f"http://localhost:{server.port}/")
    return files(folder / "built") | visits


def files(target: Path) -> dict[str, float]:
    """The style sheet and our own scripts, as they go over the wire to a browser that knows brotli."""
    urls = build(target).urls
    sizes = {name: (target / f"{Path(url).name}.br").stat().st_size / 1000 for name, url in urls.items()}
    own = [file.name for file in SOURCE.glob("js/*.js")]
    return {"css_kb": round(sizes[SHEET], 2), "own_js_kb": round(sum(sizes[name] for name in own), 2)}


def _visits(browser: Browser, address: str) -> dict[str, float]:
    # The log of a page does not see what comes through the worker, which asks for the same; its own weight is apart.
    context = browser.new_context(**PHONE, service_workers="block")  # type: ignore[arg-type]
    first = _open(context, address)
    tap = _open(context, address, answer=True)
    later = _open(context, address)
    context.close()
    return {
        "first_visit_kb": first.kb,
        "first_visit_requests": first.requests,
        "first_tap_kb": tap.kb,
        "first_tap_requests": tap.requests,
        "repeat_visit_kb": later.kb,
        "repeat_visit_requests": later.requests,
    }


def _open(context: BrowserContext, address: str, *, answer: bool = False) -> Wire:
    page = context.new_page()
    if answer:
        page.goto(address, wait_until="networkidle")
    _log, wire = watch(page)
    if answer:
        page.click("button[name=form][value='3']")
        page.wait_for_load_state("networkidle")
    else:
        page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(_SETTLE)
    page.close()
    return wire
