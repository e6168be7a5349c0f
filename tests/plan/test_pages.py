"""Planen over HTTP: there from minute one, paused by a tap, and nobody else's."""

import pytest

from server.items.sheets import every_sheet
from server.web.language import lower_first
from tests.accounts.acts import lock_for_real, open_code
from tests.client import Client
from tests.people import Ada
from tests.plan.writing import fresh, writes
from tests.world import World

NO_FAILURE = (
    "misslyck",
    "avbr",
    "frånvaro",
    "försenad",
    "uteblev",
    "missat",
    "bra jobbat",
    "duktig",
    "grattis",
)


def test_the_plan_is_there_from_minute_one(someone: Client) -> None:
    """Rows A19, B23: without permission, account or anything filled in."""
    page = someone.get("/plan")
    assert "Om du får drömma, vad vill du göra helst?" in page.text and page.h1 == "Planen"
    assert someone.get("/dagar").link("Planen") == "/plan"
    assert len(list(page.tree.iter("dt"))) == 8


def test_dream_goal_and_step_stand_on_one_page(someone: Client) -> None:
    """Rows A1, A11, C22, E1: own words, own kind, smallest version."""
    writes(someone, "drom", "min", dream="Jobba med växter", place="ute", tasks="odla")
    goal = writes(someone, "mal", goal="Två förmiddagar i ett växthus", kind="Mitt eget ord")
    page = someone.get(f"/plan/steg/ny?goal={goal.rsplit('/', 1)[1]}")
    someone.send(page.form("Spara"), {"title": "Mejla växthuset", "smallest": "Skriv en rad"}, press="Spara")
    text = someone.get("/plan").text
    assert all(
        words in text for words in ("Jobba med växter", "Två förmiddagar i ett växthus", "Mejla växthuset")
    )
    alone = someone.get(goal).text
    assert "Mitt eget ord" in alone and "Mejla växthuset" in alone
    ideas = someone.get("/plan/drom/min")
    assert "Odla i krukor och pallkrage" in ideas.text and "Har med:" in ideas.text


@pytest.mark.parametrize(
    ("state", "word"),
    [("trying", "Provar"), ("resting", "Vilar. Inget datum."), ("done", "Klar"), ("tried", "Provat")],
)
def test_a_step_changes_by_one_tap_and_back(someone: Client, state: str, word: str) -> None:
    """Rows A9, A13: anything can go back to “vill”, and nothing is late."""
    step = writes(someone, "steg", title="Ringa växthuset")
    answer = someone.follow(someone.send(someone.get(step).form("/satt"), press=word.split(".")[0]))
    assert word in someone.get("/plan").text
    someone.send(answer.form("Ångra"))
    assert "Vill" in someone.get("/plan").text and word not in someone.get("/plan").text.replace(
        "Provat och", ""
    )


def test_the_whole_plan_rests_by_one_tap(someone: Client) -> None:
    """Row A9."""
    writes(someone, "mal", goal="Sova bättre")
    page = someone.follow(someone.send(someone.get("/plan").form("/plan/vila")))
    assert "Planen vilar. Inget datum." in page.text and "Sova bättre" in page.text
    page = someone.follow(someone.send(page.form("Ta upp den igen")))
    assert "Planen vilar" not in page.text


def test_steps_of_a_goal_that_rests_stand_only_on_the_whole_list(someone: Client) -> None:
    goal = writes(someone, "mal", goal="Sova bättre").rsplit("/", 1)[1]
    someone.send(someone.get(f"/plan/steg/ny?goal={goal}").form("Spara"), title="Släcka elva", press="Spara")
    someone.send(someone.get(f"/plan/mal/{goal}").form("/satt"), press="Vilar")
    assert "Släcka elva" not in someone.get("/plan").text
    page = someone.get("/plan/mal")
    assert "Släcka elva" in page.text and "Vilar" in page.text


def test_the_order_is_changed_without_dragging(someone: Client) -> None:
    for title in ("Först", "Sedan"):
        writes(someone, "steg", title=title)
    second = someone.get("/plan").link("Sedan")
    someone.send(someone.get(second).form("/flytta"), press="Flytta upp")
    text = someone.get("/plan").text
    assert text.index("Sedan") < text.index("Först")


def test_a_try_is_prepared_and_done_again_in_another_way(someone: Client) -> None:
    """Row A14: length, conditions, money, “if it does not work, then”; the copy keeps what was agreed."""
    at = writes(
        someone, "forsok", title="Två timmar", length="En gång", conditions="Inte på morgonen",
        otherwise="Jag går hem", learned="Lagom", change="Ha någon med", happened="Jag stannade en timme",
    )  # fmt: skip
    again = someone.get(at).form("Prova på annat sätt")
    page = someone.follow(someone.send(again))
    someone.send(again)  # twice is once
    form = {control.name: control.value for control in page.form("/andra").controls}
    assert form["title"] == "Två timmar" and form["otherwise"] == "Jag går hem"
    assert "Ha någon med" in page.html and "Jag stannade" not in page.html
    assert someone.get("/plan/forsok").text.count("Två timmar") == 2


def test_the_days_around_a_try_become_own_words(someone: Client) -> None:
    """Row C3."""
    at = writes(someone, "forsok", title="Två veckor i kaféet", start="2026-11-18")
    page = someone.follow(someone.send(someone.get(at).form("Hämta från mina dagar")))
    assert "De två veckorna: mittemellan." in page.text
    summary = someone.get(f"{at}/sammanfattning").text
    assert "Inget är skrivet här än. Det går bra." in summary
    assert (
        "Onsdag 18" not in summary
        and "Torsdag 19 mittemellan" in summary
        and "medel" not in summary.replace("mittemellan", "")
    )
    later = writes(someone, "forsok", title="Sedan", start="2027-03-01")
    page = someone.follow(someone.send(someone.get(later).form("Hämta från mina dagar")))
    assert "Det fanns inga svar" in page.text


def test_whose_turn_an_obstacle_is_stands_in_one_place(someone: Client) -> None:
    """Rows A5, A23, C6, C8: the obstacle's ball is a matter of the circle, and found from both sides."""
    at = writes(
        someone, "hinder", what="Bussen går inte före nio", next="Fråga om tio", meanwhile="Läsa hemma"
    )
    page = someone.follow(someone.send(someone.get(at).form("/bollen"), actor="me"))
    assert "Du har bollen" in page.text
    assert "Bussen går inte före nio" in someone.get("/kretsen").text
    matter = someone.get(page.link("Se eller ändra vems tur det är"))
    assert matter.link("Hör till planen") == at and "Du har bollen" in someone.get("/plan/hinder").text
    twice = someone.follow(someone.post(f"{at}/bollen", {"actor": "me"}))
    assert someone.get("/kretsen").text.count("Bussen går inte före nio") == 1 and twice.status == 200


def test_the_ball_is_taken_back_by_one_tap(someone: Client) -> None:
    at = writes(someone, "hinder", what="Bussen går inte före nio")
    page = someone.follow(someone.send(someone.get(at).form("/bollen"), actor="me"))
    someone.follow(someone.send(page.form("Ångra")))
    assert "Bussen" not in someone.get("/kretsen").text
    assert "Du har bollen" in someone.follow(someone.send(someone.get(at).form("/bollen"), actor="me")).text


def test_the_ball_of_an_obstacle_that_came_without_a_name(ada: Ada) -> None:
    """What was saved while it was locked has what it has."""
    lock_for_real(ada.client)
    at = f"/plan/hinder/{fresh()}"
    ada.client.post(f"{at}/andra", {"edition": "0", "what": "", "more": "Det är långt"})
    ada.client.follow(open_code(ada.client))
    page = ada.client.follow(ada.client.send(ada.client.get(at).form("/bollen"), actor="me"))
    assert "Du har bollen" in page.text and "Det är långt" in ada.client.get("/kretsen").text


def test_the_life_map_in_small_bits(someone: Client) -> None:
    """Rows B22, E11, E21: any order, skipped, or rather talked about; one page shows the whole."""
    page = someone.get("/plan/kartan/bit")
    assert page.h1 == "Vardag"
    page = someone.follow(someone.send(page.form("Spara"), text="Lugnt nu", press="Spara"))
    assert page.h1 == "Ekonomi"
    page = someone.follow(someone.send(page.form("Spara"), press="Hellre prata om det"))
    assert page.h1 == "Hälsa"
    page = someone.follow(someone.send(page.form("Spara"), press="Hoppa över"))
    assert page.h1 == "Relationer"
    whole = someone.get("/plan/kartan").text
    assert "Lugnt nu" in whole and "Det här vill du hellre prata om: så är det nu" in whole
    assert "Lugnt nu" in someone.get("/plan").text


@pytest.mark.parametrize("press", ["Spara", "Hoppa över", "Hellre prata om det"])
def test_what_stands_in_a_bit_is_saved_whatever_is_pressed(press: str, someone: Client) -> None:
    """Hard rule 8; and one undo takes the whole of it back."""
    form = someone.get("/plan/kartan/bit").form("Spara")
    page = someone.follow(someone.send(form, text="Halva svaret", press=press))
    assert "Halva svaret" in someone.get("/plan/omrade/vardag").text
    someone.follow(someone.send(page.form("Ångra")))
    whole = someone.get("/plan/kartan").text
    assert "Halva svaret" not in whole and "hellre prata om" not in whole
    too_long = {"text": "x" * 5_001}
    assert "x" * 5_001 in someone.send(form, too_long, press=press, status=422).html


def test_an_answer_that_is_emptied_is_gone_from_the_map(someone: Client) -> None:
    """“Sparat” is true: what was taken out does not stand there. It lies among the earlier versions."""
    form = someone.get("/plan/kartan/bit?vilken=hem:now").form("Spara")
    someone.follow(someone.send(form, text="Trångt", press="Spara"))
    someone.follow(someone.send(form, text="", press="Spara"))
    assert "Trångt" not in someone.get("/plan/kartan").text
    assert "Trångt" in someone.get("/plan/omrade/hem/tidigare").text


@pytest.mark.parametrize("button", ["Hoppa över", "Hellre prata om det", "Räcker för nu"])
def test_what_was_begun_is_kept_whichever_button_is_tapped(someone: Client, button: str) -> None:
    """Hard rule 8: nothing typed is lost, and enough is enough."""
    page = someone.get("/plan/kartan/bit")
    page = someone.follow(someone.send(page.form("Räcker för nu"), text="Börjat på något", press=button))
    assert (page.path == "/plan/kartan") == (button == "Räcker för nu")
    whole = someone.get("/plan/kartan").text
    assert "Börjat på något" in whole
    assert ("Det här vill du hellre prata om" in whole) == (button == "Hellre prata om det")


def test_enough_without_words_changes_nothing(someone: Client) -> None:
    page = someone.follow(someone.send(someone.get("/plan/kartan/bit").form("Spara"), press="Räcker för nu"))
    assert page.path == "/plan/kartan" and "Sparat." not in page.text
    assert someone.get("/plan/kartan/bit").h1 == "Vardag"


def test_no_more_questions_when_all_have_been_put_aside(someone: Client) -> None:
    page, asked = someone.get("/plan/kartan/bit"), 0
    while page.h1 != "Inga fler frågor":
        page, asked = someone.follow(someone.send(page.form("Spara"), press="Hoppa över")), asked + 1
    assert asked == 25  # three questions in eight areas, and care for others under home


def test_nothing_is_called_a_failure_and_nothing_is_praised(someone: Client) -> None:
    """Row A13; product.md, words."""
    texts = [
        str(text)
        for sheet in every_sheet().values()
        for field in sheet.fields
        for text in (field.label, field.hint, *field.choices.values(), *field.suggest)
    ]
    pages = [
        someone.get(at).text for at in ("/plan", "/plan/forsok", "/plan/hinder", "/plan/kartan", "/plan/mal")
    ]
    said = lower_first(" ".join([*texts, *pages])).lower()
    assert [word for word in NO_FAILURE if word in said] == []


@pytest.mark.parametrize("who", ["ben", "fia", "pia", "cleo"])
def test_nobody_else_learns_that_there_is_a_plan(world: World, who: str) -> None:
    """Hard rules 1 and 2: the same 404 for what is Ada's and for what is nobody's."""
    ada, other = world.ada().client, world.person(who)
    at = writes(ada, "mal", goal="Hemligt mål")
    nowhere = other.get(f"/plan/mal/{fresh()}", status=404)
    assert other.get(at, status=404).body == nowhere.body
    for path in ("/plan", "/plan/mal", "/plan/kartan", "/plan/forsok", "/plan/hinder", "/plan/vagar"):
        assert "Hemligt" not in other.get(path).text


def test_the_map_of_ways_says_first_that_nobody_sees_it(someone: Client) -> None:
    """Rows B24, C14, D1, E3; visual.md: money never guessed, on every post from trying work and on."""
    page = someone.get("/plan/vagar?fran=yrkesprofil")
    assert page.text.index("Ingen ser vad du tittar på här") < page.text.index("Större")
    assert "Vad händer med pengarna?" in page.text and "Att fråga är inte att lova." in page.text
    assert someone.get("/plan/vagar?fran=<script>").h1 == "Vägar framåt"
