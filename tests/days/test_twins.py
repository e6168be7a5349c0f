"""Two phones wrote in one note: both stand there, one tap chooses or joins, and nothing is lost (vault.md, rule 7)."""

import pytest

from tests.accounts.acts import lock, lockable, open_code
from tests.client import Client, Page
from tests.people import TUESDAY, WORDS, Ada

OTHER = "skrivet på den andra telefonen"
LATE = "skrivet medan det var låst"


@pytest.fixture
def day(ada: Ada) -> Page:
    """A note that was open on a phone which locked itself, while another phone changed it."""
    lockable(ada)
    address = f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}"
    begun = ada.client.get(address).form("Spara")
    ada.client.send(ada.client.get(address).form("Spara"), words=OTHER)
    lock(ada.client)
    ada.client.send(begun, words=LATE)
    ada.client.follow(open_code(ada.client))
    page = ada.client.get(f"/dagar/{TUESDAY}")
    assert OTHER in page.text and LATE in page.text and "Du skrev på två ställen." in page.text
    return page


def chosen(client: Client, day: Page, word: str) -> Page:
    return client.follow(client.send(day.form(word), press=word))


def test_joined_by_one_tap(ada: Ada, day: Page) -> None:
    page = chosen(ada.client, day, "Slå ihop dem")
    assert page.html.count("<article") == day.html.count("<article") - 1
    assert page.text.count(OTHER) == 1 and page.text.count(LATE) == 1 and page.text.count(WORDS["done"]) == 1
    assert LATE in ada.client.get("/dagar/borttaget").text


@pytest.mark.parametrize(
    ("word", "stays", "goes"), [("Behåll bara den här", LATE, OTHER), ("Behåll bara den från", OTHER, LATE)]
)
def test_one_of_them_is_kept_and_the_other_comes_back(
    ada: Ada, day: Page, word: str, stays: str, goes: str
) -> None:
    page = chosen(ada.client, day, word)
    assert stays in page.text and goes not in page.text
    page = ada.client.follow(ada.client.send(page.form("Ångra")))
    assert goes in page.text


def test_twice_is_once(ada: Ada, day: Page) -> None:
    form = day.form("Slå ihop dem")
    ada.client.send(form, press="Slå ihop dem")
    ada.client.send(form, press="Slå ihop dem", status=404)
    assert ada.client.get(f"/dagar/{TUESDAY}").text.count(LATE) == 1


def test_two_windows_meet_on_the_page_and_join(ada: Ada) -> None:
    address = f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}"
    mine = ada.client.get(address).form("Spara")
    ada.client.send(ada.client.get(address).form("Spara"), words=OTHER)
    both = ada.client.send(mine, status=409, words=LATE)
    page = ada.client.follow(ada.client.send(both.form("Slå ihop dem"), press="Slå ihop dem"))
    assert page.text.count(OTHER) == 1 and page.text.count(LATE) == 1
