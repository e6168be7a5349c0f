"""Nycklar: the list of ways in, taking one out of use, taking that back, and how long the drawer stays open."""

from datetime import timedelta

import pytest

from server import serving
from tests.accounts.acts import (
    CODE,
    KEYS,
    LATER,
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
    sessions,
    take_away,
    ways,
)
from tests.client import Client
from tests.html import all_of
from tests.people import TUESDAY, Ada, write
from tests.world import NOW, World, settings

FREE = "0123456789abcdef" * 2


def test_a_new_person_sees_the_one_key_and_what_it_means(someone: Client) -> None:
    page = someone.get(KEYS)
    assert ways(someone) == [
        "Den här telefonen öppnar själv Gjord torsdag 19 november. Ta bort Den här telefonen öppnar själv"
    ]
    assert "Nu ligger den enda nyckeln i den här telefonen." in page.text
    assert "dold, inte låst" in page.text
    assert "Lås nu" not in page.text  # there is nothing to lock with yet


def test_the_list_says_what_there_is_and_where(ada: Ada, world: World) -> None:
    """With when it was made; the other phone is told apart from this one."""
    card = keep_card(ada.client)
    world.move(NOW + timedelta(days=1))
    phone = world.visitor()
    phone.follow(phone.send(phone.get(qr(ada.client)).form("Öppna")))
    here, there = ways(ada.client), ways(phone)
    assert "Den här telefonen öppnar själv Gjord torsdag 19 november." in here[0]
    assert "Nyckelkort Gjord torsdag 19 november." in here[1]
    assert "En annan telefon öppnar själv Gjord fredag 20 november." in here[2]
    assert "En annan telefon öppnar själv Gjord torsdag" in there[0]
    assert "Den här telefonen öppnar själv Gjord fredag" in there[2]
    assert card[:9] not in ada.client.get(KEYS).html


def test_a_new_key_is_told_to_the_others_for_72_hours(ada: Ada, world: World) -> None:
    keep_card(ada.client)
    phone = world.visitor()
    phone.follow(phone.send(phone.get(qr(ada.client)).form("Öppna")))
    for hours, told in ((0, True), (71, True), (73, False)):
        world.move(NOW + timedelta(hours=hours))
        line = next(line for line in ways(ada.client) if "En annan telefon" in line)
        assert ("Ny. Var det inte du? Ta bort den." in line) is told


def test_a_key_taken_away_opens_nothing_written_after(ada: Ada, world: World) -> None:
    """A lost phone: its cookies open nothing, its session is over, and what is written later is not in reach."""
    keep_card(ada.client)
    lost = world.visitor()
    lost.follow(lost.send(lost.get(qr(ada.client)).form("Öppna")))
    assert reads(lost)
    page = ada.client.follow(take_away(ada.client, "En annan telefon öppnar själv"))
    assert "Nyckeln öppnar inget längre." in page.text
    write(ada.client, TUESDAY, words="skrivet efteråt")
    for path in ("/", "/dagar", f"/dagar/{TUESDAY}", KEYS):
        assert "skrivet" not in lost.look(path).html
    assert not reads(lost)
    assert "skrivet efteråt" in ada.client.get(f"/dagar/{TUESDAY}").text


def test_taking_away_can_be_undone_for_72_hours(ada: Ada, world: World) -> None:
    card = keep_card(ada.client)
    page = ada.client.follow(take_away(ada.client, "Nyckelkort"))
    open_card(world.visitor(), card, status=422)
    page = ada.client.follow(ada.client.send(page.form("Ångra")))
    assert "Det är tillbaka." in page.text
    assert reads(another_phone(world, card))


def test_it_comes_back_from_the_list_too_until_it_is_too_late(ada: Ada, world: World) -> None:
    card = keep_card(ada.client)
    ada.client.follow(take_away(ada.client, "Nyckelkort"))
    world.move(NOW + timedelta(hours=71))
    page = ada.client.get(KEYS)
    assert "Kan läggas tillbaka till och med söndag 22 november." in page.text
    form = page.form("Lägg tillbaka")
    world.move(NOW + timedelta(hours=73))
    assert "Det fanns inget att ångra." in ada.client.follow(ada.client.send(form)).text
    assert "Lägg tillbaka" not in ada.client.get(KEYS).text
    open_card(world.visitor(), card, status=422)


def test_the_last_key_is_not_taken_away_without_saying_so_plainly(someone: Client, world: World) -> None:
    page = take_away(someone, "Den här telefonen", status=200)
    assert page.h1 == "Den sista nyckeln"
    assert "Utan den kan ingen öppna det du har skrivit, inte vi heller." in page.text
    assert page.link("Gör en annan nyckel först") == KEYS
    someone.get("/dagar")
    someone.follow(someone.send(page.form("Ta bort den ändå")))
    assert [line for line in ways(someone) if "Lägg tillbaka" in line]


def test_without_any_key_every_page_says_so(ada: Ada, world: World) -> None:
    """Issue 3, point 1: never fewer than one working way in without saying so plainly. Nothing breaks, either."""
    page = take_away(ada.client, "Den här telefonen", status=200)
    ada.client.follow(ada.client.send(page.form("Ta bort den ändå")))
    for path in ("/", "/inte-idag", KEYS):
        assert "Ingen nyckel är kvar." in ada.client.get(path).text
    assert "eller lägg tillbaka den du tog bort" in ada.client.get(KEYS).text
    keep_card(ada.client)
    for path in ("/", KEYS):
        assert "Ingen nyckel är kvar." not in ada.client.get(path).text


def test_the_sweep_waits_for_somebody_who_may_put_it_back(ada: Ada, world: World) -> None:
    """Hard rule 8: undo beats confirm; the hourly sweep takes nothing while the drawer is open."""
    page = take_away(ada.client, "Den här telefonen", status=200)
    ada.client.follow(ada.client.send(page.form("Ta bort den ändå")))
    serving.sweep(settings(world.foundations, world.folder))
    form = next(
        line for line in all_of(ada.client.get(KEYS).tree, "form") if "/angra" in line.get("action", "")
    )
    ada.client.post(form.get("action", ""))
    assert reads(ada.client)
    page = take_away(ada.client, "Den här telefonen", status=200)
    ada.client.follow(ada.client.send(page.form("Ta bort den ändå")))
    accounts = world.rows("account")
    world.move(NOW + timedelta(hours=13))
    serving.sweep(settings(world.foundations, world.folder))
    assert world.rows("account") == accounts - 1


def test_the_last_key_taken_away_by_mistake_is_put_back(ada: Ada, world: World) -> None:
    """Undo beats confirm (hard rule 8): as long as the page is open the way back is one tap."""
    form = take_away(ada.client, "Den här telefonen", status=200).form("ändå")
    page = ada.client.follow(ada.client.send(form))
    ada.client.follow(ada.client.send(page.form("Ångra")))
    world.move(LATER)
    assert reads(ada.client)


def test_one_of_two_keys_is_taken_away_without_asking(ada: Ada) -> None:
    keep_card(ada.client)
    assert take_away(ada.client, "Den här telefonen").status == 303
    assert reads(ada.client)
    lock(ada.client)
    assert closed(ada.client)


@pytest.mark.parametrize("way", [FREE, "x", "0", "å", FREE * 2, "%00"])
def test_keys_that_are_not_there(way: str, ada: Ada) -> None:
    ada.client.post(f"{KEYS}/{way}/bort", status=404)
    assert ada.client.submit(f"{KEYS}/{way}/angra", []).status in (303, 404)
    assert reads(ada.client)


def test_nobody_takes_away_somebody_elses_key(ada: Ada, cleo: Client) -> None:
    """The same 404 as for what was never there."""
    keep_card(ada.client)
    for form in ada.client.get(KEYS).forms:
        if form.action.endswith("/bort"):
            theirs = cleo.post(form.action, {"sure": "1"}, status=404)
            assert theirs.body == cleo.post(f"{KEYS}/{FREE}/bort", {"sure": "1"}, status=404).body
    assert reads(ada.client)
    assert len(ways(ada.client)) == 2


def test_a_tap_twice_on_take_away_is_once(ada: Ada, world: World) -> None:
    card = keep_card(ada.client)
    address = next(f.action for f in ada.client.get(KEYS).forms if f.action.endswith("/bort"))
    ada.client.post(address)
    ada.client.post(address, status=404)
    assert reads(ada.client)
    assert reads(another_phone(world, card))


@pytest.mark.parametrize("minutes", [2, 5, 10, 20, 30])
def test_how_long_it_stays_open_is_chosen(minutes: int, ada: Ada, world: World) -> None:
    """2–30 minutes, from now on and after the next unlock."""
    keep_card(ada.client)
    choose_code(ada.client)
    form = ada.client.get(KEYS).form(f"{KEYS}/las")
    page = ada.client.follow(ada.client.send(form, minutes=str(minutes)))
    assert ("minutes", str(minutes)) in page.form(f"{KEYS}/las").filled("", {})
    for start in (NOW, NOW + timedelta(hours=2)):
        world.move(start)
        if start != NOW:
            assert closed(ada.client)
            ada.client.follow(open_code(ada.client))
        world.move(start + timedelta(minutes=minutes) - timedelta(seconds=1))
        assert reads(ada.client)
        world.move(start + timedelta(minutes=2 * minutes))
        assert closed(ada.client)


@pytest.mark.parametrize("minutes", ["", "1", "3", "31", "600", "-5", "10.0", "tio", "1e1", "10\0"])
def test_other_times_are_refused(minutes: str, ada: Ada) -> None:
    keep_card(ada.client)
    choose_code(ada.client)
    ada.client.post(f"{KEYS}/las", {"minutes": minutes}, status=400)
    assert ("minutes", "10") in ada.client.get(KEYS).form(f"{KEYS}/las").filled("", {})


def test_a_change_of_locks_ends_the_other_sessions(ada: Ada, world: World) -> None:
    """Rotation: an old session is an ended one, not a fault; the phone opens again with what it has."""
    card = keep_card(ada.client)
    phone = another_phone(world, card)
    assert reads(phone)
    lost = qr(ada.client)
    world.visitor().post(lost)
    ada.client.follow(take_away(ada.client, "En annan telefon öppnar själv"))
    assert closed(phone)
    assert reads(ada.client)
    assert sessions(world) == 2  # Ada's new one, and her old one for 30 seconds of grace
    phone.follow(open_card(phone, card))
    assert reads(phone)


def test_two_requests_at_once_while_the_locks_change(ada: Ada, world: World) -> None:
    """Two tabs: the old cookie opens for 30 more seconds, and not longer."""
    keep_card(ada.client)
    before = ada.client.cookie("__Host-s") or ""
    take_away(ada.client, "Den här telefonen")
    tab = world.visitor()
    tab.keep("__Host-s", before)
    assert reads(tab)
    world.move(NOW + timedelta(seconds=31))
    assert not reads(tab)
    assert reads(ada.client)


def test_after_a_change_of_locks_old_records_are_sealed_anew(ada: Ada, world: World) -> None:
    """vault.md, rule 6: in slices, by the unlocked requests that follow; then the old key is forgotten."""
    keep_card(ada.client)
    take_away(ada.client, "Den här telefonen")
    for _ in range(5):
        write(ada.client, TUESDAY, words="vidare")
    with world.database.read() as db:
        account = "(SELECT account FROM slot WHERE kind = 'card')"
        query = f"SELECT DISTINCT record.epoch FROM record WHERE account = {account}"
        epochs = list(db.exec_driver_sql(query).scalars())
        newest = db.exec_driver_sql(f"SELECT epoch FROM account WHERE id = {account}").scalar_one()
    assert epochs == [newest]
    assert reads(ada.client)


def test_the_count_of_ways_is_never_less_than_one(ada: Ada, world: World) -> None:
    """The code does not count: five wrong tries spend it."""
    card = lock_for_real(ada.client)
    ada.client.follow(open_code(ada.client, CODE))
    assert take_away(ada.client, "Nyckelkort", status=200).h1 == "Den sista nyckeln"
    assert reads(another_phone(world, card))
