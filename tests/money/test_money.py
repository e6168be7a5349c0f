"""Pengar over HTTP: questions, never answers of ours; what was answered, by whom and when; nobody else's business."""

from pathlib import Path

import pytest

from server.money.answers import by_authority
from server.money.questions import QUESTIONS, WrongQuestions, read
from server.money.sheets import ANSWER
from tests.circle.meeting import meets
from tests.client import Client, Page
from tests.html import all_of, text_of
from tests.people import OTHERS, Ada
from tests.shared.conftest import Reader
from tests.world import World

HERE = "/plan/pengar"
FILE = Path(__file__).parents[2] / "server" / "money" / "questions.toml"
FK = "Vad behöver stå i läkarintyget? Vem skickar det?"
AF = "Kan min handlingsplan ha färre timmar de första veckorna?"
LINE = (
    "Reglerna ändras och gäller olika för olika personer. "
    "Fråga din kontakt och be om svaret skriftligt innan du bestämmer dig."
)
TOLD = {"answered": "Diagnosen och hur länge", "who": "Petra", "on": "2026-11-12", "writing": "no"}


@pytest.fixture
def met_ben(ada: Ada, ben: Client) -> Reader:
    card, pair = meets(ada.client, ben, "Ben")
    return Reader(ben, card, f"/delat/{pair}")


def answers(client: Client, question: str = FK, **told: str) -> Page:
    """From the question on the page to the answer's own page."""
    form = client.get(client.get(HERE).link(f"{question} Skriv upp svaret")).form("Spara")
    return client.follow(client.send(form, told or TOLD, press="Spara"))


def section(page: Page, heading: str) -> str:
    """What stands under one authority, its questions apart."""
    for part in all_of(page.tree, "section"):
        if heading in text_of(part):
            return text_of(part).split("Frågor att ställa")[0]
    raise AssertionError(f"nothing under “{heading}”")


def test_questions_for_each_authority_with_the_day_they_were_checked(someone: Client) -> None:
    """Rows A3, C25: what to ask whom, the fixed line and the date under each list, and how to get there."""
    assert someone.get("/plan").link("Pengar") == HERE
    page = someone.get(HERE)
    assert [text_of(one).replace("/ ", "/") for one in all_of(page.tree, "h2")][:4] == [
        one.title for one in QUESTIONS.lists
    ]
    for one in QUESTIONS.lists:
        assert all(question in page.text for question in one.questions)
    assert page.text.count(LINE) == page.text.count("Kontrollerad 1 november 2026") == 4
    assert sum(len(one.questions) for one in QUESTIONS.lists) == 17


def test_no_answer_of_ours_and_no_advice(someone: Client) -> None:
    """Row A3: what stands here is asked, not said; every line of the lists is a question."""
    assert all(question.endswith("?") for one in QUESTIONS.lists for question in one.questions)
    text = someone.get(HERE).text.lower()
    assert not [
        word for word in ("du bör", "vi rekommenderar", "du har rätt", "kronor", "procent av") if word in text
    ]


def test_an_answer_stands_under_its_authority(someone: Client) -> None:
    """Rows A3, C25: logged with name and date, in writing or not."""
    page = answers(someone)
    assert page.h1 == FK and "Diagnosen och hur länge" in page.text
    said = section(someone.get(HERE), "Till Försäkringskassan")
    assert all(
        word in said
        for word in (FK, "Diagnosen och hur länge", "Petra", "Torsdag 12 november", "Nej, muntligt")
    )
    assert FK not in section(someone.get(HERE), "Till Arbetsförmedlingen")
    assert someone.follow(someone.send(page.form("Ångra"))).path == HERE
    assert "Petra" not in someone.get(HERE).text


def test_the_latest_day_first_and_what_has_none_last(someone: Client) -> None:
    for who, on in (("Ett", "2026-10-01"), ("Två", ""), ("Tre", "2026-11-02")):
        answers(someone, who=who, on=on)
    said = section(someone.get(HERE), "Till Försäkringskassan")
    assert said.index("Tre") < said.index("Ett") < said.index("Två")


def test_own_questions_stand_last(someone: Client) -> None:
    form = someone.get(someone.get(HERE).link("En egen fråga")).form("Spara")
    someone.follow(someone.send(form, question="Får jag ha kvar busskortet?", press="Spara"))
    assert "busskortet" in section(someone.get(HERE), "Något annat")
    assert by_authority([])["other"] == []


def test_nothing_but_the_question_is_needed(someone: Client) -> None:
    """Hard rule 5."""
    form = someone.get(f"/plan/{ANSWER.slug}/ny").form("Spara")
    someone.send(form, press="Spara", status=422)
    assert answers(someone, answered="").h1 == FK


def test_what_is_begun_about_one_question_does_not_stand_in_the_way_of_another(someone: Client) -> None:
    """Hard rule 8: the draft waits under its own question, and the page says that it does."""
    form = someone.get(someone.get(HERE).link(FK)).form("Spara")
    someone.post(form.autosave, form.typed({"answered": "halvt sva"}), status=204)
    page = someone.get(HERE)
    other = someone.get(page.link(AF)).form("Spara")
    assert ("question", AF) in other.typed({}) and ("answered", "halvt sva") not in other.typed({})
    again = someone.get(page.link("Skriv vidare")).form("Spara")
    assert {("question", FK), ("answered", "halvt sva")} <= set(again.typed({}))
    assert again.action == form.action
    someone.follow(someone.send(again, press="Spara"))
    assert "Du har börjat" not in someone.get(HERE).text


def test_no_own_words_stand_in_an_address(someone: Client) -> None:
    """A browser remembers addresses: only the questions of our own file may be in one."""
    form = someone.get(someone.get(HERE).link("En egen fråga")).form("Spara")
    someone.post(form.autosave, form.typed({"question": "hemlig fråga"}), status=204)
    page = someone.get(HERE)
    assert not [link for link in page.links if "hemlig" in link]
    again = someone.get(page.link("Skriv vidare")).form("Spara")
    assert ("question", "hemlig fråga") in again.typed({})
    assert {FK, AF} <= set(ANSWER.field("question").suggest)


def test_an_answer_is_handed_over_by_part(ada: Ada, met_ben: Reader) -> None:
    """Hard rule 1: the question and what was ticked; without a frame."""
    page = answers(ada.client)
    page = ada.client.follow(ada.client.send(page.form("Lämna eller visa upp"), press="Lämna"))
    chosen = {"0-part": ["question", "answered"]}
    page = ada.client.follow(ada.client.send(page.form("Vidare"), chosen, press="Vidare"))
    page = ada.client.follow(ada.client.send(page.form("Vidare"), card=met_ben.card, press="Vidare"))
    told = {"purpose": "Inför mötet", "length": "days"}
    page = ada.client.follow(ada.client.send(page.form("Se som"), told, press="Se som"))
    ada.client.follow(ada.client.send(page.form("Lämna till")))
    seen = met_ben.client.follow(met_ben.client.send(met_ben.client.get(met_ben.page).form("Öppna")))
    assert FK in seen.text and "Diagnosen" in seen.text and "Petra" not in seen.text


def test_nobody_else_learns_of_it(world: World, ada: Ada) -> None:
    """Hard rule 2: the page of anybody else is the same, byte for byte, and her answer is not there."""
    everybody = [world.person(who) for who in OTHERS]
    for _ in range(2):
        before = [client.get(HERE).body for client in everybody]
    mine = answers(ada.client)
    assert [client.get(HERE).body for client in everybody] == before
    missing = f"/plan/svar/{'0' * 32}"
    for client in everybody:
        assert client.get(mine.path, status=404).body == client.get(missing, status=404).body


@pytest.mark.parametrize(
    "wrong",
    [
        ('authority = "fk"', 'authority = "skatteverket"'),
        ('authority = "af"', 'authority = "fk"'),
        (f'"{FK}"', '"Kan jag få svaret skriftligt?"'),
        (f'"{FK}"', '""'),
    ],
)
def test_a_slip_in_the_file_is_found_at_the_start(wrong: tuple[str, str]) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert read(text) == QUESTIONS
    with pytest.raises(WrongQuestions):
        read(text.replace(*wrong))


def test_a_list_without_its_day_is_refused() -> None:
    with pytest.raises(ValueError, match="checked"):
        read('below = "x"\n[[list]]\nauthority = "fk"\ntitle = "x"\nquestions = ["x?"]')
