"""Subjects × actions × resources: who may do what with what Ada has handed over. What is not said here is refused.

And two worlds: what differs in what is not one's own changes not one byte of any page one can reach.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from server.core import clock, ids
from tests.circle.meeting import hands
from tests.client import Page
from tests.people import OTHERS, TUESDAY, WORDS, write
from tests.together import BENS, FIAS, Together, build, lay
from tests.web.test_guard import FREE, MAP
from tests.world import NOW

EVERYBODY = ("ada", *OTHERS, "nobody")
OURS = {"ben": BENS, "fia": FIAS}
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
        Act("POST", f"{home}/sluta", {who: DONE}),
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
        Act("POST", f"{card}/avsluta", {"ada": DONE}, {"how": "quiet"}),
    ]


ACTS = [act for who in ("ben", "fia") for act in (*reader(who), *owner(who))]


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
    page = client.look(path) if act.method == "GET" else client.submit(path, list(fields.items()))
    assert status in (None, page.status), (
        f"{who}: {act.method} {act.path} gave {page.status}: {page.text[:200]}"
    )
    return page


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
    """Every route about a pair or a copy is played above: one that is new has to be thought about here, too."""
    rules = {rule.endpoint: rule.rule for rule in live("one").world.app.url_map.iter_rules()}
    about_pairs = {name for name, rule in rules.items() if "<pair>" in rule and name.startswith("shared.")}
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
    "path", ["/delat/{}", "/delat/{}/stampel", "/kretsen/{}", "/lamna/klart/{}", "/lamna/{}"]
)
def test_what_is_somebody_elses_looks_like_what_never_was(path: str, live: Callable[[str], Together]) -> None:
    """Byte for byte and header for header, to the contact whom it is about as to a stranger."""
    together = live("one")
    for who in ("ben", "cleo"):
        client = together.client(who)
        client.get("/")
        missing = client.get(path.format(FREE), status=404)
        for name, there in together.names.items():
            page = client.look(path.format(there))
            if page.status == 404:
                assert (page.body, page.headers) == (missing.body, missing.headers), name
            else:
                assert (who, path.count("/delat")) == ("ben", 1) and name == "ben_pair"


def everything(together: Together, who: str) -> dict[str, tuple[bytes, dict[str, str]]]:
    """Every page this person can reach by a GET, opening what is theirs first; the same acts in each world."""
    client, names = together.client(who), together.names
    paths = [route.path for route in MAP.values() if route.method == "GET" and "{" not in route.path]
    with ids.seeded(f"the same for {who}"):
        client.look("/delat")
        if who in OURS:
            home = f"/delat/{names[f'{who}_pair']}"
            client.post(f"{home}/oppna", {"copy": "alla"})
            paths += [home, f"{home}/stampel", f"{home}/ord", f"{home}/sluta"]
        with together.world.app.extensions["session_database"].write() as db:
            db.exec_driver_sql("DELETE FROM challenge")
        pages = {path: client.look(path) for path in paths if path != "/mitt/allt.zip"}
    return {path: (page.body, dict(page.headers)) for path, page in pages.items()}


def one_more_day(together: Together) -> None:
    write(together.ada.client, "2026-11-10", level="5", words="hemligt")


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


DIFFERENCES = {
    "an unshared item": (one_more_day, EVERYBODY),
    "the number of items": (many_more_days, EVERYBODY),
    "an item shared with Fia": (one_more_shared_with("fia"), ("ben", "pia", "cleo", "nobody")),
    "an item shared with Ben": (one_more_shared_with("ben"), ("fia", "pia", "cleo", "nobody")),
    "somebody new in the circle": (somebody_new_in_the_circle, EVERYBODY),
}


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_two_worlds(difference: str, live: Callable[[str], Together]) -> None:
    """vault.md, rule 9; hard rule 2."""
    differ, others = DIFFERENCES[difference]
    plain, other = live("plain"), live("other")
    differ(other)
    for who in others:
        if who != "ada":
            left, right = everything(plain, who), everything(other, who)
            assert [path for path in left if left[path] != right[path]] == [], who
    ours = [
        [one.ada.client.get(path).text for path in ("/dagar/2026-11/lista", "/kretsen", "/kretsen/oppnat")]
        for one in (plain, other)
    ]
    assert ours[0] != ours[1]  # the worlds do differ, to Ada
