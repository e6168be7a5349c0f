"""An account is deleted: what was handed over goes from those who have it (vault.md, rules 4 and 8)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.circle.meeting import hands, invites
from tests.client import Client
from tests.mine.test_pages import download, upload
from tests.people import OCTOBER, TUESDAY, Ada, put_in_circle
from tests.shared.conftest import TUESDAYS_WORDS, Reader
from tests.world import NOW, World


def by_mine(owner: Client) -> None:
    owner.send(owner.get("/mitt/ta-bort").form("Ta bort kontot"))


def by_signing_out(owner: Client) -> None:
    owner.send(owner.get("/logga-ut").form("Logga ut och ta bort allt"))


def by_stopping(owner: Client) -> None:
    owner.post("/kretsen/sluta-allt")


ways = pytest.mark.parametrize("leaves", [by_mine, by_signing_out])


def opens(reader: Reader, which: str = "Öppna") -> None:
    page = reader.client.get(reader.page)
    reader.client.follow(reader.client.send(page.form("/oppna"), press=which))


def letters_of(world: World) -> int:
    return world.rows("letter WHERE end_day IS NOT NULL")


@ways
def test_the_reader_has_nothing_from_then_on(
    leaves: Callable[[Client], None], world: World, ada: Ada, handed: Reader, met_fia: Reader
) -> None:
    """Gone on the next request: rows, text, the answer to an act on the open page; at both readers."""
    hands(world, ada.client, handed.card, f"day/{OCTOBER}", ada.entries[OCTOBER])
    hands(world, ada.client, met_fia.card, f"day/{TUESDAY}", frame="ram")
    opens(handed, "Öppna alla")
    page = handed.client.get(handed.page)
    assert TUESDAYS_WORDS in page.text
    leaves(ada.client)
    assert letters_of(world) == 0
    for reader in (handed, met_fia):
        text = reader.client.get(reader.page).text
        assert TUESDAYS_WORDS not in text and "Öppna" not in text
        reader.client.send(reader.client.get(reader.page).form("/fraga"), {"words": "Är du där?"})
    assert world.rows("letter") == 0  # what is said to somebody who is gone is dropped, and looks the same
    handed.client.send(page.form("/last"), press="skriftligt", status=409)


@ways
def test_it_looks_like_stopping(
    leaves: Callable[[Client], None], world: World, ada: Ada, handed: Reader
) -> None:
    """Nobody can tell that an account is gone: the page is the same as when everything was stopped."""
    handed.client.get(handed.page)
    by_stopping(ada.client)
    pages = "/delat", handed.page, f"{handed.page}/stampel", f"{handed.page}/ord"
    stopped = [said(handed.client.get(path).html) for path in pages]
    leaves(ada.client)
    assert [said(handed.client.get(path).html) for path in pages] == stopped


@ways
def test_the_bytes_leave_the_files(
    leaves: Callable[[Client], None], world: World, ada: Ada, handed: Reader
) -> None:
    handed.client.get(handed.page)  # sorted, so that the row is as it stays
    with world.database.read() as db:
        (blob,) = db.exec_driver_sql("SELECT blob FROM letter WHERE end_day IS NOT NULL").scalars()
    leaves(ada.client)
    assert not [file.name for file in world.folder.iterdir() if blob[40:200] in file.read_bytes()]


def test_what_has_ended_and_is_not_swept_yet_goes_too(world: World, ada: Ada, handed: Reader) -> None:
    world.move(NOW + timedelta(days=15))
    ada.client.get("/kretsen")
    assert letters_of(world) == 1
    by_mine(ada.client)
    assert letters_of(world) == 0


def test_open_invitations_are_over(world: World, ada: Ada, handed: Reader) -> None:
    link = invites(ada.client, put_in_circle(ada.client, name="Petra"))
    by_mine(ada.client)
    assert world.rows("invitation") == 0
    world.someone().send(world.visitor().get(link.path).form("Tacka ja"), {"name": "Petra"}, status=422)


def test_twice_is_harmless(world: World, ada: Ada, handed: Reader, met_fia: Reader) -> None:
    form, old = ada.client.get("/mitt/ta-bort").form("Ta bort kontot"), ada.client.cookies()
    for _ in range(2):
        ada.client.send(form)
        for name, value in old.items():
            ada.client.keep(name, value)
    assert letters_of(world) == 0
    handed.client.get(handed.page)


def test_a_reader_who_leaves_takes_nothing_of_the_owners(ada: Ada, handed: Reader) -> None:
    by_mine(handed.client)
    assert "Ben" in ada.client.get(f"/kretsen/{handed.card}").text
    assert TUESDAYS_WORDS in ada.client.get(f"/dagar/{TUESDAY}").text


def test_the_page_names_who_has_something_and_what_others_may_keep(ada: Ada, handed: Reader) -> None:
    text = ada.client.get("/mitt/ta-bort").text
    for part in (
        "Det här har andra av dig nu",
        "Ben",
        "Till torsdag 3 december",
        "finnas kvar i ditt ärende",
        "kommer kanske ihåg",
        "skrivit ut",
    ):
        assert part in text
    assert "Du har inte lämnat något till någon här." not in text
    assert "Det du har lämnat till andra försvinner" in ada.client.get("/logga-ut").text


def test_what_is_read_in_again_is_given_to_nobody(world: World, ada: Ada, handed: Reader) -> None:
    """D31: leave, begin anew, read in: what was handed over is told, and Ben has nothing."""
    opens(handed)
    ada.client.get("/kretsen")
    data = download(ada.client)
    by_mine(ada.client)
    ada.client.follow(ada.client.send(ada.client.get("/").form("/svara"), press="Tung"))
    page = upload(ada.client, data)
    assert "Ingen får något genom det" in page.text
    ada.client.follow(ada.client.send(page.form("Läs in")))
    assert letters_of(world) == 0
    assert TUESDAYS_WORDS not in handed.client.get(handed.page).text
    told = ada.client.get("/kretsen/oppnat").text
    assert "Ben öppnade tisdag 17 november" in told
    assert "Lämnat förut, från en fil du har läst in" in told and "Tisdag 17 november till Ben" in told
    assert "Formen: bara jag" in ada.client.get(f"/dagar/{TUESDAY}").text


def test_an_edited_row_does_not_keep_anybody_here(world: World, ada: Ada, handed: Reader) -> None:
    with world.database.write() as db:
        db.exec_driver_sql("UPDATE record SET blob = x'0102'")
    by_mine(ada.client)
    assert "Hur är dagen?" in ada.client.get("/").text


def said(html: str) -> str:
    """The page without what is new every time: nonces and ids of forms."""
    return re.sub(r"\b[0-9a-f]{32}\b|nonce=\"[^\"]*\"", "·", html)
