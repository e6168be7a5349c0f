"""Min bild and anpassningar: what a person can do never leaves without what it takes."""

import pytest

from server.items.payloads import Item
from server.items.sheets import ONE
from server.story.sheets import PICTURE as SHEET
from server.story.sheets import RANGE, can_alone, strengths_alone, wrong_range
from tests.client import Client
from tests.people import OTHERS, WORDS, Ada
from tests.shared.conftest import Reader
from tests.story.acts import (
    ADAPTATIONS,
    INDEX,
    PICTURE,
    asks_for,
    begins,
    copied,
    hands,
    is_refused,
    opens,
    writes,
)
from tests.world import NOW, World

ALL = {
    "strengths": "lagar-mat",
    "conditions": "ett-tyst-rum",
    "harder": "telefon",
    "range_from": "1 timme",
    "range_to": "2 timmar",
    "range_conditions": "inte-pa-morgonen",
}
SHEETED = {"usual": "vanlig-dag", "can": "klarar-detta", "cannot": "gar-inte-nu", "before": "provat-forut"}


def picture(**texts: str) -> Item:
    return Item(sheet="picture", id=ONE, texts=texts, at=NOW)


@pytest.mark.parametrize(
    "missing", [*(pytest.param(one, marks=pytest.mark.long) for one in RANGE[:2]), RANGE[2]]
)
def test_a_range_is_whole_or_not_there(missing: str, someone: Client) -> None:
    """Row B21: both ends and what it takes; one sentence, and everything typed is kept."""
    page = is_refused(someone, PICTURE, **ALL | {missing: ""})
    assert (
        page.text.count("Skriv alla tre: från, till och vad som krävs.") == 2
    )  # in the list, and at its field
    assert "lagar-mat" in page.html and f'href="#{missing}"' in page.html
    assert "Orkar från" in page.text
    assert "lagar-mat" not in someone.get(PICTURE).text


@pytest.mark.parametrize("said", ["25 %", "25%", "en fjärdedels procent", "50 Procent", "30 ％", "percent"])
@pytest.mark.parametrize("field", ["range_from", "range_conditions"])
def test_never_a_percentage(said: str, field: str) -> None:
    """Row B21; hard rule 4."""
    assert list(wrong_range(ALL | {field: said})) == [field]
    assert not wrong_range(ALL | {"strengths": "Räknar procent i huvudet"})


def test_a_percentage_is_said_kindly_on_the_page(someone: Client) -> None:
    page = is_refused(someone, PICTURE, **ALL | {"range_to": "50 %"})
    assert "Skriv timmar eller dagar i stället för procent." in page.text and "50 %" in page.html


def test_all_of_it_is_optional_and_can_be_read(someone: Client) -> None:
    """Row E6; hard rule 5."""
    writes(someone, PICTURE, strengths="lagar-mat")
    page = writes(someone, PICTURE, **ALL)
    assert all(words in page.text for words in ALL.values())
    assert "1 timme – 2 timmar" in page.text and "Så länge orkar jag" in page.text
    assert "Tidigare versioner" in page.text


@pytest.mark.parametrize(
    "part", [RANGE[0], *(pytest.param(one, marks=pytest.mark.long) for one in RANGE[1:])]
)
def test_the_range_goes_together_whatever_was_ticked(part: str, ada: Ada, met_ben: Reader) -> None:
    """Row B21: never a time without what it takes, to anybody."""
    writes(ada.client, PICTURE, **ALL)
    page = begins(ada.client, "picture/min")
    assert "Lägg till" not in page.text and ada.client.get(f"{page.path}/fler").h1 == "Min bild"
    assert sum("part" in control.name for form in page.forms for control in form.controls) == 4
    preview = hands(ada.client, "picture/min", met_ben.card, part)
    for text in (preview.text, opens(met_ben).text):
        assert "1 timme – 2 timmar" in text and "inte-pa-morgonen" in text
        assert not any(word in text for word in ("lagar-mat", "ett-tyst-rum", "telefon"))


@pytest.mark.parametrize("part", RANGE)
def test_no_road_takes_a_piece_of_the_range(part: str) -> None:
    """Also past the pages, and what was saved half while it was locked goes nowhere."""
    assert set(copied(picture(**ALL), part)) == set(RANGE)
    for missing in RANGE:
        half = picture(**{name: text for name, text in ALL.items() if name != missing})
        assert not set(copied(half, "strengths", part)) & set(RANGE)
        assert not set(SHEET.parts_of(half.texts)) & set(RANGE)
    assert not copied(picture(**ALL | {"range_to": "80 %"}), *RANGE)


@pytest.mark.parametrize(
    ("parts", "needs"),
    [
        (("strengths",), True),
        (("strengths", "harder"), True),
        (("strengths", "conditions"), False),
        (("strengths", "range_from"), False),
        (RANGE, False),
        (("harder",), False),
        (("conditions",), False),
    ],
)
@pytest.mark.parametrize("hat", ["authority", "employer", "support"])
def test_when_my_picture_needs_its_frame(parts: tuple[str, ...], needs: bool, hat: str) -> None:
    """Rows B20, B21, E6."""
    assert strengths_alone(ALL, parts, hat) is (needs and hat != "support")


def test_conditions_that_are_empty_are_no_frame() -> None:
    assert strengths_alone({"strengths": "x"}, ("strengths", "conditions", *RANGE), "authority")
    assert can_alone({"can": "x"}, ("can", "cannot"), "employer")


def test_strengths_alone_to_an_authority(ada: Ada, met_fia: Reader) -> None:
    """Row B20: asked for in words that fit; with a sentence it goes, and by part."""
    writes(ada.client, PICTURE, **ALL)
    page = asks_for(ada.client, "picture/min", met_fia.card, "strengths")
    assert page.status == 422 and "Det här säger vad du kan." in page.text and "lättare dag" not in page.text
    hands(ada.client, "picture/min", met_fia.card, "strengths", frame="ramen-min")
    text = opens(met_fia).text
    assert "lagar-mat" in text and "ramen-min" in text
    assert not any(word in text for word in ("ett-tyst-rum", "telefon", "1 timme", "inte-pa-morgonen"))
    assert "Ben" not in text and "Fia (det jag är bra på)" in ada.client.get(PICTURE).text


def test_strengths_stand_first_for_whoever_reads(ada: Ada, met_fia: Reader) -> None:
    """Row A12."""
    writes(ada.client, PICTURE, **ALL)
    hands(ada.client, "picture/min", met_fia.card, ["harder", "range_to", "conditions", "strengths"])
    text = opens(met_fia).text
    places = [text.index(ALL[name]) for name in ("strengths", "conditions", "harder", "range_from")]
    assert places == sorted(places)


def test_an_opened_picture_lies_above_other_copies(ada: Ada, met_ben: Reader) -> None:
    """Row A12: strengths are read before anything else, whatever came last."""
    writes(ada.client, PICTURE, **ALL)
    hands(ada.client, "picture/min", met_ben.card, ["strengths"])
    opens(met_ben)
    hands(ada.client, f"goal/{ada.plan['goal']}", met_ben.card, "")
    text = opens(met_ben).text
    assert text.index(ALL["strengths"]) < text.index(WORDS["goal"])


def test_adaptations_are_written_and_go_by_part(ada: Ada, met_ben: Reader) -> None:
    """Row C32: usual day, can, cannot now, tried, next, who follows up, when to look at it."""
    every = SHEETED | {"next": "eget-horn", "follows": "Lena", "evaluate": "2026-12-17"}
    page = writes(ada.client, ADAPTATIONS, **every)
    assert all(
        words in page.text for words in (*SHEETED.values(), "eget-horn", "Lena", "Torsdag 17 december")
    )
    hands(ada.client, "adaptations/min", met_ben.card, ["next", "evaluate"])
    text = opens(met_ben).text
    assert "eget-horn" in text and "17 december" in text
    assert not any(word in text for word in (*SHEETED.values(), "Lena"))


def test_examples_stand_folded_under_the_fields(someone: Client) -> None:
    page = someone.get(f"{ADAPTATIONS}/andra")
    assert "Exempel på anpassningar" in page.text
    assert "skriftlig instruktion" in page.text.lower() and "Starta en tisdag, inte en måndag" in page.text
    assert "·" not in page.text


def test_what_i_can_goes_with_what_i_cannot(ada: Ada, met_fia: Reader) -> None:
    """Row C32, B20: without it an authority gets it only with a sentence."""
    writes(ada.client, ADAPTATIONS, **SHEETED)
    page = asks_for(ada.client, "adaptations/min", met_fia.card, ["can", "usual"])
    assert page.status == 422 and "inte det som inte går nu" in page.text
    assert asks_for(ada.client, "adaptations/min", met_fia.card, "before").status == 422
    preview = hands(ada.client, "adaptations/min", met_fia.card, ["can", "before", "cannot"])
    assert "Så här hör det ihop" not in preview.text
    assert "klarar-detta" in opens(met_fia).text


@pytest.mark.parametrize(("here", "item"), [(PICTURE, "picture/min"), (ADAPTATIONS, "adaptations/min")])
def test_nobody_else_learns_of_them(here: str, item: str, world: World, ada: Ada) -> None:
    """Hard rules 1 and 2: at the same address each person has an own page, and nothing of anybody's."""
    others = [world.person(name) for name in OTHERS]
    paths = (here, f"{here}/andra", INDEX, "/delat", "/plan/borttaget")
    before = [[client.get(path).body for path in paths] for client in others]
    writes(ada.client, here, **(ALL if here == PICTURE else SHEETED))
    assert before == [[client.get(path).body for path in paths] for client in others]
    for client in others:
        client.get(f"{here}/tidigare", status=404)
        client.post("/lamna/ny", {"item": item}, status=404)
        client.post(f"{here}/tillbaka", status=404)
