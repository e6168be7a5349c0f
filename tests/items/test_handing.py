"""Handing an item over: part by part, framed where it shows something done, and a copy that leads nowhere."""

import json

import pytest

from server.circle import hearing
from server.circle.copies import Handed, Heard, Said
from server.circle.kinds import every_kind, kind_called
from server.circle.sharing import FrameRequired
from server.items import keeping
from server.items.handing import copy_of
from server.items.payloads import Item, Texts
from server.items.sheets import every_sheet
from server.plan.sheets import AREA, BOARD, GOAL, STEP, TRY
from server.vault.drawer import Drawer
from tests.circle.meeting import hands, meets
from tests.client import Client
from tests.items.test_keeping import NOW
from tests.people import Ada, plan, tell
from tests.shared.conftest import Reader
from tests.world import World

WHOLE: Texts = {
    "title": "Sitta i biblioteket", "smallest": "Gå dit", "note": "privat-tanke", "kind": "visit", "goal": "a" * 32,
    "activity": "oppen-fika", "learned": "privat-lardom", "became": "privat-blev", "state": "tried",
}  # fmt: skip


def body(handed: Handed) -> dict[str, object]:
    """What is sealed for the reader, as it stands under the seal."""
    found: dict[str, object] = json.loads(handed.share.body.split("\n", 1)[1])
    return found


@pytest.fixture
def met_fia(ada: Ada, fia: Client) -> Reader:
    card, pair = meets(ada.client, fia, "Fia", hat="authority")
    return Reader(fia, card, f"/delat/{pair}")


@pytest.fixture
def met_ben(ada: Ada, ben: Client) -> Reader:
    card, pair = meets(ada.client, ben, "Ben")
    return Reader(ben, card, f"/delat/{pair}")


def test_every_sheet_is_a_kind_of_the_circle() -> None:
    """So none goes round the preview or the frame."""
    assert every_sheet().keys() <= every_kind().keys()


def test_only_what_was_chosen_and_the_heading() -> None:
    """B14: links, how it stands and what it said before never leave; nor does the id."""
    item = Item(sheet="step", id="b" * 32, texts=WHOLE, at=NOW)
    copy = copy_of(STEP, item, ("smallest", "goal", "activity", "state", "nonsense"))
    assert copy.texts == {"title": "Sitta i biblioteket", "smallest": "Gå dit"} and copy.which == ""
    assert copy_of(STEP, item, ()).texts == {"title": "Sitta i biblioteket"}
    for sheet in every_sheet().values():
        texts = {one.name: next(iter(one.choices), one.name) for one in sheet.fields}
        item = Item(sheet=sheet.name, id=next(iter(sheet.few), "b" * 32), texts=texts, at=NOW)
        leaves = copy_of(sheet, item, tuple(texts)).texts.keys()
        assert not leaves & {one.name for one in sheet.fields if one.kind in ("link", "set")}, sheet.name


@pytest.mark.parametrize("hat", ["support", "authority", "employer"])
def test_what_shows_something_done_wants_its_frame(hat: str) -> None:
    """B20, B21: whatever part of it goes. To support nothing is asked."""
    strict = hat != "support"
    for state in ("trying", "done", "tried"):
        assert STEP.needs_frame({"title": "x", "state": state}, ("title",), hat) is strict
        assert GOAL.needs_frame({"goal": "x", "state": state}, (), hat) is strict
    for state in ("", "resting"):
        assert not STEP.needs_frame({"title": "x", "state": state, "learned": "y"}, ("smallest",), hat)
        assert STEP.needs_frame({"title": "x", "state": state, "learned": "y"}, ("learned",), hat) is strict
        assert TRY.needs_frame({"title": "x", "state": state}, (), hat) is strict


@pytest.mark.parametrize("hat", ["support", "authority", "employer"])
def test_what_works_in_a_life_wants_its_frame(hat: str) -> None:
    """B20: it says what a person can do."""
    texts = {"now": "Trångt", "works": "Jag lagar mat", "wish": "Lugn"}
    assert AREA.needs_frame(texts, ("works", "now"), hat) is (hat != "support")
    assert not AREA.needs_frame(texts, ("now", "wish"), hat)
    assert not AREA.needs_frame({"now": "Trångt"}, ("works",), hat)


def test_an_authority_gets_no_try_without_its_frame(
    world: World, ada: Ada, met_fia: Reader, met_ben: Reader
) -> None:
    item = f"try/{ada.plan['try']}"
    with pytest.raises(FrameRequired):
        hands(world, ada.client, met_fia.card, item)
    assert hands(world, ada.client, met_fia.card, item, frame="Två dagar efteråt låg jag.").share.terms.frame
    assert hands(world, ada.client, met_ben.card, item).share.terms.frame == ""


def test_through_the_pages_nothing_is_ticked_and_what_is_ticked_goes(ada: Ada) -> None:
    """Hard rule 1; B14: each part by its own tick, and seen as that person will see it."""
    step = plan(ada.client, "steg", title="min rubrik", smallest="min minsta", note="min tanke")
    page = ada.client.get(f"/plan/steg/{step}")
    page = ada.client.follow(ada.client.send(page.form("Lämna eller visa upp"), press="Lämna"))
    ticks = [one for form in page.forms for one in form.controls if one.kind == "checkbox"]
    assert [one.value for one in ticks] == ["smallest", "note"] and not any(one.chosen for one in ticks)
    page = ada.client.follow(
        ada.client.send(page.form("Vidare"), {"0-part": ["title", "smallest"]}, press="Vidare")
    )
    somebody = {"card": "paper", "paper_name": "Maria", "paper_hat": "support"}
    page = ada.client.follow(ada.client.send(page.form("Vidare"), somebody, press="Vidare"))
    seen = ada.client.follow(ada.client.send(page.form("Se som"), {"purpose": "Mötet"}, press="Se som"))
    assert "min rubrik" in seen.text and "min minsta" in seen.text and "min tanke" not in seen.text


def test_the_owner_sees_that_it_has_changed_and_the_reader_reads_the_copy(
    world: World, ada: Ada, met_ben: Reader
) -> None:
    """B14: a copy of that version. A change in what was not handed over is none."""
    step = plan(ada.client, "steg", title="Som det var", smallest="liten", note="tanke")
    handed = hands(world, ada.client, met_ben.card, f"step/{step}", "smallest")
    assert body(handed)["texts"] == {"title": "Som det var", "smallest": "liten"}
    changed = "fick sin kopia"
    tell(ada.client, f"steg/{step}", note="en annan tanke")
    ada.client.post(f"/plan/steg/{step}/satt", {"state": "resting"})
    assert changed not in ada.client.get(f"/plan/steg/{step}").text
    tell(ada.client, f"steg/{step}", title="Som det är")
    assert changed in ada.client.get(f"/plan/steg/{step}").text
    met_ben.client.get(met_ben.page)
    page = met_ben.client.follow(met_ben.client.post(f"{met_ben.page}/oppna", {"copy": "alla"}))
    assert "Som det var" in page.text and "Som det är" not in page.text and step not in page.html


@pytest.mark.parametrize(
    ("place", "item", "field"),
    [("drom/min", "dream/min", "dream"), ("omrade/vardag", "area/vardag", "wish"), ("", "goal", "goal")],
)
def test_an_authority_sees_a_wish_only_when_it_is_handed_over(
    place: str, item: str, field: str, world: World, ada: Ada, met_fia: Reader
) -> None:
    """B18: nothing of the plan is met on Fia's pages, or by what a suggestion can point at, but a copy she opened."""
    wish = "Arbeta bland växter"
    if place:
        tell(ada.client, place, **{field: wish, **({"now": "Trångt"} if field == "wish" else {})})
    else:
        item = f"goal/{plan(ada.client, 'mal', goal=wish)}"

    def pages() -> str:
        met_fia.client.post(f"{met_fia.page}/oppna", {"copy": "alla"})
        return "".join(
            met_fia.client.get(path).html for path in ("/delat", met_fia.page, f"{met_fia.page}/ord")
        )

    def wishes() -> list[str]:
        forms = met_fia.client.get(met_fia.page).forms
        return [one.value for form in forms for one in form.controls if one.name == "wish" and one.value]

    if field == "wish":
        hands(world, ada.client, met_fia.card, item, "now")  # another part of the same item
    assert wish not in pages() and wishes() == []
    hands(world, ada.client, met_fia.card, item, field)
    assert wish in pages() and wishes() == [wish]


def test_a_suggestion_that_is_taken_is_one_step(drawer: Drawer) -> None:
    """A6: only by the owner's yes; said twice it is one, and an own wording counts."""
    said = Said(id="1" * 32, what="suggestion", text="Kom till ladan\nPå torsdag", at=NOW, wish="Djur")
    question = Said(id="2" * 32, what="question", text="Hur går det?", at=NOW)
    for one in (said, question):
        drawer.put("heard", hearing._name("e" * 32, one.id), Heard(said=one, pair="e" * 32, name="Ben"))
    for answer in ("no", "not_now"):
        hearing.answer(drawer, "e" * 32, said.id, answer, "", "")
    assert keeping.read_board(drawer, BOARD).lines == ()
    for one in (said, said, question):
        hearing.answer(drawer, "e" * 32, one.id, "yes", "", "")
    (line,) = keeping.read_board(drawer, BOARD).lines
    step = keeping.find(drawer, STEP, line.id)
    assert step.texts == {"title": "Kom till ladan", "note": "På torsdag\n\n→ Djur"}
    keeping.tell(drawer, STEP, line.id, {"title": "Min egen"}, 1, NOW)
    hearing.answer(drawer, "e" * 32, said.id, "yes", "Annat", "")
    assert [one.title for one in keeping.read_board(drawer, BOARD).lines] == ["Min egen"]


def test_a_suggestion_with_a_long_first_line_loses_and_joins_no_word(drawer: Drawer) -> None:
    words = f"{'ord ' * 60}slut\n\nOch mer"
    said = Said(id="1" * 32, what="suggestion", text=words, at=NOW)
    drawer.put("heard", hearing._name("e" * 32, said.id), Heard(said=said, pair="e" * 32, name="Ben"))
    hearing.answer(drawer, "e" * 32, said.id, "yes", "", "")
    (line,) = keeping.read_board(drawer, BOARD).lines
    texts = keeping.find(drawer, STEP, line.id).texts
    assert f"{texts['title']} {texts['note']}".split() == words.split() and "slut\nOch mer" in texts["note"]


def test_no_copy_names_what_it_is_a_copy_of() -> None:
    assert kind_called("step").title("b" * 32) == kind_called("step").title("c" * 32)
