"""“Det här är jag” (rows E14, A15): a contact presents themselves, the same to everybody who shows them something."""

import pytest

from server.circle import presenting
from server.circle.copies import Profile
from server.core import clock
from server.vault import ways_in
from server.vault.drawer import Drawer
from server.vault.sealing import Secret
from tests.accounts.acts import lock_for_real
from tests.circle.meeting import meets
from tests.client import Client, Page
from tests.people import OTHERS, Ada
from tests.shared.conftest import Reader
from tests.world import World

HERE = "/delat/om-mig"
LINES = {
    "who": "Jag är Ben, guide sedan fyra år",
    "may": "Jag bestämmer inget om dig",
    "answers": "Inom tre dagar",
    "keeps": "Att vi har setts",
}
AWKWARD = (
    "🦔👩🏽‍🚀",
    "مرحبا ‮bakvänt‬",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "'; DROP TABLE record; --",
)


def presents(client: Client, status: int = 303, **lines: str) -> Page:
    answer = client.send(client.get(HERE).form("Spara"), lines or LINES, press="Spara", status=status)
    return client.follow(answer) if status == 303 else answer


def card(ada: Ada, reader: Reader) -> str:
    return ada.client.get(f"/kretsen/{reader.card}").text


def test_it_stands_on_the_owners_card(ada: Ada, met_ben: Reader) -> None:
    assert "presenterar sig" not in card(ada, met_ben)
    assert "Sparat. De som visar dig något får det." in presents(met_ben.client).text
    text = card(ada, met_ben)
    assert "Så här presenterar sig Ben" in text and all(line in text for line in LINES.values())
    assert "Vad jag får bestämma" in text and "Vad jag måste skriva ner i mitt eget system" in text


def test_all_of_it_is_optional(ada: Ada, met_ben: Reader) -> None:
    presents(met_ben.client, answers="Inom en vecka")
    text = card(ada, met_ben)
    assert "Inom en vecka" in text and "Vem jag är" not in text


def test_it_is_invited_to_quietly(met_ben: Reader) -> None:
    assert met_ben.client.get("/delat").link("Det här är jag") == HERE
    assert met_ben.client.get("/delat/valkommen").link("Det här är jag") == HERE


def test_a_later_one_takes_its_place(ada: Ada, met_ben: Reader) -> None:
    """Also when both lie unsorted in the owner's mailbox."""
    presents(met_ben.client, who="Det första")
    presents(met_ben.client, who="Det andra")
    presents(met_ben.client, who="Det tredje")
    text = card(ada, met_ben)
    assert "Det tredje" in text and "Det första" not in text and "Det andra" not in text


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (2, 2)])
def test_the_latest_stands_in_whatever_order_letters_lie(
    order: tuple[int, int], world: World, ada: Ada
) -> None:
    with world.database.write() as db:
        half = Secret.from_text(ada.client.cookies()["__Host-d"])
        keyring, _key = ways_in.open_device(db, half, now=clock.now())
        drawer = Drawer(db, keyring)
        for number in order:
            presenting.receive(drawer, b"p" * 16, Profile(who=f"nummer {number}", number=number))
        assert presenting.of(drawer, (b"p" * 16).hex()) == {"who": "nummer 2"}


def test_taken_away_it_is_gone_from_the_card(ada: Ada, met_ben: Reader) -> None:
    presents(met_ben.client)
    assert LINES["who"] in card(ada, met_ben)
    presents(met_ben.client, who="", may="", answers="", keeps="")
    assert "presenterar sig" not in card(ada, met_ben)


def test_undo_reaches_the_owner_too(ada: Ada, met_ben: Reader) -> None:
    presents(met_ben.client, who="Det första")
    page = presents(met_ben.client, who="Det andra")
    page = met_ben.client.follow(met_ben.client.send(page.form("Ångra")))
    assert "Det första" in page.html
    text = card(ada, met_ben)
    assert "Det första" in text and "Det andra" not in text


def test_whoever_shows_something_later_gets_it_too(ada: Ada, ben: Client) -> None:
    presents(ben)
    mine, _pair = meets(ada.client, ben, "Ben")
    ben.get("/delat")
    assert LINES["who"] in ada.client.get(f"/kretsen/{mine}").text


def test_everybody_gets_the_same_and_nobody_learns_of_the_others(
    world: World, ada: Ada, met_ben: Reader
) -> None:
    """Hard rule 2: nothing on a card tells how many there are."""
    cleo = world.person("cleo")
    begin_card, _pair = meets(cleo, met_ben.client, "Ben hos Cleo")
    presents(met_ben.client)
    theirs = cleo.get(f"/kretsen/{begin_card}").text
    assert all(line in theirs for line in LINES.values())
    assert "Cleo" not in card(ada, met_ben) and "Ada" not in theirs.replace("Ada L", "")
    assert "Cleo" not in presents(met_ben.client, who="x").form("Spara").action


def test_two_tabs_keep_both_and_send_one(ada: Ada, met_ben: Reader) -> None:
    one, two = (met_ben.client.get(HERE).form("Spara") for _ in range(2))
    met_ben.client.send(one, {"who": "Det ena"}, press="Spara")
    page = met_ben.client.send(two, {"who": "Det andra"}, press="Spara", status=409)
    assert "Det finns två versioner" in page.text and "Det ena" in page.text and "Det andra" in page.html
    assert "Det ena" in card(ada, met_ben) and "Det andra" not in card(ada, met_ben)
    met_ben.client.follow(met_ben.client.send(page.form("Spara"), press="Spara"))
    assert "Det andra" in card(ada, met_ben)


def test_the_same_text_is_sent_once(world: World, met_ben: Reader) -> None:
    presents(met_ben.client)
    before = world.rows("letter")
    presents(met_ben.client)
    assert world.rows("letter") == before


def test_too_long_is_said_kept_and_not_sent(ada: Ada, met_ben: Reader) -> None:
    page = presents(met_ben.client, 422, who="å" * 2_001, may="kort")
    assert "Det är mer än vad som får plats här." in page.text and "å" * 2_001 in page.html
    assert "presenterar sig" not in card(ada, met_ben)


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_is_text(text: str, ada: Ada, met_ben: Reader) -> None:
    presents(met_ben.client, who=f"a\0{text}", may="x" * 2_000)
    page = ada.client.get(f"/kretsen/{met_ben.card}")
    assert " ".join(text.split()) in page.text and "<script>alert" not in page.html and "\0" not in page.html


def test_what_comes_after_the_lock_is_neither_lost_nor_sent(ada: Ada, met_ben: Reader) -> None:
    """Whoever holds a locked phone presents nobody."""
    late = met_ben.client.get(HERE).form("Spara").filled("Spara", {"who": "Från den låsta"})
    lock_for_real(met_ben.client)
    page = met_ben.client.post(HERE, late, status=401)
    assert "Från den låsta" in page.html
    assert "presenterar sig" not in card(ada, met_ben)


def test_after_an_end_nothing_more_comes(ada: Ada, met_ben: Reader) -> None:
    ada.client.post(f"/kretsen/{met_ben.card}/avsluta", {"how": "quiet"})
    presents(met_ben.client)
    assert LINES["who"] not in card(ada, met_ben)


def test_a_stranger_presents_to_nobody(world: World, ada: Ada) -> None:
    before = world.rows("letter")
    for name in OTHERS:
        presents(world.person(name))
    assert world.rows("letter") == before
