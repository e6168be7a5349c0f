"""Hjälp, Göm, and the page behind the quiet line: for anybody, from everywhere."""

import re

import pytest

from server.help.lines import lines
from tests.client import Client
from tests.html import all_of, text_of
from tests.people import TUESDAY, Ada
from tests.world import World, at

PAGES = (
    "/", "/svara", "/inte-idag", "/dagar", "/dagar/2026-11/lista", f"/dagar/{TUESDAY}", f"/dagar/{TUESDAY}/ny",
    "/dagar/borttaget", "/aktiviteter", "/aktiviteter/oppen-fika", "/sa-funkar-det", "/hjalp", "/delat/valkommen",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_help_and_hide_stand_in_the_same_place_on_every_page(path: str, ada: Ada) -> None:
    """Hard rule 6: Hjälp is one tap away and 112 the second, always in the same order."""
    page = ada.client.get(path)
    tools = next(one for one in all_of(page.tree, "div") if one.get("class") == "tools")
    assert [text_of(one) for one in all_of(tools, "button", "a")] == ["Göm", "Hjälp"]
    assert page.link("Hjälp") == "/hjalp"


def test_also_on_pages_that_say_no(ada: Ada, visitor: Client) -> None:
    assert visitor.get("/finns-inte", status=404).link("Hjälp") == "/hjalp"
    assert visitor.get("/in/abc").link("Hjälp") == "/hjalp"
    assert ada.client.get("/dagar/2030-01-01", status=422).link("Hjälp") == "/hjalp"


def test_the_crisis_page_is_for_anybody(visitor: Client, world: World) -> None:
    """Readable without signing in; every line says what it is for, when, and when it was checked."""
    before = world.rows("account")
    page = visitor.get("/hjalp")
    assert page.links.index("tel:112") < page.links.index("tel:1177")
    text = page.text
    for line in lines():
        assert line.name in text
        assert line.for_ in text
        assert re.fullmatch(r"20\d\d-(0\d|1[0-2])", line.checked)
        assert line.number or line.web
        if line.number:
            assert line.tel in page.links
    assert text.count("Kontrollerad november 2026.") == len(lines())
    assert {"tel:112", "tel:1177", "tel:90101", "tel:90390"} <= set(page.links)
    assert world.rows("account") == before


def test_numbers_that_are_closed_or_unverified_are_left_out(visitor: Client) -> None:
    """context-sweden.md, section 7: ◌ rows and the closed Nationella hjälplinjen."""
    digits = re.sub(r"\D", "", " ".join(visitor.get("/hjalp").links))
    for number in ("0771220060", "020220060", "020505050"):
        assert number not in digits


def test_nothing_is_guessed_and_nobody_is_called(visitor: Client) -> None:
    text = visitor.get("/hjalp").text
    assert "Dagsform läser inte det du skriver och larmar inte åt dig." in text
    assert "Ingen ser att du har öppnat den här sidan." in text


def test_the_page_behind_the_quiet_line(visitor: Client) -> None:
    """Hard rule 5: who runs this, what is stored and visible, your rights, how to leave, accessibility,
    18 years."""
    page = visitor.get(visitor.get("/").link("Så funkar det"))
    headings = [text_of(one) for one in all_of(page.tree, "h2")]
    assert headings == [
        "Vad som sparas", "Vem som kan se", "Dina rättigheter", "Om du vill sluta", "Vem som driver det här",
        "Tillgänglighet",
    ]  # fmt: skip
    for said in (
        "fyllt 18 år", "Föreningen Ljung", "010-123 45 67", "Sverige, i ett skåp i Ljungvik", "inget BankID",
        "ingen diagnos",
        "30 dagar", "kan de inte läsa dina texter",
        "Någon som i hemlighet har ändrat den skulle kunna läsa då.",
        "Förlorar du nyckeln kan ingen öppna", "Integritetsskyddsmyndigheten", "WCAG 2.2",
    ):  # fmt: skip
        assert said in page.text


def test_no_page_asks_for_a_diagnosis_a_name_or_a_number(ada: Ada) -> None:
    """E8, C7, hard rule 5: these are all the fields there are,
    and none is compulsory but the date one looks for."""
    names, needed = set[str](), set[str]()
    for path in (*PAGES, f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}"):
        page = ada.client.get(path)
        names |= {
            control.name for form in page.forms for control in (*form.controls, *form.buttons) if control.name
        }
        needed |= {
            one.get("name", "")
            for one in all_of(page.tree, "input", "textarea")
            if one.get("required") is not None
        }
    assert names <= {
        "form", "level", "id", "edition", "words", "done", "looked", "cost", "circumstances", "helped",
        "mood", "dag", "version", "sure", "item",
    }  # fmt: skip
    assert needed <= {"dag"}


def test_nothing_on_the_outside_tells_what_it_is(ada: Ada) -> None:
    """C30: a neutral name; no word of illness in a title, which others see in tabs and lists."""
    for path in PAGES:
        title = ada.client.get(path).title.lower()
        assert not re.search(r"psyk|ohälsa|sjuk|diagnos|kris|mår|mående|depress|ångest|terapi|stöd", title)


def test_hide_makes_every_page_a_clock(ada: Ada) -> None:
    """C30, C35: one tap; Back, too, shows the clock; nothing on it tells what lies behind."""
    hidden = ada.client.follow(ada.client.send(ada.client.get(f"/dagar/{TUESDAY}").form("Göm")))
    assert (hidden.path, hidden.h1, hidden.title) == ("/klocka", "10.00", "10.00")
    assert re.sub(r"Till innehållet|Torsdag 19 november|Tillbaka|10\.00", "", hidden.text).strip() == ""
    assert not hidden.links or hidden.links == ["#innehall"]
    for path in PAGES:
        assert ada.client.get(path, status=303).location == "/klocka"
    ada.client.get("/healthz")
    back = ada.client.follow(ada.client.send(hidden.form("Tillbaka")))
    assert back.h1 == "Tung dag"
    assert ada.client.get(f"/dagar/{TUESDAY}").h1 == "Tisdag 17 november"


def test_an_address_that_is_not_there_is_the_clock_too_while_hidden(visitor: Client) -> None:
    visitor.post("/gom")
    for path in ("/finns-inte", "/dagar/inte-en-dag", "/aktiviteter/finns-inte"):
        assert visitor.get(path, status=303).location == "/klocka"


def test_what_another_tab_posts_while_hidden_is_saved(ada: Ada) -> None:
    """Hard rule 8 stands above hiding."""
    form = ada.client.get(f"/dagar/{TUESDAY}/ny").form("Spara")
    ada.client.post("/gom")
    ada.client.send(form, press="Spara", words="från en annan flik")
    ada.client.post("/klocka")
    assert "från en annan flik" in ada.client.get(f"/dagar/{TUESDAY}").text


def test_the_clock_keeps_the_time_of_the_town(visitor: Client, world: World) -> None:
    world.move(at("2026-07-01 09.05"))
    page = visitor.get("/klocka")
    assert (page.h1, page.title) == ("9.05", "9.05")
    assert "Onsdag 1 juli" in page.text
