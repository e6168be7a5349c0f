"""Row D32: a computer that others use, too. Nothing of ours is there when its window has been closed."""

from datetime import timedelta

from tests.accounts.acts import DAY, KEYS, keep_card, open_card, reads
from tests.client import Client, Page
from tests.people import Ada, begin
from tests.world import NOW, World

OTHERS, MINE = "Andra använder den här datorn", "Det är min egen dator"


def marked(page: Page) -> bool:
    return "<body data-forgets" in page.html


def borrow(client: Client, path: str = "/") -> Page:
    return client.follow(client.send(client.get(path).form(OTHERS)))


def test_before_the_first_answer(visitor: Client) -> None:
    """What it costs is said at once, and no cookie outlives the window, whoever sets it."""
    assert not marked(visitor.get("/"))
    assert visitor.lasting() == {"__Host-h"}
    page = borrow(visitor)
    assert marked(page)
    assert "försvinner när fönstret stängs" in page.text
    begin(visitor, "Tung")
    assert {"__Host-s", "__Host-d", "__Host-b"} <= set(visitor.cookies())
    assert visitor.lasting() == set()
    today = visitor.get("/")
    assert "När fönstret stängs är nyckeln borta" in today.text
    assert "30 dagar" not in today.text
    assert today.link("Logga ut") == "/logga-ut"
    keys = visitor.get(KEYS)
    assert "Fingret, ansiktet" not in keys.text and "Nyckelkort" in keys.text
    visitor.post("/gom")
    assert visitor.lasting() == set()


def test_at_the_door_with_a_card(ada: Ada, visitor: Client, world: World) -> None:
    """It locks after five minutes, and signing out leaves only that others use this computer."""
    card = keep_card(ada.client)
    borrow(visitor, "/nyckel")
    visitor.follow(open_card(visitor, card))
    assert visitor.lasting() == set()
    assert reads(visitor)
    world.move(NOW + timedelta(minutes=6))
    assert not reads(visitor)
    visitor.follow(open_card(visitor, card))
    gone = visitor.follow(visitor.send(visitor.get("/logga-ut").form("Logga ut")))
    assert marked(gone)
    assert visitor.lasting() == set()
    assert set(visitor.cookies()) <= {"__Host-b", "__Host-h"}


def test_under_mine_and_taken_back(someone: Client) -> None:
    """What the browser keeps already follows the choice, both ways; nothing that is written is lost."""
    assert {"__Host-d", "__Host-h"} <= someone.lasting()
    page = borrow(someone, "/mitt")
    assert page.path == "/mitt"
    assert someone.lasting() == set()
    page = someone.follow(someone.send(someone.get("/mitt").form(MINE)))
    assert not marked(page)
    assert {"__Host-d", "__Host-h"} <= someone.lasting()
    assert "__Host-b" not in someone.cookies()
    assert someone.get(f"/dagar/{DAY}").status == 200


def test_an_address_of_somebody_elses_is_not_gone_to(visitor: Client) -> None:
    visitor.get("/")
    assert visitor.post("/lanad-dator", {"on": "1", "vidare": "//annan.example"}).location == "/"
