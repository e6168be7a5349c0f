"""Kretsen: what a contact with 200 people sees, sorting 500 letters, and handing over one day."""

from contextlib import ExitStack
from pathlib import Path

from flask import Flask

from server import create_app
from tests.bench.bare import BARE
from tests.bench.circles import Circles, circles, crowded
from tests.bench.counts import Count, counting
from tests.bench.cpu import APP, Target, measure, milliseconds, page, ratio, unrest
from tests.bench.keeping import Kept
from tests.bench.serving import Client, Served, served

_PAGES = 5  # of a kind in a round: each costs as much as many bare ones
_NAMES = {
    "list": "contact_list_200",
    "person": "contact_person_30",
    "sort": "sort_500",
    "told": "sort_500_told",
    "share": "share_one",
}


def figures(folder: Path) -> dict[str, float]:
    """CPU beside the bare page, how flat it is in other accounts and old letters, and what reaches the stores."""
    new = circles(folder / "new")
    worlds = {"new": new, "old": circles(folder / "old", old=True), "crowd": crowded(new, folder / "crowd")}
    with ExitStack() as running:
        bare = running.enter_context(served(BARE, new.world.environment))
        targets = {"bare": page(bare, "/", "")}
        for age, one in worlds.items():
            server = running.enter_context(served(APP, one.world.environment))
            targets |= {f"{name} {age}": target for name, target in _targets(server, one).items()}
        times = measure(targets)
    found: dict[str, float] = {}
    for name, figure in _NAMES.items():
        found[f"{figure}_ms"] = milliseconds(times[f"{name} new"])
        found[f"{figure}_vs_bare"] = ratio(times, "bare", f"{name} new", 4)
        found[f"{figure}_old_vs_new"] = ratio(times, f"{name} old", f"{name} new")
        found[f"{figure}_100k_vs_1"] = ratio(times, f"{name} crowd", f"{name} new")
    return found | {"circle_unrest": unrest(times["person new"])} | _counts(worlds["new"], worlds["old"])


def _targets(server: Served, one: Circles) -> dict[str, Target]:
    cookies = {name: person.cookie for name, person in one.world.people.items()}
    return {
        "list": page(server, "/delat", cookies["contact"], _PAGES),
        "person": page(server, f"/delat/{one.opened}", cookies["contact"], _PAGES),
        "sort": _again(page(server, "/delat", cookies["reader"], 1), Kept(one.world, "reader")),
        "told": _again(page(server, "/kretsen", cookies["told"], 1), Kept(one.world, "told")),
        "share": _sharing(server, one),
    }


def _again(target: Target, kept: Kept) -> Target:
    return Target(target.server, target.ask, target.number, kept.put_back, warm_up=3)


def _sharing(server: Served, one: Circles) -> Target:
    """The last page's button, for one ready handing after another; then all of it has not happened."""
    client, kept = Client(server, one.world.people["owner"].cookie), Kept(one.world, "owner", "friend")
    forms = {ready: client.seen(f"/lamna/{ready}/se") for ready in one.ready}
    left: list[str] = []

    def share() -> None:
        left[:] = left or one.ready
        ready = left.pop()
        client.post(f"/lamna/{ready}/se", forms[ready])

    return Target(server, share, len(one.ready), kept.put_back)


def _counts(new: Circles, old: Circles) -> dict[str, float]:
    """Statements at both sizes of history: the spread says whether they grow with it."""
    found: dict[str, float] = {}
    counts = [_each(one) for one in (new, old)]
    for name, figure in _NAMES.items():
        young, aged = (one[name] for one in counts)
        found[f"{figure}_statements"] = max(young.statements, aged.statements)
        found[f"{figure}_statements_spread"] = abs(aged.statements - young.statements)
    return found | {"share_one_transactions": max(one["share"].written for one in counts)}


def _seen(app: Flask, one: Circles, cookie: str) -> str:
    """What stands in the last page's form."""
    page = (
        app.test_client(use_cookies=False).get(f"/lamna/{one.ready[0]}/se", headers={"Cookie": cookie}).text
    )
    return page.partition('name="seen" value="')[2].partition('"')[0]


def _each(one: Circles) -> dict[str, Count]:
    app, cookies = create_app(one.world.settings), {n: p.cookie for n, p in one.world.people.items()}

    def ask(method: str, path: str, who: str, **form: str) -> Count:
        client = app.test_client(use_cookies=False)
        with counting(app) as count:
            answer = client.open(path, method=method, headers={"Cookie": cookies[who]}, data=form)
        if answer.status_code not in (200, 303):
            raise RuntimeError(f"{method} {path} answered {answer.status}")
        return count

    for who in ("contact", "reader", "told", "owner"):
        ask("GET", "/delat/valkommen", who)  # which moves the session's idle end, if it is time
    ask("GET", "/delat", "contact")  # once warm
    return {
        "list": ask("GET", "/delat", "contact"),
        "person": ask("GET", f"/delat/{one.opened}", "contact"),
        "sort": ask("GET", "/delat", "reader"),
        "told": ask("GET", "/kretsen", "told"),
        "share": ask("POST", f"/lamna/{one.ready[0]}/se", "owner", seen=_seen(app, one, cookies["owner"])),
    }
