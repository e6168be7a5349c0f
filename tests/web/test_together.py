"""Subjects × actions × resources: who may do what with what Ada has handed over. What is not said here is refused.

And two worlds: what differs in what is not one's own changes not one byte of any page one can reach.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from server.core import clock, ids
from server.vault import notices
from tests.circle.meeting import hands
from tests.client import Client, Page
from tests.messages.conftest import Talking
from tests.people import OTHERS, TUESDAY, WORDS, plan, tell, write
from tests.push.service import Browser, Service
from tests.together import BENS, FIAS, Together, build, lay
from tests.web.test_guard import FREE, MAP
from tests.world import NOW

EVERYBODY = ("ada", *OTHERS, "nobody")
OURS = {"ben": BENS, "fia": FIAS}
TALKS = {"ada": "ben", "ben": "ben", "fia": "fia"}  # whose pair it is
ABOUT_PAIRS = ("shared", "messages", "boundaries", "reporting", "handing_on")
PART = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
DONE, SEEN, GONE = 303, 200, 404


@dataclass(frozen=True)
class Act:
    """One act on one thing of one pair, and who may: everybody else meets 404, nobody at all the first page."""

    method: str
    path: str
    may: dict[str, int]
    fields: dict[str, str] = field(default_factory=dict)

    def status(self, who: str) -> int:
        if who == "nobody":
            return DONE if self.method == "GET" else 401
        return self.may.get(who, GONE)


def reader(who: str) -> list[Act]:
    """What only the reader of a copy may do with it. Not the owner either: it lies in the reader's mailbox."""
    home, copy = f"/delat/{{{who}_pair}}", f"{{{who}_copy}}"
    return [
        Act("GET", home, {who: SEEN}),
        Act("GET", f"{home}/stampel", {who: SEEN}),
        Act("GET", f"{home}/ord", {who: SEEN}),
        Act("GET", f"{home}/sluta", {who: SEEN}),
        Act("POST", f"{home}/oppna", {who: DONE}, {"copy": copy}),
        Act("POST", f"{home}/last", {who: DONE}, {"copy": copy, "by": "none"}),
        Act("POST", f"{home}/fraga", {who: DONE}, {"id": FREE, "words": "hej"}),
        Act("POST", f"{home}/forslag", {who: DONE}, {"id": FREE[::-1], "words": "hej", "why": "hej"}),
    ]


def owner(who: str) -> list[Act]:
    """What only the owner may do: not the contact it is about either."""
    card, handed = f"/kretsen/{{{who}_card}}", f"{{{who}_handed}}"
    return [
        Act("GET", card, {"ada": SEEN}),
        Act("GET", f"{card}/tre-ord", {"ada": SEEN}),
        Act("GET", f"{card}/avsluta", {"ada": SEEN}),
        Act("GET", f"/lamna/klart/{{{who}_set}}", {"ada": SEEN}),
        Act("POST", "/lamna/igen", {"ada": DONE}, {"handed": handed}),
        Act("POST", f"{card}/sluta/{handed}", {"ada": DONE}),
        Act("POST", f"{card}/sluta", {"ada": DONE}),
    ]


def parting(who: str) -> list[Act]:
    """Each from their own side, last of all."""
    return [
        Act("POST", f"/delat/{{{who}_pair}}/sluta", {who: DONE}),
        Act("POST", f"/kretsen/{{{who}_card}}/avsluta", {"ada": DONE}, {"how": "quiet"}),
    ]


def writing() -> list[Act]:
    """Both may write, take away on their side and set boundaries; only its writer changes a message, and only who was
    invited says yes to messages.
    """
    talk, both = "/prata/{ben_pair}", {"ada": DONE, "ben": DONE}
    seen = dict.fromkeys(both, SEEN)
    return [
        Act("GET", talk, seen),
        Act("GET", f"{talk}/nytt", seen),
        Act("GET", f"{talk}/granser", seen),
        Act("GET", f"{talk}/{{ben_written}}", seen),
        Act("GET", f"{talk}/{{ben_answer}}", seen),
        Act("POST", f"{talk}/ta-emot", {"ben": DONE}, {"yes": "1"}),
        Act("POST", f"{talk}/utkast", dict.fromkeys(both, 204), {"words": "hej"}),
        Act("POST", f"{talk}/skriv", both, {"id": FREE, "words": "hej"}),
        Act("POST", f"{talk}/skriv", both, {"id": FREE, "words": "", "ready": "read"}),
        Act("POST", f"{talk}/{{ben_written}}/andra", {"ada": DONE}, {"words": "annat"}),
        Act("POST", f"{talk}/{{ben_answer}}/andra", {"ben": DONE}, {"words": "annat"}),
        Act("POST", f"{talk}/{{ben_written}}/bort", both),
        Act("POST", f"{talk}/tillbaka", both),
        Act("POST", f"{talk}/{{ben_answer}}/bort", both),
        Act("POST", f"{talk}/tillbaka", both),
    ]


def not_writing() -> list[Act]:
    """Fia has not said yes: neither can write, and each decides over their own side. What Ben wrote is not there."""
    talk, both = "/prata/{fia_pair}", {"ada": DONE, "fia": DONE}
    seen, refused = dict.fromkeys(both, SEEN), dict.fromkeys(both, 422)
    return [
        Act("GET", talk, seen),
        Act("GET", f"{talk}/nytt", seen),
        Act("GET", f"{talk}/granser", seen),
        Act("GET", f"{talk}/{{ben_written}}", {}),
        Act("POST", f"{talk}/{{ben_written}}/andra", {}, {"words": "annat"}),
        Act("POST", f"{talk}/skriv", refused, {"id": FREE, "words": "hej"}),
        Act("POST", f"{talk}/ta-emot", {"fia": DONE}, {"yes": "1"}),
        Act("POST", f"{talk}/skriv", refused, {"id": FREE, "words": "hej"}),  # Fia has to be written to first
    ]


def boundaries(who: str) -> list[Act]:
    """Each on their own side. Blocking stops what was handed over, so it comes after that has been played."""
    talk, both = f"/prata/{{{who}_pair}}", {"ada": DONE, who: DONE}
    return [Act("POST", f"{talk}/{what}", both) for what in ("pausa", "fortsatt", "blockera", "oppna-igen")]


def nobody_to_report_to() -> list[Act]:
    """Ben is no listed peer: there is nobody whom a report about him reaches, and no colleague. With a peer it is
    played in tests/messages/test_with_peers.py."""
    talk, both = "/prata/{ben_pair}", {"ada": DONE, "ben": DONE}
    everybody = dict.fromkeys(("ada", *OTHERS), DONE)
    return [
        Act("GET", f"{talk}/anmal", dict.fromkeys(both, SEEN)),
        Act("POST", f"{talk}/anmal", {}, {"id": FREE, "words": "hej"}),
        Act("POST", f"{talk}/anmal/{FREE}/ta-tillbaka", everybody),
        Act("GET", f"{talk}/kollega", {}),
        Act("POST", f"{talk}/kollega", {}, {"to": FREE}),
        Act("GET", f"{talk}/vidare", {}),
        Act("POST", f"{talk}/vidare", {}, {"id": FREE, "name": "hej"}),
        Act("POST", f"{talk}/vidare/nej", both),
    ]


def own_plan() -> list[Act]:
    """What is handed over is a copy: its reader opens that, and reaches nothing of the item itself."""
    step, goal, mine = "/plan/steg/{ben_step}", "/plan/mal/{fia_goal}", {"ada": SEEN}
    told = {"edition": "1", "title": "annat"}
    return [
        Act("POST", "/delat/{ben_pair}/oppna", {"ben": DONE}, {"copy": "{ben_step_copy}"}),
        Act("POST", "/delat/{fia_pair}/oppna", {"fia": DONE}, {"copy": "{fia_goal_copy}"}),
        *(Act("GET", f"{one}{what}", mine) for one in (step, goal) for what in ("", "/andra", "/tidigare")),
        Act("POST", f"{step}/andra", {"ada": DONE}, told),
        Act("POST", f"{goal}/satt", {"ada": DONE}, {"state": "resting"}),
        Act("POST", f"{step}/angra/2", {"ada": DONE}),
        Act("POST", f"{step}/valj", {"ada": DONE}, {"how": "mine", "edition": "3"}),
        Act("POST", f"{step}/flytta", {"ada": DONE}, {"vart": "upp"}),
    ]


ACTS = [
    *own_plan(),
    *writing(),
    *nobody_to_report_to(),
    *not_writing(),
    *(act for who in ("ben", "fia") for act in (*reader(who), *owner(who), *boundaries(who), *parting(who))),
]


@pytest.fixture(scope="module")
def laid(foundations: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("together")
    lay(foundations, folder)
    return folder


@pytest.fixture
def live(laid: Path, tmp_path: Path) -> Iterator[Callable[[str], Together]]:
    """Makes a world of its own for each name."""
    made = []

    def make(name: str = "one") -> Together:
        (tmp_path / name).mkdir()
        made.append(build(laid, tmp_path / name))
        return made[-1]

    with clock.frozen(NOW):
        yield make
    for one in made:
        one.world.close()


def ask(together: Together, who: str, act: Act, status: int | None) -> Page:
    client, path = together.client(who), act.path.format(**together.names)
    fields = {name: text.format(**together.names) for name, text in act.fields.items()}
    page = look(client, path) if act.method == "GET" else client.submit(path, list(fields.items()))
    assert status in (None, page.status), (
        f"{who}: {act.method} {act.path} gave {page.status}: {page.text[:200]}"
    )
    return page


def look(client: Client, path: str) -> Page:
    """Pages are asked for as pages, parts of them as parts."""
    return client.look(path, headers=PART if path.endswith("/nytt") else None)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_what(who: str, live: Callable[[str], Together]) -> None:
    """Row D21, hard rules 1 and 2. One world for each person: the acts stand in an order in which they can be done."""
    together = live("one")
    for act in ACTS:
        page = ask(together, who, act, act.status(who))
        if who != "ada":
            foreign = [word for word in (*WORDS.values(), *OURS.values()) if word != OURS.get(who, "")]
            assert not [word for word in foreign if word.encode() in page.body], act


def test_the_acts_are_those_that_the_map_has(live: Callable[[str], Together]) -> None:
    """Every route about a pair, a copy or a message is played above: one that is new has to be thought about here."""
    rules = {rule.endpoint: rule.rule for rule in live("one").world.app.url_map.iter_rules()}
    about_pairs = {
        name for name, rule in rules.items() if "<pair>" in rule and name.split(".")[0] in ABOUT_PAIRS
    }
    adapter = live("two").world.app.url_map.bind("localhost")
    played = set()
    for act in ACTS:
        path = act.path.replace("{", "").replace("}", "")
        played.add(adapter.match(path, method=act.method)[0])
    assert about_pairs <= played <= set(MAP)


@pytest.mark.parametrize("what", ["oppna", "last"])
@pytest.mark.parametrize("whose", ["ben_copy", "fia_handed"])
def test_a_reader_reaches_no_other_copy_through_their_own_page(
    what: str, whose: str, live: Callable[[str], Together]
) -> None:
    together = live("one")
    fields = {"copy": f"{{{whose}}}", "by": "none"}
    page = ask(together, "fia", Act("POST", f"/delat/{{fia_pair}}/{what}", {}, fields), None)
    assert page.status in (400, 404, 409, 410, 422)
    assert BENS not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/delat/{}",
        "/delat/{}/stampel",
        "/kretsen/{}",
        "/lamna/klart/{}",
        "/lamna/{}",
        "/prata/{}",
        "/prata/{}/nytt",
        "/prata/{}/granser",
        f"/prata/{FREE}/{{}}",
        "/plan/steg/{}",
        "/plan/mal/{}/andra",
    ],
)
def test_what_is_somebody_elses_looks_like_what_never_was(path: str, live: Callable[[str], Together]) -> None:
    """Byte for byte and header for header, to the contact whom it is about as to a stranger."""
    together = live("one")
    for who in ("ben", "cleo"):
        client = together.client(who)
        client.get("/")
        missing = look(client, path.format(FREE))
        assert missing.status == 404
        for name, there in together.names.items():
            page = look(client, path.format(there))
            if page.status == 404:
                assert (page.body, page.headers) == (missing.body, missing.headers), name
            else:
                about_a_pair = path.startswith(("/delat/{}", "/prata/{}"))
                assert (who, about_a_pair, name) == ("ben", True, "ben_pair")


def everything(together: Together, who: str) -> dict[str, tuple[bytes, dict[str, str]]]:
    """Every page this person can reach by a GET, opening what is theirs and answering first; the same acts in each
    world.
    """
    client, names = together.client(who), together.names
    paths = [route.path for route in MAP.values() if route.method == "GET" and "{" not in route.path]
    with ids.seeded(f"the same for {who}"):
        client.look("/delat")
        if who in OURS:
            home = f"/delat/{names[f'{who}_pair']}"
            client.post(f"{home}/oppna", {"copy": "alla"})
            paths += [home, f"{home}/stampel", f"{home}/ord", f"{home}/sluta"]
        if who in TALKS:
            talk = f"/prata/{names[f'{TALKS[who]}_pair']}"
            client.submit(f"{talk}/skriv", [("id", FREE), ("words", "hej")])
            paths += [talk, f"{talk}/nytt", f"{talk}/granser", f"{talk}/{FREE}"]
            paths += [f"{talk}/{names[one]}" for one in ("ben_written", "ben_answer")]
        if who == "ada":
            paths += [f"/kretsen/{names[f'{one}_card']}" for one in OURS]
        with together.world.app.extensions["session_database"].write() as db:
            db.exec_driver_sql("DELETE FROM challenge")
        pages = {path: look(client, path) for path in paths if path != "/mitt/allt.zip"}
    return {path: (page.body, dict(page.headers)) for path, page in pages.items()}


def one_more_day(together: Together) -> None:
    write(together.ada.client, "2026-11-10", level="5", words="hemligt")


def one_more_in_the_plan(together: Together) -> None:
    """Kept, begun, tapped, taken away: all of it is Ada's alone."""
    client, more = together.ada.client, plan(together.ada.client, "steg", title="hemligt")
    plan(client, "mal", goal="hemligt")
    client.post(f"/plan/steg/{more}/satt", {"state": "trying"})
    client.post(f"/plan/hinder/{FREE}/utkast", {"edition": "0", "what": "hemligt"}, status=204)
    client.post(f"/plan/forsok/{together.ada.plan['try']}/bort")
    client.post("/plan/vila")


def changed_since(together: Together) -> None:
    """What lies with Ben and Fia is told otherwise, stands otherwise, and is taken away."""
    client, names = together.ada.client, together.names
    tell(client, f"steg/{names['ben_step']}", title="hemligt")
    client.post(f"/plan/steg/{names['ben_step']}/satt", {"state": "tried"})
    client.post(f"/plan/mal/{names['fia_goal']}/bort")


def many_more_days(together: Together) -> None:
    for day in range(1, 10):
        write(together.ada.client, f"2026-11-{day:02d}", level="4", words="hemligt")


def one_more_shared_with(whom: str) -> Callable[[Together], None]:
    def share(together: Together) -> None:
        card = together.names[f"{whom}_card"]
        hands(together.world, together.ada.client, card, f"day/{TUESDAY}", purpose="hemligt", frame="hemligt")

    return share


def somebody_new_in_the_circle(together: Together) -> None:
    together.ada.client.post(f"/kretsen/{FREE}/andra", {"edition": "0", "name": "hemlig"})
    together.ada.client.post(
        f"/kretsen/bollen/{FREE}/andra", {"edition": "0", "title": "hemligt", "actor": FREE}
    )


def a_message(together: Together) -> None:
    Talking(together.ada.client, together.names["ben_pair"]).says("hemligt")


def begun_to_write(who: str) -> Callable[[Together], None]:
    def begins(together: Together) -> None:
        client, talk = together.client(who), f"/prata/{together.names['ben_pair']}"
        client.autosave(client.get(talk).form("/skriv"), {"words": "hemligt"})

    return begins


def has_read(who: str) -> Callable[[Together], None]:
    """Everything that came is on the screen, the list and each message, twice; and no tap."""

    def reads(together: Together) -> None:
        client, talk = together.client(who), f"/prata/{together.names['ben_pair']}"
        for path in ("/prata", talk, f"{talk}/nytt", f"{talk}/{together.names['ben_answer']}") * 2:
            look(client, path)

    return reads


def sets_boundary(who: str, what: str) -> Callable[[Together], None]:
    def sets(together: Together) -> None:
        together.client(who).post(f"/prata/{together.names['ben_pair']}/{what}")

    return sets


def put_away_at(who: str) -> Callable[[Together], None]:
    """One of the other's messages is taken away on this side."""

    def puts(together: Together) -> None:
        theirs = together.names["ben_answer" if who == "ada" else "ben_written"]
        together.client(who).post(f"/prata/{together.names['ben_pair']}/{theirs}/bort")

    return puts


def has_notices(who: str) -> Callable[[Together], None]:
    """Of all kinds, on a phone, and a reminder that is due: what others write makes a notice from here on."""

    def turns_on(together: Together) -> None:
        ours, client = together.world.app.extensions, together.client(who)
        before, ours["courier"] = ours["courier"], Service().courier()
        fields = [("subscription", Browser(who).subscription), *(("kind", kind) for kind in notices.KINDS)]
        client.submit("/mitt/notiser", [*fields, ("from", "21"), ("to", "8")])
        ours["courier"] = before
        told = {"id": FREE, "words": "hemligt", "day": "2026-12-24", "time": "10:00"}
        client.post("/mitt/notiser/paminnelse", told)
        assert together.world.rows("push") == 1

    return turns_on


def stopped_sharing(together: Together) -> None:
    together.ada.client.post(f"/kretsen/{together.names['ben_card']}/sluta")


def nothing(_together: Together) -> None:
    pass


@dataclass(frozen=True)
class Difference:
    """What somebody does in the one world, who may not see it, and what that somebody does in the other instead."""

    act: Callable[[Together], None]
    others: tuple[str, ...]
    by: str = "ada"
    instead: Callable[[Together], None] = nothing


ALL = (*OTHERS, "nobody")
NOT_BEN, NOT_FIA = (tuple(who for who in ALL if who != one) for one in ("ben", "fia"))
TO_BEN = ("ada", *NOT_BEN)
DIFFERENCES = {
    "an unshared item": Difference(one_more_day, ALL),
    "an unshared item of the plan": Difference(one_more_in_the_plan, ALL),
    "what was handed over is changed": Difference(changed_since, ALL),
    "the number of items": Difference(many_more_days, ALL),
    "an item shared with Fia": Difference(one_more_shared_with("fia"), NOT_FIA),
    "an item shared with Ben": Difference(one_more_shared_with("ben"), NOT_BEN),
    "somebody new in the circle": Difference(somebody_new_in_the_circle, ALL),
    "a message to Ben": Difference(a_message, NOT_BEN),
    "a draft of a message to Ben": Difference(begun_to_write("ada"), ALL),
    "a draft of Ben's": Difference(begun_to_write("ben"), TO_BEN, "ben"),
    "Ada has read and not tapped": Difference(has_read("ada"), ALL),
    "Ben has read and not tapped": Difference(has_read("ben"), TO_BEN, "ben"),
    "Ada has notices": Difference(has_notices("ada"), ALL),
    "Ben has notices": Difference(has_notices("ben"), TO_BEN, "ben"),
    "Ada took away what Ben wrote": Difference(put_away_at("ada"), ALL),
    "Ben took away what Ada wrote": Difference(put_away_at("ben"), TO_BEN, "ben"),
    "Ada lets it rest": Difference(sets_boundary("ada", "pausa"), ALL),
    "Ben lets it rest": Difference(sets_boundary("ben", "pausa"), TO_BEN, "ben"),
    "Ada blocked Ben": Difference(sets_boundary("ada", "blockera"), ALL, instead=stopped_sharing),
    "Ben blocked Ada": Difference(sets_boundary("ben", "blockera"), TO_BEN, "ben"),
}


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_two_worlds(difference: str, live: Callable[[str], Together]) -> None:
    """vault.md, rule 9; hard rules 2 and 4: reading tells nothing, nor a boundary."""
    differ = DIFFERENCES[difference]
    plain, other = live("plain"), live("other")
    differ.instead(plain)
    differ.act(other)
    before = [one.client(differ.by).get("/prata").html for one in (plain, other)]  # says what is new there
    for who in differ.others:
        left, right = everything(plain, who), everything(other, who)
        assert [path for path in left if left[path] != right[path]] == [], who
    talk = f"/prata/{plain.names['ben_pair']}"
    paths = (
        "/dagar/2026-11/lista",
        "/plan",
        "/kretsen",
        "/kretsen/oppnat",
        f"{talk}/granser",
        talk,
        "/mitt/notiser",
    )
    after = [[one.client(differ.by).look(path).html for path in paths] for one in (plain, other)]
    plains, others = (
        _without_ids("".join([first, *then])) for first, then in zip(before, after, strict=True)
    )
    assert plains != others  # the worlds do differ, to whoever acted


def _without_ids(html: str) -> str:
    return re.sub(r'name="id" value="[0-9a-f]{32}"', "", html)
