"""Who may what: every route has a guard, and every route is asked for by every kind of person."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from server.core import ids
from tests.client import Client
from tests.people import MAYBE, OCTOBER, OTHERS, REMOVED, TODAY, TUESDAY, WORDS, Ada
from tests.world import World

GUARDS = {"open_to_all", "unlocked"}
FREE = "0123456789abcdef" * 2  # an entry id that nobody has used
POSTED_ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
)


@dataclass(frozen=True)
class Route:
    """A request and what it gives: Ada, somebody else with an account, somebody without."""

    method: str
    path: str
    owner: int
    stranger: int
    nobody: int
    fields: dict[str, Any] = field(default_factory=dict)


def everybody(method: str, path: str, status: int, **fields: Any) -> Route:
    return Route(method, path, status, status, status, fields)


def with_account(method: str, path: str, status: int, **fields: Any) -> Route:
    """Nobody is led to the first page, or keeps the text and is told."""
    return Route(method, path, status, status, 303 if method == "GET" else 401, fields)


def owner_only(method: str, path: str, status: int, **fields: Any) -> Route:
    """For anybody else there is nothing there."""
    return Route(method, path, status, 404, 303 if method == "GET" else 401, fields)


# One line for every rule in the map, under its endpoint. {today} and so on are ids of Ada's entries.
MAP: dict[str, Route] = {
    "health": everybody("GET", "/healthz", 200),
    "today.today": everybody("GET", "/", 200),
    "today.ask": everybody("GET", "/svara", 200),
    "today.answer": Route("POST", "/svara", 303, 303, 422, {"form": "3", "id": FREE}),
    "today.not_today": everybody("GET", "/inte-idag", 200),
    "today.maybe": with_account("POST", f"/kanske/{MAYBE}", 303),
    "days.this_month": with_account("GET", "/dagar", 200),
    "days.month": with_account("GET", "/dagar/2026-11", 200),
    "days.month_list": with_account("GET", "/dagar/2026-11/lista", 200),
    "days.jump": with_account("GET", f"/dagar/till?dag={OCTOBER}", 303),
    "days.day": with_account("GET", f"/dagar/{TUESDAY}", 200),
    "days.new": with_account("GET", f"/dagar/{TUESDAY}/ny", 200),
    "days.entry": owner_only("GET", f"/dagar/{TUESDAY}/{{tuesday}}", 200),
    "days.save": owner_only("POST", f"/dagar/{TUESDAY}/{{tuesday}}", 303, edition="1", words="annat"),
    "days.keep_draft": with_account("POST", f"/dagar/{TUESDAY}/{FREE}/utkast", 200, edition="0", words="x"),
    "days.drop_draft": with_account("POST", f"/dagar/{TUESDAY}/{FREE}/utkast/bort", 303),
    "days.removed": with_account("GET", "/dagar/borttaget", 200),
    "days.ask_destroy": owner_only("GET", "/dagar/borttaget/{removed}/for-gott", 200),
    "days.put_back": owner_only("POST", "/dagar/borttaget/{removed}/tillbaka", 303),
    "days.destroy": with_account("POST", f"/dagar/borttaget/{FREE}/for-gott", 303),
    "days.undo": with_account("POST", f"/dagar/{TUESDAY}/{FREE}/angra", 303),
    "days.take_away": with_account("POST", f"/dagar/{TUESDAY}/{FREE}/bort", 303),
    "days.maybe_not": with_account("POST", f"/dagar/{TODAY}/kanske/{MAYBE}/bort", 303),
    "activities.all_activities": everybody("GET", "/aktiviteter", 200),
    "activities.activity": everybody("GET", "/aktiviteter/oppen-fika", 200),
    "activities.not_for_me": with_account("POST", "/aktiviteter/oppen-fika/inte-for-mig", 303),
    "activities.for_me": with_account("POST", "/aktiviteter/oppen-fika/for-mig", 303),
    "help.help_page": everybody("GET", "/hjalp", 200),
    "help.about": everybody("GET", "/sa-funkar-det", 200),
    "help.clock_face": everybody("GET", "/klocka", 200),
    "help.hide": everybody("POST", "/gom", 303),
    "help.come_back": everybody("POST", "/klocka", 303),
    "accounts.link": everybody("GET", "/in/" + "A" * 43, 200),
    "accounts.use_link": everybody("POST", "/in/" + "A" * 43, 422),
}


def ask(client: Client, route: Route, status: int, ada: Ada) -> Any:
    ids = {"tuesday": ada.entries[TUESDAY], "removed": ada.entries[REMOVED]}
    path = route.path.format(**ids)
    if route.method == "GET":
        return client.get(path, status=status)
    if path.endswith("/utkast"):
        return client.fragment(path, route.fields, status=status)
    return client.post(path, route.fields, status=status)


def test_every_route_has_one_guard(world: World) -> None:
    """Everything is closed, and opened by an explicit line (architecture.md)."""
    for rule in world.app.url_map.iter_rules():
        view = world.app.view_functions[rule.endpoint]
        assert getattr(view, "guard", None) in GUARDS, f"{rule.rule} has no guard"


def test_the_table_knows_every_route(world: World) -> None:
    """A route that is not in the table has not been thought about."""
    assert {rule.endpoint for rule in world.app.url_map.iter_rules()} == set(MAP)


@pytest.mark.parametrize("endpoint", MAP)
def test_the_owner(endpoint: str, ada: Ada) -> None:
    ask(ada.client, MAP[endpoint], MAP[endpoint].owner, ada)


@pytest.mark.parametrize("who", OTHERS)
def test_others_with_an_account_learn_nothing(who: str, world: World, ada: Ada) -> None:
    """Hard rules 1 and 2: the same 404 as for what was never there, and not one of Ada's words."""
    client = world.person(who)
    for route in MAP.values():
        page = ask(client, route, route.stranger, ada)
        assert not [word for word in WORDS.values() if word in page.html]
    assert WORDS["tuesday"] in ada.client.get(f"/dagar/{TUESDAY}").text
    assert WORDS["removed"] in ada.client.get("/dagar/borttaget").text


@pytest.mark.parametrize("endpoint", MAP)
def test_signed_out(endpoint: str, visitor: Client, ada: Ada) -> None:
    page = ask(visitor, MAP[endpoint], MAP[endpoint].nobody, ada)
    assert not [word for word in WORDS.values() if word in page.html]
    if page.status == 303 and MAP[endpoint].nobody != MAP[endpoint].owner:
        assert page.location == "/"


@pytest.mark.parametrize("path", [f"/dagar/{TUESDAY}/{{}}", "/dagar/borttaget/{}/for-gott"])
def test_a_strangers_404_is_like_any_other(path: str, ada: Ada, cleo: Client) -> None:
    """Byte for byte and header for header (hard rule 2)."""
    cleo.get("/")
    theirs = [cleo.get(path.format(ada.entries[day]), status=404) for day in (TUESDAY, REMOVED)]
    missing = cleo.get(path.format(FREE), status=404)
    assert all(page.body == missing.body for page in theirs)
    assert all(page.headers == missing.headers for page in theirs)


def test_two_worlds_that_differ_in_one_private_entry_look_the_same(world: World, ada: Ada) -> None:
    """vault.md, rule 9: the same acts in both worlds, and then one more of Ada's; everybody else's pages stay."""
    others = {name: world.person(name) for name in OTHERS} | {"nobody": world.visitor()}

    def everything() -> dict[str, bytes]:
        with ids.seeded("the same"):
            return {
                f"{name} {route.path}": client.look(route.path.format(tuesday=FREE, removed=FREE)).body
                for name, client in others.items()
                for route in MAP.values()
                if route.method == "GET"
            }

    everything()  # each has been here once: the first page of all is another
    before = everything()
    ada.client.post(f"/dagar/{TUESDAY}/{FREE}", {"edition": "0", "level": "5", "words": "hemligt"})
    ada.client.post(f"/kanske/{MAYBE}")
    ada.client.post("/aktiviteter/tidningen/inte-for-mig")
    ada.client.get("/")
    after = everything()
    assert [what for what in before if before[what] != after[what]] == []


def test_asking_for_the_head_only_is_the_same_answer(world: World, ada: Ada) -> None:
    for route in MAP.values():
        if route.method == "GET":
            path = route.path.format(tuesday=ada.entries[TUESDAY], removed=ada.entries[REMOVED])
            assert ada.client.head(path) == route.owner, path


@pytest.mark.parametrize("headers", POSTED_ELSEWHERE, ids=str)
def test_posts_from_other_sites_are_refused(headers: dict[str, str], ada: Ada) -> None:
    """A form on another site cannot act as Ada."""
    before = ada.client.get("/dagar").body
    for route in MAP.values():
        if route.method == "POST":
            path = route.path.format(tuesday=ada.entries[TUESDAY], removed=ada.entries[REMOVED])
            ada.client.post(path, route.fields, status=403, headers=headers)
    assert ada.client.get("/dagar").body == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {},
    ],
    ids=str,
)
def test_posts_from_our_own_pages_are_taken(headers: dict[str, str], someone: Client) -> None:
    someone.post("/svara", {"form": "5", "id": FREE}, headers=headers)
    assert "Lätt dag" in someone.get("/").text


def test_flasks_own_cookie_carries_nothing(world: World, ada: Ada) -> None:
    """There is none: without a secret key Flask could not even write one."""
    assert world.app.secret_key is None
    assert ada.client.cookie("session") is None


def test_a_used_link_and_a_made_up_link_look_the_same(visitor: Client) -> None:
    bodies = {visitor.post(f"/in/{'A' * 43}", status=422).body, visitor.post("/in/x", status=422).body}
    assert len(bodies) == 1
