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
from server.hosts import founding, listings
from server.items import keeping
from server.messages import listing, near, peers, talks
from server.messages.peers import Keys
from server.messages.reading import Reading
from server.plan.around import Wall
from server.shared import reading
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.sealing import Secret
from server.vault.ways_in import use_once
from tests.client import Client
from tests.hosts.listing import page_of
from tests.vault.pairs import FRANK
from tests.world import World, at

KEYS = Keys(vouching=Secret(b"v" * 32), frank=FRANK)


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
        self.world = demo.fill(database, KEYS)

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
    assert set(filled.world.links) == {
        "participant", "support", "authority", "new", "lasting", "peer", "host", "safeguarding"
    }  # fmt: skip
    assert len({filled.comes_in(who).account for who in filled.world.links}) == 8


def test_the_participant_has_a_circle(filled: Filled) -> None:
    """A coach met in the room, an authority at a distance, somebody on paper; and what has come of it."""
    keyring, now = filled.comes_in("participant"), clock.now()
    with filled.database.read() as db:
        drawer = Drawer(db, keyring)
        cards = people.everyone(drawer)
        assert [(card.name, bool(card.relation)) for card in cards] == [
            ("Jonas", True), ("Lena", True), ("Maria", True), ("Samira", False)
        ]  # fmt: skip
        assert [card.name for card in cards if card.main] == ["Lena"]
        assert {one.verified for one in keyring.contacts.values()} == {"room", "code", "vouched"}
        (matter,) = matters.open_matters(drawer)
        assert (matters.days_waited(matter, clock.today()), len(matters.sent_on(matter))) == (20, 1)
        assert matters.stands_still(matter, clock.today())
        handed = sharing.live(drawer, now)
        assert sorted(one.name for one in handed) == ["Lena", "Lena", "Lena", "Maria"]
        assert sorted(len(one.opened) for one in handed) == [0, 0, 1, 1]
        (framed,) = [one for one in handed if one.share.terms.frame]
        assert framed.name == "Maria" and framed.receipt is not None and framed.receipt.by
        told = openings.everything(drawer)
        assert len(told["lines"]) == 2 and not told["gaps"]
        assert [one.name for one in told["shown"]] == ["Samira"]
        said = hearing.heard(drawer)
        assert [(one.said.what, one.answer) for one in said] == [("suggestion", ""), ("question", "")]


def test_the_others_have_what_they_were_handed(filled: Filled) -> None:
    """What a link of theirs leads to: one person, the purpose, nothing open."""
    for who, purposes in (
        ("support", ["Inför samtalet om hösten", "Inför samtalet om hösten", "Så att du vet vart jag vill"]),
        ("authority", ["Inför mötet om verkstan"]),
    ):
        keyring = filled.comes_in(who)
        assert keyring.settings["home"] == "shared"
        with filled.database.read() as db:
            (person,) = reading.roster(db, keyring, clock.now())
            assert (person.name, person.hat, person.waiting) == ("Alma", who, False)
            copies = reading.copies(db, keyring, bytes.fromhex(person.pair), clock.now())
        assert sorted(copy.share.terms.purpose for copy in copies) == purposes
        assert all(copy.body is None for copy in copies)
        assert person.until and person.until < clock.now() + timedelta(days=60)


def test_the_participant_has_a_plan(filled: Filled) -> None:
    """And a story: steps in every state, a try that was learned from, most of a life map; on different days."""
    keyring = filled.comes_in("participant")
    with filled.database.read() as db:
        wall = Wall.of(keeping.read_board(Drawer(db, keyring), "plan"))
        written = keeping.items_on(Drawer(db, keyring), "plan")
        told = {
            item.sheet for name in ("story", "money") for item in keeping.items_on(Drawer(db, keyring), name)
        }
    assert told == {"story", "picture", "adaptations", "safety", "answer"}
    assert wall.dream and len(wall.goals) == 2 and len(wall.areas) == 8
    steps = [step.state for found in wall.steps.values() for step in found]
    assert sorted(steps) == ["", "", "done", "resting", "tried", "trying"]
    assert any(item.sheet == "obstacle" for item in written)
    assert any(item.sheet == "try" and item.texts["learned"] for item in written)
    assert len({item.at for item in written}) > 10 and all(item.at < clock.now() for item in written)


@pytest.mark.parametrize("now", ["2026-11-22 10.00", "2026-03-02 00.20", "2027-01-01 23.50"])
def test_the_participant_writes_with_a_peer_and_the_coach(
    now: str, tmp_path: Path, move: Callable[[datetime], None]
) -> None:
    """On any day of the week, early and late: nothing is from tomorrow, and the promise is of a day to come."""
    move(at(now))
    database = Database(f"sqlite:///{tmp_path / 'demo.db'}", durable=False)
    Base.metadata.create_all(database.engine)
    filled = Filled(database)
    alma, jonas = filled.comes_in("participant"), filled.comes_in("peer")
    with database.read() as db:
        rows = {row.name: row for row in listing.around(Drawer(db, alma))["rows"]}
        assert list(rows) == ["Jonas", "Lena"]
        assert [rows[name].talk.news for name in rows] == [False, True]
        assert talks.waits(rows["Lena"].talk) and not talks.waits(rows["Jonas"].talk)
        ours, theirs = (Reading(db, who, rows["Jonas"].pair, clock.now()) for who in (alma, jonas))
        lines = ours.thread().lines
        assert [line.text for line in lines] == [line.text for line in theirs.thread().lines]
        assert 8 <= len(lines) <= 14 and all(line.at < clock.now() for line in lines)
        heard = ours.talk.heard
        assert heard and heard.upto == lines[-1].at and heard.by in near.answer_days(clock.today())
        assert theirs.talk.heard and theirs.talk.heard.upto == lines[-2].at
        assert not theirs.talk.news and not talks.waits(theirs.talk)
        with_lena = Reading(db, alma, rows["Lena"].pair, clock.now())
        assert len(with_lena.thread().lines) == 4 and not with_lena.closed


def test_the_association_lists_two_peers_and_whom_reports_reach(filled: Filled) -> None:
    jonas, host = filled.comes_in("peer"), filled.comes_in("host")
    with filled.database.read() as db:
        own = founding.host_of(db, KEYS.vouching, host.account)
        assert own and own.words.can_list and own.words.silence and own.words.phone
        there = listings.of_host(db, KEYS.vouching, own)
        assert [(one.profile.name, one.role) for one in there] == [
            ("Jonas", "peer"), ("Karin", "safeguarding"), ("Nadja", "peer")
        ]  # fmt: skip
        assert all(one.is_open for one in there)
        assert [one.profile.is_away(clock.today()) for one in there] == [False, False, True]
        safe = listings.safeguarding(db, KEYS.vouching, own)
        assert safe and safe.account == filled.comes_in("safeguarding").account
        (ask,) = peers.asks(db, jonas)
        assert ask.asked.name == "Robin" and ask.asked.at < clock.now()


def test_what_each_link_opens_on(world: World, move: Callable[[datetime], None]) -> None:
    """The pages of the association, the peer, and whoever reads reports; the participant finds the peer's page."""
    move(at("2026-11-22 10.00"))
    keys = Keys(world.app.extensions["vouching"], world.app.extensions["frank"])
    links = demo.fill(world.database, keys).links
    clients: dict[str, Client] = {}
    for who in ("participant", "peer", "host", "safeguarding", "lasting"):
        clients[who] = world.visitor()
        clients[who].get("/")
        clients[who].follow(clients[who].post(f"/in/{links[who]}"))
    host = clients["host"].get("/vard").text
    for said in ("Ljungviks kamratförening", "Jonas", "Nadja", "Karin", "Bara om någons liv är i fara"):
        assert said in host
    assert "Nya: 1" in clients["peer"].get("/prata").text
    assert "Deltagare" in clients["peer"].get("/prata").text
    assert "Robin frågar dig" in clients["peer"].get("/prata/fragor").text
    assert "Inget är anmält." in clients["safeguarding"].get("/prata/anmalningar").text
    assert "Du har frågat Jonas" in clients["lasting"].get("/prata").text
    alma, jonas = (clients[who].get("/prata") for who in ("participant", "peer"))
    talk = clients["participant"].get(alma.link("Jonas"))
    assert "läst. Svarar senast måndag 23 november" in talk.text
    assert "Du svarar senast måndag 23 november" in clients["peer"].get(jonas.link("Alma")).text
    page = clients["participant"].get(page_of(clients["participant"], "Jonas"))
    assert "Jonas är din kamratstödjare" in page.text
    assert clients["participant"].get(page.link("Skriv till Jonas")).path == talk.path
