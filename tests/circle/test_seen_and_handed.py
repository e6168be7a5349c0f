"""What was on the page is what is handed over, to whom it said; and no way leads round the frame."""

from datetime import timedelta

import pytest

from server.vault.sealing import KeyPair, Secret
from server.vault.ways_in import device_slot
from tests.accounts.acts import lock_for_real, open_code
from tests.circle.meeting import hands, meets
from tests.circle.test_giving import FRAME, hand_over, seen, to_ben
from tests.client import Client, Page
from tests.people import TUESDAY, WORDS, Ada
from tests.world import NOW, World, at


def opens_all(reader: Client, pair: str) -> Page:
    reader.get(f"/delat/{pair}")
    reader.post(f"/delat/{pair}/oppna", {"copy": "alla"})
    return reader.get(f"/delat/{pair}")


def to_somebody_else(client: Client, page: Page, card: str) -> str:
    """The same handing over, given another person in another window; its last page."""
    home = page.path.removesuffix("/se")
    client.post(f"{home}/vem", {"card": card})
    client.post(f"{home}/varfor", {"purpose": "x", "length": "days", "frame": FRAME})
    return page.path


def test_what_says_ben_never_goes_to_fia(ada: Ada, ben: Client, fia: Client, world: World) -> None:
    page = to_ben(ada, ben)
    card, pair = meets(ada.client, fia, "Fia", hat="authority")
    to_somebody_else(ada.client, page, card)
    assert "Titta en gång till" in hand_over(ada.client, page, status=422).text
    assert WORDS["tuesday"] not in opens_all(fia, pair).text
    assert world.rows("letter") == 0


@pytest.mark.parametrize("how", ["visa", "skriv-ut"])
def test_what_is_shown_or_printed_is_what_was_seen(ada: Ada, how: str) -> None:
    page = seen(ada.client)
    editing = ada.client.get(f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}").form("Spara")
    ada.client.send(editing, press="Spara", words="skrivet efteråt")
    answer = ada.client.send(page.form(f"/{how}"), status=422)
    assert "Titta en gång till" in answer.text and "skrivet efteråt" in answer.text


def test_after_midnight_the_end_is_seen_again(ada: Ada, ben: Client, world: World) -> None:
    world.move(at("2026-11-19 23.58"))
    page = to_ben(ada, ben)
    world.move(at("2026-11-20 00.02"))
    assert "Till söndag 20 december" in hand_over(ada.client, page, status=422).text


def test_the_hat_of_somebody_who_was_met_stays(ada: Ada, ben: Client, world: World) -> None:
    """Row D21: a coach cannot become somebody's authority contact, with what was handed to a coach."""
    card, pair = meets(ada.client, ben, "Ben")
    hands(world, ada.client, card, f"day/{TUESDAY}", ada.entries[TUESDAY])
    edit = ada.client.get(f"/kretsen/{card}/andra")
    assert "Den gäller så länge ni delar här" in edit.text
    assert "Ett nytt namn gör det inte till någon annan" in edit.text
    ada.client.post(f"/kretsen/{card}/andra", {"edition": "2", "name": "Ben", "hat": "authority"})
    assert "Stöd" in ada.client.get(f"/kretsen/{card}/andra").text
    stopped = ada.client.follow(ada.client.post(f"/kretsen/{card}/sluta"))
    ada.client.send(stopped.form("Ångra"), press="Ångra")
    assert WORDS["tuesday"] in opens_all(ben, pair).text


def test_a_refused_key_leaves_the_earlier_copy(ada: Ada, ben: Client, world: World) -> None:
    """Nothing half done: the earlier copy is burnt only when the new one is there."""
    card, _pair = meets(ada.client, ben, "Ben")
    handed = hands(world, ada.client, card, f"day/{TUESDAY}", ada.entries[TUESDAY])
    page = ada.client.follow(ada.client.post("/lamna/igen", {"handed": handed.id}))
    slot = device_slot(Secret.from_text(ben.cookies()["__Host-d"]))
    with world.database.write() as db:
        db.exec_driver_sql(
            "UPDATE account SET public_key = ? WHERE id = (SELECT account FROM slot WHERE id = ?)",
            (KeyPair.new().public, slot),
        )
    assert "Inget har lämnats" in hand_over(ada.client, page, status=422).text
    assert world.rows("letter") == 1
    assert ada.client.get(page.path).h1 == "Så ser Ben det"  # what was prepared is still there


def test_anew_to_somebody_else_leaves_the_first_alone(
    ada: Ada, ben: Client, fia: Client, world: World
) -> None:
    card, pair = meets(ada.client, ben, "Ben")
    other, theirs = meets(ada.client, fia, "Fia", hat="authority")
    handed = hands(world, ada.client, card, f"day/{TUESDAY}", ada.entries[TUESDAY])
    page = ada.client.follow(ada.client.post("/lamna/igen", {"handed": handed.id}))
    last = ada.client.get(to_somebody_else(ada.client, page, other))
    assert "Det Fia har nu" not in last.text
    hand_over(ada.client, last)
    assert WORDS["tuesday"] in opens_all(ben, pair).text
    assert WORDS["tuesday"] in opens_all(fia, theirs).text


def test_somebody_else_chosen_while_it_was_locked_takes_no_copys_place(
    ada: Ada, ben: Client, fia: Client, world: World
) -> None:
    """What was said to a locked phone means the same when it is joined."""
    card, pair = meets(ada.client, ben, "Ben")
    other, _theirs = meets(ada.client, fia, "Fia", hat="authority")
    handed = hands(world, ada.client, card, f"day/{TUESDAY}", ada.entries[TUESDAY])
    lock_for_real(ada.client)
    ada.client.follow(open_code(ada.client))
    page = ada.client.follow(ada.client.post("/lamna/igen", {"handed": handed.id}))
    assert "Det Ben har nu" in page.text
    world.move(NOW + timedelta(minutes=11))
    ada.client.post(page.path.replace("/se", "/vem"), {"card": other})
    ada.client.follow(open_code(ada.client))
    last = ada.client.get(to_somebody_else(ada.client, page, other))
    assert last.h1 == "Så ser Fia det" and "har nu" not in last.text
    hand_over(ada.client, last)
    assert WORDS["tuesday"] in opens_all(ben, pair).text
