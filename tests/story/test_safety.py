"""Min krisplan over HTTP: in small bits, near on heavy days, handed over by part, and nobody else's business."""

import pytest

from server.items.payloads import Texts
from server.story.safety import Reach, next_bit, reaches
from server.story.sheets import SAFETY
from tests.accounts.acts import kept, lockable, open_code
from tests.circle.meeting import meets
from tests.client import Client, Page
from tests.people import OTHERS, Ada
from tests.shared.conftest import Reader
from tests.statements import listening
from tests.world import World

HERE = "/plan/krisplan/min"
BIT = "/plan/krisplan/bit"
WORDS = {"signs": "sover inte", "people": "Lena 070-123 45 67", "reasons": "katten"}
LEVELS = ("Mycket tung", "Tung", "Mittemellan", "Ganska lätt", "Lätt")
OFFER, PLAN = "Gör en krisplan, i små bitar", "Min krisplan"


@pytest.fixture
def met_ben(ada: Ada, ben: Client) -> Reader:
    card, pair = meets(ada.client, ben, "Ben")
    return Reader(ben, card, f"/delat/{pair}")


def answers(client: Client, text: str, press: str = "Spara", path: str = BIT) -> Page:
    return client.follow(client.send(client.get(path).form(BIT), text=text, press=press))


def writes(client: Client, status: int = 303, **texts: str) -> Page:
    form = client.get(f"{HERE}/andra").form("Spara")
    answer = client.send(form, texts or WORDS, press="Spara", status=status)
    return client.follow(answer) if status == 303 else answer


def test_from_the_plan_and_never_compulsory(someone: Client) -> None:
    """Row A19; hard rule 5: own early signs, without referral or diagnosis; an empty plan says how to begin."""
    assert someone.get("/plan").link("Min krisplan") == HERE
    page = someone.get(HERE)
    assert page.h1 == PLAN and "I små bitar" in page.text
    assert page.link("En liten fråga") == BIT


def test_one_bit_at_a_time(someone: Client) -> None:
    """Row A19: one question a page; skip, and enough for now."""
    assert someone.get(BIT).h1 == "Tecken att det blir tungt"
    assert answers(someone, "sover inte").h1 == "Det jag gör själv"
    assert answers(someone, "", "Hoppa över").h1 == "Där jag kan vara"
    page = answers(someone, "", "Räcker för nu")
    assert page.path == HERE and "sover inte" in page.text
    # what was left out is asked again another time, and nothing says so
    assert someone.get(BIT).h1 == "Det jag gör själv"


@pytest.mark.parametrize("press", ["Hoppa över", "Räcker för nu"])
def test_what_stands_in_the_field_is_saved_whatever_is_pressed(someone: Client, press: str) -> None:
    """Hard rule 8."""
    answers(someone, "skrivet ändå", press)
    assert "skrivet ändå" in someone.get(HERE).text


def test_an_answer_can_be_undone(someone: Client) -> None:
    page = answers(someone, "sover inte")
    assert someone.follow(someone.send(page.form("Ångra"))).status == 200
    assert "sover inte" not in someone.get(HERE).text


def test_too_long_stays_in_the_field(someone: Client) -> None:
    page = someone.send(someone.get(BIT).form(BIT), text="x" * 5001, press="Spara", status=422)
    assert "x" * 5001 in page.html and "Korta den" in page.text


def test_what_no_page_offers_is_refused(someone: Client) -> None:
    for fields in ({"bit": "nope"}, dict[str, str](), {"bit": "signs", "how": "fel"}):
        someone.post(BIT, {"text": "x", **fields}, status=400)
    assert "Ändra" not in someone.get(HERE).text


def test_the_last_bit_says_so(someone: Client) -> None:
    writes(someone, 303, **dict.fromkeys(SAFETY.names, "ord"))
    assert someone.get(BIT).h1 == "Inga fler frågor"
    assert "En liten fråga" not in someone.get(HERE).text


def test_a_bit_that_was_sent_to_a_locked_phone_is_kept(ada: Ada) -> None:
    """Hard rule 8; and beside other words both are kept."""
    lockable(ada)
    page = ada.client.get(BIT)
    writes(ada.client, signs="från den andra")
    ada.client.post("/las")
    long = f"från låset {'x' * 60_000} slutet"
    kept(ada.client, page.form(BIT), text=long)
    ada.client.follow(open_code(ada.client))
    text = ada.client.get(HERE).text
    assert long in text
    assert "från den andra" in text and "från låset" in text and "Det finns två versioner" in text


def test_numbers_can_be_called_and_help_always_stands_below(someone: Client) -> None:
    """Hard rule 6: 112 and 1177, always, written or not."""
    for page in (someone.get(HERE), writes(someone)):
        assert {"tel:112", "tel:1177", "/hjalp"} <= set(page.links)
    assert page.link("Lena 070-123 45 67") == "tel:0701234567"


@pytest.mark.parametrize(
    ("line", "calls"),
    [
        ("Lena 070-123 45 67", ["0701234567"]),
        ("Jonas 046-12 34 56, vardagar 8-16", ["046123456"]),
        ("+46 (0)70 123 45 67 Lena", ["+46701234567"]),
        ("Självmordslinjen 90101", ["90101"]),
        ("Jourhavande präst, ring 112", ["112"]),
        ("Mobil 0701234567, hem 046-123456", ["0701234567", "046123456"]),
        ("Ove, knacka på", [""]),
        ("Ove, 3 trappor, kl 18.30-21 och 2026-11-19", [""]),
        ("rum 1234567890", [""]),
        ("0" * 40, [""]),
    ],
)
def test_what_is_a_number_to_call(line: str, calls: list[str]) -> None:
    """A time or a date is none, so that nobody calls the wrong place on a heavy day."""
    assert [one.call for one in reaches(f"\n {line} \n")] == calls
    assert all(one.line == line for one in reaches(line))
    assert reaches("") == [] and Reach("x") in reaches("x")


def test_the_next_bit_goes_on_from_where_one_is() -> None:
    texts: Texts = {"signs": "x", "places": "x"}
    for after, comes in {"": "do", "signs": "do", "do": "people", "nope": "do"}.items():
        found = next_bit(texts, after)
        assert found and found.name == comes
    assert next_bit(texts, "reasons") is None


def test_only_on_heavy_days_is_it_near(world: World) -> None:
    """Row D9; product.md, Idag: on low days quietly near; offered only on level 1 and 2, and never pushed."""
    for word in LEVELS:
        client = world.someone(word)
        heavy = word in LEVELS[:2]
        assert (OFFER in client.get("/").text) == heavy
        writes(client)
        page = client.get("/")
        assert OFFER not in page.text and (PLAN in page.text) == heavy
        if heavy:
            assert page.link(PLAN) == HERE


def test_dont_know_and_not_today_show_it_and_do_not_offer_it(world: World) -> None:
    client = world.someone("Vet inte")
    for path in ("/", "/inte-idag"):
        assert OFFER not in client.get(path).text and PLAN not in client.get(path).text
    writes(client)
    for path in ("/", "/inte-idag"):
        assert client.get(path).link(PLAN) == HERE
    assert PLAN not in world.visitor().get("/inte-idag").text


def test_idag_reads_it_in_the_statement_that_it_had(world: World) -> None:
    """Rule of the first page: at most five statements, the same with and without a plan, and the plan is not opened."""
    client = world.someone("Tung")
    client.get("/")
    counts = []
    for _ in range(2):
        with listening(world.database) as seen:
            client.get("/")
        counts.append(len(seen))
        writes(client)
    assert counts[0] == counts[1] <= 5


def test_help_shows_it_to_whoever_is_in(someone: Client, visitor: Client) -> None:
    assert PLAN not in someone.get("/hjalp").text
    writes(someone)
    assert someone.get("/hjalp").link(PLAN) == HERE
    assert PLAN not in visitor.get("/hjalp").text


def test_it_is_handed_over_by_part(ada: Ada, met_ben: Reader, fia: Client) -> None:
    """Hard rule 1: what was chosen and no more, to the one who was chosen, and no frame is asked for."""
    page = writes(ada.client)
    page = ada.client.follow(ada.client.send(page.form("Lämna eller visa upp"), press="Lämna"))
    assert not [one for one in page.form("Vidare").controls if one.kind == "checkbox" and one.chosen]
    page = ada.client.follow(ada.client.send(page.form("Vidare"), {"0-part": ["people"]}, press="Vidare"))
    page = ada.client.follow(ada.client.send(page.form("Vidare"), card=met_ben.card, press="Vidare"))
    told = {"purpose": "Om det blir tungt", "length": "days"}
    page = ada.client.follow(ada.client.send(page.form("Se som"), told, press="Se som"))
    assert "Lena 070" in page.text and "katten" not in page.text
    ada.client.follow(ada.client.send(page.form("Lämna till")))
    seen = met_ben.client.follow(met_ben.client.send(met_ben.client.get(met_ben.page).form("Öppna")))
    assert "Lena 070" in seen.text and not [w for w in ("katten", "sover inte") if w in seen.text]
    assert "Lena 070" not in fia.look(met_ben.page).text


def test_nobody_else_learns_that_it_exists(world: World, ada: Ada) -> None:
    """Hard rule 2: Ben, Fia, Pia and Cleo get the same bytes before and after Ada writes hers."""
    paths = ("/", "/plan", "/hjalp", "/krisplan", "/delat")
    everybody = [world.person(who) for who in OTHERS]
    for _ in range(2):  # the first page of all is another
        before = [client.look(path).body for client in everybody for path in paths]
    writes(ada.client)
    assert [client.look(path).body for client in everybody for path in paths] == before
    assert not [word for word in WORDS.values() for client in everybody if word in client.get(HERE).text]
