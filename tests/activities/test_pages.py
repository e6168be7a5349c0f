"""Visa allt and each activity's page over HTTP: public, never empty, right at any minute."""

import re
from itertools import chain

import msgspec
import pytest

from server.activities.loading import load_town
from server.activities.town import Access, TownFile
from tests.client import Client, Page
from tests.html import all_of, text_of
from tests.people import HIDDEN, Ada
from tests.world import World, at

OWN = {"vila", "bara-vara"}


def groups(page: Page) -> dict[str, list[str]]:
    """Under each heading, what is said about each activity."""
    return {
        text_of(all_of(section, "h2")[0]): [text_of(one) for one in all_of(section, "li")]
        for section in all_of(page.tree, "section")
    }


def said_of(page: Page, title: str) -> str:
    return next(text_of(one) for one in all_of(page.tree, "li") if text_of(one).startswith(title))


def test_everything_is_there_for_anybody(visitor: Client, town: TownFile, world: World) -> None:
    """C7, D4: no account, no decision and no search is needed to look; nothing is forbidden."""
    before = world.rows("account")
    page = visitor.get("/aktiviteter")
    linked = {link.rsplit("/", 1)[1] for link in page.links if link.startswith("/aktiviteter/")}
    assert linked == {one.slug for one in town.activities} | OWN
    assert "Titta så mycket du vill. Ingen ser det." in page.text
    assert [form.action for form in page.forms] == ["/gom"]
    assert world.rows("account") == before


def test_the_nearest_comes_first(visitor: Client) -> None:
    """D4: few groups, in the order of when it is possible."""
    found = groups(visitor.get("/aktiviteter"))
    assert list(found) == [
        "Öppet nu", "Senare idag", "När du vill", "Kommande dagar", "En tid ni kommer överens om",
        "En annan tid på året",
    ]  # fmt: skip
    assert all(found.values())


def test_every_activity_has_a_page_with_its_smallest_version(visitor: Client, town: TownFile) -> None:
    """B8, C22: everything has a smallest version; B6, C29: what it is like there, said before one goes."""
    for one in town.activities:
        page = visitor.get(f"/aktiviteter/{one.slug}")
        assert page.h1 == one.title
        for said in (
            "Minsta varianten",
            one.smaller.title,
            "Kraft",
            "Folk",
            "Ljud",
            "Så kommer du",
            "Vem som får komma",
            "Gå därifrån",
        ):
            assert said in page.text, f"{one.slug}: {said}"
        assert not page.form("Göm").controls
        for next_ in one.leads_to:
            assert f"/aktiviteter/{next_}" in page.links


def test_what_it_can_lead_to(visitor: Client, town: TownFile) -> None:
    """B7: what rests can be used; from most things there is a way on, sideways and smaller too."""
    onwards = [one for one in town.activities if one.leads_to or one.leads_on]
    assert len(onwards) > len(town.activities) / 2
    for one in onwards:
        page = visitor.get(f"/aktiviteter/{one.slug}")
        assert "Kan leda till" in page.text
        assert not [text for text in one.leads_on if text not in page.text]


def test_the_facts_of_a_place(visitor: Client) -> None:
    """B6, C29, C36: size, sound, light, smell, breaks, leaving, cost, decision or not, access."""
    text = visitor.get("/aktiviteter/oppen-fika").text
    for fact in (
        "Folk 4–10 personer", "Ljud Vanliga ljud", "När Måndagar och onsdagar 12–15",
        "Var Gläntan, Hamngatan 14, 8 minuter från torget",
        "Så kommer du Kom när du vill, ingen bokning", "Kostnad 10 kr", "Vem som får komma Öppet för alla",
        "Gå därifrån Du kan gå när du vill", "Pauser Det lugna rummet", "Ljus Mjukt ljus", "Lukt Kaffe",
        "Tillgänglighet Rullstol, toalett för rullstol, tyst rum, platser att vila på",
        "Kan leda till Kamratstöd",
    ):  # fmt: skip
        assert fact in text


def test_access_is_said_wherever_it_is_known(visitor: Client, town: TownFile) -> None:
    """C36: wheelchair, hearing loop, sign language."""
    words = {
        Access.WHEELCHAIR: "rullstol",
        Access.HEARING_LOOP: "hörslinga",
        Access.SIGN_LANGUAGE: "teckenspråk",
    }
    met = set[Access]()
    for one in town.activities:
        text = visitor.get(f"/aktiviteter/{one.slug}").text.lower()
        for access in set(words) & set(one.access):
            assert words[access] in text, f"{one.slug}: {access}"
            met.add(access)
    assert {Access.WHEELCHAIR, Access.HEARING_LOOP} <= met


def test_a_decision_is_said_where_one_is_needed(visitor: Client, town: TownFile) -> None:
    """C7, D30: what needs a decision, a membership or a handläggare says so; the rest is open to all."""
    words = {"decision": "beslut", "via_officer": "handläggare", "member": "medlem"}
    for one in town.activities:
        text = visitor.get(f"/aktiviteter/{one.slug}").text
        for term in one.terms:
            assert words.get(term.value, "") in text.lower(), f"{one.slug}: {term}"


def test_hours_from_two_a_week(visitor: Client) -> None:
    """E4: work need not be full time, and the conditions stand first."""
    text = visitor.get("/aktiviteter/en-arbetsplats").text
    assert "Två timmar i veckan" in text
    assert "Minsta varianten" in text


def test_rest_and_being_are_activities(visitor: Client) -> None:
    """D27: “just be” is an activity of its own, without sign-up."""
    for slug, title in (("vila", "Vila"), ("bara-vara", "Bara vara")):
        page = visitor.get(f"/aktiviteter/{slug}")
        assert page.h1 == title
        assert "Inget att ordna" in page.text


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-23 11.00", "Börjar om en timme, klockan 12"),
        ("2026-11-23 11.45", "Börjar om 15 minuter, klockan 12"),
        ("2026-11-23 11.59", "Börjar om en minut, klockan 12"), ("2026-11-23 12.00", "Pågår till 15"),
        ("2026-11-23 14.59", "Pågår till 15"), ("2026-11-23 15.00", "Onsdag 25 november 12–15"),
        ("2026-11-23 07.00", "Idag 12–15"), ("2026-11-24 10.00", "Öppet i morgon 12–15"),
        ("2026-12-24 09.00", "Måndag 4 januari 2027 12–15"), ("2027-03-29 13.00", "Onsdag 31 mars 12–15"),
    ],
)  # fmt: skip
def test_the_time_is_right_at_any_minute(moment: str, said: str, visitor: Client, world: World) -> None:
    """D7: over is gone, “pågår till”, “börjar om en timme”,
    “öppet i morgon”; closed on holidays (annandag påsk)."""
    world.move(at(moment))
    for path in ("/aktiviteter", "/aktiviteter/oppen-fika"):
        page = visitor.get(path)
        text = said_of(page, "Öppen fika") if path == "/aktiviteter" else page.text
        assert said in text


def test_not_for_me_stands_in_the_list_and_can_be_shown_again(ada: Ada) -> None:
    """A8: hidden from Idag, forbidden nowhere."""
    assert "Visas inte på Idag" in said_of(ada.client.get("/aktiviteter"), "Måla i ateljén")
    page = ada.client.get(f"/aktiviteter/{HIDDEN}")
    shown = ada.client.follow(ada.client.send(page.form("/for-mig"), press="Visa på Idag igen"))
    assert "Visas igen." in shown.text
    assert "Visas inte på Idag" not in ada.client.get("/aktiviteter").text


def test_nobody_else_sees_what_was_hidden(ada: Ada, cleo: Client) -> None:
    before = cleo.get("/aktiviteter").body
    ada.client.post("/aktiviteter/oppen-fika/inte-for-mig")
    assert cleo.get("/aktiviteter").body == before


def test_what_is_not_there(someone: Client) -> None:
    for slug in ("finns-inte", "Oppen-fika", "..", "%00", "x" * 500):
        someone.get(f"/aktiviteter/{slug}", status=404)
        someone.post(f"/aktiviteter/{slug}/inte-for-mig", status=404)


def test_without_a_town_rest_and_being_are_left(someone: Client, world: World) -> None:
    """B11: never empty, also on the first day of a server."""
    with world.database.write() as db:
        for table in ("activity", "place", "town"):
            db.exec_driver_sql(f"DELETE FROM {table}")
    page = someone.get("/aktiviteter")
    assert "Ingen ort är inlagd här än." in page.text
    left = list(chain.from_iterable(groups(page).values()))
    assert left == ["Vila När du vill · hemma", "Bara vara När du vill · hemma"]
    assert "Vila." in someone.get("/").text


def test_a_new_town_is_seen_at_once(visitor: Client, world: World, town: TownFile) -> None:
    """Any number of processes serve one database: the version in it decides."""
    assert "Öppen fika" in visitor.get("/aktiviteter").text
    with world.database.write() as db:
        load_town(
            db,
            msgspec.structs.replace(town, version="0" * 16, name="Sjöstad", activities=town.activities[:1]),
        )
    text = visitor.get("/aktiviteter").text
    assert "I Sjöstad." in text
    assert "Öppen fika" not in text
    assert re.search(r"Öppna fönstret", text)
