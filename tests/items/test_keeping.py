"""Keeping items: nothing that was written is written over, and the board says what the items say (hard rule 8)."""

from datetime import UTC, datetime, timedelta

import pytest

from server.circle.kinds import NoSuchItem
from server.items import drafts, keeping, saying
from server.items.keeping import ItemChanged, TooManyItems
from server.items.payloads import Item, Texts
from server.items.sheets import ONE, Sheet
from server.plan.sheets import AREA, BOARD, DREAM, GOAL, STEP
from server.vault.drawer import Drawer

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
A, B, C = ("a" * 32, "b" * 32, "c" * 32)


def step(drawer: Drawer, item_id: str = A, title: str = "Gå ut", **texts: str) -> Item:
    return keeping.begin(drawer, STEP, item_id, {"title": title, **texts}, NOW)


def on_board(drawer: Drawer) -> list[str]:
    return [line.title for line in keeping.read_board(drawer, BOARD).lines]


def words_of(item: Item) -> list[Texts]:
    """Everything it says and said, wherever."""
    return [item.texts, *(one.texts for one in (*item.earlier, *item.beside))]


def test_begun_twice_is_once(drawer: Drawer) -> None:
    assert step(drawer) == step(drawer)
    assert on_board(drawer) == ["Gå ut"]


def test_the_same_form_sent_again_is_one_item(drawer: Drawer) -> None:
    for _ in range(2):
        saved = keeping.save(drawer, STEP, A, {"title": "Gå ut", "note": ""}, 0, NOW)
    assert (saved.edition, saved.earlier) == (1, ())


@pytest.mark.parametrize(
    ("sheet", "item_id"), [(STEP, A), (DREAM, ONE)], ids=lambda one: getattr(one, "name", "")
)
def test_two_phones_that_begin_the_same_are_both_kept(sheet: Sheet, item_id: str, drawer: Drawer) -> None:
    """vault.md, rule 7: the second is told, and the first stands as it was."""
    name = sheet.written[0].name
    keeping.save(drawer, sheet, item_id, {name: "den ena"}, 0, NOW)
    with pytest.raises(ItemChanged) as changed:
        keeping.save(drawer, sheet, item_id, {name: "den andra"}, 0, LATER)
    assert changed.value.theirs.texts == {name: "den ena"} == keeping.find(drawer, sheet, item_id).texts


def test_two_windows(drawer: Drawer) -> None:
    step(drawer)
    keeping.tell(drawer, STEP, A, {"title": "Den ena"}, 1, LATER)
    with pytest.raises(ItemChanged) as changed:
        keeping.tell(drawer, STEP, A, {"title": "Den andra"}, 1, LATER)
    assert changed.value.theirs.texts["title"] == "Den ena"
    assert (
        keeping.tell(drawer, STEP, A, {"title": "Den ena"}, 1, LATER).edition == 2
    )  # the same words are no other
    assert on_board(drawer) == ["Den ena"]


def test_the_latest_tap_counts_and_undo_takes_it_back(drawer: Drawer) -> None:
    """A9, A13: how it stands is one tap, back as short."""
    step(drawer)
    for state in ("trying", "resting"):
        tapped = keeping.alter(drawer, STEP, A, {"state": state}, LATER)
    assert keeping.read_board(drawer, BOARD).lines[0].state == "resting"
    back = keeping.undo(drawer, STEP, A, tapped.edition, LATER)
    assert back and back.texts["state"] == "trying"
    assert keeping.read_board(drawer, BOARD).lines[0].state == "trying"
    assert not saying.versions(STEP, back)


def test_a_tap_makes_no_open_form_an_old_one(drawer: Drawer) -> None:
    """Nobody is shown two versions of words that are the same; and words that moved on are found behind any taps."""
    step(drawer, note="tyst")
    for state in ("trying", "done"):
        tapped = keeping.alter(drawer, STEP, A, {"state": state}, LATER)
    keeping.undo(drawer, STEP, A, tapped.edition, LATER)
    told = keeping.tell(drawer, STEP, A, {"title": "Nytt"}, 1, LATER)
    assert told.texts == {"title": "Nytt", "note": "tyst", "state": "trying"}
    keeping.alter(drawer, STEP, A, {"state": "done"}, LATER)
    for stale in (1, tapped.edition):
        with pytest.raises(ItemChanged):
            keeping.tell(drawer, STEP, A, {"title": "Annat"}, stale, LATER)
    assert keeping.tell(drawer, STEP, A, {"title": "Annat"}, told.edition, LATER).texts["state"] == "done"


def test_taps_push_no_words_out(drawer: Drawer) -> None:
    """A tap is no text: two hundred of them leave what was written before."""
    step(drawer, title="Först")
    item = keeping.tell(drawer, STEP, A, {"title": "Sedan"}, 1, LATER)
    for number in range(200):
        item = keeping.alter(drawer, STEP, A, {"state": ("trying", "resting")[number % 2]}, LATER)
    assert [one.texts["title"] for _n, one in saying.versions(STEP, item)] == ["Först"]
    assert len(item.earlier) == 2


def test_what_was_undone_can_be_read_and_taken_back(drawer: Drawer) -> None:
    step(drawer, title="Först")
    told = keeping.tell(drawer, STEP, A, {"title": "Ångrat"}, 1, LATER)
    back = keeping.undo(drawer, STEP, A, told.edition, LATER)
    assert back and back.texts["title"] == "Först"
    ((number, undone),) = saying.versions(STEP, back)
    assert undone.texts["title"] == "Ångrat"
    again = keeping.restore(drawer, STEP, A, number, back.edition, LATER)
    assert (again.texts["title"], on_board(drawer)) == ("Ångrat", ["Ångrat"])


def test_a_new_one_that_is_undone_lies_in_the_bin(drawer: Drawer) -> None:
    assert keeping.undo(drawer, STEP, A, step(drawer).edition, NOW) is None
    assert (on_board(drawer), [item.id for item in keeping.bin_of(drawer)]) == ([], [A])


def test_nothing_is_undone_or_taken_back_from_an_old_page(drawer: Drawer) -> None:
    step(drawer, title="Först")
    item = keeping.tell(drawer, STEP, A, {"title": "Sedan"}, 1, LATER)
    for stale in (1, 3):
        with pytest.raises(ItemChanged):
            keeping.undo(drawer, STEP, A, stale, LATER)
        with pytest.raises(ItemChanged):
            keeping.restore(drawer, STEP, A, 0, stale, LATER)
    with pytest.raises(NoSuchItem):
        keeping.restore(drawer, STEP, A, 7, item.edition, LATER)
    assert keeping.find(drawer, STEP, A) == item


@pytest.mark.parametrize(
    ("how", "title", "note"),
    [("mine", "Gå ut", "tyst"), ("theirs", "Gå hem", "mörkt"), ("both", "Gå ut / Gå hem", "tyst\n\nmörkt")],
)
def test_two_phones_and_one_choice(how: str, title: str, note: str, drawer: Drawer) -> None:
    step(drawer, note="tyst", state="trying")
    for _ in range(2):
        item = keeping.tell_beside(drawer, STEP, A, {"title": "Gå hem", "note": "mörkt"}, LATER)
    assert [one.texts["title"] for one in item.beside] == ["Gå hem"]
    for _ in range(2):
        try:
            item = keeping.choose(drawer, STEP, A, how, item.edition, LATER)
        except ItemChanged:
            break  # from a page that was chosen on already
    assert (item.texts["title"], item.texts["note"], item.texts["state"]) == (title, note, "trying")
    assert {one["note"] for one in words_of(item)} >= {"tyst", "mörkt"}
    assert not item.beside
    assert not keeping.tell_beside(drawer, STEP, A, {"title": "Gå hem", "note": "mörkt"}, LATER).beside
    assert on_board(drawer) == [title]


@pytest.mark.parametrize("how", ["mine", "theirs", "both"])
@pytest.mark.parametrize("state", ["done", ""])
def test_which_words_are_chosen_moves_no_tap(how: str, state: str, drawer: Drawer) -> None:
    """What is done stays done, so that its frame is asked for (row B20), and what is not is not made so."""
    step(drawer, state="trying")
    keeping.tell_beside(drawer, STEP, A, {"title": "Gå hem"}, LATER)
    item = keeping.alter(drawer, STEP, A, {"state": state}, LATER)
    chosen = keeping.choose(drawer, STEP, A, how, item.edition, LATER)
    assert chosen.texts.get("state", "") == state == keeping.read_board(drawer, BOARD).lines[0].state


def test_nothing_can_be_the_one_that_is_kept(drawer: Drawer) -> None:
    keeping.begin(drawer, DREAM, ONE, {}, NOW)
    item = keeping.tell_beside(drawer, DREAM, ONE, {"dream": "En båt"}, LATER)
    kept = keeping.choose(drawer, DREAM, ONE, "mine", item.edition, LATER)
    assert kept.texts == {} and {"dream": "En båt"} in words_of(kept)


def test_the_bin(drawer: Drawer) -> None:
    step(drawer)
    for _ in range(2):
        keeping.take_away(drawer, STEP, A)
    assert [item.id for item in keeping.bin_of(drawer)] == [A]
    with pytest.raises(NoSuchItem):
        keeping.find(drawer, STEP, A)
    keeping.put_back(drawer, STEP, A)
    assert (on_board(drawer), keeping.bin_of(drawer)) == (["Gå ut"], ())
    with pytest.raises(NoSuchItem):
        keeping.put_back(drawer, STEP, A)
    keeping.take_away(drawer, STEP, A)
    for _ in range(2):
        keeping.destroy(drawer, STEP, A)
    assert keeping.bin_of(drawer) == ()


def test_a_dream_that_is_put_back_beside_a_new_one(drawer: Drawer) -> None:
    """There is one dream: the one in the bin and the one since are both there, and the owner chooses."""
    keeping.begin(drawer, DREAM, ONE, {"dream": "En båt"}, NOW)
    keeping.take_away(drawer, DREAM, ONE)
    keeping.begin(drawer, DREAM, ONE, {"dream": "Ett växthus"}, LATER)
    both = keeping.put_back(drawer, DREAM, ONE)
    assert both.texts == {"dream": "Ett växthus"} and [one.texts for one in both.beside] == [
        {"dream": "En båt"}
    ]
    assert keeping.bin_of(drawer) == () and on_board(drawer) == ["Ett växthus"]


def test_a_dream_that_is_taken_away_after_another(drawer: Drawer) -> None:
    for dream in ("En båt", "Ett växthus"):
        keeping.begin(drawer, DREAM, ONE, {"dream": dream}, NOW)
        keeping.take_away(drawer, DREAM, ONE)
    (gone,) = keeping.bin_of(drawer)
    assert words_of(gone) == [{"dream": "Ett växthus"}, {"dream": "En båt"}]


def test_a_dream_that_was_taken_away_while_it_was_written_begins_anew(drawer: Drawer) -> None:
    keeping.begin(drawer, DREAM, ONE, {"dream": "En båt"}, NOW)
    keeping.take_away(drawer, DREAM, ONE)
    assert keeping.save(drawer, DREAM, ONE, {"dream": "Ett växthus"}, 1, LATER).edition == 1


def test_moving_at_the_ends(drawer: Drawer) -> None:
    """Among those of the same sort that hang on the same; another sort in between is stepped over."""
    for item_id, title in ((A, "ett"), (B, "två")):
        step(drawer, item_id, title)
    keeping.begin(drawer, GOAL, C, {"goal": "mål"}, NOW)
    step(drawer, C, "tre")
    assert not keeping.move(drawer, BOARD, f"step/{A}", -1)
    assert not keeping.move(drawer, BOARD, f"step/{C}", 1)
    assert not keeping.move(drawer, BOARD, "step/nothing", 1)
    assert not keeping.move(drawer, BOARD, f"goal/{C}", 1)
    assert on_board(drawer) == ["ett", "två", "mål", "tre"]
    assert keeping.move(drawer, BOARD, f"step/{C}", -1)
    assert on_board(drawer) == ["ett", "tre", "mål", "två"]


def test_a_board_has_room_for_five_hundred(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    """And those that are there can still be changed. Tried with three: writing five hundred takes a while."""
    assert keeping.MOST_LINES == 500
    monkeypatch.setattr(keeping, "MOST_LINES", 3)
    for item_id in (A, B, C):
        step(drawer, item_id)
    with pytest.raises(TooManyItems):
        step(drawer, "d" * 32)
    assert keeping.tell(drawer, STEP, A, {"title": "Nytt"}, 1, LATER).edition == 2


def test_a_whole_plan_rests_and_wakes(drawer: Drawer) -> None:
    """A9: one tap."""
    step(drawer)
    for rests in (True, True, False):
        keeping.pause(drawer, BOARD, rests)
        assert keeping.read_board(drawer, BOARD).rests is rests
    assert on_board(drawer) == ["Gå ut"]


def test_an_area_is_one_of_eight(drawer: Drawer) -> None:
    keeping.begin(drawer, AREA, "hem", {"now": "Trångt\nmen ljust"}, NOW)
    (line,) = keeping.read_board(drawer, BOARD).lines
    assert (line.id, line.title) == ("hem", "Trångt")


def test_drafts(drawer: Drawer) -> None:
    drafts.keep(drawer, STEP, A, {"title": "", "note": ""}, 0)
    assert drafts.read(drawer, STEP, A) is None
    for note in ("halv", "halvvägs"):
        drafts.keep(drawer, STEP, A, {"title": "", "note": note}, 0)
    drafts.keep(drawer, GOAL, B, {"goal": "mål"}, 0)
    assert [draft.texts for draft in drafts.all_of(drawer, STEP)] == [{"note": "halvvägs"}]
    for _ in range(2):
        drafts.forget(drawer, STEP, A)
    assert drafts.read(drawer, STEP, A) is None
