"""Dagar over HTTP: the month, a day, an entry that can grow, the bin."""

import re

import pytest

from tests.client import Client, Page
from tests.html import all_of, text_of
from tests.people import MAYBE, OCTOBER, REMOVED, TODAY, TUESDAY, WORDS, Ada, write
from tests.world import World, at

DAY = "2026-11-18"
EVERYTHING = {
    "level": "2", "words": "orden", "done": "gjorde", "looked": "4", "cost": "took_much",
    "circumstances": ["letter", "money"], "helped": "hjälpte", "mood": "2",
}  # fmt: skip


def cells(page: Page) -> list[str]:
    """What a screen reader is told about each day in the month."""
    return [
        text_of(one) for one in all_of(page.tree, "span") if one.get("class") == "sr" and ":" in text_of(one)
    ]


def chosen(page: Page, name: str) -> list[str]:
    return [one.value for one in page.form("Spara").controls if one.name == name and one.chosen]


def test_the_month_says_every_day_in_words(ada: Ada) -> None:
    """Issue 2, point 4: colour, shape and word; a blank day is blank and a day to come only a number."""
    page = ada.client.get("/dagar")
    assert page.h1 == "November"
    said = cells(page)
    assert len(said) == 19
    assert said[16] == "Tisdag 17: ganska lätt."
    assert said[18] == "Torsdag 19: tung."
    assert {one.split(": ")[1] for number, one in enumerate(said) if number not in (16, 18)} == {
        "inget svar."
    }
    later = [text_of(one) for one in all_of(page.tree, "span") if one.get("class") == "later"]
    assert later == [str(day) for day in range(20, 31)]
    table = all_of(page.tree, "table")[0]
    assert len(all_of(table, "th")) == 7
    assert text_of(all_of(table, "caption")[0]).startswith("November 2026.")
    assert [one.get("aria-current") for one in all_of(table, "a") if one.get("aria-current")] == ["date"]


def test_nothing_comments_on_a_gap_and_nothing_is_counted(ada: Ada, someone: Client) -> None:
    """Hard rule 4: no totals, no streaks, no averages, no curve of how it goes."""
    for client in (ada.client, someone):
        for path in ("/dagar", "/dagar/2026-11/lista", "/dagar/2026-10", "/dagar/2026-09"):
            text = client.get(path).text.lower()
            found = re.findall(
                r"totalt|i rad|antal|snitt|procent|%|bästa|senast inne|saknas|glömt|luck|missa|av 30", text
            )
            assert not found
    assert "Tomma rutor är bara dagar utan svar." in someone.get("/dagar").text


def test_the_list_says_the_same(ada: Ada) -> None:
    page = ada.client.get(ada.client.get("/dagar").link("Visa som lista"))
    text = text_of(all_of(page.tree, "main")[0])
    assert text.index("Torsdag 19 , tung") < text.index("Tisdag 17 , ganska lätt")
    assert WORDS["tuesday"] in text
    assert "Måndag 16" not in text
    assert page.link("Visa som månad") == "/dagar/2026-11"


def test_under_the_month_stand_the_latest_words_and_the_list_has_all(someone: Client) -> None:
    for day in range(1, 10):
        write(someone, f"2026-10-{day:02}", words=f"Ord nummer {day}.")
    month = someone.get("/dagar/2026-10")
    assert [f"Ord nummer {day}." in month.text for day in range(1, 10)] == [False, False] + [True] * 7
    every = someone.get(month.link("Fler dagar i listan"))
    assert all(f"Ord nummer {day}." in every.text for day in range(1, 10))


def test_any_month_can_be_reached(ada: Ada) -> None:
    page = ada.client.get("/dagar")
    for month in ("Oktober", "September"):
        page = ada.client.get(
            next(one.get("href", "") for one in all_of(page.tree, "a") if one.get("aria-label") == month)
        )
        assert page.h1 == month
    assert ada.client.get("/dagar/2025-12").h1 == "December 2025"
    assert ada.client.get("/dagar/1920-01").h1 == "Januari 1920"
    assert WORDS["october"] in ada.client.get("/dagar/2026-10").text
    assert "Inga svar den här månaden" in ada.client.get("/dagar/2025-12/lista").text


def test_the_first_and_the_last_month_have_no_way_further(someone: Client) -> None:
    first, last = someone.get("/dagar/1920-01"), someone.get("/dagar/2026-12")
    assert "/dagar/1919-12" not in first.links
    assert "/dagar/2027-01" not in last.links


def test_go_to_a_day(ada: Ada) -> None:
    form = ada.client.get("/dagar").form("/dagar/till")
    page = ada.client.follow(ada.client.send(form, dag=OCTOBER))
    assert page.h1 == "Torsdag 8 oktober"
    assert WORDS["october"] in page.text


def test_a_days_page_shows_all_that_was_told(ada: Ada) -> None:
    """D8, D10: how it looked and what it cost stand beside each other, with what lay around the day."""
    page = ada.client.get(f"/dagar/{TUESDAY}")
    assert page.h1 == "Tisdag 17 november"
    for said in (
        WORDS["tuesday"], "skrivet i efterhand", f"Vad jag gjorde {WORDS['done']}", "Hur det såg ut för andra Lätt",
        "Vad det kostade Tog mycket", "Runt dagen Sömn, brev från en myndighet", f"Vad som hjälpte {WORDS['helped']}",
        "Hur jag mådde Ganska bra", "Formen: bara jag",
    ):  # fmt: skip
        assert said in page.text
    assert "skrivet i efterhand" not in ada.client.get(f"/dagar/{TODAY}").text


def test_a_day_of_another_year_says_which(someone: Client) -> None:
    assert someone.get("/dagar/2025-11-19").h1 == "Onsdag 19 november 2025"


def test_an_entry_can_grow_and_shrink_again(someone: Client) -> None:
    """Every part is optional, and every part can be changed and taken out."""
    entry = write(someone, DAY, **EVERYTHING)
    page = someone.get(f"/dagar/{DAY}/{entry}")
    assert [chosen(page, name) for name in ("level", "looked", "cost", "mood")] == [
        ["2"],
        ["4"],
        ["took_much"],
        ["2"],
    ]
    assert chosen(page, "circumstances") == ["letter", "money"]
    assert len([one for one in all_of(page.tree, "details") if one.get("open") is not None]) >= 5
    nothing: dict[str, str | list[str]] = {**dict.fromkeys(EVERYTHING, ""), "circumstances": []}
    day = someone.follow(someone.send(page.form("Spara"), nothing, press="Spara"))
    assert "Vet inte" in day.text
    assert not all_of(day.tree, "dl")


def test_several_entries_a_day(someone: Client) -> None:
    for words in ("morgon", "middag", "kväll"):
        write(someone, DAY, words=words)
    page = someone.get(f"/dagar/{DAY}")
    assert [text_of(one) for one in all_of(page.tree, "p") if "voice big" in one.get("class", "")] == [
        "morgon",
        "middag",
        "kväll",
    ]
    assert page.link("En anteckning till") == f"/dagar/{DAY}/ny"


def test_an_entry_keeps_its_day_after_midnight(someone: Client, world: World) -> None:
    """A page left open overnight still saves, on the day it was opened for."""
    form = someone.get(f"/dagar/{TODAY}/ny").form("Spara")
    world.move(at("2026-11-20 07.00"))
    page = someone.follow(someone.send(form, press="Spara", words="skrev länge"))
    assert page.h1 == "Torsdag 19 november"
    assert "skrev länge" in page.text


def test_taken_away_put_back_and_deleted_for_good(ada: Ada) -> None:
    """Undo beats confirm; only deleting for good asks first (hard rule 8)."""
    client, entry = ada.client, ada.entries[TUESDAY]
    day = client.get(f"/dagar/{TUESDAY}")
    gone = client.follow(client.send(day.form(f"/{entry}/bort")))
    assert "Borttaget." in gone.text
    assert WORDS["tuesday"] not in gone.text
    back = client.follow(client.send(gone.form("Ångra")))
    assert "Det är tillbaka." in back.text
    assert WORDS["tuesday"] in back.text

    client.send(client.get(f"/dagar/{TUESDAY}").form(f"/{entry}/bort"))
    bin_ = client.get("/dagar/borttaget")
    assert WORDS["tuesday"] in bin_.text
    asks = client.get(f"/dagar/borttaget/{entry}/for-gott")
    assert WORDS["tuesday"] in asks.text
    assert asks.link("Behåll") == "/dagar/borttaget"
    left = client.follow(client.send(asks.form("for-gott"), press="Ta bort för gott"))
    assert "Borta för gott." in left.text
    assert WORDS["tuesday"] not in left.text
    assert WORDS["removed"] in left.text
    client.get(f"/dagar/borttaget/{entry}/for-gott", status=404)
    client.get(f"/dagar/{TUESDAY}/{entry}", status=404)


def test_put_back_from_the_bin(ada: Ada) -> None:
    page = ada.client.get("/dagar/borttaget")
    day = ada.client.follow(ada.client.send(page.form("Lägg tillbaka")))
    assert day.path == f"/dagar/{REMOVED}"
    assert WORDS["removed"] in day.text
    assert "Inget här" in ada.client.get("/dagar/borttaget").text


def test_an_old_undo_is_said_to_do_nothing(someone: Client) -> None:
    page = someone.follow(someone.post(f"/dagar/{TODAY}/{'0' * 32}/angra"))
    assert "Det fanns inget att ångra." in page.text


def test_a_draft_keeps_itself(someone: Client) -> None:
    """Hard rule 8: what stood in the fields is there again, in every field, until it is saved."""
    form = someone.get(f"/dagar/{DAY}/ny").form("Spara")
    someone.autosave(form, EVERYTHING)
    day = someone.get(f"/dagar/{DAY}")
    assert "Du började skriva." in day.text
    page = someone.get(day.link("Fortsätt skriva"))
    assert page.form("Spara").action == form.action
    assert "Det här är ditt utkast." in page.text
    assert dict(page.form("Spara").filled("Spara", {}))["words"] == "orden"
    assert chosen(page, "circumstances") == ["letter", "money"]
    saved = someone.follow(someone.send(page.form("Spara"), press="Spara"))
    assert "orden" in saved.text
    assert "Du började skriva." not in saved.text


def test_a_draft_of_an_entry_that_is_there(ada: Ada) -> None:
    path = f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}"
    form = ada.client.get(path).form("Spara")
    ada.client.autosave(form, words="ny text på gång")
    assert WORDS["tuesday"] in ada.client.get(f"/dagar/{TUESDAY}").text
    page = ada.client.get(path)
    assert "ny text på gång" in page.html
    ada.client.follow(ada.client.send(page.form("Släng utkastet")))
    assert "ny text på gång" not in ada.client.get(path).html


@pytest.mark.parametrize(
    "path",
    ["/dagar", "/dagar/2026-11/lista", f"/dagar/{TUESDAY}", f"/dagar/{TUESDAY}/ny", "/dagar/borttaget"],
)
def test_a_title_says_where_one_is(path: str, ada: Ada) -> None:
    page = ada.client.get(path)
    assert page.title.endswith("– Dagsform")
    assert [one.get("href") for one in all_of(page.tree, "a") if one.get("aria-current") == "page"] == [
        "/dagar"
    ]


def test_what_the_day_says_in_every_form(someone: Client) -> None:
    for form, word in {
        "1": "mycket tung",
        "2": "tung",
        "3": "mittemellan",
        "4": "ganska lätt",
        "5": "lätt",
        "": "vet inte",
    }.items():
        entry = write(someone, DAY, level=form)
        assert f"Onsdag 18: {word}." in cells(someone.get("/dagar"))
        assert f"Onsdag 18 , {word}" in someone.get("/dagar/2026-11/lista").text
        someone.post(f"/dagar/{DAY}/{entry}/bort")
        someone.get("/dagar")


def test_a_change_can_be_undone(ada: Ada) -> None:
    """Hard rule 8, and what Hjälp promises: “Det du sparar eller tar bort kan ångras.”"""
    path = f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}"
    changed = ada.client.follow(
        ada.client.send(ada.client.get(path).form("Spara"), press="Spara", words="skrev över")
    )
    back = ada.client.follow(ada.client.send(changed.form("Ångra")))
    assert WORDS["tuesday"] in back.text
    assert "skrev över" not in back.text


def test_a_new_note_can_be_undone(someone: Client) -> None:
    form = someone.get(f"/dagar/{DAY}/ny").form("Spara")
    saved = someone.follow(someone.send(form, press="Spara", words="för tidigt"))
    back = someone.follow(someone.send(saved.form("Ångra")))
    assert "för tidigt" not in back.text
    assert "för tidigt" in someone.get("/dagar/borttaget").text  # nothing typed is lost


def test_a_draft_that_was_thrown_away_can_be_fetched_back(ada: Ada) -> None:
    page = ada.client.get("/dagar/2026-11-18/ny")
    gone = ada.client.follow(ada.client.send(page.form("Släng utkastet")))
    ada.client.send(gone.form("Ångra"))
    assert WORDS["draft"] in ada.client.get("/dagar/2026-11-18/ny").html


def test_a_maybe_that_was_taken_away_can_be_put_back(ada: Ada) -> None:
    gone = ada.client.follow(ada.client.send(ada.client.get(f"/dagar/{TODAY}").form(f"/kanske/{MAYBE}/bort")))
    ada.client.send(gone.form("Ångra"))
    assert "Öppet hus på folkhögskolan" in ada.client.get(f"/dagar/{TODAY}").text
