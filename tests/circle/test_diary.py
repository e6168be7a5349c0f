"""Contact diary over HTTP (row B12): dated, private, changed from two tabs, taken away with undo, and printed."""

import pytest

from tests.accounts.acts import lock_for_real, open_code
from tests.circle.meeting import hands, meets
from tests.client import Client, Page
from tests.html import all_of, text_of
from tests.people import TUESDAY, Ada, put_in_circle, write_note
from tests.world import World

FREE = "0123456789abcdef" * 2
AWKWARD = (
    "🦔👩🏽‍🚀",
    "مرحبا ‮bakvänt‬",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "'; DROP TABLE record; --",
)


@pytest.fixture
def card(someone: Client) -> str:
    return put_in_circle(someone, name="Fia", role="Handläggare", organisation="Försäkringskassan")


def saves(client: Client, card: str, note: str, status: int = 303, **said: str) -> Page:
    form = client.get(f"/kretsen/{card}/dagbok/{note}").form("Spara")
    answer = client.send(form, said, press="Spara", status=status)
    return client.follow(answer) if status == 303 else answer


def taken_away(client: Client, card: str, note: str) -> Page:
    return client.follow(client.post(f"/kretsen/{card}/dagbok/{note}/bort"))


def said_on(page: Page) -> list[str]:
    """The notes in the order in which they stand."""
    way = next(one for one in all_of(page.tree, "ol") if "way" in one.get("class", ""))
    return [text_of(one) for one in all_of(way, "p") if one.get("class") == "voice"]


def test_the_newest_day_stands_first(someone: Client, card: str) -> None:
    for on, what in (
        ("2026-11-03", "Hon lovade ringa"),
        ("2026-11-17", "Han skrek"),
        ("2026-10-08", "Första mötet"),
    ):
        write_note(someone, card, what, on)
    page = someone.get(f"/kretsen/{card}")
    assert said_on(page) == ["Han skrek", "Hon lovade ringa", "Första mötet"]
    assert "Tisdag 17 november" in page.text and "Bara du ser det, och det lämnas aldrig ut." in page.text


def test_the_account_goes_from_the_oldest_day_and_has_the_year(someone: Client, card: str) -> None:
    for on, what in (("2026-11-19", "Idag"), ("2025-12-24", "Förra året")):
        write_note(someone, card, what, on)
    page = someone.get(someone.get(f"/kretsen/{card}").link("Skriv ut som lista med datum"))
    assert page.h1 == "Kontakter med Fia" and "Handläggare, Försäkringskassan" in page.text
    assert said_on(page) == ["Förra året", "Idag"]
    assert "Onsdag 24 december 2025" in page.text and "Torsdag 19 november 2026" in page.text
    assert page.text.count("Nedskrivet torsdag 19 november 2026") == 1


def test_an_empty_diary(someone: Client, card: str) -> None:
    assert "Skriv ut som lista" not in someone.get(f"/kretsen/{card}").text
    assert "Inget är uppskrivet än." in someone.get(f"/kretsen/{card}/dagbok").text


def test_older_notes_are_folded_not_lost(someone: Client, card: str) -> None:
    for day in range(1, 8):
        write_note(someone, card, f"anteckning {day}", f"2026-11-0{day}")
    page = someone.get(f"/kretsen/{card}")
    assert "Äldre anteckningar" in page.text and all(f"anteckning {day}" in page.text for day in range(1, 8))


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"what": " \0 "}, "Skriv några ord först."),
        ({"what": "å" * 5_001}, "Korta"),
        ({"on": "2026-11-20"}, "Välj idag eller en dag som har varit."),
        ({"on": "1890-01-01"}, "Välj idag eller en dag som har varit."),
        ({"on": "2026-02-30"}, "Välj en dag"),
        ({"on": "igår"}, "Välj en dag"),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(
    someone: Client, card: str, said: dict[str, str], says: str
) -> None:
    fields = {"edition": "0", "what": "det jag skrev", "on": "2026-11-17"} | said
    page = someone.post(f"/kretsen/{card}/dagbok/{FREE}", fields, status=422)
    assert says in page.text and fields["what"].strip(" \0") in page.html
    again = someone.send(page.form("Spara"), {"what": "kort", "on": "2026-11-17"}, press="Spara")
    assert said_on(someone.follow(again)) == ["kort"]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_is_text(text: str, someone: Client, card: str) -> None:
    note = write_note(someone, card, f"a\0{text}")
    for path in (f"/kretsen/{card}", f"/kretsen/{card}/dagbok", f"/kretsen/{card}/dagbok/{note}"):
        page = someone.get(path)
        assert (
            " ".join(text.split()) in page.text and "<script>alert" not in page.html and "\0" not in page.html
        )


def test_the_same_note_sent_twice_is_one(someone: Client, card: str) -> None:
    for _ in range(2):
        someone.post(
            f"/kretsen/{card}/dagbok/{FREE}", {"edition": "0", "what": "En gång", "on": "2026-11-17"}
        )
    assert said_on(someone.get(f"/kretsen/{card}")) == ["En gång"]


def test_two_tabs_keep_both(someone: Client, card: str) -> None:
    """Hard rule 8."""
    note = write_note(someone, card, "Först")
    one, two = (someone.get(f"/kretsen/{card}/dagbok/{note}").form("Spara") for _ in range(2))
    someone.send(one, {"what": "Det ena"}, press="Spara")
    page = someone.send(two, {"what": "Det andra"}, press="Spara", status=409)
    assert "Det finns två versioner" in page.text and "Det ena" in page.text and "Det andra" in page.html
    assert said_on(someone.follow(someone.send(page.form("Spara"), press="Spara"))) == ["Det andra"]


def test_saving_can_be_undone(someone: Client, card: str) -> None:
    note = write_note(someone, card, "Först")
    page = someone.follow(someone.send(saves(someone, card, note, what="Sen", on="2026-11-03").form("Ångra")))
    assert said_on(page) == ["Först"] and "Torsdag 19 november" in page.text
    someone.follow(someone.post(f"/kretsen/{card}/dagbok/{note}/angra/1"))
    assert said_on(someone.get(f"/kretsen/{card}")) == ["Först"]


def test_a_new_note_that_is_undone_lies_in_the_bin(someone: Client, card: str) -> None:
    note = write_note(someone, card, "Först")
    someone.follow(someone.post(f"/kretsen/{card}/dagbok/{note}/angra/1"))
    assert "Först" not in someone.get(f"/kretsen/{card}").text
    assert "Kontakt torsdag 19 november" in someone.get("/kretsen/borttaget").text


def test_taken_away_with_undo(someone: Client, card: str) -> None:
    note = write_note(someone, card, "Hon lovade ringa")
    page = taken_away(someone, card, note)
    assert "Hon lovade ringa" not in page.text
    page = someone.follow(someone.send(page.form("Ångra")))
    assert said_on(page) == ["Hon lovade ringa"]
    assert "Inget här" in someone.get("/kretsen/borttaget").text


def test_deleted_for_good(someone: Client, card: str) -> None:
    kept, gone = write_note(someone, card, "Kvar"), write_note(someone, card, "Borta")
    taken_away(someone, card, gone)
    page = someone.get(f"/kretsen/borttaget/{gone}/for-gott")
    assert "Fia, torsdag 19 november" in page.text
    someone.follow(someone.send(page.form("Ta bort för gott")))
    assert said_on(someone.get(f"/kretsen/{card}")) == ["Kvar"]
    someone.post(f"/kretsen/dagbok/{gone}/tillbaka", status=404)
    someone.get(f"/kretsen/{card}/dagbok/{kept}")


def test_with_the_card_goes_the_diary_and_comes_back(someone: Client, card: str) -> None:
    note, gone = write_note(someone, card, "Kvar"), write_note(someone, card, "Borta")
    taken_away(someone, card, gone)
    someone.follow(someone.post(f"/kretsen/{card}/bort"))
    someone.get(f"/kretsen/{card}/dagbok/{note}", status=404)
    assert someone.post(f"/kretsen/dagbok/{gone}/tillbaka").location == "/kretsen/borttaget"
    someone.follow(someone.post(f"/kretsen/borttaget/{card}/tillbaka"))
    assert sorted(said_on(someone.get(f"/kretsen/{card}"))) == ["Borta", "Kvar"]


def test_with_the_card_it_is_deleted_for_good(world: World, someone: Client, card: str) -> None:
    """Nothing about somebody stays when the card is gone; no other card's notes go."""
    other = put_in_circle(someone, name="Ben")
    write_note(someone, other, "Om Ben")
    write_note(someone, card, "Ett")
    taken_away(someone, card, write_note(someone, card, "Två"))
    before = world.rows("record")
    someone.follow(someone.post(f"/kretsen/{card}/bort"))
    someone.follow(someone.post(f"/kretsen/borttaget/{card}/for-gott"))
    assert world.rows("record") == before - 3  # the card, its note, and the bin with the other
    assert said_on(someone.get(f"/kretsen/{other}")) == ["Om Ben"]


def test_a_living_card_keeps_its_diary_whatever_is_asked(someone: Client, card: str) -> None:
    write_note(someone, card, "Kvar")
    someone.follow(someone.post(f"/kretsen/borttaget/{card}/for-gott"))
    assert said_on(someone.get(f"/kretsen/{card}")) == ["Kvar"]


def test_a_note_belongs_to_its_person(someone: Client, card: str) -> None:
    note, other = write_note(someone, card, "Om Fia"), put_in_circle(someone, name="Ben")
    someone.get(f"/kretsen/{other}/dagbok/{note}", status=404)
    someone.post(f"/kretsen/{other}/dagbok/{note}", {"edition": "1", "what": "x"}, status=404)
    someone.post(f"/kretsen/{other}/dagbok/{note}/bort")
    assert said_on(someone.get(f"/kretsen/{card}")) == ["Om Fia"]


def test_what_is_written_after_the_lock_is_kept(someone: Client, card: str) -> None:
    """New words, and words beside those that changed meanwhile; the same twice is once."""
    note = write_note(someone, card, "Först")
    saves(someone, card, note, what="Andra telefonen")
    lock_for_real(someone)
    for _ in range(2):
        someone.post(
            f"/kretsen/{card}/dagbok/{FREE}", {"edition": "0", "what": "Efter låset", "on": "2026-11-17"}
        )
        someone.post(
            f"/kretsen/{card}/dagbok/{note}", {"edition": "1", "what": "Från den låsta", "on": "2026-11-19"}
        )
    someone.follow(open_code(someone))
    assert sorted(said_on(someone.get(f"/kretsen/{card}"))) == [
        "Andra telefonen",
        "Efter låset",
        "Från den låsta",
    ]


def test_the_person_it_is_about_never_sees_it(world: World, ada: Ada, ben: Client) -> None:
    """Row B12, hard rules 1 and 2: not by anything that is handed over, and not by one byte."""
    card, pair = meets(ada.client, ben, "Ben")
    hands(world, ada.client, card, f"day/{TUESDAY}", ada.entries[TUESDAY])
    pages = (f"/delat/{pair}", f"/delat/{pair}/stampel", "/delat", f"/delat/{pair}/ord")
    ben.get("/delat")
    ben.post(f"/delat/{pair}/oppna", {"copy": "alla"})
    before = [ben.get(path).text for path in pages]
    write_note(ada.client, card, "Han skrek hemligt")
    assert [ben.get(path).text for path in pages] == before
    ben.get(f"/kretsen/{card}", status=404)
    ben.get(f"/kretsen/{card}/dagbok", status=404)
    ada.client.post("/lamna/ny", {"item": f"diary/{card}"}, status=404)
