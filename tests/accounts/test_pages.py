"""Ways in over HTTP: a try-account made by the first tap, kept on this device; and the one-time link."""

from datetime import timedelta

from sqlalchemy import select

from server.accounts.trying import NEW_ACCOUNTS_AN_HOUR
from server.core import clock
from server.vault import ways_in
from server.vault.models import SessionRow
from server.vault.sealing import Secret
from tests.client import Client
from tests.people import OCTOBER, TUESDAY, WORDS, Ada, begin
from tests.world import NOW, World, at


def a_link(world: World, ada: Ada) -> str:
    """A one-time link into Ada's account, as `dagsform demo` makes one."""
    half = Secret.from_text(ada.client.cookies()["__Host-d"])
    with world.database.write() as db:
        keyring, account_key = ways_in.open_device(db, half, now=clock.now())
        return ways_in.add_once(db, keyring, account_key, now=clock.now()).as_text()


def idle_end(world: World) -> int:
    with world.app.extensions["session_database"].read() as db:
        found: int = max(db.execute(select(SessionRow.idle_end)).scalars())
    return found


def test_the_first_tap_makes_an_account_and_two_keys(visitor: Client) -> None:
    """A19: no referral, no BankID, no organisation. A session, and a half that stays on this phone."""
    begin(visitor, "Tung")
    cookies = visitor.cookies()
    assert set(cookies) - {"__Host-h"} == {"__Host-s", "__Host-d"}
    assert all(len(Secret.from_text(cookies[name]).reveal()) == 32 for name in ("__Host-s", "__Host-d"))
    assert cookies["__Host-s"] != cookies["__Host-d"]


def test_the_same_account_goes_on_for_later_answers(someone: Client, world: World) -> None:
    before = world.rows("account")
    for word in ("Tung", "Lätt", "Vet inte"):
        someone.send(someone.get("/svara").form("/svara"), press=word)
    assert world.rows("account") == before


def test_it_is_found_again_after_the_session(ada: Ada, world: World) -> None:
    """Hidden, not locked: the half on this phone opens it again, with a new session."""
    before = ada.client.cookie("__Host-s")
    for moment in (NOW + timedelta(minutes=11), NOW + timedelta(days=1), NOW + timedelta(days=29)):
        world.move(moment)
        assert WORDS["tuesday"] in ada.client.get(f"/dagar/{TUESDAY}").text
    assert ada.client.cookie("__Host-s") != before


def test_the_device_alone_and_the_session_alone_open_it(ada: Ada, world: World) -> None:
    for lost in ("__Host-s", "__Host-d"):
        client = world.visitor()
        for name, value in ada.client.cookies().items():
            if name != lost:
                client.keep(name, value)
        assert WORDS["tuesday"] in client.get(f"/dagar/{TUESDAY}").text


def test_without_the_cookies_nobody_can_open_it(ada: Ada, world: World) -> None:
    ada.client.lose()
    ada.client.get(f"/dagar/{TUESDAY}", status=303)
    assert ada.client.get("/").h1 == "Hur är dagen?"


def test_an_ended_session_stands_in_no_store(ada: Ada, world: World) -> None:
    old = ada.client.cookie("__Host-s") or ""
    world.move(NOW + timedelta(minutes=11))
    ada.client.get("/")
    stale = world.visitor()
    stale.keep("__Host-s", old)
    stale.get("/dagar", status=303)


def test_reading_is_activity_and_autosave_is_not(ada: Ada, world: World) -> None:
    """Requests made by script never count as activity for the lock (architecture.md)."""
    form = ada.client.get(f"/dagar/{OCTOBER}/ny").form("Spara")
    before = idle_end(world)
    world.move(NOW + timedelta(minutes=5))
    ada.client.autosave(form, words="x")
    assert idle_end(world) == before
    ada.client.get("/")
    assert idle_end(world) == before + 300


def test_text_posted_after_the_account_is_gone_stands_in_the_answer(ada: Ada) -> None:
    """Hard rule 8: cookies were cleared while somebody wrote."""
    form = ada.client.get(f"/dagar/{TUESDAY}/ny").form("Spara")
    ada.client.lose()
    page = ada.client.send(form, press="Spara", status=401, words="en lång text", mood="3")
    assert "Din text är kvar här." in page.text
    again = page.form("Prova igen").filled("Prova igen", {})
    assert ("words", "en lång text") in again
    assert ("mood", "3") in again


def test_an_abandoned_account_is_swept_and_the_phone_begins_anew(ada: Ada, world: World) -> None:
    """vault.md, rule 10: kept about 30 days after the last visit; then every row is gone."""
    before = world.rows("account")
    world.move(NOW + timedelta(days=40))
    with world.database.write() as db:
        assert ways_in.sweep(db, clock.now()) == before
    assert world.rows("record") == 0
    page = ada.client.get("/")
    assert page.h1 == "Hur är dagen?"
    ada.client.get("/dagar", status=303)
    begin(ada.client, "Tung")
    assert "adaord" not in ada.client.get("/dagar/2026-11").html
    assert world.rows("account") == 1


def test_a_link_opens_once_on_another_device(ada: Ada, visitor: Client, world: World) -> None:
    """Opening happens by POST only, so that a mail scanner uses nothing up."""
    link = a_link(world, ada)
    for _ in range(3):
        page = visitor.get(f"/in/{link}")
    assert visitor.get("/dagar", status=303)
    inside = visitor.follow(visitor.send(page.form("Öppna"), press="Öppna"))
    assert "Öppnat här." in inside.text
    assert WORDS["tuesday"] in visitor.get(f"/dagar/{TUESDAY}").text

    other = world.visitor()
    refused = other.post(f"/in/{link}", status=422)
    assert "Länken fungerar inte längre" in refused.text
    other.get("/dagar", status=303)
    assert WORDS["tuesday"] in ada.client.get(f"/dagar/{TUESDAY}").text


def test_a_link_that_is_too_old(ada: Ada, visitor: Client, world: World) -> None:
    link = a_link(world, ada)
    world.move(NOW + ways_in.LINK_LASTS)
    used, old = visitor.post("/in/" + "A" * 43, status=422), visitor.post(f"/in/{link}", status=422)
    assert used.body == old.body


def test_a_link_is_not_told_to_the_next_page(visitor: Client) -> None:
    """The token stands in the address: no Referer to others, no cache, no index."""
    page = visitor.get("/in/" + "A" * 43)
    assert page.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_a_brake_on_new_accounts(world: World) -> None:
    """Many may sit behind one address; a script that makes thousands is stopped, and the answer is not lost."""
    for _ in range(NEW_ACCOUNTS_AN_HOUR):
        client = world.visitor()
        client.keep("__Host-h", "1")
        client.post("/svara", {"form": "3", "id": "0" * 32})
    before = world.rows("account")
    late = world.visitor()
    page = late.send(late.get("/").form("/svara"), press="Tung", status=429)
    assert "För många på en gång" in page.text
    assert ("form", "2") in page.form("Prova igen").filled("Prova igen", {})
    assert world.rows("account") == before


def test_the_row_tells_the_week_of_the_last_visit_and_no_more(world: World) -> None:
    """vault.md: no created_at, no last seen; a try-account is kept until a Monday."""
    world.move(at("2026-11-20 13.37"))
    world.someone()
    with world.database.read() as db:
        kept = db.exec_driver_sql("SELECT DISTINCT keep_until FROM slot").scalars().all()
        born = db.exec_driver_sql("SELECT DISTINCT born_month FROM account").scalars().all()
    assert kept == ["2026-12-21"]
    assert born == ["2026-11"]
