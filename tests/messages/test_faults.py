"""A conversation under faults: both sides end with the same messages in the same order, each once (issue 5).

Transactions die in the middle and are tried again or not, answers get lost and the same page is sent once more, the
post is sorted late or twice, messages are changed, taken back and put back; two clocks differ by minutes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

import server.messages.sorting  # noqa: F401 - what comes in is sorted
from server.circle import post
from server.core import ids
from server.core.database import Database
from server.messages import writing
from server.messages.writing import Conversation
from server.vault.keyring import Keyring
from server.vault.sealing import Secret
from server.vault.ways_in import new_account
from tests.vault.pairs import FRANK, met
from tests.world import NOW

ADA, BEN = 0, 1
SIDES = st.sampled_from([ADA, BEN])
NUMBERS = st.integers(0, 5)
FAULTS = st.none() | st.integers(1, 14)  # at which statement the process dies
STEPS = st.one_of(
    st.tuples(st.just("send"), SIDES, NUMBERS, st.sampled_from(["hej", "🙃", "שלום"]), FAULTS),
    st.tuples(st.just("edit"), SIDES, NUMBERS, st.sampled_from(["annat", "tredje"]), FAULTS),
    st.tuples(st.just("take back"), SIDES, NUMBERS, st.just(""), FAULTS),
    st.tuples(st.just("put back"), SIDES, NUMBERS, st.just(""), FAULTS),
    st.tuples(st.just("sort"), SIDES, NUMBERS, st.just(""), FAULTS),
    st.tuples(st.just("wait"), SIDES, st.integers(0, 600), st.just(""), st.none()),
)


class Died(Exception):
    """The process is gone in the middle of a transaction."""


@dataclass
class Side:
    """One of the two, with what they should have said by now: by id, and what was last taken back."""

    keyring: Keyring
    account_key: Secret
    ahead: timedelta
    said: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=lambda: [ids.token() for _ in range(6)])
    first: dict[str, str] = field(default_factory=dict)
    sent_at: dict[str, datetime] = field(default_factory=dict)
    bin: tuple[str, str] | None = None


@contextmanager
def dying(database: Database, at: int | None) -> Iterator[Connection]:
    """A transaction that dies at its so-and-so-manieth statement, if it comes that far."""
    left = at

    def count(*_args: Any) -> None:
        nonlocal left
        if left is not None:
            left -= 1
            if left <= 0:
                left = None
                raise Died

    event.listen(database.engine, "before_cursor_execute", count)
    try:
        with database.write() as db:
            yield db
    finally:
        event.remove(database.engine, "before_cursor_execute", count)


class Two:
    """Ada and Ben, and the steps that a test lets them take."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, NOW
        with database.write() as db:
            made = [new_account(db, now=NOW) for _ in (ADA, BEN)]
        self.sides = [Side(*made[ADA][:2], timedelta(0)), Side(*made[BEN][:2], timedelta(minutes=3))]
        self.pair = met(database, self.sides[ADA], self.sides[BEN], NOW, card=ids.token()).hex()
        self._do(BEN, lambda talk: talk.take_messages(True), None)
        self.sort(ADA)
        self._do(ADA, lambda talk: talk.send("f" * 32, "först"), None)
        self.sides[ADA].said["f" * 32] = "först"
        self.sort(BEN)

    def take(self, step: tuple[str, int, int, str, int | None]) -> None:
        what, who, number, text, fault = step
        side, id = self.sides[who], self.sides[who].ids[number % 6]
        if what == "wait":
            self.now += timedelta(seconds=number)
        elif what == "sort":
            self.sort(who, fault)
        elif what == "send":
            self.send(who, id, text, fault)
        elif what == "edit" and id in side.said:
            if self._do(who, lambda talk: talk.edit(id, text), fault):
                side.said[id] = text
        elif what == "take back" and id in side.said:
            if self._do(who, lambda talk: talk.remove(id), fault):
                side.bin = (id, side.said.pop(id))
        elif what == "put back" and self._do(who, lambda talk: talk.put_back(), fault) and side.bin:
            side.said[side.bin[0]] = side.bin[1]
            side.bin = None

    def send(self, who: int, id: str, text: str, fault: int | None) -> None:
        """One page of one person: its words are sent, and sent again until an answer comes."""
        side = self.sides[who]
        if id in side.first:
            text = side.first[id]  # the same page once more
            if id not in side.said and side.bin != (id, text):
                return  # taken back, and something else since: that page is closed
        if self._do(who, lambda talk: talk.send(id, text), fault) and id not in side.first:
            side.first[id] = side.said[id] = text

    def sort(self, who: int, fault: int | None = None) -> None:
        side = self.sides[who]
        try:
            with dying(self.database, fault) as db:
                keyring = post.sort(db, side.keyring, side.account_key, self.now + side.ahead)
        except Died:
            return
        side.keyring = keyring

    def reads(self, who: int) -> list[tuple[int, str, str, datetime]]:
        side = self.sides[who]
        with self.database.read() as db:
            talk = Conversation(db, side.keyring, self.pair, self.now)
            lines = sorted(talk.everything(), key=lambda one: (one.at, one.id))
        return [(who if one.mine else 1 - who, one.id, one.text, one.at) for one in lines]

    def _do(self, who: int, act: Callable[[Conversation], object], fault: int | None) -> bool:
        """Whether it was acknowledged."""
        side = self.sides[who]
        try:
            with dying(self.database, fault) as db:
                act(Conversation(db, side.keyring, self.pair, self.now + side.ahead, FRANK))
        except (Died, writing.TooLate, writing.CannotWrite):
            return False
        return True


def play(house: Database, steps: list[tuple[str, int, int, str, int | None]]) -> None:
    two = Two(house)
    for step in steps:
        two.take(step)
    for _again in range(2):
        for who in (ADA, BEN):
            two.sort(who)
    ada, ben = two.reads(ADA), two.reads(BEN)
    assert ada == ben
    assert len({(who, id) for who, id, _text, _at in ada}) == len(ada)
    for who in (ADA, BEN):
        assert {id: text for whose, id, text, _at in ada if whose == who} == two.sides[who].said


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(st.lists(STEPS, min_size=4, max_size=25))
def test_both_sides_end_with_the_same_messages(
    house: Database, steps: list[tuple[str, int, int, str, int | None]]
) -> None:
    play(house, steps)


@pytest.mark.long
@settings(max_examples=1_500, deadline=None, suppress_health_check=SLOW)
@given(st.lists(STEPS, min_size=4, max_size=60))
def test_both_sides_end_with_the_same_messages_in_the_long_run(
    house: Database, steps: list[tuple[str, int, int, str, int | None]]
) -> None:
    play(house, steps)
