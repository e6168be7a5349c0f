"""The demo's invented people: believable to somebody who looks through their days."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest

from server import demo
from server.circle import hearing, matters, openings, people, sharing
from server.core import clock
from server.core.database import Base, Database
from server.days.payloads import Day
from server.shared import reading
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.sealing import Secret
from server.vault.ways_in import use_once
from tests.vault.pairs import FRANK
from tests.world import at


def days() -> list[Day]:
    return demo._days(random.Random("dagsform"), demo.MONTHS * 30)


def test_no_sentence_comes_back_before_the_others_have_been_seen() -> None:
    drawn = demo._Decks(random.Random(1))
    for level, sentences in demo._WORDS.items():
        for _round in range(3):
            assert sorted(drawn.draw(level) for _ in sentences) == sorted(sentences)


def test_the_dark_months_weigh(move: Callable[[datetime], None]) -> None:
    """And no month is of one kind only: heavy weeks and lighter ones, and days that nobody answered."""
    move(at("2026-11-22 10.00"))
    months = {
        month: [int(day.entries[0].told.form or 0) for day in those]
        for month, those in groupby(days(), lambda day: f"{day.date:%Y-%m}")
    }
    assert len(months) >= 14
    assert all(len(forms) < 28 for forms in months.values())
    heavy = [
        sum(form <= 2 for form in months[month]) / len(months[month]) for month in ("2025-11", "2026-11")
    ]
    assert min(heavy) > 0.5
    assert len({form for forms in months.values() for form in forms}) == 5
    assert len(set(months["2026-11"])) >= 3


class Filled:
    """The demo's database, and whoever comes in by a link."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.world = demo.fill(database, FRANK)

    def comes_in(self, who: str) -> Keyring:
        with self.database.write() as db:
            return use_once(db, Secret.from_text(self.world.links[who]), now=clock.now())[0]


@pytest.fixture
def filled(tmp_path: Path, move: Callable[[datetime], None]) -> Filled:
    move(at("2026-11-22 10.00"))
    database = Database(f"sqlite:///{tmp_path / 'demo.db'}", durable=False)
    Base.metadata.create_all(database.engine)
    return Filled(database)


def test_everybody_has_a_link(filled: Filled) -> None:
    assert set(filled.world.links) == {"participant", "support", "authority", "new", "lasting"}
    assert len({filled.comes_in(who).account for who in filled.world.links}) == 5


def test_the_participant_has_a_circle(filled: Filled) -> None:
    """A coach met in the room, an authority at a distance, somebody on paper; and what has come of it."""
    keyring, now = filled.comes_in("participant"), clock.now()
    with filled.database.read() as db:
        drawer = Drawer(db, keyring)
        cards = people.everyone(drawer)
        assert [(card.name, bool(card.relation)) for card in cards] == [
            ("Lena", True), ("Maria", True), ("Samira", False)
        ]  # fmt: skip
        assert [card.name for card in cards if card.main] == ["Lena"]
        assert {one.verified for one in keyring.contacts.values()} == {"room", "code"}
        (matter,) = matters.open_matters(drawer)
        assert (matters.days_waited(matter, clock.today()), len(matters.sent_on(matter))) == (20, 1)
        assert matters.stands_still(matter, clock.today())
        handed = sharing.live(drawer, now)
        assert sorted(one.name for one in handed) == ["Lena", "Lena", "Maria"]
        assert sorted(len(one.opened) for one in handed) == [0, 1, 1]
        (framed,) = [one for one in handed if one.share.terms.frame]
        assert framed.name == "Maria" and framed.receipt is not None and framed.receipt.by
        told = openings.everything(drawer)
        assert len(told["lines"]) == 2 and not told["gaps"]
        assert [one.name for one in told["shown"]] == ["Samira"]
        said = hearing.heard(drawer)
        assert [(one.said.what, one.answer) for one in said] == [("suggestion", ""), ("question", "")]


def test_the_others_have_what_they_were_handed(filled: Filled) -> None:
    """What a link of theirs leads to: one person, the purpose, nothing open."""
    for who, purpose, count in (
        ("support", "Inför samtalet om hösten", 2),
        ("authority", "Inför mötet om verkstan", 1),
    ):
        keyring = filled.comes_in(who)
        assert keyring.settings["home"] == "shared"
        with filled.database.read() as db:
            (person,) = reading.roster(db, keyring, clock.now())
            assert (person.name, person.hat, person.waiting) == ("Alma", who, False)
            copies = reading.copies(db, keyring, bytes.fromhex(person.pair), clock.now())
        assert [copy.share.terms.purpose for copy in copies] == [purpose] * count
        assert all(copy.body is None for copy in copies)
        assert person.until and person.until < clock.now() + timedelta(days=60)
