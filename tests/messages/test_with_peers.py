"""A conversation with a peer: from the question on, with a colleague, and reporting (rows A2, B2, B9, E21)."""

import pytest

from tests.circle.meeting import hands
from tests.client import Client, Page
from tests.hosts.listing import NAME, WORDS, Association, asks, lists, pair_of, publishes, settled
from tests.messages.conftest import Talking, receives_reports, taken_on
from tests.people import TUESDAY, Ada, begin
from tests.people import WORDS as PEOPLE
from tests.world import World


@pytest.fixture
def association(world: World) -> Association:
    return settled(world)


@pytest.fixture
def both(association: Association, ada: Ada, pia: Client) -> tuple[Talking, Talking]:
    return taken_on(ada.client, pia)


@pytest.fixture
def karin(world: World, association: Association) -> Client:
    """The safeguarding contact, outside the peer group, who has opened their door."""
    client = world.visitor()
    begin(client, "Mittemellan")
    receives_reports(association, client)
    return client


def test_the_question_is_the_first_message_on_both_sides(both: tuple[Talking, Talking]) -> None:
    ada, pia = both
    pia.says("Hej Ada. Vad bra att du skrev.")
    ada.says("Hej")
    assert ada.reads() == [f"Jag: {WORDS}", "Pia: Hej Ada. Vad bra att du skrev.", "Jag: Hej"]
    assert pia.reads() == [f"Ada: {WORDS}", "Jag: Hej Ada. Vad bra att du skrev.", "Ada: Hej"]


def test_the_page_says_who_vouches_and_when_the_peer_answers(both: tuple[Talking, Talking]) -> None:
    ada, _pia = both
    assert f"Kamratstödjare, förmedlad av {NAME}." in ada.look().text
    assert "Svarar oftast tisdag och torsdag mellan 18 och 20.30." in ada.look().text


def test_nobody_but_the_peer_is_told_how_many_wait(both: tuple[Talking, Talking]) -> None:
    ada, pia = both
    assert "1 väntar på svar." in pia.client.get("/prata").text
    pia.client.send(pia.look().form("/skriv"), press="Läst, orkar inte svara")
    assert "väntar på svar" not in pia.client.get("/prata").text
    pia.says("Hej")
    assert "väntar på svar" not in ada.client.get("/prata").text


def test_a_no_leaves_no_conversation(association: Association, ada: Ada, pia: Client) -> None:
    ada.client.follow(asks(ada.client))
    questions = pia.get("/prata/fragor")
    pair = pair_of(questions)
    pia.follow(pia.send(questions.form("Säg nej"), {"words": "Fullt just nu."}))
    assert "Pia kan inte just nu" in ada.client.get("/prata").text
    ada.client.get(f"/prata/{pair}", status=404)
    pia.get(f"/prata/{pair}", status=404)


def test_a_question_that_waits_is_no_conversation_yet(
    association: Association, ada: Ada, pia: Client
) -> None:
    """vault.md, rule 1: nothing else is sealed before the yes."""
    page = ada.client.follow(asks(ada.client))
    taken = [form for form in page.forms if form.action.endswith("/ta-tillbaka")]
    pair = taken[0].action.split("/")[3]
    ada.client.get(f"/prata/{pair}", status=404)
    for what in ("skriv", "blockera", "oppna-igen", "pausa"):  # to open again would stand for a yes
        ada.client.post(f"/prata/{pair}/{what}", {"id": "a" * 32, "words": "Mer"}, status=404)
    ada.client.follow(ada.client.send(taken[0]))
    ada.client.get(f"/prata/{pair}", status=404)
    assert WORDS not in pia.get("/prata/fragor").text


def test_a_message_is_reported_with_proof(both: tuple[Talking, Talking], karin: Client) -> None:
    """The safeguarding contact reads what was picked and nothing else; Pia is not told."""
    ada, pia = both
    pia.says("Något som inte är okej")
    pia.says("Något annat")
    before = pia.look().html
    page = ada.client.get(f"{ada.page}/anmal")
    assert "Karin, som inte är kamratstödjare" in page.text
    bad = ada.pick("inte är okej")
    after = ada.client.follow(
        ada.client.send(page.form("/anmal"), {"picked": [bad], "words": "Så här var det", "name": ""})
    )
    read = karin.get("/prata/anmalningar")
    assert "Om Pia" in read.text and "från någon som inte sagt vem" in read.text
    assert "Något som inte är okej" in read.text and "Bevisat: så skickades det" in read.text
    assert "Så här var det" in read.text
    assert "Något annat" not in read.text and WORDS not in read.text and "Ada" not in read.text
    assert _same(pia.look()) == _same(before)
    ada.client.follow(ada.client.send(after.form("/ta-tillbaka")))
    assert "Inget är anmält." in karin.get("/prata/anmalningar").text


def test_a_report_is_sent_once_and_can_be_dealt_with(both: tuple[Talking, Talking], karin: Client) -> None:
    ada, _pia = both
    form = ada.client.get(f"{ada.page}/anmal").form("/anmal")
    for _ in range(2):
        ada.client.send(form, {"words": "Så här var det", "name": "Ada"})
    read = karin.get("/prata/anmalningar")
    assert read.text.count("Så här var det") == 1 and "från Ada" in read.text
    karin.follow(karin.send(read.form("Klart, ta bort för gott")))
    assert "Inget är anmält." in karin.get("/prata/anmalningar").text


def test_a_report_of_nothing_is_asked_for_kindly(both: tuple[Talking, Talking], karin: Client) -> None:
    ada, _pia = both
    form = ada.client.get(f"{ada.page}/anmal").form("/anmal")
    assert "Kryssa för ett meddelande" in ada.client.send(form, status=422).text
    long = ada.client.send(form, {"words": "x" * 5_001}, status=422)
    assert "Din text är kvar" in long.text and "x" * 5_001 in long.html


def test_a_message_that_was_slipped_into_the_database_is_not_proven(
    both: tuple[Talking, Talking], karin: Client, world: World
) -> None:
    """The tag is the server's: who writes the database can make no message that counts as sent."""
    ada, pia = both
    pia.says("Aldrig sagt")
    ada.look()
    with world.database.write() as db:
        db.exec_driver_sql("UPDATE letter SET tag = randomblob(32)")
    form = ada.client.get(f"{ada.page}/anmal").form("/anmal")
    ada.client.follow(ada.client.send(form, {"picked": [ada.pick("Aldrig sagt")]}))
    read = karin.get("/prata/anmalningar").text
    assert "Inte bevisat" in read and "Bevisat:" not in read


def test_nobody_else_reads_reports(
    both: tuple[Talking, Talking], karin: Client, ben: Client, association: Association
) -> None:
    for who in (both[0].client, both[1].client, ben, association.client):
        who.get("/prata/anmalningar", status=404)


def test_there_is_nobody_to_report_to_without_a_safeguarding_contact(both: tuple[Talking, Talking]) -> None:
    ada, _pia = both
    page = ada.client.get(f"{ada.page}/anmal")
    assert "Här finns ingen som kan ta emot" in page.text
    ada.client.post(f"{ada.page}/anmal", {"id": "a" * 32, "words": "x"}, status=404)


@pytest.mark.parametrize("along", [True, False])
def test_a_conversation_goes_to_a_colleague_with_a_yes(
    along: bool, both: tuple[Talking, Talking], association: Association, cleo: Client
) -> None:
    ada, pia = both
    pia.says("Maria kan mer om det här.")
    ada.look()
    lists(association.client, cleo, "Maria")
    publishes(cleo, name="Maria")
    page = pia.client.get(f"{pia.page}/kollega")
    one = next(control.value for control in page.form("Föreslå").controls if control.name == "to")
    pia.client.follow(pia.client.send(page.form("Föreslå"), {"to": one, "words": "Hon har varit där."}))
    offer = ada.look()
    assert "Pia föreslår att du skriver med Maria" in offer.text and "Hon har varit där." in offer.text
    assert "Ingen frågar dig just nu" in cleo.get("/prata/fragor").text
    ask = ada.client.get(offer.link("Ja, gå vidare")).form("Fråga Maria")
    ada.client.follow(ada.client.send(ask, {"name": "Ada", "along": "yes" if along else "no"}))
    questions = cleo.get("/prata/fragor")
    assert "Ada frågar dig" in questions.text
    assert (WORDS in questions.text) is along and ("Maria kan mer" in questions.text) is along
    assert "föreslår att du skriver" not in ada.look().text
    cleo.follow(cleo.send(questions.form("Ja, jag kan")))
    talk = Talking(
        cleo, next(link.split("/")[2].split("#")[0] for link in cleo.get("/prata").links if len(link) > 38)
    )
    assert ("Maria kan mer" in talk.look().text) is along


def test_a_colleague_can_be_turned_down_and_the_peer_is_not_told(
    both: tuple[Talking, Talking], association: Association, cleo: Client
) -> None:
    ada, pia = both
    lists(association.client, cleo, "Maria")
    publishes(cleo, name="Maria")
    page = pia.client.get(f"{pia.page}/kollega")
    one = next(control.value for control in page.form("Föreslå").controls if control.name == "to")
    pia.client.follow(pia.client.send(page.form("Föreslå"), {"to": one}))
    before = pia.look().html
    ada.client.follow(ada.client.send(ada.look().form("/vidare/nej")))
    assert "föreslår att du skriver" not in ada.look().text
    assert _same(pia.look()) == _same(before)


def test_a_participant_suggests_nobody(both: tuple[Talking, Talking]) -> None:
    ada, _pia = both
    ada.client.get(f"{ada.page}/kollega", status=404)
    ada.client.get(f"{ada.page}/vidare", status=404)


def test_a_day_is_handed_to_a_peer_like_to_any_support(
    both: tuple[Talking, Talking], ada: Ada, world: World
) -> None:
    """Issue 5, point 4: a peer wears the hat of support, so a better day needs no frame."""
    _mine, theirs = both
    card = ada.client.get("/kretsen").link("Pia").rsplit("/", 1)[1]
    assert "Förmedlad av en förening" in ada.client.get(f"/kretsen/{card}").text
    hands(world, ada.client, card, f"day/{TUESDAY}", ada.entries[TUESDAY], purpose="Så du vet")
    page = theirs.client.get(f"/delat/{theirs.pair}")
    assert "Så du vet" in page.text
    page = theirs.client.follow(theirs.client.send(page.form("Öppna")))
    assert PEOPLE["tuesday"] in page.text


def test_guidance_for_hard_messages(both: tuple[Talking, Talking]) -> None:
    """Row E21; hard rule 6: help is named, nothing is scanned."""
    _ada, pia = both
    page = pia.client.get(pia.client.get("/prata").link("När ett meddelande är svårt"))
    assert "112" in page.text and "90101" in page.text and "Ring Karin" in page.text


def _same(page: Page | str) -> str:
    import re

    html = page if isinstance(page, str) else page.html
    return re.sub(r'name="id" value="[0-9a-f]{32}"', "", html)
