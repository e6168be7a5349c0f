"""The tray: what is posted after the lock is not lost. It waits, sealed to its owner, and is joined once."""

from datetime import timedelta
from typing import Any

import pytest

from server.vault import tray
from server.vault.drawer import Drawer
from server.vault.posted import Posted
from server.vault.sealing import Secret
from server.web.tray import _joins
from tests.accounts.acts import (
    DAY,
    KEYS,
    LATER,
    another_phone,
    kept,
    lock,
    lockable,
    open_card,
    open_code,
    reads,
    take_away,
    writing,
)
from tests.client import Client
from tests.people import TODAY, TUESDAY, Ada
from tests.world import NOW, World


def test_text_posted_after_the_lock_is_joined_after_the_unlock(ada: Ada, world: World) -> None:
    """Hard rule 8; vault.md, rule 5."""
    lockable(ada)
    form = writing(ada.client)
    world.move(LATER)
    kept(ada.client, form, words="somnade mitt i")
    page = ada.client.follow(open_code(ada.client))
    assert "Öppet. Det du skrev medan det var låst är sparat." in page.text
    assert ada.client.get(f"/dagar/{DAY}").text.count("somnade mitt i") == 1


def test_posted_twice_is_joined_once(ada: Ada) -> None:
    """A double tap, or Back and once more."""
    lockable(ada)
    form = writing(ada.client)
    lock(ada.client)
    kept(ada.client, form, words="en gång")
    kept(ada.client, form, words="en gång")
    ada.client.follow(open_code(ada.client))
    lock(ada.client)
    ada.client.follow(open_code(ada.client))
    assert ada.client.get(f"/dagar/{DAY}").text.count("en gång") == 1


def test_sent_before_and_after_the_lock_is_joined_once(ada: Ada) -> None:
    """The answer got lost on the way, and the page is sent again in the evening."""
    lockable(ada)
    form = writing(ada.client)
    ada.client.send(form, press="Spara", words="samma sak")
    lock(ada.client)
    kept(ada.client, form, words="samma sak")
    ada.client.follow(open_code(ada.client))
    assert ada.client.get(f"/dagar/{DAY}").text.count("samma sak") == 1


def test_sent_again_with_other_words_the_later_counts(ada: Ada, world: World) -> None:
    """Back, a few words more, and *Spara* again: as when the drawer is open."""
    lockable(ada)
    form = writing(ada.client)
    lock(ada.client)
    kept(ada.client, form, words="först så här")
    world.move(NOW + timedelta(seconds=5))
    kept(ada.client, form, words="först så här, sedan så här")
    ada.client.follow(open_code(ada.client))
    assert ada.client.get(f"/dagar/{DAY}").text.count("först så här, sedan så här") == 1


def test_a_text_that_was_changed_meanwhile_stands_beside(ada: Ada, world: World) -> None:
    """vault.md, rule 7: two phones, one note; both texts are kept and shown."""
    card = lockable(ada)
    form = writing(ada.client, f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}")
    lock(ada.client)
    phone = another_phone(world, card)
    other = phone.get(f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}").form("Spara")
    phone.send(other, press="Spara", words="från den andra telefonen")
    kept(ada.client, form, words="från den låsta telefonen")
    ada.client.follow(open_code(ada.client))
    page = ada.client.get(f"/dagar/{TUESDAY}")
    assert "från den andra telefonen" in page.text
    assert "från den låsta telefonen" in page.text


def test_an_answer_to_how_the_day_is(ada: Ada, world: World) -> None:
    lockable(ada)
    form = ada.client.get("/svara").form("/svara")
    lock(ada.client)
    page = ada.client.follow(ada.client.send(form, press="Ganska lätt"))
    assert "Det du skrev finns kvar, låst." in page.text
    accounts = world.rows("account")
    ada.client.follow(open_code(ada.client))
    assert ada.client.get("/").h1 == "Ganska lätt dag"
    assert world.rows("account") == accounts


def test_it_belongs_to_the_day_on_which_it_was_answered(ada: Ada, world: World) -> None:
    """Opened again two days later."""
    lockable(ada)
    form = ada.client.get("/svara").form("/svara")
    lock(ada.client)
    ada.client.send(form, press="Lätt")
    world.move(NOW + timedelta(days=2))
    ada.client.follow(open_code(ada.client))
    assert "Lätt" in ada.client.get(f"/dagar/{TODAY}").text
    assert "Lätt" not in ada.client.get("/dagar/2026-11-21").text
    assert ada.client.get("/").h1 == "Hur är dagen?"


def test_the_card_opens_the_tray_too(ada: Ada) -> None:
    card = lockable(ada)
    form = writing(ada.client)
    lock(ada.client)
    kept(ada.client, form, words="inför kortet")
    page = ada.client.follow(open_card(ada.client, card))
    assert "är sparat" in page.text
    assert "inför kortet" in ada.client.get(f"/dagar/{DAY}").text


def test_what_waits_is_joined_from_any_phone(ada: Ada, world: World) -> None:
    card = lockable(ada)
    form = writing(ada.client)
    lock(ada.client)
    kept(ada.client, form, words="väntade")
    phone = another_phone(world, card)
    assert "väntade" in phone.get(f"/dagar/{DAY}").text
    ada.client.follow(open_code(ada.client))
    assert ada.client.get(f"/dagar/{DAY}").text.count("väntade") == 1


def test_without_the_tray_the_text_stands_in_the_answer(ada: Ada) -> None:
    """Cookies gone: nothing can be kept, and nothing is said to be."""
    lockable(ada)
    form = writing(ada.client)
    lock(ada.client)
    ada.client.lose("__Host-p")
    page = ada.client.send(form, press="Spara", words="min långa text", status=401)
    assert "min långa text" in page.html
    assert "finns kvar, låst" not in page.text


def test_without_the_tray_an_answer_makes_no_new_account(ada: Ada, world: World) -> None:
    """A locked phone is somebody's: a second account there would throw away what opens the first."""
    lockable(ada)
    form = ada.client.get("/svara").form("/svara")
    lock(ada.client)
    ada.client.lose("__Host-p")
    accounts, half = world.rows("account"), ada.client.cookie("__Host-d")
    ada.client.submit(form.action, form.filled("Lätt", {}))
    assert ada.client.cookie("__Host-d") == half
    assert world.rows("account") == accounts
    open_code(ada.client)
    assert reads(ada.client)


@pytest.mark.parametrize("junk", ["A" * 43, "x", "", "!", "A" * 3000])
def test_a_made_up_tray_keeps_nothing_and_breaks_nothing(junk: str, ada: Ada, world: World) -> None:
    lockable(ada)
    form = writing(ada.client)
    lock(ada.client)
    ada.client.keep("__Host-p", junk)
    letters = world.rows("letter")
    assert ada.client.submit(form.action, form.filled("Spara", {"words": "x"})).status in (303, 401)
    assert world.rows("letter") == letters
    open_code(ada.client)
    assert reads(ada.client)


def leave(world: World, client: Client, *posted: Posted) -> None:
    """Left through the phone's own right to leave, past every page."""
    with world.database.write() as db:
        for one in posted:
            tray.leave(db, Secret.from_text(client.cookie("__Host-p") or ""), one)


def note(day: str = DAY, entry_id: str = "0" * 32, **fields: str) -> Posted:
    told = {"edition": "0", "words": "x"} | fields
    return Posted("days.save", {"day": day, "entry_id": entry_id}, list(told.items()), NOW)


JUNK = {
    "a place that is gone": Posted("days.gone", {}, [], NOW),
    "no values": Posted("days.save", {}, [], NOW),
    "no day": note("x"),
    "next year": note("2027-11-18"),
    "long ago": note("1890-01-01"),
    "no level": note(level="9"),
    "no edition": note(edition="½"),
    "no id": note(entry_id="../.."),
    "too long": note(words="å" * 20_001),
    "no answer": Posted("today.answer", {}, [("form", "lätt")], NOW),
}


@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_the_tray_never_keeps_the_door_shut(junk: str, ada: Ada, world: World) -> None:
    """And what is good beside it is joined."""
    lockable(ada)
    form = writing(ada.client)
    lock(ada.client)
    leave(world, ada.client, JUNK[junk])
    kept(ada.client, form, words="det som är bra")
    for _ in range(2):
        ada.client.follow(open_code(ada.client))
        assert "det som är bra" in ada.client.get(f"/dagar/{DAY}").text
        assert reads(ada.client)
        for path in ("/", "/dagar", f"/dagar/{DAY}", "/dagar/2026-11", "/mitt/allt.zip"):
            ada.client.get(path)
        lock(ada.client)


def test_more_than_fits_in_a_day_does_not_keep_the_door_shut(ada: Ada, world: World) -> None:
    lockable(ada)
    lock(ada.client)
    leave(world, ada.client, *(note(entry_id=f"{n:032x}", words=f"nr {n}") for n in range(110)))
    ada.client.follow(open_code(ada.client))
    assert "nr 5" in ada.client.get(f"/dagar/{DAY}").text


def test_a_text_longer_than_a_note_is_not_lost_after_the_lock(ada: Ada) -> None:
    """While open the page says that it is too long and keeps it. Locked, it may be joined or refused, not dropped."""
    lockable(ada)
    form = writing(ada.client)
    lock(ada.client)
    page = ada.client.submit(form.action, form.filled("Spara", {"words": "å" * 20_001 + "slutet"}))
    ada.client.follow(open_code(ada.client))
    assert "slutet" in page.html + ada.client.get(f"/dagar/{DAY}").html


def test_other_posts_are_not_kept_and_say_so(ada: Ada) -> None:
    """Taking away, hiding an activity and changing keys do not wait for later."""
    lockable(ada)
    lock(ada.client)
    for path in (f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}/bort", f"{KEYS}/kort", "/mitt/las-in"):
        assert "finns kvar, låst" not in ada.client.post(path, status=401).text
    ada.client.follow(open_code(ada.client))
    assert reads(ada.client)


def test_the_phone_that_left_it_cannot_read_it_again(ada: Ada, world: World) -> None:
    lockable(ada)
    form = writing(ada.client)
    lock(ada.client)
    kept(ada.client, form, words="kanarietext")
    for path in ("/", "/dagar", f"/dagar/{DAY}", "/nyckel", "/nyckel?sparat=1"):
        assert "kanarietext" not in ada.client.look(path).html
    found = b"".join(file.read_bytes() for file in world.folder.iterdir())
    assert b"kanarietext" not in found


def test_the_tray_of_a_removed_phone_is_closed(ada: Ada, world: World) -> None:
    """A lost phone may leave nothing either, from the moment when it was taken away."""
    card = lockable(ada)
    form = writing(ada.client)
    lock(ada.client)
    phone = another_phone(world, card)
    take_away(phone, "Kod på en telefon")
    ada.client.submit(form.action, form.filled("Spara", {"words": "från den borttappade"}))
    phone.follow(open_card(phone, card))
    assert "från den borttappade" not in phone.get(f"/dagar/{DAY}").text


def test_a_hidden_phone_saves_at_once(ada: Ada, world: World) -> None:
    """Nothing is locked, so nothing waits."""
    form = writing(ada.client)
    world.move(NOW + timedelta(days=1))
    ada.client.follow(ada.client.send(form, press="Spara", words="dagen efter"))
    assert "dagen efter" in ada.client.get(f"/dagar/{DAY}").text
    assert world.rows("letter") == 0


def test_a_join_that_fails_half_way_writes_nothing_and_is_laid_aside(
    ada: Ada, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each join is whole or not at all; the others beside it are joined."""
    lockable(ada)
    first, second = writing(ada.client), writing(ada.client)
    lock(ada.client)
    kept(ada.client, first, words="den första")
    world.move(NOW + timedelta(seconds=5))
    kept(ada.client, second, words="den andra")
    real = _joins["days.save"]

    def half(drawer: Drawer, values: Any, fields: Any, at: Any) -> None:
        real(drawer, values, fields, at)
        if fields["words"] == "den första":
            raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setitem(_joins, "days.save", half)
        ada.client.follow(open_code(ada.client))
    text = ada.client.get(f"/dagar/{DAY}").text
    assert "den första" not in text and "den andra" in text
    assert "gick inte att spara" in ada.client.get("/").text
    left = ada.client.get("/mitt/inte-sparat")
    assert "den första" in left.text
    ada.client.follow(ada.client.send(left.form("Prova igen")))
    assert ada.client.get(f"/dagar/{DAY}").text.count("den första") == 1
    assert "Allt du har skrivit är sparat" in ada.client.get("/mitt/inte-sparat").text
    assert "gick inte att spara" not in ada.client.get("/").text
