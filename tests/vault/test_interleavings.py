"""Two phones change ways in, keys and words in any order, each with whatever keyring it last saw.

Whatever they do: at least one way in works, each way in that should open does, no other does, and every word
that was acknowledged opens.
"""

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection, select

from server.core import ids
from server.core.database import Base, Database
from server.vault import codes
from server.vault.cards import Card, confirm_card
from server.vault.drawer import Drawer
from server.vault.errors import (
    CannotOpen,
    KeyringChanged,
    LastWayIn,
    NoSuchWayIn,
    NothingToUndo,
    RecordChanged,
    RecordExists,
    WrongCard,
)
from server.vault.keyring import Keyring
from server.vault.mailbox import drop
from server.vault.models import RecordRow
from server.vault.removing import close_device, remove, undo_remove
from server.vault.rotation import finish_epoch, reseal, rotate
from server.vault.sealing import Secret
from server.vault.tray import collect, leave, open_tray
from server.vault.ways_in import add_once, device_slot, new_account, use_once
from tests.vault.household import KINDS, NOW, Holder, add

PHONES = st.sampled_from([0, 1])
NAMES = st.sampled_from([f"day/{n}" for n in range(6)])
ANY = st.integers(0, 99)
# What a phone with an old keyring, or one that was too late, may be told. Everything else is a fault.
REFUSED = (KeyringChanged, RecordChanged, RecordExists, CannotOpen)


def one_of(things: Any, which: int) -> Any:
    return sorted(things, key=repr)[which % len(things)]


class TwoPhones(RuleBasedStateMachine):
    note: Any

    @initialize()
    def begin(self) -> None:
        self.seed = ids.seeded("two phones")  # so that an example that failed fails again
        self.seed.__enter__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(f"sqlite:///{Path(self.folder.name) / 'vault.db'}", durable=False)
        Base.metadata.create_all(self.database.engine)
        with self.database.write() as db:
            keyring, key, half = new_account(db, now=NOW)
            tray = open_tray(db, keyring)
        first = Holder("device", half.as_text(), device_slot(half))
        self.works, self.gone = {first.slot: first}, dict[bytes, Holder]()
        self.phones: list[tuple[Keyring, Secret]] = [(keyring, key), (keyring, key)]
        self.words, self.left = dict[str, str](), list[str]()
        self.tray, self.half, self.told = tray, half, 0

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.seed.__exit__(None, None, None)
            self.database.engine.dispose()
            self.folder.cleanup()

    def text(self) -> str:
        self.told += 1
        return f"words {self.told}"

    def is_news(self, phone: int, after: tuple[Keyring, Secret]) -> bool:
        """Whether something was changed: what the phone saw as done already may be old news."""
        before, self.phones[phone] = self.phones[phone], after
        return after[0].generation != before[0].generation

    def fresh(self, db: Connection) -> tuple[Keyring, Secret]:
        return next(iter(self.works.values())).open(db)

    @rule(phone=PHONES, which=ANY)
    def come_in(self, phone: int, which: int) -> None:
        with self.database.write() as db:
            self.phones[phone] = one_of(self.works.values(), which).open(db)

    @rule(phone=PHONES, kind=st.sampled_from(KINDS))
    def add_a_way_in(self, phone: int, kind: str) -> None:
        keyring, key = self.phones[phone]
        with suppress(*REFUSED):
            with self.database.write() as db:
                keyring, holder = add(db, keyring, key, kind)
            self.phones[phone], self.works[holder.slot] = (keyring, key), holder

    @rule(phone=PHONES)
    def hand_over_by_link(self, phone: int) -> None:
        with suppress(*REFUSED):
            with self.database.write() as db:
                token = add_once(db, *self.phones[phone], now=NOW)
            with self.database.write() as db:
                keyring, key, half = use_once(db, token, now=NOW)
            self.works[device_slot(half)] = Holder("device", half.as_text(), device_slot(half))
            self.phones[phone] = keyring, key

    @rule(phone=PHONES, which=ANY)
    def type_a_card_back(self, phone: int, which: int) -> None:
        cards = [holder for holder in (self.works | self.gone).values() if holder.kind == "card"]
        if not cards:
            return
        card = one_of(cards, which)
        with suppress(*REFUSED, WrongCard):
            with self.database.write() as db:
                after = confirm_card(db, *self.phones[phone], Card.parse(card.secret), now=NOW)
            if self.is_news(phone, after):
                assert card.slot in self.works
                self.works = {s: h for s, h in self.works.items() if h.kind != "card" or s == card.slot}

    @rule(phone=PHONES, which=ANY)
    def remove_a_way_in(self, phone: int, which: int) -> None:
        keyring, key = self.phones[phone]
        slot = one_of(keyring.slots, which)
        try:
            with self.database.write() as db:
                self.phones[phone] = remove(db, keyring, key, slot, now=NOW)
        except (LastWayIn, *REFUSED):
            return
        self.gone[slot] = self.works.pop(slot)

    @rule(phone=PHONES)
    def lock_the_first_phone_for_real(self, phone: int) -> None:
        with suppress(LastWayIn, *REFUSED):
            with self.database.write() as db:
                after = close_device(db, *self.phones[phone], self.half, now=NOW)
            if self.is_news(phone, after):
                del self.works[device_slot(self.half)]

    @rule(phone=PHONES, which=ANY)
    def take_a_removal_back(self, phone: int, which: int) -> None:
        keyring, key = self.phones[phone]
        if not keyring.removed:
            return
        slot = one_of(keyring.removed, which)
        with suppress(NothingToUndo, *REFUSED):
            with self.database.write() as db:
                self.phones[phone] = undo_remove(db, keyring, key, slot, now=NOW), key
            self.works[slot] = self.gone.pop(slot)

    @rule(phone=PHONES)
    def change_the_locks(self, phone: int) -> None:
        with suppress(*REFUSED), self.database.write() as db:
            self.phones[phone] = rotate(db, self.phones[phone][0], ())

    @rule(phone=PHONES)
    def re_seal_and_finish(self, phone: int) -> None:
        self.re_seal_a_slice(phone)
        self.finish(phone)

    @rule(phone=PHONES)
    def re_seal_a_slice(self, phone: int) -> None:
        with self.database.write() as db:
            reseal(db, self.phones[phone][0], budget=0)

    def finish(self, phone: int) -> None:
        with suppress(*REFUSED), self.database.write() as db:
            keyring, key = self.phones[phone]
            self.phones[phone] = finish_epoch(db, keyring, key), key

    @rule(phone=PHONES, name=NAMES)
    def write(self, phone: int, name: str) -> None:
        text = self.text()
        with suppress(*REFUSED):
            with self.database.write() as db:
                drawer = Drawer(db, self.phones[phone][0])
                found = drawer.find(name).get(name)
                payload = self.note(text)
                put = drawer.replace(found, payload) if found else drawer.put("days", name, payload)
                assert put.epoch == self.fresh(db)[0].epoch  # never under a key that a removed phone knows
            self.words[name] = text

    @rule(phone=PHONES, name=NAMES)
    def take_words_away(self, phone: int, name: str) -> None:
        with suppress(*REFUSED):
            with self.database.write() as db:
                drawer = Drawer(db, self.phones[phone][0])
                drawer.remove(drawer.find(name)[name]) if name in self.words else None
            self.words.pop(name, None)

    @rule()
    def leave_in_the_tray(self) -> None:
        text = self.text()
        with self.database.write() as db:
            leave(db, self.tray, self.note(text))
        self.left.append(text)

    @precondition(lambda self: self.left)
    @rule()
    def join_what_was_left(self) -> None:
        with self.database.write() as db:
            keyring, _ = self.fresh(db)
            waiting = collect(db, keyring)
            drop(db, keyring, [letter for letter, _ in waiting])
        assert sorted(payload.text for _, payload in waiting) == sorted(self.left)
        self.left = []

    @invariant()
    def every_way_in_that_should_open_does_and_no_other(self) -> None:
        with self.database.write() as db:
            opened = [holder.open(db) for holder in self.works.values()]
            keyring, key = opened[-1]
            assert {key.reveal() for _, key in opened} == {key.reveal()}
            assert set(keyring.slots) == set(self.works)
            assert any(holder.kind != "code" for holder in self.works.values())
            for holder in self.gone.values():
                with pytest.raises(NoSuchWayIn):
                    holder.open(db)
            db.rollback()  # looking makes no pending way in active

    @invariant()
    def every_acknowledged_word_opens(self) -> None:
        with self.database.write() as db:
            keyring, _ = self.fresh(db)
            drawer = Drawer(db, keyring)
            assert {name: r.payload.text for name, r in drawer.find(*self.words).items()} == self.words
            assert len(drawer.shelf("days")) == len(self.words)
            assert set(db.execute(select(RecordRow.epoch)).scalars()) <= set(keyring.keys)
            assert sorted(payload.text for _, payload in collect(db, keyring)) == sorted(self.left)
            db.rollback()


@pytest.mark.parametrize(
    ("examples", "steps"), [(25, 40), pytest.param(500, 80, marks=pytest.mark.long)], ids=["short", "long"]
)
def test_whatever_two_phones_do_the_account_opens(
    note: Any, examples: int, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 3: interleavings of adding, removing, rotating, undoing keep at least one way in."""
    monkeypatch.setattr(TwoPhones, "note", note, raising=False)
    assert codes.STRETCH.n == 2

    class Machine(TwoPhones):
        pass

    Machine.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    Machine.TestCase().runTest()
