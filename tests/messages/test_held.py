"""What must hold when somebody leaves, regrets, is taken off, or writes letters by hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from server.core import clock
from server.messages import reading
from tests.client import Client
from tests.hosts.listing import WORDS, Association, settled
from tests.messages.conftest import Talking, agree, receives_reports, taken_on
from tests.people import Ada, begin
from tests.world import World, at

Both = tuple[Talking, Talking]


@pytest.fixture
def both(ada: Ada, ben: Client) -> Both:
    return agree(ada.client, ben, "Ben")


@pytest.fixture
def association(world: World) -> Association:
    return settled(world)


@pytest.fixture
def peers(association: Association, ada: Ada, pia: Client) -> Both:
    return taken_on(ada.client, pia)


@pytest.fixture
def karin(world: World, association: Association) -> Client:
    client = world.visitor()
    begin(client, "Mittemellan")
    receives_reports(association, client)
    return client


def take_back(who: Talking, words: str) -> None:
    form = who.client.get(f"{who.page}/{who.id_of(words)}").form("/bort")
    who.client.follow(who.client.send(form))


def test_the_question_can_be_taken_back_like_any_message(peers: Both) -> None:
    ada, pia = peers
    assert pia.reads() == [f"Ada: {WORDS}"]
    take_back(ada, WORDS)
    assert pia.reads() == [] == ada.reads()
    ada.client.follow(ada.client.post(f"{ada.page}/tillbaka"))
    assert pia.reads() == [f"Ada: {WORDS}"]


def test_the_question_goes_with_the_account(peers: Both) -> None:
    ada, pia = peers
    assert pia.reads() == [f"Ada: {WORDS}"]
    ada.client.post("/mitt/ta-bort")
    assert WORDS not in pia.client.get("/prata").text
    assert WORDS not in pia.look().text


def test_a_regret_that_is_regretted_leaves_no_trace(both: Both) -> None:
    """Undo sends the words anew; they were not changed."""
    ada, ben = both
    ada.says("Hej")
    before = ben.look().text
    take_back(ada, "Hej")
    ada.client.follow(ada.client.post(f"{ada.page}/tillbaka"))
    assert ben.look().text == before


@pytest.mark.parametrize("leaves", ["parts", "is taken off"])
def test_a_peer_who_leaves_does_not_take_the_proof_along(
    leaves: str, peers: Both, karin: Client, association: Association
) -> None:
    ada, pia = peers
    pia.says("Något som inte är okej")
    ada.look()
    if leaves == "parts":
        pia.client.follow(pia.client.post(f"/delat/{pia.pair}/sluta"))
    else:
        association.client.post(f"/vard/lista/{association.pia}/bort")
    ada.client.get("/kretsen")
    report = ada.client.get(f"{ada.page}/anmal").form("/anmal")
    ada.client.follow(ada.client.send(report, {"picked": [ada.pick("inte är okej")]}))
    read = karin.get("/prata/anmalningar").text
    assert "Om Pia" in read and "Bevisat: så skickades det" in read


def test_comparing_words_with_a_peer_takes_nothing_away(peers: Both, karin: Client) -> None:
    ada, _pia = peers
    card = ada.client.get("/kretsen").link("Pia")
    page = ada.client.get(f"{card}/tre-ord")
    ada.client.follow(ada.client.send(page.form("/tre-ord"), press=page.form("/tre-ord").buttons[0].says))
    assert "förmedlad av" in ada.look().text and "Svarar oftast" in ada.look().text
    assert "Anmäl" in ada.client.get(f"{ada.page}/granser").text


def test_what_is_sent_after_a_no_is_said_not_to_be_sent(both: Both) -> None:
    """Also without script, from a page that was open before."""
    ada, ben = both
    ada.says("Hej")
    form = ada.look().form("/skriv")
    ben.client.follow(ben.client.post(f"{ben.page}/ta-emot", {"yes": "0"}))
    refused = ada.client.send(form, {"words": "Är du där?"}, press="Skicka", status=422)
    assert "Det skickades inte" in refused.text and "Är du där?" in refused.html


def test_what_was_put_away_comes_back_after_parting(both: Both) -> None:
    ada, ben = both
    ada.says("Hej")
    ben.says("Hej själv")
    take_back(ada, "Hej själv")
    ada.client.post(f"/kretsen/{ada.card}/avsluta", {"how": "quiet"})
    ada.client.follow(ada.client.post(f"{ada.page}/tillbaka"))
    assert ada.reads() == ["Jag: Hej", "Ben: Hej själv"]


def test_taking_back_holds_when_the_others_key_has_been_changed(both: Both, world: World) -> None:
    ada, ben = both
    ada.says("Det här vill jag ta tillbaka")
    ben.look()
    letters = world.rows("letter")
    with world.database.write() as db:
        db.exec_driver_sql(
            "UPDATE account SET public_key = randomblob(32) WHERE id IN (SELECT mailbox FROM letter)"
        )
    take_back(ada, "vill jag ta tillbaka")
    assert world.rows("letter") < letters


def test_a_page_holds_no_more_than_a_phone_can_carry(both: Both, world: World) -> None:
    """However much was written in one week; the rest is one tap away, in order and without gaps."""
    ada, ben = both
    for number in range(reading.MOST + 25):
        world.move(at("2026-11-19 10.00") + timedelta(seconds=40 * number))
        ada.says(f"nummer {number}.")
    page = ben.look()
    shown = list(ben.reads())
    assert len(shown) == reading.MOST and shown[-1].endswith(f"nummer {reading.MOST + 24}.")
    earlier = ben.client.get(page.link("Visa tidigare")).text
    assert "nummer 24." in earlier and "nummer 0." in earlier and "nummer 25." not in earlier


def test_an_address_in_capitals_is_nobodys(both: Both) -> None:
    ada, _ben = both
    ada.client.get(f"/prata/{ada.pair.upper()}", status=404)
    ada.client.post(f"/prata/{ada.pair.upper()}/pausa", status=404)


@pytest.mark.parametrize(
    "before", ["2026-W40", "nonsens", "2026-11-19T10:00:00", "9999-12-31T23:59:59+00:00"]
)
def test_a_hand_made_place_in_the_conversation_is_the_latest(before: str, both: Both) -> None:
    ada, _ben = both
    ada.says("Hej")
    assert "Hej" in ada.client.get(f"{ada.page}?fore={before.replace('+', '%2B')}").text


def test_only_what_can_be_is_let_in(both: Both, world: World) -> None:
    """Letters that no page of ours makes: a time without a zone, far ahead, no edition, no words."""
    from server.messages import sorting
    from server.messages.payloads import Message, ReadReceipt

    now = clock.now()
    sound: dict[str, Any] = {"id": "a" * 32, "text": "hej", "at": now}
    assert sorting._is_sound(Message(**sound), now)
    for odd in (
        {"at": datetime(2026, 11, 19, 10)},
        {"at": now + timedelta(days=1)},
        {"edition": 0},
        {"edition": 10**9},
        {"text": "\0"},
        {"text": "  "},
        {"id": "x"},
    ):
        assert not sorting._is_sound(Message(**(sound | odd)), now)
    assert not sorting._is_told(ReadReceipt(upto=datetime(2026, 11, 19, 10), number=1), now)
