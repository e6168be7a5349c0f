"""Beside PouchDB: a year of entries written without a connection, sent when it is back (`make bench-peers`).

Both in the same Chromium, in turns: our outbox emptied to our server, a local PouchDB pushed to a PouchDB server.
What a phone does before, sealing or storing, is not measured. docs/bench.md says what is compared.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page

from server.core import clock, ids
from tests.bench.browser import PHONE, chromium
from tests.bench.cpu import APP, unrest
from tests.bench.keeping import Kept
from tests.bench.phone import NET, as_cookie
from tests.bench.serving import DidNotStart, Served, free_port, served
from tests.bench.solid import NoNode
from tests.bench.worlds import World, build

_PACKAGES = ("pouchdb@9.0.0", "express-pouchdb@4.2.0", "express@4.22.3")
_INSTALL_WITHIN, _UP_WITHIN = 600, 60  # seconds
_ENTRIES, _WARM_UP, _ROUNDS, _ROUNDS_4G = 365, 2, 9, 3
_WORDS = "Gick till biblioteket ändå. Satt en kvart vid fönstret, ingen frågade något."
_SERVER = """
const express = require("express");
const PouchDB = require("pouchdb").defaults({ prefix: "./data/" });
const app = express();
app.use(express.static("."));
app.use("/db", require("express-pouchdb")(PouchDB, { mode: "minimumForPouchDB", overrideMode: {} }));
app.listen(Number(process.argv[2]), "localhost");
"""
_PAGE = '<!doctype html><title>x</title><script src="/node_modules/pouchdb/dist/pouchdb.min.js"></script>'

# Each entry: a day, an id, how the day is, and some words.
_KEPT_HERE = """async (entries) => {
  for (const [day, id, level, words] of entries) {
    const fields = [["edition", "0"], ["level", level], ["words", words]];
    await outbox.put(outbox.name(), { to: `/dagar/${day}/${id}`, fields, at: Date.now() });
  }
}"""
_EMPTIED = """async () => {
  const begun = performance.now();
  const sent = await outbox.send();
  const took = performance.now() - begun;
  await fetch("/dagar"); // comes when they stand on their days
  return [took, performance.now() - begun, sent, (await outbox.all()).length];
}"""
_KEPT_THERE = """async ([name, entries]) => {
  self.local = new PouchDB(name);
  const at = Date.now();
  await local.bulkDocs(entries.map(([day, id, level, words]) => ({ _id: `${day}/${id}`, level, words, at })));
}"""
_PUSHED = """async (name) => {
  const begun = performance.now();
  const done = await local.replicate.to(new PouchDB(`${location.origin}/db/${name}`));
  return [performance.now() - begun, done.docs_written, done.doc_write_failures];
}"""

Entries = list[tuple[str, str, str, str]]


def figures(folder: Path) -> dict[str, float]:
    """Milliseconds of both and ours ÷ theirs: on this machine’s own line, and on the phone’s slow 4G."""
    theirs_home = folder / "pouch"
    theirs_home.mkdir()
    world = build(folder / "ours", {"owner": range(0)})
    kept = Kept(world, "owner")
    with (
        pouch_server(theirs_home) as address,
        served(APP, world.environment) as server,
        chromium() as browser,
    ):
        ours, theirs = _our_page(browser, server, world), browser.new_page()
        theirs.goto(f"{address}/page.html")

        def in_turns(rounds: int, name: str) -> list[tuple[float, float, float]]:
            times = []
            for number in range(rounds):
                times.append((*_emptied(ours), _pushed(theirs, f"{name}{number}")))
                kept.put_back()
            return times

        in_turns(_WARM_UP, "warm")
        near = in_turns(_ROUNDS, "near")
        for page in (ours, theirs):
            log = page.context.new_cdp_session(page)
            log.send("Network.enable")
            log.send("Network.emulateNetworkConditions", NET)
        far = in_turns(_ROUNDS_4G, "far")
    return (
        _compared(near, "")
        | _compared(far, "_4g")
        | {"outbox_unrest": unrest([mine for mine, *_others in near])}
    )


def _compared(times: list[tuple[float, float, float]], net: str) -> dict[str, float]:
    mine, joined, pouch = (median(side) for side in zip(*times, strict=True))
    return {
        f"outbox_365{net}_ms": round(mine, 1),
        f"outbox_365{net}_joined_ms": round(joined, 1),
        f"pouchdb_365{net}_ms": round(pouch, 1),
        f"outbox_365_vs_pouchdb{net}": round(mine / pouch, 3),
    }


def _year() -> Entries:
    days = (clock.today() - timedelta(days=back) for back in reversed(range(_ENTRIES)))
    return [
        (day.isoformat(), ids.token(), str(1 + number % 5), f"{_WORDS} {number}")
        for number, day in enumerate(days)
    ]


def _our_page(browser: Browser, server: Served, world: World) -> Page:
    """The page without a connection, which has the outbox; another has told the phone to whom it seals.

    Without the worker: in it, where a phone sends from, nothing stands between the outbox and the server.
    """
    context = browser.new_context(**PHONE, service_workers="block")  # type: ignore[arg-type]
    context.add_cookies([as_cookie(part) for part in world.people["owner"].cookie.split("; ")])
    page = context.new_page()
    page.goto(f"http://localhost:{server.port}/hjalp")
    box = page.evaluate("document.body.dataset.box")
    page.goto(f"http://localhost:{server.port}/utan-nat")
    page.evaluate("(box) => outbox.keep('box', box)", box)
    return page


def _emptied(page: Page) -> tuple[float, float]:
    page.evaluate(_KEPT_HERE, _year())
    took, joined, sent, left = page.evaluate(_EMPTIED)
    assert (sent, left) == (_ENTRIES, 0)
    return float(took), float(joined)


def _pushed(page: Page, name: str) -> float:
    page.evaluate(_KEPT_THERE, [name, _year()])
    took, written, failed = page.evaluate(_PUSHED, name)
    assert (written, failed) == (_ENTRIES, 0)
    return float(took)


@contextmanager
def pouch_server(folder: Path) -> Iterator[str]:
    """Install the server into `folder`, start it on LevelDB as it comes, stop it in the end. Raises NoNode."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise NoNode
    (folder / "package.json").write_text(json.dumps({"private": True}))
    (folder / "server.js").write_text(_SERVER)
    (folder / "page.html").write_text(_PAGE)
    (folder / "data").mkdir()
    install = [npm, "install", "--no-audit", "--no-fund", "--loglevel=error", *_PACKAGES]
    subprocess.run(install, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=_INSTALL_WITHIN)
    port = free_port()
    process = subprocess.Popen([node, "server.js", str(port)], cwd=folder, stdout=subprocess.DEVNULL)
    try:
        yield _up(port, process)
    finally:
        process.kill()  # nothing of it is kept
        process.wait()


def _up(port: int, process: subprocess.Popen[bytes]) -> str:
    address = f"http://localhost:{port}"
    end = time.monotonic() + _UP_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{address}/db/", timeout=5):
                return address
        except (URLError, OSError):
            time.sleep(0.1)
    raise DidNotStart("the PouchDB server did not answer")
