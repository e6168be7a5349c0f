"""Plans and other sheets in a file that comes in: what may be kept, and that nothing here is written over."""

import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from msgspec.structs import replace

from server.items import keeping
from server.items.payloads import Board, Item, ItemBin, ItemCopy, ItemDraft, Line, Version
from server.items.sheets import ONE, sheet_called
from server.mine.items import check_bin, check_board, check_draft, check_item
from server.mine.kind import Reading
from server.mine.problems import CannotRead
from server.vault.payloads import encode
from tests.mine.conftest import Person
from tests.mine.said import NOW, TODAY
from tests.mine.test_export import HANDED

READING = Reading(file="egna-ord.json", today=TODAY, now=NOW)
STEP = Item(sheet="step", id="a" * 32, texts={"title": "Gå ut", "state": "trying"}, at=NOW)
DREAM = Item(sheet="dream", id=ONE, texts={"dream": "Ett växthus"}, at=NOW)


def on_board(*items: Item, **more: Any) -> list[Any]:
    """Items, and the board that lists them in this order."""
    return [
        *items,
        Board(name="plan", lines=tuple(sheet_called(one.sheet).line(one) for one in items), **more),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {"sheet": "x"}, {"id": "../x"}, {"id": ONE}, {"sheet": "dream", "texts": {}}, {"edition": 0},
        {"edition": 10**9}, {"texts": {"title": "x", "colour": "x"}}, {"texts": {"title": "x" * 1_000_001}},
        {"texts": {"state": "<b>"}}, {"texts": {"kind": "nonsense"}}, {"at": NOW.replace(tzinfo=None)},
        {"at": NOW + timedelta(days=2)}, {"at": NOW.replace(year=1890)},
        {"earlier": (Version(at=NOW, texts={"x": "x"}),)}, {"beside": (Version(at=NOW.replace(year=1), texts={}),)},
        {"earlier": (Version(at=NOW, texts={}),) * 5_001},
        {"sheet": "goal", "texts": {"goal": "x", "review": "0026-01-01"}},
        {"sheet": "goal", "texts": {"goal": "x", "review": "snart"}},
        {"sheet": "area", "id": "vardag", "texts": {"marks": "<script>"}},
        {"sheet": "area", "id": "rymden", "texts": {}},
    ],
    ids=lambda bad: f"{bad}"[:60],
)  # fmt: skip
def test_an_item_that_no_page_makes_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(CannotRead):
        check_item(replace(STEP, **bad), READING)
    with pytest.raises(CannotRead):
        check_bin(ItemBin(items=(replace(STEP, **bad),)), READING)


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "x"}, {"lines": (Line(sheet="x", id="a" * 32, title=""),)},
        {"lines": (Line(sheet="step", id="x", title=""),)}, {"lines": (Line(sheet="dream", id=ONE, title=""),) * 5_001},
    ],
    ids=lambda bad: f"{bad}"[:40],
)  # fmt: skip
def test_a_board_that_no_page_makes_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(CannotRead):
        check_board(replace(Board(name="plan"), **bad), READING)


@pytest.mark.parametrize(
    "bad", [{"sheet": "x"}, {"id": "x"}, {"edition": -1}, {"texts": {"x": "x"}}], ids=str
)
def test_a_draft_that_no_page_makes_is_refused(bad: dict[str, Any]) -> None:
    draft = ItemDraft(sheet="step", id="b" * 32, edition=0, texts={"title": "halv"})
    with pytest.raises(CannotRead):
        check_draft(replace(draft, **bad), READING)


def test_nul_is_left_out_and_everything_else_kept() -> None:
    title = "<script>‮a\0b😀</script>"
    assert check_item(replace(STEP, texts={"title": title}), READING).texts["title"] == title.replace(
        "\0", ""
    )


def test_the_order_survives_the_journey(person: Person, other_host: Person) -> None:
    """A16: an empty account gets the items in the order they had, and a plan that rests goes on resting."""
    steps = [replace(STEP, id=sign * 32) for sign in "c3a1"]
    person.lives(*on_board(*steps, DREAM, rests=True))
    assert other_host.reads_in(person.export()).items == 5
    assert other_host.holds() == person.holds()


def test_what_comes_in_stands_after_what_is_here(person: Person, other_host: Person) -> None:
    mine = [replace(STEP, id=sign * 32) for sign in "9f"]
    person.lives(*on_board(*(replace(STEP, id=sign * 32) for sign in "c3f9a1"), rests=True))
    other_host.lives(*on_board(*mine))
    other_host.reads_in(person.export())
    board = other_host.holds()["board/plan"]
    assert [line.id[0] for line in board.lines] == list("9fc3a1")
    assert not board.rests
    assert other_host.reads_in(person.export()).is_nothing


@pytest.mark.parametrize("item", [STEP, DREAM], ids=lambda one: one.sheet)
def test_other_words_stand_beside_until_one_is_chosen(item: Item, person: Person, other_host: Person) -> None:
    """Hard rule 8; also what either said before is there."""
    heading = next(iter(item.texts))
    before = Version(at=NOW, texts={heading: "Förut"})
    person.lives(*on_board(replace(item, earlier=(before,))))
    here = replace(item, texts={heading: "Här"}, earlier=(replace(before, texts={heading: "Här förut"}),))
    other_host.lives(*on_board(here))
    outcome = other_host.reads_in(person.export())
    assert (outcome.versions, outcome.items) == (1, 0)
    now = other_host.holds()[keeping.item_record(item.sheet, item.id)]
    assert now.texts == {heading: "Här"} and [one.texts for one in now.beside] == [item.texts]
    assert {one.texts[heading] for one in now.earlier} == {"Förut", "Här förut"}
    assert other_host.reads_in(person.export()).is_nothing
    keeping.choose(other_host.drawer, sheet_called(item.sheet), item.id, "mine", now.edition, NOW)
    assert other_host.reads_in(person.export()).is_nothing


def test_the_bin_stays_the_bin(person: Person, other_host: Person) -> None:
    """What was taken away here stays away, with the same words; what was taken away there is not put back."""
    person.lives(*on_board(STEP), ItemBin(items=(replace(STEP, id="b" * 32),)))
    other_host.lives(ItemBin(items=(STEP,)))
    outcome = other_host.reads_in(person.export())
    assert (outcome.items, outcome.in_bin, outcome.removed) == (0, 1, 1)
    assert [one.id[0] for one in other_host.holds()["item-bin"].items] == ["a", "b"]
    assert other_host.reads_in(person.export()).is_nothing


def test_other_words_of_what_lies_in_the_bin_are_a_thing_of_their_own(
    person: Person, other_host: Person
) -> None:
    other = replace(STEP, texts={"title": "Något annat"})
    person.lives(*on_board(STEP), ItemBin(items=(replace(STEP, id="b" * 32),)))
    other_host.lives(*on_board(replace(other, id="b" * 32)), ItemBin(items=(other,)))
    assert other_host.reads_in(person.export()).items == 1
    held = other_host.holds()
    assert sorted(one.texts["title"] for one in held.values() if isinstance(one, Item)) == [
        "Gå ut",
        "Något annat",
    ]
    assert sorted(one.texts["title"] for one in held["item-bin"].items) == ["Gå ut", "Något annat"]
    assert other_host.reads_in(person.export()).is_nothing


def test_the_only_dream_in_two_bins_is_one_with_both_words(person: Person, other_host: Person) -> None:
    person.lives(ItemBin(items=(DREAM,)))
    other_host.lives(ItemBin(items=(replace(DREAM, texts={"dream": "En båt"}),)))
    other_host.reads_in(person.export())
    (gone,) = other_host.holds()["item-bin"].items
    assert {gone.texts["dream"], *(one.texts["dream"] for one in gone.earlier)} == {"En båt", "Ett växthus"}
    assert other_host.reads_in(person.export()).is_nothing


def test_a_draft_stands_in_its_fields_again(person: Person, other_host: Person) -> None:
    """Hard rule 8: below what stands there; of an item that is not here it begins a new one."""
    draft = ItemDraft(sheet="step", id="b" * 32, edition=0, texts={"note": "från filen"})
    lost = ItemDraft(sheet="step", id="c" * 32, edition=7, texts={"title": "utan sitt steg"})
    person.lives(draft, lost)
    other_host.lives(replace(draft, texts={"note": "här"}))
    assert other_host.reads_in(person.export()).drafts == 2
    found = [one for one in other_host.holds().values() if isinstance(one, ItemDraft)]
    assert {one.texts.get("note", "") for one in found} == {"här\n\nfrån filen", ""}
    assert [one.edition for one in found] == [0, 0]
    assert other_host.reads_in(person.export()).is_nothing


def test_a_draft_that_was_saved_since_is_not_begun_again(person: Person, other_host: Person) -> None:
    person.lives(ItemDraft(sheet="step", id=STEP.id, edition=0, texts={"title": "Gå ut"}))
    other_host.lives(*on_board(STEP))
    assert other_host.reads_in(person.export()).is_nothing


def test_what_was_handed_over_of_an_item_can_be_read(person: Person) -> None:
    """D31: in the file of what was handed over, with what was chosen of it."""
    copy = ItemCopy(sheet="step", texts={"title": "Sitta en kvart", "smallest": "Gå dit"})
    person.lives(
        replace(HANDED, item=f"step/{STEP.id}", share=replace(HANDED.share, kind="step", body=_body(copy)))
    )
    with zipfile.ZipFile(BytesIO(person.export())) as zip_:
        told = zip_.read("lamnat.md").decode()
    assert "> Sitta en kvart" in told and "> Gå dit" in told
    assert person.reads_in(person.export()).is_nothing


def _body(copy: ItemCopy) -> str:
    return encode(copy).decode()
