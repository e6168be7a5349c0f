"""The five who live in every test world, moved in once through the same pages as everybody and copied for each test.

Ada owns. Ben is her support, Fia is at an authority, Pia is a peer, Cleo a stranger: each has a try-account.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from tests.client import Client

# Words that stand nowhere else: if one of them is met outside Ada's own pages, something leaks.
WORDS = {
    "today": "adaord-idag",
    "tuesday": "adaord-tisdag",
    "done": "adaord-gjorde",
    "helped": "adaord-hjalpte",
    "october": "adaord-oktober",
    "removed": "adaord-borta",
    "draft": "adaord-utkast",
    "card": "adaord-kort",
    "decides": "adaord-bestammer",
    "gone card": "adaord-borttagen",
    "matter": "adaord-arende",
    "waiting": "adaord-vantar",
    "gone matter": "adaord-avslutat",
    "noted": "adaord-kontakt",
    "gone noted": "adaord-kontaktbort",
    "dream": "adaord-drom",
    "area": "adaord-omrade",
    "goal": "adaord-mal",
    "goal before": "adaord-forutmal",
    "step": "adaord-steg",
    "smallest": "adaord-minsta",
    "try": "adaord-forsok",
    "obstacle": "adaord-hinder",
    "gone step": "adaord-bortsteg",
    "begun step": "adaord-utkaststeg",
    "purpose": "adaord-syfte",
    "frame": "adaord-inramning",
}
TODAY, TUESDAY, OCTOBER, REMOVED, DRAFTED = (
    "2026-11-19",
    "2026-11-17",
    "2026-10-08",
    "2026-11-16",
    "2026-11-18",
)
HIDDEN, MAYBE = "atelje", "oppet-hus"
OTHERS = {"ben": "Tung", "fia": "Mittemellan", "pia": "Ganska lätt", "cleo": "Lätt"}


@dataclass(frozen=True)
class Ada:
    """Her browser, the ids of her entries by day, and those of what stands in her circle and plan by what it is."""

    client: Client
    entries: dict[str, str]
    circle: dict[str, str]
    plan: dict[str, str] = field(default_factory=dict)


def begin(client: Client, answer: str) -> None:
    """What everybody does first: the first page, and one tap."""
    client.follow(client.send(client.get("/").form("/svara"), press=answer))


def write(client: Client, day: str, **told: str | Sequence[str]) -> str:
    """A new entry on a day, through the page where one writes; its id."""
    form = client.get(f"/dagar/{day}/ny").form("Spara")
    client.follow(client.send(form, told, press="Spara"))
    return form.action.rsplit("/", 1)[1]


def put_in_circle(client: Client, **about: str) -> str:
    """A new card, through the page where one adds a person; its id."""
    form = client.get("/kretsen/ny").form("Spara")
    client.follow(client.send(form, about, press="Spara"))
    return form.action.split("/")[2]


def write_matter(client: Client, **told: str) -> str:
    """A new matter, through its page; its id."""
    form = client.get("/kretsen/bollen/ny").form("Spara")
    client.follow(client.send(form, told, press="Spara"))
    return form.action.split("/")[3]


def write_note(client: Client, card: str, what: str, on: str = TODAY) -> str:
    """A new note in the contact diary, through the person's card; its id."""
    form = next(one for one in client.get(f"/kretsen/{card}").forms if "/dagbok/" in one.action)
    client.follow(client.send(form, {"what": what, "on": on}))
    return form.action.split("/")[4]


def plan(client: Client, slug: str, **told: str) -> str:
    """A new item of the plan, through its form; its id."""
    form = client.get(f"/plan/{slug}/ny").form("Spara")
    client.follow(client.send(form, told, press="Spara"))
    return form.action.split("/")[3]


def tell(client: Client, place: str, **told: str) -> None:
    """Words on what is there, or on one of the few that there are: “drom/min”, “omrade/hem”."""
    client.follow(client.send(client.get(f"/plan/{place}/andra").form("Spara"), told, press="Spara"))


def move_in(app: Flask, folder: Path) -> None:
    """Everybody begins; what their browsers keep is written down for `Ada` and the others in each test."""
    clients = {name: Client(app) for name in ("ada", *OTHERS)}
    for name, form in OTHERS.items():
        begin(clients[name], form)
    ada = clients["ada"]
    hers = {"entries": _live_as_ada(ada), "circle": _know_people(ada), "plan": _plan_as_ada(ada)}
    kept = {name: client.cookies() for name, client in clients.items()}
    (folder / "people.json").write_text(json.dumps({"cookies": kept, **hers}))


def find(app: Flask, folder: Path, name: str) -> Client:
    client = Client(app)
    for cookie, value in json.loads((folder / "people.json").read_text())["cookies"][name].items():
        client.keep(cookie, value)
    return client


def find_ada(app: Flask, folder: Path) -> Ada:
    kept = json.loads((folder / "people.json").read_text())
    return Ada(find(app, folder, "ada"), kept["entries"], kept["circle"], kept["plan"])


def _live_as_ada(client: Client) -> dict[str, str]:
    begin(client, "Tung")
    address = client.get(f"/dagar/{TODAY}").link("Skriv mer")
    client.follow(client.send(client.get(address).form("Spara"), press="Spara", words=WORDS["today"]))
    tuesday = write(
        client, TUESDAY, level="4", words=WORDS["tuesday"], done=WORDS["done"], looked="5", cost="took_much",
        circumstances=["sleep", "letter"], helped=WORDS["helped"], mood="4",
    )  # fmt: skip
    october = write(client, OCTOBER, level="1", words=WORDS["october"])
    removed = write(client, REMOVED, level="3", words=WORDS["removed"])
    client.post(f"/dagar/{REMOVED}/{removed}/bort")
    drafted = _begin_to_write(client)
    client.post(f"/aktiviteter/{HIDDEN}/inte-for-mig")
    client.post(f"/kanske/{MAYBE}")
    client.get("/")  # reads what the last act had to say
    today = address.rsplit("/", 1)[1]
    return {TODAY: today, TUESDAY: tuesday, OCTOBER: october, REMOVED: removed, DRAFTED: drafted}


def _know_people(client: Client) -> dict[str, str]:
    """Somebody at an authority who holds a matter, with notes about them, and one of each that was taken away."""
    card = put_in_circle(
        client, name=WORDS["card"], role="Handläggare", hat="authority", decides=WORDS["decides"], phone="0771-524 524"
    )  # fmt: skip
    gone_card = put_in_circle(client, name=WORDS["gone card"])
    waiting = {"waiting_for": WORDS["waiting"], "since": "2026-11-03"}
    matter = write_matter(client, title=WORDS["matter"], actor=card, **waiting)
    gone_matter = write_matter(client, title=WORDS["gone matter"])
    note, gone_note = (write_note(client, card, WORDS[which]) for which in ("noted", "gone noted"))
    client.post(f"/kretsen/{card}/dagbok/{gone_note}/bort")
    client.post(f"/kretsen/{gone_card}/bort")
    client.post(f"/kretsen/bollen/{gone_matter}/bort")
    client.get("/")  # reads what the last act had to say
    handing = _prepare_handing(client, card)
    return {
        "card": card,
        "gone_card": gone_card,
        "matter": matter,
        "gone_matter": gone_matter,
        "note": note,
        "gone_note": gone_note,
        "handing": handing,
    }


def _plan_as_ada(client: Client) -> dict[str, str]:
    """A dream, one area of the map, a goal with a step with a try, an obstacle, a step in the bin, one begun."""
    tell(client, "drom/min", dream=WORDS["dream"])
    tell(client, "omrade/hem", now=WORDS["area"])
    goal = plan(client, "mal", goal=WORDS["goal before"])
    tell(client, f"mal/{goal}", goal=WORDS["goal"])
    step = plan(client, "steg", title=WORDS["step"], smallest=WORDS["smallest"], goal=goal)
    attempt = plan(client, "forsok", title=WORDS["try"], step=step)
    obstacle = plan(client, "hinder", what=WORDS["obstacle"])
    gone = plan(client, "steg", title=WORDS["gone step"])
    client.post(f"/plan/steg/{gone}/bort")
    form = client.get("/plan/steg/ny").form("Spara")
    client.autosave(form, title=WORDS["begun step"])
    client.get("/")  # reads what the last act had to say
    return {"goal": goal, "step": step, "try": attempt, "obstacle": obstacle, "gone_step": gone}


def _prepare_handing(client: Client, card: str) -> str:
    """Three pages filled in, up to what would be seen; its id. Nothing has been handed over or shown."""
    page = client.follow(client.post("/lamna/ny", {"item": f"day/{TUESDAY}"}))
    page = client.follow(client.send(page.form("Vidare"), {"0-what": "words"}, press="Vidare"))
    page = client.follow(client.send(page.form("Vidare"), card=card, press="Vidare"))
    terms = {"purpose": WORDS["purpose"], "frame": WORDS["frame"]}
    client.follow(client.send(page.form("Se som"), terms, press="Se som"))
    return page.path.split("/")[2]


def _begin_to_write(client: Client) -> str:
    form = client.get(f"/dagar/{DRAFTED}/ny").form("Spara")
    client.autosave(form, words=WORDS["draft"])
    return form.action.rsplit("/", 1)[1]
