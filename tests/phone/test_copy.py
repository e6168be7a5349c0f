"""What may be read on a phone without a connection, and what can be written from there."""

import json
from datetime import timedelta

from tests.client import Client
from tests.hosts.listing import settled
from tests.messages.conftest import agree, taken_on
from tests.people import TODAY, WORDS, Ada, put_in_circle
from tests.phone.sealing import box_of, name_of, sealed, send
from tests.statements import listening
from tests.world import NOW, World

BOOK, SMALL = "bokprat", "Läs en sida ur boken hemma"


def copy(client: Client) -> str:
    return str(json.loads(client.get("/mitt/utan-nat/kopia").body)["all"])


def later(client: Client, to: str, *, at: timedelta = timedelta(), **fields: str) -> list[str]:
    """A tap that waited in the phone; what the server took."""
    name = name_of(to + str(at))
    post = sealed(box_of(client), name, to, NOW + at, fields)
    return list(json.loads(send(client, NOW, (name, post)).body)["taken"])


def test_one_can_write_to_those_who_have_said_yes_and_to_nobody_else(ada: Ada, ben: Client) -> None:
    """A card without an account is nobody to write to. Whoever supports somebody has no name of theirs in the phone."""
    hers, his = agree(ada.client, ben, "Ben")
    put_in_circle(ada.client, name="Papperskortet")
    hers.says("ett av orden")
    his.says("ett svar")
    found = copy(ada.client)
    assert f'action="{hers.page}/skriv"' in found and "Skriv till <bdi>Ben</bdi>" in found
    assert "Papperskortet" not in found and "ett av orden" not in found and "ett svar" not in found
    assert found.count("/skriv") == 1
    assert "/skriv" not in copy(ben) and "Ada" not in copy(ben)
    ada.client.post(f"{hers.page}/blockera")
    assert "/skriv" not in copy(ada.client)


def test_a_peer_who_has_said_yes_can_be_written_to(ada: Ada, pia: Client, world: World) -> None:
    settled(world)
    hers, his = taken_on(ada.client, pia)
    assert f'action="{hers.page}/skriv"' in copy(ada.client)
    assert his.page not in copy(pia)


def test_each_step_and_try_can_be_marked(ada: Ada) -> None:
    found = copy(ada.client)
    for place in (f"steg/{ada.plan['step']}", f"forsok/{ada.plan['try']}"):
        assert f'action="/plan/{place}/satt"' in found
    assert WORDS["gone step"] not in found


def test_a_copy_takes_as_many_statements_whoever_is_there(ada: Ada, ben: Client, world: World) -> None:
    def statements() -> int:
        copy(ada.client)
        with listening(world.database) as seen:
            copy(ada.client)
        return len(seen)

    alone = statements()
    hers, his = agree(ada.client, ben, "Ben")
    hers.says("hej")
    his.says("hej hej")
    assert statements() == alone


def test_what_one_will_try_waits_too_and_stands_on_its_day_once(ada: Ada) -> None:
    """By the clock of its day, not of the day when the network came back."""
    for _ in range(2):
        assert len(later(ada.client, f"/kanske/{BOOK}", version="smaller")) == 1
    assert ada.client.get(f"/dagar/{TODAY}").text.count(f"Ta bort {SMALL}") == 1
    later(ada.client, f"/kanske/{BOOK}", at=timedelta(days=-1), version="smaller")
    yesterday = (NOW - timedelta(days=1)).date()
    assert ada.client.get(f"/dagar/{yesterday}").text.count(f"Ta bort {SMALL}") == 1


def test_what_the_town_has_taken_away_meanwhile_is_let_be(ada: Ada) -> None:
    assert len(later(ada.client, "/kanske/finns-inte-mer")) == 1
