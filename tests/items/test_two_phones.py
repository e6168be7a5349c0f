"""Two phones edit one item in any order: nothing that was typed is ever out of reach, and the board says what it says.

A model beside the real drawer: every text that a page took is still what it says, said before, says beside, or lies in
the bin with (hard rule 8; vault.md, rule 7).
"""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from server.circle.kinds import NoSuchItem
from server.core.database import Base, Database
from server.items import inputs, keeping, saying
from server.items.keeping import ItemChanged
from server.items.payloads import Item
from server.items.sheets import ONE
from server.plan.sheets import BOARD, DREAM, STEP
from server.vault.drawer import Drawer
from server.vault.ways_in import new_account
from tests.items.test_keeping import NOW, A

PHONES = st.sampled_from(["one", "other"])
WORDS = st.sampled_from(["Gå ut", "Gå hem", "Gå ut och hem", "rad\nrad", "😀", "שלום"])
STATES = st.sampled_from(["", "trying", "resting", "done", "tried"])


class TwoPhones(RuleBasedStateMachine):
    """Each phone holds the edition that its page was drawn from; both may be old."""

    sheet, item_id, heading = STEP, A, "title"

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.database = Database(f"sqlite:///{Path(self.folder.name) / 'two.db'}", durable=False)
        Base.metadata.create_all(self.database.engine)
        self.transaction = self.database.write()
        db = self.transaction.__enter__()
        self.drawer = Drawer(db, new_account(db, now=NOW)[0])
        self.seen = {"one": 0, "other": 0}
        self.typed = set[str]()

    def teardown(self) -> None:
        self.transaction.__exit__(None, None, None)
        self.database.engine.dispose()
        self.folder.cleanup()

    @rule(phone=PHONES)
    def looks(self, phone: str) -> None:
        item = keeping.peek(self.drawer, self.sheet, self.item_id).get(self.item_id)
        self.seen[phone] = item.edition if item else 0

    @rule(phone=PHONES, words=WORDS)
    def saves(self, phone: str, words: str) -> None:
        """Refused, it stands on that phone's page, so it is typed only when it was taken."""
        with suppress(ItemChanged, NoSuchItem):
            args = (self.drawer, self.sheet, self.item_id, {self.heading: words}, self.seen[phone], NOW)
            self.seen[phone] = keeping.save(*args).edition
            self.typed.add(words)

    @rule(phone=PHONES, words=WORDS)
    def saves_after_the_lock(self, phone: str, words: str) -> None:
        """As the tray joins it: it was taken, whatever has happened meanwhile."""
        texts, seen = {self.heading: words}, self.seen[phone]
        try:
            keeping.save(self.drawer, self.sheet, self.item_id, texts, seen, NOW)
        except ItemChanged:
            keeping.tell_beside(self.drawer, self.sheet, self.item_id, texts, NOW)
        except NoSuchItem:
            keeping.begin(self.drawer, self.sheet, inputs.beside(self.item_id, texts), texts, NOW)
        self.typed.add(words)

    @rule(state=STATES)
    def taps(self, state: str) -> None:
        if self.sheet.state:
            with suppress(NoSuchItem):
                keeping.alter(self.drawer, self.sheet, self.item_id, {"state": state}, NOW)

    @rule(phone=PHONES)
    def undoes(self, phone: str) -> None:
        with suppress(ItemChanged, NoSuchItem):
            keeping.undo(self.drawer, self.sheet, self.item_id, self.seen[phone], NOW)

    @rule(phone=PHONES, how=st.sampled_from(["mine", "theirs", "both"]))
    def chooses(self, phone: str, how: str) -> None:
        with suppress(ItemChanged, NoSuchItem):
            keeping.choose(self.drawer, self.sheet, self.item_id, how, self.seen[phone], NOW)

    @rule(phone=PHONES, number=st.integers(0, 3))
    def takes_an_earlier_one_back(self, phone: str, number: int) -> None:
        with suppress(ItemChanged, NoSuchItem):
            keeping.restore(self.drawer, self.sheet, self.item_id, number, self.seen[phone], NOW)

    @rule()
    def takes_away(self) -> None:
        keeping.take_away(self.drawer, self.sheet, self.item_id)

    @rule()
    def puts_back(self) -> None:
        with suppress(NoSuchItem):
            keeping.put_back(self.drawer, self.sheet, self.item_id)

    @invariant()
    def nothing_typed_is_out_of_reach(self) -> None:
        """Also on its pages: an earlier version can be read there unless it says what the next one says."""
        reach = set[str]()
        for item in (*self.items(), *keeping.bin_of(self.drawer)):
            shown = [version for _number, version in saying.versions(self.sheet, item)]
            reach |= {one.texts.get(self.heading, "") for one in (*shown, *item.beside)}
            reach.add(item.texts.get(self.heading, ""))
        assert self.typed <= reach

    @invariant()
    def the_board_says_what_the_items_say(self) -> None:
        lines = keeping.read_board(self.drawer, BOARD).lines
        assert sorted(lines, key=lambda line: line.id) == [self.sheet.line(item) for item in self.items()]

    def items(self) -> list[Item]:
        held = (record.payload for record in self.drawer.shelf(keeping.shelf_of(BOARD)))
        return sorted(held, key=lambda item: item.id)


class TwoPhonesOneDream(TwoPhones):
    """There is one dream: what is begun anew has the name of what was taken away."""

    sheet, item_id, heading = DREAM, ONE, "dream"


def live(phones: Any, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        phones,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("phones", [TwoPhones, TwoPhonesOneDream])
def test_nothing_is_lost_between_two_phones(phones: Any) -> None:
    live(phones, examples=12, steps=20)


@pytest.mark.long
@pytest.mark.parametrize("phones", [TwoPhones, TwoPhonesOneDream])
def test_nothing_is_lost_however_long_it_goes_on(phones: Any) -> None:
    live(phones, examples=300, steps=50)
