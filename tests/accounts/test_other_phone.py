"""A picture to scan: the other phone gets a key of its own, once, within ten minutes."""

from datetime import timedelta

import pytest

from tests.accounts.acts import (
    KEYS,
    another_phone,
    choose_code,
    closed,
    keep_card,
    lock,
    lock_for_real,
    open_card,
    open_code,
    qr,
    reads,
    ways,
)
from tests.client import Client
from tests.html import elements
from tests.people import TUESDAY, WORDS, Ada, begin, write
from tests.world import NOW, World


def test_another_phone_opens_by_the_picture(ada: Ada, visitor: Client) -> None:
    """And what one writes the other reads. The phone is hidden, not locked, and says so."""
    page = visitor.get(qr(ada.client))
    assert "Länken fungerar en gång." in page.text
    page = visitor.follow(visitor.send(page.form("Öppna")))
    assert "Öppnat här." in page.text
    assert reads(visitor)
    write(visitor, "2026-11-18", words="från den andra")
    assert "från den andra" in ada.client.get("/dagar/2026-11-18").text
    assert "dold, inte låst" in visitor.get(KEYS).text


def test_the_address_stands_under_the_picture(ada: Ada) -> None:
    """Whoever cannot scan can type it; the picture is drawn here and has a name."""
    page = ada.client.post(f"{KEYS}/telefon", status=200)
    assert "http://localhost/in/" in page.text
    assert [one for one in elements(page.tree) if one.tag.endswith("svg")]
    assert "iPhone" in page.text


def test_it_works_once(ada: Ada, world: World) -> None:
    link = qr(ada.client)
    world.visitor().post(link)
    late = world.visitor()
    page = late.post(link, status=422)
    assert "Länken fungerar inte längre" in page.text
    assert "Gör en ny och öppna den i stället." in page.text
    assert not reads(late)


def test_ten_minutes_and_not_longer(ada: Ada, world: World) -> None:
    link, other = qr(ada.client), world.visitor()
    world.move(NOW + timedelta(minutes=10))
    assert "Länken fungerar inte längre" in other.post(link, status=422).text
    fresh = qr(ada.client)
    world.move(NOW + timedelta(minutes=19, seconds=59))
    other.post(fresh)
    assert reads(other)


def test_a_new_picture_stops_the_one_before(ada: Ada, world: World) -> None:
    first, second = qr(ada.client), qr(ada.client)
    world.visitor().post(first, status=422)
    world.visitor().post(second)


def test_looking_at_the_address_uses_nothing_up(ada: Ada, world: World) -> None:
    """Mail scanners and previews open links (vault.md, rule 1)."""
    link = qr(ada.client)
    for _ in range(3):
        world.visitor().get(link)
    phone = world.visitor()
    phone.post(link)
    assert reads(phone)


def test_a_browser_that_has_an_account_is_asked_first(ada: Ada, visitor: Client, world: World) -> None:
    """What this browser opens now would be lost for ever."""
    begin(visitor, "Lätt")
    write(visitor, TUESDAY, words="mitt eget")
    link = qr(ada.client)
    page = visitor.get(link)
    assert page.h1 == "Här finns redan en nyckel"
    assert page.link("Behåll det jag har") == "/"
    assert visitor.post(link, status=200).h1 == "Här finns redan en nyckel"
    assert "mitt eget" in visitor.get(f"/dagar/{TUESDAY}").text
    visitor.follow(visitor.send(page.form("ändå")))
    assert reads(visitor)
    assert "mitt eget" not in visitor.get(f"/dagar/{TUESDAY}").text


def test_the_link_in_the_browser_that_made_it(ada: Ada, world: World) -> None:
    """Hand-over on an iPhone: the page is put on the home screen from here, and the key is fetched there."""
    link = qr(ada.client)
    for page in (ada.client.get(link), ada.client.post(link, status=200)):
        assert page.h1 == "Öppna på den andra telefonen"
        assert "lägg den här sidan på hemskärmen" in page.text
        assert "kan ingen längre öppna" not in page.text
    app = world.visitor()  # the app on the home screen has cookies of its own
    app.follow(app.send(app.get(link).form("Öppna")))
    assert reads(app)
    assert reads(ada.client)


def test_the_app_begins_at_the_link_for_ever(ada: Ada, world: World) -> None:
    """An iPhone's home screen remembers the address: used up, it leads to the first page, or to the lock."""
    link, app = qr(ada.client), world.visitor()
    app.post(link)
    assert app.get(link, status=303).location == "/"
    keep_card(app)
    choose_code(app)
    lock(app)
    assert app.get("/", status=303).location == "/nyckel"


def test_a_locked_phone_is_asked_first_too(ada: Ada, cleo: Client) -> None:
    """It opens nothing just now, but its code would be lost with its half."""
    lock_for_real(cleo)
    page = cleo.post(qr(ada.client), status=200)
    assert page.h1 == "Här finns redan en nyckel"
    open_code(cleo)
    assert WORDS["tuesday"] not in cleo.get(f"/dagar/{TUESDAY}").text


def test_opening_ones_own_link_on_the_same_phone_loses_nothing(ada: Ada, world: World) -> None:
    link = qr(ada.client)
    ada.client.post(link, {"sure": "1"})
    assert reads(ada.client)
    assert 1 <= len(ways(ada.client)) <= 2


def test_the_new_phone_can_be_locked_on_its_own(ada: Ada, visitor: Client) -> None:
    """Lasting here is lasting there; each phone has its own lock."""
    card = keep_card(ada.client)
    visitor.follow(visitor.send(visitor.get(qr(ada.client)).form("Öppna")))
    choose_code(visitor, "1357")
    lock(visitor)
    assert closed(visitor)
    assert reads(ada.client)
    open_code(visitor, "1357")
    assert reads(visitor)
    assert card


def test_a_link_made_before_the_locks_were_changed_is_dead(ada: Ada, world: World) -> None:
    """Whoever saw the picture over the shoulder has nothing after the change."""
    card = keep_card(ada.client)
    link = qr(ada.client)
    choose_code(ada.client)
    world.visitor().post(link, status=422)
    assert reads(another_phone(world, card))


def test_the_token_is_in_no_store_and_no_log(
    ada: Ada, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    link = qr(ada.client).rsplit("/", 1)[1]
    world.visitor().post(f"/in/{link}")
    found = b"".join(file.read_bytes() for file in world.folder.iterdir())
    assert link.encode() not in found
    assert link not in caplog.text


def test_card_then_picture_then_card(ada: Ada, world: World) -> None:
    """Lost phone by key card, and the list is the same on every phone."""
    card = keep_card(ada.client)
    ada.client.lose()
    phone = another_phone(world, card)
    other = world.visitor()
    other.post(qr(phone))
    assert [line.split(" Gjord")[0] for line in ways(phone)].count("En annan telefon öppnar själv") == 2
    open_card(other, card)
    assert reads(other)
