"""What no page of ours sends: hand-made letters and hand-written rows stop nobody, and pass for nothing."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from server.circle import post
from server.circle.copies import Farewell, Share, Terms
from server.core import clock
from server.messages.payloads import Takes
from server.vault import answering, mailbox
from server.vault import letters as vault_letters
from server.vault.asked import No
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.letters import Letters
from server.vault.sealing import Secret
from server.vault.ways_in import open_device
from tests.client import Client
from tests.hosts.listing import Association, asks, pair_of, settled
from tests.messages.conftest import Talking, agree, taken_on
from tests.people import Ada
from tests.world import World


@pytest.fixture
def association(world: World) -> Association:
    return settled(world)


@pytest.fixture
def both(ada: Ada, ben: Client) -> tuple[Talking, Talking]:
    return agree(ada.client, ben, "Ben")


def keyring_of(db: Any, client: Client) -> Keyring:
    return open_device(db, Secret.from_text(client.cookies()["__Host-d"]), now=clock.now())[0]


def hand(world: World, one: Talking, *payloads: msgspec.Struct) -> None:
    """Leave letters past every page."""
    with world.database.write() as db:
        letters = Letters(db, keyring_of(db, one.client), clock.now(), world.app.extensions["frank"])
        for payload in payloads:
            letters.send(bytes.fromhex(one.pair), payload)


@pytest.mark.parametrize("writer", [0, 1], ids=["from the owner", "from the contact"])
def test_a_no_out_of_turn_takes_nothing_away(
    both: tuple[Talking, Talking], world: World, writer: int
) -> None:
    ada, ben = both
    ada.says("ett")
    ben.says("två")
    ada.look()
    hand(world, both[writer], No("x"))
    assert ada.reads() == ["Jag: ett", "Ben: två"]
    assert [line.partition(": ")[2] for line in ben.reads()] == ["ett", "två"]
    ada.says("tre")
    ben.says("fyra")
    assert len(ada.reads()) == len(ben.reads()) == 4


ENDS = {"in no year": 2**62, "in the year 9999": 253_402_300_799}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_a_letter_with_an_end_that_cannot_be_is_laid_aside(
    both: tuple[Talking, Talking], world: World, monkeypatch: pytest.MonkeyPatch, end: int
) -> None:
    class Impossible:
        def timestamp(self) -> int:
            return end

    ada, ben = both
    with world.database.write() as db:
        monkeypatch.setattr(mailbox, "end_week", lambda _end: None)
        letters = Letters(db, keyring_of(db, ben.client), clock.now(), world.app.extensions["frank"])
        letters.send(bytes.fromhex(ada.pair), Takes(yes=False, number=9), until=Impossible())  # type: ignore[arg-type]
    for page in ("/prata", "/kretsen", ada.page, "/prata"):
        ada.client.get(page)


BROKEN = {
    "letters that are none": b'message/1\n{"id":"\xff","text":"x"}',
    "nested too deep": b'message/1\n{"zz":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a number that is none": b'read-receipt/1\n{"upto":"2026-11-22T09:00:00Z","number":1'
    + b"0" * 9_000
    + b"}",
}


@pytest.mark.parametrize("inside", BROKEN.values(), ids=BROKEN.keys())
def test_a_letter_that_says_nothing_readable_is_laid_aside(
    both: tuple[Talking, Talking], world: World, monkeypatch: pytest.MonkeyPatch, inside: bytes
) -> None:
    ada, ben = both
    with monkeypatch.context() as patch:
        patch.setattr(vault_letters, "encode", lambda _payload: inside)
        hand(world, ben, Takes(yes=True, number=9))
    for page in ("/prata", "/kretsen", ada.page, "/prata"):
        ada.client.get(page)


def test_a_copy_that_tells_another_end_than_it_has_is_thrown_away(
    both: tuple[Talking, Talking], world: World
) -> None:
    ada, ben = both
    now = clock.now()
    for until in (now.replace(tzinfo=None), now.replace(year=9999), now + timedelta(days=3)):
        terms = Terms(purpose="x", until=until)
        share = Share(set="a" * 32, kind="day", terms=terms, body="", given=now.date())
        with world.database.write() as db:
            letters = Letters(db, keyring_of(db, ada.client), now, world.app.extensions["frank"])
            letters.send(bytes.fromhex(ada.pair), share, until=now + timedelta(days=2))
        for page in ("/delat", f"/delat/{ben.pair}"):
            assert "En sak" not in ben.client.get(page).text


@pytest.mark.parametrize("leaver", [0, 1], ids=["the owner", "the contact"])
def test_two_farewells_are_one(both: tuple[Talking, Talking], world: World, leaver: int) -> None:
    hand(world, both[leaver], *[Farewell(at=clock.now())] * 2)
    other = both[1 - leaver].client
    for page in ("/delat", "/prata", "/kretsen"):
        other.get(page)


def ends_with(one: Talking, world: World) -> None:
    """Ada ends with a peer, by the domain: the card's page is not what this is about."""
    with world.database.write() as db:
        half = Secret.from_text(one.client.cookies()["__Host-d"])
        keyring, key = open_device(db, half, now=clock.now())
        post.part(db, keyring, key, bytes.fromhex(one.pair), clock.now())


@pytest.mark.parametrize("way", ["ja", "nej"])
@pytest.mark.parametrize(
    "change",
    ["DELETE FROM account", "UPDATE account SET public_key = randomblob(32)"],
    ids=["gone", "other key"],
)
def test_a_question_that_nobody_can_be_answered_can_be_put_away(
    association: Association, pia: Client, cleo: Client, world: World, way: str, change: str
) -> None:
    cleo.follow(asks(cleo, called="Cleo"))
    with world.database.write() as db:
        db.exec_driver_sql(f"{change} WHERE id = ?", (keyring_of(db, cleo).account,))
    page = pia.get("/prata/fragor")
    answer = pia.submit(f"/prata/fragor/{pair_of(page)}/{way}", [("words", "")])
    stays = way == "ja" and "UPDATE" in change
    assert answer.status == (404 if "DELETE" in change and way == "ja" else 409 if stays else 303)
    assert ("Cleo frågar" in pia.get("/prata/fragor").text) is stays


def test_a_block_holds_at_the_door_of_the_listing(
    association: Association, ada: Ada, pia: Client, world: World
) -> None:
    a, p = taken_on(ada.client, pia)
    pia.post(f"{p.page}/blockera")
    ends_with(a, world)
    ada.client.follow(asks(ada.client, words="jag igen"))
    assert "jag igen" not in pia.get("/prata/fragor").text


def test_a_new_yes_ends_the_earlier_conversation(
    association: Association, ada: Ada, pia: Client, world: World
) -> None:
    """On the peer's side nothing of it stays, and no conversation stands without a name."""
    a, p = taken_on(ada.client, pia)
    p.says("gammalt")
    ends_with(a, world)
    ada.client.follow(asks(ada.client, words="jag igen"))
    pia.follow(pia.send(pia.get("/prata/fragor").form("Ja, jag kan")))
    pia.get(p.page, status=404)
    with world.database.read() as db:
        kept = Drawer(db, keyring_of(db, pia)).everything()
    assert [one for one in kept if getattr(one.payload, "pair", "") == p.pair] == []


def test_a_form_without_the_id_that_the_page_made_is_unclear(association: Association, ada: Ada) -> None:
    for client, path in (
        (ada.client, f"/prata/kamrater/{association.pia}"),
        (association.client, "/vard/bjud-in"),
    ):
        answer = client.submit(path, [("called", "Ada"), ("name", "Pia"), ("role", "peer"), ("how", "room")])
        assert answer.status == 400


def test_the_page_says_when_no_more_questions_come_in(
    association: Association, ada: Ada, pia: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "MOST", 1)
    ada.client.follow(asks(ada.client))
    assert "inga fler kommer in" in pia.get("/prata/fragor").text
    pia.follow(pia.send(pia.get("/prata/fragor").form("Säg nej")))
    assert "inga fler kommer in" not in pia.get("/prata/fragor").text
