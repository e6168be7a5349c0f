"""Who has the ball: days are the actor's, the way is kept, and what stands still has ways on."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from server.circle import matters, people
from server.circle.matters import Holder, Told
from server.circle.payloads import ME, NOBODY, Matter, Move
from server.core import ids
from server.core.database import Database
from server.vault.drawer import Drawer
from server.vault.ways_in import new_account
from tests.world import NOW

TODAY = date(2026, 11, 19)
FIA, PIA = Holder("f" * 32, "Fia"), Holder("a" * 32, "Pia")
BENEFIT = Told(title="Sjukpenningen", since=TODAY - timedelta(days=16), waiting_for="Besked")


def begin(drawer: Drawer, told: Told = BENEFIT, holder: Holder = FIA) -> Matter:
    return matters.begin(drawer, ids.token(), told, holder)


def moves(matter: Matter) -> list[Move]:
    return [one.move for one in matter.history]


def test_the_same_id_twice_is_one_matter(drawer: Drawer) -> None:
    """Hard rule 8."""
    first = matters.begin(drawer, "a", BENEFIT, FIA)
    assert matters.begin(drawer, "a", Told(title="annat", since=TODAY), PIA) == first
    assert matters.open_matters(drawer) == [first]


def test_waiting_is_the_actors_turn(drawer: Drawer) -> None:
    """A23: sixteen days that Fia has had it; none are counted for the owner, or when nobody has it."""
    assert matters.days_waited(begin(drawer), TODAY) == 16
    for holder in (Holder(ME), Holder(NOBODY)):
        mine = begin(drawer, holder=holder)
        assert matters.days_waited(mine, TODAY) is None
        assert not matters.stands_still(mine, TODAY + timedelta(days=400))


@pytest.mark.parametrize(("days", "still"), [(0, False), (14, False), (15, True), (400, True)])
def test_it_stands_still_after_fourteen_days(days: int, still: bool, drawer: Drawer) -> None:
    """A23."""
    matter = begin(drawer, Told(title="x", since=TODAY - timedelta(days=days)))
    assert matters.stands_still(matter, TODAY) is still


def test_a_day_that_was_named_is_waited_for(drawer: Drawer) -> None:
    told = Told(title="x", since=TODAY - timedelta(days=30), by=TODAY + timedelta(days=1))
    matter = begin(drawer, told)
    assert not matters.stands_still(matter, TODAY)
    assert not matters.stands_still(matter, TODAY + timedelta(days=1))
    assert matters.stands_still(matter, TODAY + timedelta(days=2))


@pytest.mark.parametrize("what", ["asked", "note", "pass", "rest", "close"])
def test_each_way_on_gets_it_moving(what: str, drawer: Drawer) -> None:
    """A23: ask again, ask somebody, take another way."""
    matter = begin(drawer)
    assert matters.stands_still(matter, TODAY)
    ways = {
        "asked": lambda: matters.ask_again(drawer, matter.id, "e", TODAY),
        "note": lambda: matters.note(drawer, matter.id, "e", TODAY, "ringde"),
        "pass": lambda: matters.pass_on(drawer, matter.id, "e", PIA, TODAY, what="", waiting_for=""),
        "rest": lambda: matters.rest(drawer, matter.id, "e", TODAY),
        "close": lambda: matters.close(drawer, matter.id, "e", TODAY),
    }
    after = ways[what]()
    assert not matters.stands_still(after, TODAY)
    if what in ("asked", "note"):  # the actor's days go on
        assert matters.days_waited(after, TODAY) == 16


def test_the_trail_tells_who_sent_whom_where(drawer: Drawer) -> None:
    """D3: not to be sent between units, and when one is, it can be shown."""
    matter = begin(drawer)
    matters.pass_on(drawer, matter.id, "1", PIA, TODAY, what="Fia sa att Pia bestämmer.", waiting_for="Svar")
    matters.pass_on(drawer, matter.id, "2", Holder(ME), TODAY, what="", waiting_for="")
    after = matters.pass_on(drawer, matter.id, "3", FIA, TODAY, what="Tillbaka.", waiting_for="Besked")
    assert matters.sent_on(after) == [("Fia", "Pia"), ("Pia", "Fia")]
    assert [one.name for one in after.history] == ["Fia", "Pia", "", "Fia"]
    assert (after.actor, after.waiting_for, after.since) == (FIA.id, "Besked", TODAY)


def test_an_act_that_is_sent_twice_is_done_once(drawer: Drawer) -> None:
    """Hard rule 8: a double tap, a flaky net."""
    matter = begin(drawer)
    for _ in range(2):
        matters.ask_again(drawer, matter.id, "1", TODAY)
        matters.note(drawer, matter.id, "2", TODAY, "ringde")
        matters.pass_on(drawer, matter.id, "3", PIA, TODAY, what="", waiting_for="")
        matters.rest(drawer, matter.id, ids.token(), TODAY)
        matters.close(drawer, matter.id, ids.token(), TODAY)
    found = matters.find_matter(drawer, matter.id)
    assert moves(found) == [Move.TURN, Move.ASKED, Move.NOTE, Move.TURN, Move.REST, Move.CLOSE]


def test_rest_counts_nothing_and_can_end(drawer: Drawer) -> None:
    matter = begin(drawer)
    resting = matters.rest(drawer, matter.id, "1", TODAY)
    assert matters.days_waited(resting, TODAY) is None
    other = begin(drawer, Told(title="nyare", since=TODAY))
    assert [one.id for one in matters.open_matters(drawer)] == [other.id, matter.id]
    awake = matters.wake(drawer, matter.id, "2", TODAY)
    assert matters.days_waited(awake, TODAY) == 16


def test_what_is_closed_lies_on_a_shelf_of_its_own(drawer: Drawer) -> None:
    matter = begin(drawer)
    closed = matters.close(drawer, matter.id, "1", TODAY)
    assert matters.open_matters(drawer) == []
    assert matters.closed_matters(drawer) == [closed]
    again = matters.reopen(drawer, matter.id, "2", TODAY)
    assert matters.open_matters(drawer) == [again]
    assert matters.closed_matters(drawer) == []
    assert not again.closed


def test_two_tabs_that_change_the_words_meet(drawer: Drawer) -> None:
    matter = begin(drawer)
    matters.tell(drawer, matter.id, Told(title="ett", since=BENEFIT.since), matter.edition)
    with pytest.raises(matters.MatterChanged) as met:
        matters.tell(drawer, matter.id, Told(title="två", since=BENEFIT.since), matter.edition)
    assert met.value.theirs.title == "ett"
    assert matters.find_matter(drawer, matter.id).title == "ett"


def test_new_words_and_an_act_at_once_are_both_kept(drawer: Drawer) -> None:
    matter = begin(drawer)
    matters.ask_again(drawer, matter.id, "1", TODAY)
    after = matters.tell(drawer, matter.id, Told(title="ett", since=BENEFIT.since), matter.edition)
    assert (after.title, moves(after)) == ("ett", [Move.TURN, Move.ASKED])


def test_a_corrected_day_stands_in_the_trail_too(drawer: Drawer) -> None:
    matter = begin(drawer)
    after = matters.tell(drawer, matter.id, Told(title="x", since=TODAY), matter.edition)
    assert [one.on for one in after.history] == [TODAY]


def test_each_act_can_be_undone_once(drawer: Drawer) -> None:
    """Undo takes back the latest change and no other."""
    matter = begin(drawer)
    passed = matters.pass_on(drawer, matter.id, "1", PIA, TODAY, what="", waiting_for="x")
    assert not matters.undo(drawer, matter.id, matter.changes)
    assert matters.undo(drawer, matter.id, passed.changes)
    assert matters.find_matter(drawer, matter.id).affair == matter.affair
    assert not matters.undo(drawer, matter.id, passed.changes)

    closed = matters.close(drawer, matter.id, "2", TODAY)
    assert matters.undo(drawer, matter.id, closed.changes)
    assert [one.affair for one in matters.open_matters(drawer)] == [matter.affair]
    assert not matters.undo(drawer, "missing", 1)


def test_undoing_a_new_matter_loses_no_text(drawer: Drawer) -> None:
    matter = begin(drawer)
    assert matters.undo(drawer, matter.id, 1)
    assert matters.open_matters(drawer) == []
    assert people.bin_of(drawer).matters == (matter,)


@pytest.mark.parametrize("closed", [False, True])
def test_what_is_taken_away_comes_back_as_before(closed: bool, drawer: Drawer) -> None:
    matter = begin(drawer)
    if closed:
        matter = matters.close(drawer, matter.id, "1", TODAY)
    for _ in range(2):
        matters.take_away(drawer, matter.id)
    assert matters.open_matters(drawer) == matters.closed_matters(drawer) == []
    assert matters.put_back(drawer, matter.id) == matter
    assert [*matters.open_matters(drawer), *matters.closed_matters(drawer)] == [matter]
    with pytest.raises(matters.NoSuchMatter):
        matters.put_back(drawer, matter.id)


def test_the_name_stays_when_the_card_is_gone(drawer: Drawer) -> None:
    assert matters.holder_name(begin(drawer)) == "Fia"


def test_there_is_a_limit(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matters, "MOST", 1)
    monkeypatch.setattr(matters, "MOST_HAPPENINGS", 2)
    matter = begin(drawer)
    with pytest.raises(matters.TooManyMatters):
        begin(drawer)
    assert matters.begin(drawer, matter.id, BENEFIT, FIA) == matter
    matters.note(drawer, matter.id, "1", TODAY, "ett")
    with pytest.raises(matters.TooManyMatters):
        matters.note(drawer, matter.id, "2", TODAY, "två")


def test_another_persons_matter_is_not_there(db: Connection, drawer: Drawer) -> None:
    matter = begin(drawer)
    cleo = Drawer(db, new_account(db, now=NOW)[0])
    assert matters.open_matters(cleo) == matters.closed_matters(cleo) == []
    acts: list[Callable[[], object]] = [
        lambda: matters.find_matter(cleo, matter.id),
        lambda: matters.tell(cleo, matter.id, BENEFIT, 1),
        lambda: matters.note(cleo, matter.id, "1", TODAY, "x"),
        lambda: matters.close(cleo, matter.id, "1", TODAY),
        lambda: matters.put_back(cleo, matter.id),
    ]
    for act in acts:
        with pytest.raises(matters.NoSuchMatter):
            act()
    matters.take_away(cleo, matter.id)
    assert matters.find_matter(drawer, matter.id) == matter


ACTS = st.lists(
    st.sampled_from(["pass", "me", "note", "ask", "rest", "wake", "close", "reopen", "undo"]), max_size=12
)


@settings(max_examples=40, deadline=None)
@given(acts=ACTS)
def test_whatever_is_done_nothing_is_counted_for_the_owner(house: Database, acts: list[str]) -> None:
    """A23: in any order of acts, days are counted only while another has an open matter that does not rest."""
    with house.write() as db:
        drawer = Drawer(db, new_account(db, now=NOW)[0])
        matter = begin(drawer)
        for number, act in enumerate(acts):
            matter = _do(drawer, matter, act, f"{number:032x}")
        assert matters.find_matter(drawer, matter.id) == matter
        waits = matters.days_waited(matter, TODAY) is not None
        assert waits == (matter.actor not in (ME, NOBODY) and not matter.rests and matter.closed is None)
        assert not matters.stands_still(matter, TODAY) or waits
        assert [one.id for one in matters.open_matters(drawer)] == ([] if matter.closed else [matter.id])


def _do(drawer: Drawer, matter: Matter, act: str, event: str) -> Matter:
    if act == "undo":
        if matter.before is not None:
            assert matters.undo(drawer, matter.id, matter.changes)
        return matters.find_matter(drawer, matter.id)
    if act in ("pass", "me"):
        holder = PIA if act == "pass" else Holder(ME)
        return matters.pass_on(drawer, matter.id, event, holder, TODAY, what="", waiting_for="")
    if act == "note":
        return matters.note(drawer, matter.id, event, TODAY, "x")
    how = {
        "ask": matters.ask_again,
        "rest": matters.rest,
        "wake": matters.wake,
        "close": matters.close,
        "reopen": matters.reopen,
    }
    return how[act](drawer, matter.id, event, TODAY)
