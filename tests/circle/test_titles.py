"""A tab and the browser's history tell nobody whom it is about: names stand in the heading, never in the title."""

import re

from tests.circle.meeting import hands, invites, meets
from tests.client import Client, Page
from tests.html import all_of
from tests.people import TUESDAY, WORDS, Ada, put_in_circle
from tests.world import World

NAMES = ("Ada L", "Ben", "Fia", "Cleo", "Petra", "adaord")
ROOMS = re.compile(r"/(kretsen|lamna|delat)(/|$)")


def walk(client: Client, *begin: str) -> dict[str, Page]:
    """Every page of these rooms that a link leads to, from where one begins."""
    waiting, found = list(begin), {}
    while waiting:
        path = waiting.pop().split("#")[0]
        if path in found or not ROOMS.match(path):
            continue
        page = client.look(path)
        found[path] = page
        waiting += [page.location] if page.location else page.links
    return found


def test_no_title_holds_a_name(world: World, ada: Ada, ben: Client, fia: Client) -> None:
    """Row C35. “Avsluta med Ben” in a history is read by whoever borrows the phone."""
    ben_card, pair = meets(ada.client, ben, "Ben")
    meets(ada.client, fia, "Fia", hat="authority", how="away")
    invites(ada.client, put_in_circle(ada.client, name="Petra"))
    put_in_circle(ada.client, name="Cleo")
    hands(world, ada.client, ben_card, f"day/{TUESDAY}", ada.entries[TUESDAY])
    lamna = f"/lamna/{ada.circle['handing']}"
    steps = [lamna + step for step in ("", "/vem", "/varfor", "/se", "/fler")]
    mine = walk(ada.client, "/kretsen", f"/kretsen/{ben_card}", *steps)
    theirs = walk(ben, "/delat", f"/delat/{pair}")
    seen = [*mine.values(), *theirs.values()]
    preview = mine[f"{lamna}/se"]
    seen.append(ada.client.send(preview.form("Till utskriften"), press="Till utskriften", status=200))
    headings = " ".join(page.h1 for page in seen if all_of(page.tree, "h1"))
    assert all(name in headings for name in (WORDS["card"], WORDS["matter"], "Ben", "Petra", "Cleo", "Ada L"))
    assert len(seen) > 25
    for page in seen:
        if all_of(page.tree, "title"):
            told = [name for name in NAMES if name in page.title]
            assert not told, f"{page.path}: {page.title}"


def test_what_is_shown_has_a_title_without_a_name(ada: Ada) -> None:
    preview = ada.client.get(f"/lamna/{ada.circle['handing']}/se")
    shown = ada.client.send(preview.form("Visa upp på min skärm"), status=200)
    assert shown.h1 == f"Till {WORDS['card']}"
    assert shown.title == "Visa upp – Dagsform"
