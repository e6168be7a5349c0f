"""A reader's reach is exactly the unburnt, unexpired letters to that reader, whatever is done and in whatever order.

Played against a model of a few lines: who should be able to read which words now.
"""

import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from sqlalchemy import Connection, select, update

from server.circle import post, sharing
from server.core import ids
from server.core.database import Base, Database
from server.days import log
from server.days.payloads import Entry, Form, Told
from server.vault.errors import ContactKeyChanged, NoSuchContact
from server.vault.leaving import delete_account
from server.vault.models import Account, Letter
from server.vault.sealing import KeyPair
from server.vault.ways_in import new_account
from tests.circle.pairs import Person
from tests.vault.pairs import FRANK, met
from tests.world import NOW

HATS = {"ben": "support", "fia": "authority", "amir": "employer"}
DAYS = [date(2026, 11, day) for day in (9, 10, 11)]
FRAME = "Det kostade."


@dataclass
class Given:
    """What the model knows of one copy."""

    reader: str
    pair: bytes
    words: str
    until: datetime


class Reach(RuleBasedStateMachine):
    """Ada writes, shares, edits, hands over anew, stops, undoes, blocks, leaves and meets again, while time goes."""

    copies = Bundle("copies")
    batches = Bundle("batches")

    @initialize()
    def move_in(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="dagsform-reach")
        self.house = Database(f"sqlite:///{Path(self.folder.name) / 'reach.db'}")
        Base.metadata.create_all(self.house.engine)
        self.now = NOW
        self.people = {name: self.somebody() for name in ("ada", *HATS, "cleo")}
        self.ada = self.people["ada"]
        self.pairs: dict[str, bytes] = {}
        self.given: dict[str, Given] = {}
        self.stopped: dict[str, dict[str, Given]] = {}
        for name in HATS:
            self.meet(name)

    def somebody(self) -> Person:
        with self.house.write() as db:
            keyring, key, _half = new_account(db, now=NOW)
        return Person(keyring, key)

    def meet(self, name: str) -> None:
        pair = met(self.house, self.ada, self.people[name], self.now, card=name, hat=HATS[name])
        self.pairs[name] = pair

    def latest(self, db: Connection, day: date) -> Entry | None:
        return next(iter(log.read_day(self.ada.drawer(db), day).entries), None)

    def hand(self, name: str, day: date, days: int, set_id: str = "", instead_of: str = "") -> Any:
        with self.house.write() as db:
            entry = self.latest(db, day)
            if entry is None or name not in self.pairs:
                return multiple()
            terms = {"until": self.now + timedelta(days=days), "frame": FRAME}
            (handed,) = self.ada.hands(
                db, self.pairs[name], self.now, (f"day/{day}", ("form", entry.id)),
                terms=terms, set_id=set_id or ids.token(), instead_of=instead_of,
            )  # fmt: skip
        self.given[handed.id] = Given(name, self.pairs[name], entry.told.words, handed.until)
        return handed.id

    @rule(day=st.sampled_from(DAYS), form=st.sampled_from(Form))
    def write(self, day: date, form: Form) -> None:
        """A new text, or another in its place: no letter changes by that."""
        with self.house.write() as db:
            entry, told = self.latest(db, day), Told(form=form, words=ids.token())
            if entry is None:
                log.answer(self.ada.drawer(db), day, ids.token(), told, self.now)
            else:
                log.tell(self.ada.drawer(db), day, entry.id, told, entry.edition)

    @rule(target=copies, name=st.sampled_from(list(HATS)), day=st.sampled_from(DAYS), days=st.integers(1, 60))
    def share(self, name: str, day: date, days: int) -> Any:
        return self.hand(name, day, days)

    @rule(target=copies, name=st.sampled_from(list(HATS)), day=st.sampled_from(DAYS))
    def share_from_two_tabs(self, name: str, day: date) -> Any:
        set_id = ids.token()
        first = self.hand(name, day, 30, set_id)
        assert self.hand(name, day, 30, set_id) == first
        return first

    @rule(target=copies, earlier=consumes(copies), day=st.sampled_from(DAYS))
    def hand_over_anew(self, earlier: str, day: date) -> Any:
        old = self.given.get(earlier)
        if old is None or old.pair != self.pairs.get(old.reader):
            return multiple()
        fresh = self.hand(old.reader, day, 30, instead_of=earlier)
        if isinstance(fresh, str):
            self.given.pop(earlier)
        return fresh

    @rule(target=batches, copy=copies)
    def stop(self, copy: str) -> Any:
        with self.house.write() as db:
            batch = sharing.stop(db, self.ada.keyring, self.now, [copy])
        self.stopped[batch] = {copy: self.given.pop(copy)} if copy in self.given else {}
        return batch

    @rule(target=batches)
    def stop_everything(self) -> Any:
        with self.house.write() as db:
            live = [one.id for one in sharing.live(self.ada.drawer(db), self.now)]
            batch = sharing.stop(db, self.ada.keyring, self.now, live)
        self.stopped[batch] = {id_: self.given.pop(id_) for id_ in live if id_ in self.given}
        return batch

    @rule(batch=batches, name=st.sampled_from(list(HATS)))
    def undo(self, batch: str, name: str) -> None:
        """The same versions again, with the same end, to whoever still is in the circle."""
        pair = self.pairs.get(name)
        with self.house.write() as db:
            if pair is None:
                with pytest.raises(NoSuchContact):
                    sharing.give_again(db, self.ada.keyring, FRANK, self.now, b"gone".ljust(16), batch)
                return
            sharing.give_again(db, self.ada.keyring, FRANK, self.now, pair, batch)
        mine = {
            id_: one for id_, one in self.stopped[batch].items() if one.pair == pair and one.until > self.now
        }
        self.given |= mine
        self.stopped[batch] = {id_: one for id_, one in self.stopped[batch].items() if id_ not in mine}

    @rule(name=st.sampled_from(list(HATS)))
    def block(self, name: str) -> None:
        if name in self.pairs:
            pair = self.pairs.pop(name)
            with self.house.write() as db:
                self.ada.keyring = post.part(db, self.ada.keyring, self.ada.account_key, pair, self.now)
            self.given = {id_: one for id_, one in self.given.items() if one.pair != pair}

    @rule(name=st.sampled_from(list(HATS)))
    def meet_again(self, name: str) -> None:
        """Nothing of before comes along: the new pairing has nothing until handed anew."""
        if name not in self.pairs:
            self.meet(name)

    @rule(come_back=st.booleans())
    def leave(self, come_back: bool) -> None:
        """The account is deleted, twice; somebody who comes back has to meet everybody anew."""
        for _ in range(2):
            with self.house.write() as db:
                delete_account(db, self.ada.keyring)
        self.given.clear()
        self.pairs.clear()
        self.ada = self.people["ada"] = self.somebody()
        for name in HATS if come_back else ():
            self.meet(name)

    @rule(hours=st.integers(1, 24 * 20))
    def time_goes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(name=st.sampled_from(list(HATS)), day=st.sampled_from(DAYS))
    def key_changed_behind_our_back(self, name: str, day: date) -> None:
        account = self.people[name].keyring
        if name not in self.pairs:
            return
        with self.house.write() as db:
            if self.latest(db, day) is None:
                return
            db.execute(
                update(Account).where(Account.id == account.account).values(public_key=KeyPair.new().public)
            )
        with pytest.raises(ContactKeyChanged):
            self.hand(name, day, 30)
        with self.house.write() as db:
            db.execute(
                update(Account).where(Account.id == account.account).values(public_key=account.own_public)
            )

    @rule(data=st.data())
    def somebody_edits_the_rows(self, data: st.DataObject) -> None:
        """Columns swapped by SQL: nobody reads more than before, and nobody's text for another's."""
        columns = ("blob", "mailbox", "shelf", "burn_hash")
        with self.house.write() as db:
            rows = db.execute(
                select(Letter.id, Letter.blob, Letter.mailbox, Letter.shelf, Letter.burn_hash)
            ).all()
            if len(rows) < 2:
                return
            one, other = data.draw(st.permutations(rows))[:2]
            column = data.draw(st.sampled_from(columns))
            db.execute(update(Letter).where(Letter.id == one.id).values({column: getattr(other, column)}))
        expected = self.expected()
        for name in (*HATS, "cleo"):
            assert not self.reach(name) - expected[name]
        with self.house.write() as db:
            values = {column: getattr(one, column) for column in columns}
            db.execute(update(Letter).where(Letter.id == one.id).values(values))

    def expected(self) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {name: Counter() for name in (*HATS, "cleo")}
        for one in self.given.values():
            if one.until > self.now:
                found[one.reader][one.words] += 1
        return found

    def reach(self, name: str) -> Counter[str]:
        """Everything that this person can open now, by all that lies in their mailbox."""
        person, found = self.people[name], Counter[str]()
        with self.house.write() as db:
            person.sorts(db, self.now)
            for pair, contact in person.keyring.contacts.items():
                if contact.side == "theirs":
                    person.opens_all(db, pair, self.now)
                    found.update(person.reads(db, pair, self.now))
        return found

    @invariant()
    def reach_is_what_was_given(self) -> None:
        if not hasattr(self, "people"):
            return
        expected = self.expected()
        assert {name: self.reach(name) for name in expected} == expected

    @invariant()
    def the_owner_knows_who_reads_what(self) -> None:
        """Every item shows its audience: exactly the live copies of it."""
        if not hasattr(self, "people"):
            return
        with self.house.write() as db:
            self.ada.sorts(db, self.now)
            shown = Counter(
                one.id
                for day in DAYS
                for one in sharing.audience(self.ada.drawer(db), f"day/{day}", self.now)
            )
        assert shown == Counter(id_ for id_, one in self.given.items() if one.until > self.now)

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self.house.engine.dispose()
            self.folder.cleanup()


_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


class TestASample(Reach.TestCase):  # type: ignore[valid-type,misc]
    settings = settings(max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=_SLOW)


@pytest.mark.long
class TestTheLongRun(Reach.TestCase):  # type: ignore[valid-type,misc]
    settings = settings(max_examples=150, stateful_step_count=60, deadline=None, suppress_health_check=_SLOW)
