"""Idag over HTTP: the question, one tap, and what is possible just today."""

import re

import pytest

from tests.client import Client, Page
from tests.html import all_of, text_of
from tests.people import begin
from tests.world import World, at

LEVELS = {"Lätt": "5", "Ganska lätt": "4", "Mittemellan": "3", "Tung": "2", "Mycket tung": "1"}
# Words of praise, of push and of counting that no page may say (hard rule 4, context-sweden.md section 10).
NEVER = (
    "bra jobbat", "duktig", "grattis", "toppen", "heja", "kämpa", "i rad", "streak", "poäng", "genomsnitt", "snitt",
    "procent", "%", "rekord", "bästa dag", "du har inte", "missat", "senast inne", "misslyck", "avbröt", "frånvaro",
    "det är bara att", "enkelt",
)  # fmt: skip


def cards(page: Page) -> list[str]:
    """The titles of what is shown as possible, large ones and quiet rows alike."""
    titles = [text_of(one) for one in all_of(page.tree, "h3")]
    rows = [text_of(one) for one in all_of(page.tree, "a") if one.get("class") == "item"]
    more = ("Skriv några ord", "Mitt ", "Någon att prata med", "Gör en krisplan", "Min krisplan")
    return titles + [row for row in rows if not row.startswith(more)]


def test_the_first_screen_is_the_question(visitor: Client) -> None:
    """C10, A4: it opens with how the day is, not with a form; lightest on top, nothing preselected, no number."""
    page = visitor.get("/")
    assert page.h1 == "Hur är dagen?"
    picker = page.form("/svara")
    assert [button.value for button in picker.buttons if button.value.isdigit()] == ["5", "4", "3", "2", "1"]
    for word, button in zip(LEVELS, [one for one in picker.buttons if one.value.isdigit()], strict=True):
        assert button.says.startswith(word)
    assert not any(control.chosen for control in picker.controls)
    assert "När du svarar sparas det, låst. Så funkar det. Från 18 år." in page.text
    assert not all_of(page.tree, "nav")
    body = text_of(all_of(page.tree, "main")[0])
    assert re.findall(r"\d+", body) == ["19", "18"]  # the date, and from 18 years: no figure about the person


def test_looking_makes_no_account(visitor: Client, world: World) -> None:
    """A19: start alone. Until the first tap there is nothing to keep."""
    before = world.rows("account")
    for path in ("/", "/inte-idag", "/aktiviteter", "/hjalp", "/sa-funkar-det", "/svara"):
        visitor.get(path)
    assert world.rows("account") == before
    assert set(visitor.cookies()) == {"__Host-h"}


def test_one_tap_is_a_saved_entry(visitor: Client, world: World) -> None:
    """D7, hard rule 5: nothing else is asked; the second page says so and offers to undo."""
    before = world.rows("account"), world.rows("record")
    answer = visitor.send(visitor.get("/").form("/svara"), press="Tung")
    page = visitor.follow(answer)
    assert (world.rows("account"), world.rows("record")) == (before[0] + 1, before[1] + 1)
    assert "Sparat." in page.text
    assert page.h1 == "Tung dag"
    assert page.form("Ångra").action.endswith("/angra")
    assert "Nyckeln ligger i den här telefonen." in page.text
    assert "Sparat." not in visitor.get("/").text  # said once


def test_undo_takes_the_tap_back_without_a_trace(visitor: Client, world: World) -> None:
    before = world.rows("record")
    page = visitor.follow(visitor.send(visitor.get("/").form("/svara"), press="Tung"))
    undone = visitor.follow(visitor.send(page.form("Ångra"), press="Ångra"))
    assert "Ångrat." in undone.text
    assert undone.h1 == "Hur är dagen?"
    assert world.rows("record") == before


@pytest.mark.parametrize(
    ("word", "count"), [("Mycket tung", 3), ("Tung", 3), ("Mittemellan", 3), ("Ganska lätt", 4), ("Lätt", 4)]
)
def test_two_to_four_choices_and_rest_among_them(word: str, count: int, world: World) -> None:
    """B11, A24, D7, D27: different choices for the level, rest always one of them."""
    page = world.someone(word).get("/")
    shown = cards(page)
    assert len(shown) == count
    assert len(set(shown)) == count
    assert sum(one.startswith("Vila") for one in shown) == 1
    assert page.link("Visa allt") == "/aktiviteter"
    assert page.text.count("Varför visas den?") == (1 if count == 3 and word != "Mittemellan" else count - 1)


@pytest.mark.parametrize("word", LEVELS)
def test_no_praise_no_push_no_figures(word: str, world: World) -> None:
    """Hard rule 4 and D7: a light day is not celebrated, a heavy one is not comforted."""
    text = world.someone(word).get("/").text
    assert not [never for never in NEVER if never in text.lower()]
    assert "!" not in text


def test_dont_know_is_an_entry_without_a_level(visitor: Client) -> None:
    begin(visitor, "Vet inte")
    page = visitor.get("/")
    assert page.h1 == "Vet inte"
    assert len(cards(page)) == 3
    assert "vet inte" in visitor.get("/dagar").text


def test_not_today_saves_nothing(someone: Client, visitor: Client, world: World) -> None:
    """Saves nothing, makes nothing, and shows what fits a heavy day."""
    before = world.rows("account"), world.rows("record")
    for client in (visitor, someone):
        page = client.get("/inte-idag")
        assert page.h1 == "Inte idag"
        assert "Inget är sparat." in page.text
        assert len(cards(page)) == 3
    assert (world.rows("account"), world.rows("record")) == before
    assert not all_of(visitor.get("/inte-idag").tree, "nav")


@pytest.mark.parametrize("word", ["Tung", "Mittemellan", "Lätt"])
def test_something_else_goes_through_more_and_is_never_empty(word: str, world: World) -> None:
    """B11: “show others” is never empty. The same as a part of the page, and as a page without script."""
    client = world.someone(word)
    page, met = client.get("/"), set[str]()
    for _ in range(12):
        met |= set(cards(page))
        address = page.link("Något annat")
        part = client.fragment(address)
        page = client.get(address)
        assert part.tree.find("*") is not None
        assert cards(part) == cards(page)
        assert len(cards(page)) >= 2
    assert len(met) > 6


def test_something_else_takes_any_number(someone: Client) -> None:
    for number in ("-1", "99999999999999999999999", "x", "", "1.5", "NaN"):
        assert len(cards(someone.get(f"/?annat={number}"))) >= 2


def test_a_page_restored_by_htmx_is_a_whole_page(someone: Client) -> None:
    """History and boosted requests get pages, not parts (architecture.md)."""
    for extra in ({"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}):
        page = someone.get("/", headers={"HX-Request": "true", **extra})
        assert page.h1 == "Mittemellan"


def test_maybe_is_noted_on_the_day_and_can_be_undone(someone: Client) -> None:
    """B8: the strongest word is maybe; nobody promises."""
    page = someone.get("/")
    title = cards(page)[0]
    noted = someone.follow(someone.send(page.form("/kanske/tidningen"), press="Jag kanske går"))
    assert "Sparat. Det står kvar på Idag." in noted.text
    assert "Kanske idag" in noted.text
    assert f"Ta bort {title}" in someone.get("/dagar/2026-11-19").text
    day = someone.get("/dagar/2026-11-19")
    gone = someone.follow(someone.send(day.form("/kanske/tidningen/bort")))
    assert "Kanske idag" not in gone.text


def test_maybe_of_something_that_is_not_there(someone: Client) -> None:
    for slug in ("finns-inte", "vila", "..", "%00"):
        someone.post(f"/kanske/{slug}", status=404)


def test_not_for_me_is_not_shown_again_and_can_be_undone(someone: Client) -> None:
    """D6, A8: everything can be hidden, and it still stands in Visa allt."""
    page = someone.get("/")
    title = cards(page)[0]
    hidden = someone.follow(someone.send(page.form("/tidningen/inte-for-mig"), press="Inte för mig"))
    assert "Visas inte mer på Idag." in hidden.text
    assert title not in cards(hidden)
    assert f"{title} " in someone.get("/aktiviteter").text
    assert "Visas inte på Idag" in someone.get("/aktiviteter").text
    back = someone.follow(someone.send(hidden.form("Ångra"), press="Ångra"))
    assert back.path == "/aktiviteter/tidningen"
    assert title in cards(someone.get("/"))


def test_with_everything_hidden_rest_and_being_are_left(someone: Client) -> None:
    """D27, B11: never empty."""
    slugs = re.findall(r'href="/aktiviteter/([a-z-]+)"', someone.get("/aktiviteter").html)
    for slug in set(slugs):
        someone.post(f"/aktiviteter/{slug}/inte-for-mig")
    someone.get("/")
    page = someone.get("/")
    assert [title.split(".")[0] for title in cards(page)] == ["Bara vara", "Vila"]


def test_a_new_day_begins_at_midnight_in_the_town(someone: Client, world: World) -> None:
    world.move(at("2026-11-19 23.59"))
    assert someone.get("/").h1 == "Mittemellan"
    world.move(at("2026-11-20 00.00"))
    page = someone.get("/")
    assert page.h1 == "Hur är dagen?"
    assert "Fredag 20 november" in page.text
    assert "igår" not in page.text.lower()
    assert all_of(page.tree, "nav")


def test_the_day_can_be_answered_again(someone: Client, world: World) -> None:
    world.move(at("2026-11-19 10.11"))  # within ten minutes it would correct the answer
    page = someone.get(someone.get("/").link("Svara igen"))
    assert "Dagen kan ha flera svar." in page.text
    assert not [
        one for one in all_of(page.tree, "button") if one.get("aria-pressed") or one.get("aria-current")
    ]
    assert someone.follow(someone.send(page.form("/svara"), press="Tung")).h1 == "Tung dag"
    day = someone.get("/dagar/2026-11-19")
    assert len(all_of(day.tree, "article")) == 2


@pytest.mark.parametrize(
    "time", ["00.00", "06.29", "09.59", "11.00", "12.00", "15.31", "17.59", "18.00", "21.00", "23.59"]
)
def test_every_time_of_day_has_something_that_is_not_over(time: str, world: World) -> None:
    """D7: what is possible is right at any minute, on any kind of day; over is gone."""
    world.move(at(f"2026-11-19 {time}"))
    now = int(time.replace(".", ""))
    for word in ("Mycket tung", "Mittemellan", "Lätt"):
        page = world.someone(word).get("/")
        assert len(cards(page)) >= 2
        for end in re.findall(r"Pågår till (\d+)(?:\.(\d+))?", page.text):
            assert int(end[0]) * 100 + int(end[1] or 0) > now
        for start in re.findall(r"Idag (\d+)(?:\.(\d+))?–", page.text):
            assert int(start[0]) * 100 + int(start[1] or 0) > now
