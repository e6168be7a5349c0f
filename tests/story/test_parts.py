"""Min berättelse: told once, in parts and in three lengths, and never seen by anybody else."""

import pytest

from server.items.payloads import Item
from server.story.sheets import STORY
from server.story.words import STARTS
from tests.client import Client
from tests.html import all_of
from tests.people import OTHERS, Ada
from tests.shared.conftest import Reader
from tests.story.acts import INDEX, begins, copied, hands, opens, writes_part
from tests.world import NOW, World

LONG, MIDDLE, SHORT = "hela-berattelsen", "fem-minuters", "en-minuts"
ALL_THREE = {"full": LONG, "middle": MIDDLE, "short": SHORT}


def headings(page_html: str, *titles: str) -> list[str]:
    return sorted(titles, key=page_html.index)


def test_it_is_there_from_minute_one(someone: Client) -> None:
    """Row B14; hard rule 5: a door in Planen, a few ways to begin, and nothing that has to be filled in."""
    assert someone.get("/plan").link("Min berättelse") == INDEX
    page = someone.get(INDEX)
    assert page.h1 == "Min berättelse" and "Ett sätt att börja" in page.text
    assert page.link("Så möter du mig") == "/kretsen/mot-mig"
    assert (page.link("Min bild"), page.link("Anpassningar")) == ("/plan/bild/min", "/plan/anpassningar/min")
    assert page.text.count("Bara jag") == 3
    for address in ("/plan/bild/min", "/plan/anpassningar/min"):
        assert "Lämna eller visa upp" not in someone.get(address).text


@pytest.mark.parametrize(
    "start", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, len(STARTS)))]
)
def test_every_start_opens_a_part_with_its_heading(start: int, world: World, someone: Client) -> None:
    with world.app.test_request_context():
        words = str(STARTS[start])
    form = someone.get(someone.get(INDEX).link(words)).form("Spara")
    assert dict(form.filled("Spara", {}))["title"] == words
    someone.follow(someone.send(form, {"full": "Lite"}, press="Spara"))
    page = someone.get(INDEX)
    assert page.text.count(words) == 1  # its name: it is offered no more


def test_a_part_needs_only_a_heading(someone: Client) -> None:
    """A heading alone is kept; there is nothing of it to hand over yet, and the page says so."""
    part = writes_part(someone, "Mitt liv nu")
    page = someone.get(f"/plan/berattelsen/{part}")
    assert page.h1 == "Mitt liv nu" and "Inget är skrivet här än" in page.text
    chosen = begins(someone, f"story/{part}")
    assert "Här finns bara en rubrik" in chosen.text
    assert "Välj vad som följer med" in someone.send(chosen.form("Vidare"), press="Vidare", status=422).text


def test_one_length_first(someone: Client) -> None:
    """Row B14: a shorter one is offered when wanted, and no length is named while there is one."""
    part = writes_part(someone, "Mitt liv nu", full=LONG)
    page = someone.get(f"/plan/berattelsen/{part}")
    assert LONG in page.text and "Fem minuter" not in page.text and "Hela" not in page.text
    folded = all_of(someone.get(f"/plan/berattelsen/{part}/andra").tree, "details")
    assert [one.get("open") for one in folded] == [None]
    unfolded = someone.get(page.link("Skriv en kortare också"))
    assert all_of(unfolded.tree, "details")[0].get("open") is not None
    someone.follow(someone.send(unfolded.form("Spara"), {"short": SHORT, "middle": MIDDLE}, press="Spara"))
    page = someone.get(f"/plan/berattelsen/{part}")
    assert all(word in page.text for word in (LONG, MIDDLE, SHORT, "Hela", "Fem minuter", "En minut"))
    assert "Skriv en kortare också" not in page.text


def test_the_owners_order_without_dragging(someone: Client) -> None:
    """WCAG 2.5.7: up and down are buttons, and the ends of the row have one each."""
    third = [writes_part(someone, title, full=title) for title in ("Ett", "Tva", "Tre")][2]
    page = someone.get(INDEX)
    assert headings(page.html, "Tre", "Ett", "Tva") == ["Ett", "Tva", "Tre"]
    assert page.text.count("Flytta upp") == page.text.count("Flytta ner") == 2
    answer = someone.send(page.form(f"{third}/flytta"), press="Flytta upp")
    assert answer.location.startswith(f"{INDEX}#story-")
    assert headings(someone.get(INDEX).html, "Ett", "Tva", "Tre") == ["Ett", "Tre", "Tva"]


def test_what_was_begun_waits_beside_a_new_one(someone: Client) -> None:
    """Hard rule 8: a draft is never lost, nor put under the heading of another start."""
    form = someone.get("/plan/berattelsen/ny?title=Det som hänt").form("Spara")
    someone.autosave(form, full="påbörjat")
    page = someone.get(INDEX)
    assert "Påbörjad, inte sparad än" in page.text and "påbörjat" not in page.text
    other = someone.get(page.link("Mitt liv nu"))
    assert "påbörjat" not in other.html and "Mitt liv nu" in other.html
    assert "påbörjat" in someone.get(page.link("Det som hänt")).html
    assert "påbörjat" in someone.get("/plan/berattelsen/ny").html


def test_only_one_length_goes_along(ada: Ada, met_ben: Reader) -> None:
    """Row B14: the heading and the chosen length, and nothing that tells of the others (hard rule 2).

    Row E14: personal, not private, is said where it is chosen.
    """
    part = writes_part(ada.client, "Mitt liv nu", **ALL_THREE)
    page = begins(ada.client, f"story/{part}")
    assert "Personligt räcker." in page.text
    assert not [one for form in page.forms for one in form.controls if one.chosen]
    assert "Välj vad som följer med" in ada.client.send(page.form("Vidare"), press="Vidare", status=422).text
    preview = hands(ada.client, f"story/{part}", met_ben.card, "short")
    read = opens(met_ben)
    for seen in (preview, read):
        assert "Mitt liv nu" in seen.text and SHORT in seen.text
        assert not any(word in seen.html for word in (LONG, MIDDLE, "En minut", "Fem minuter", "Hela"))
    assert "Ben (en minut)" in ada.client.get(f"/plan/berattelsen/{part}").text


@pytest.mark.parametrize(
    "parts", [[], ["title"], ["full", "short"], ["title", "other"], ["full", "middle", "short"]]
)
def test_a_hand_made_choice_of_several_or_none_is_refused(parts: list[str], someone: Client) -> None:
    part = writes_part(someone, "Mitt liv nu", **ALL_THREE)
    page = begins(someone, f"story/{part}")
    answer = someone.post(page.path, [("0-part", one) for one in parts], status=422)
    assert "Välj vad som följer med" in answer.text


@pytest.mark.parametrize(
    "parts", [("full", "short"), ("title", "full", "middle", "short"), ("short", "full"), ("middle", "short")]
)
def test_a_copy_holds_one_length_whatever_is_asked(parts: tuple[str, ...]) -> None:
    """Also past the pages."""
    item = Item(sheet=STORY.name, id="x", texts={"title": "T", **ALL_THREE}, at=NOW)
    assert copied(item, *parts) == {"title": "T", "short": SHORT}


def test_one_length_is_nothing_to_choose(ada: Ada, met_ben: Reader) -> None:
    part = writes_part(ada.client, "Mitt liv nu", full=LONG)
    assert "Vilken längd" not in begins(ada.client, f"story/{part}").text
    assert LONG in hands(ada.client, f"story/{part}", met_ben.card, "").text


def test_further_parts_each_by_an_own_tap(ada: Ada, met_ben: Reader) -> None:
    """Row B14: the parts stand there by their headings, none is chosen, and each has its own length."""
    first = writes_part(ada.client, "Mitt liv nu", **ALL_THREE)
    writes_part(ada.client, "Det som hänt", full="hande-detta", short="hande-kort")
    writes_part(ada.client, "Hemligt", full="inte-detta")
    page = begins(ada.client, f"story/{first}")
    more = ada.client.follow(
        ada.client.send(page.form("Lägg till en del till"), press="Lägg till en del till")
    )
    assert "Hemligt" in more.text and "dag" not in more.h1
    page = ada.client.follow(ada.client.send(more.form("Det som hänt"), press="Det som hänt"))
    picked = {"0-part": "short", "1-part": "full"}
    page = ada.client.follow(ada.client.send(page.form("Vidare"), picked, press="Vidare"))
    page = ada.client.follow(ada.client.send(page.form("Vidare"), card=met_ben.card, press="Vidare"))
    told = {"purpose": "Inför mötet", "length": "days"}
    preview = ada.client.follow(ada.client.send(page.form("Se som"), told, press="Se som"))
    ada.client.follow(ada.client.send(preview.form("Lämna till")))
    text = opens(met_ben).text
    assert SHORT in text and "hande-detta" in text
    assert not any(word in text for word in (LONG, MIDDLE, "hande-kort", "Hemligt", "inte-detta"))


def test_the_contact_confirms_having_read_it(ada: Ada, met_ben: Reader) -> None:
    """Row B14: “contact confirms having read before the meeting” stands on the owner's page of the part."""
    part = writes_part(ada.client, "Mitt liv nu", full=LONG)
    hands(ada.client, f"story/{part}", met_ben.card, "")
    here = f"/plan/berattelsen/{part}"
    assert "Inte öppnad" in ada.client.get(here).text
    read = opens(met_ben)
    assert "Öppnad idag" in ada.client.get(here).text and "Läst" not in ada.client.get(here).text
    met_ben.client.send(read.form("Läst, jag svarar inte"), press="Läst, jag svarar inte")
    assert "Läst. Inget skriftligt svar." in ada.client.get(here).text


def test_a_later_change_stays_mine(ada: Ada, met_ben: Reader) -> None:
    """Another length may change as it will; the one that was handed over tells so on the part's page."""
    part = writes_part(ada.client, "Mitt liv nu", **ALL_THREE)
    hands(ada.client, f"story/{part}", met_ben.card, "short")
    here = f"/plan/berattelsen/{part}"
    for field, says in (("full", False), ("short", True)):
        form = ada.client.get(f"{here}/andra").form("Spara")
        ada.client.send(form, {field: "något nytt"}, press="Spara")
        assert ("Du har ändrat sen Ben fick" in ada.client.get(here).text) is says
    assert SHORT in opens(met_ben).text


def test_nobody_else_learns_of_it(world: World, ada: Ada) -> None:
    """Hard rules 1 and 2: nothing of it is to be found, and every other person's pages are the same."""
    part = writes_part(ada.client, "Mitt liv nu", full=LONG)
    here = f"/plan/berattelsen/{part}"
    others = {name: world.person(name) for name in OTHERS}
    paths = (INDEX, "/plan", "/delat", "/kretsen", "/plan/borttaget")
    before = {name: [client.get(path).body for path in paths] for name, client in others.items()}
    for client in others.values():
        free = client.get("/plan/berattelsen/" + "0" * 32, status=404)
        assert client.get(here, status=404).body == free.body
        for act in ("flytta", "bort", "satt"):
            client.look(f"{here}/{act}")
        client.post(f"{here}/flytta", {"vart": "upp"}, status=404)
        client.post("/lamna/ny", {"item": f"story/{part}"}, status=404)
    writes_part(ada.client, "En till", full="mer")
    assert before == {name: [client.get(path).body for path in paths] for name, client in others.items()}
    assert LONG in ada.client.get(here).text
