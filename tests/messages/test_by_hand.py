"""What no page of ours sends: hand-made letters and hand-written rows stop nobody, and pass for nothing."""

from typing import Any

import msgspec
import pytest

from server.core import clock
from server.vault.asked import No
from server.vault.keyring import Keyring
from server.vault.letters import Letters
from server.vault.sealing import Secret
from server.vault.ways_in import open_device
from tests.client import Client
from tests.hosts.listing import Association, settled
from tests.messages.conftest import Talking, agree
from tests.people import Ada
from tests.world import World


@pytest.fixture
def association(world: World) -> Association:
    return settled(world)


@pytest.fixture
def both(ada: Ada, ben: Client) -> tuple[Talking, Talking]:
    return agree(ada.client, ben, "Ben")


def keyring_of(db: Any, client: Client) -> Keyring:
    return open_device(db, Secret.from_text(client.cookies()["__Host-d"]), now=clock.now())[0]


def hand(world: World, one: Talking, *payloads: msgspec.Struct) -> None:
    """Leave letters past every page."""
    with world.database.write() as db:
        letters = Letters(db, keyring_of(db, one.client), clock.now(), world.app.extensions["frank"])
        for payload in payloads:
            letters.send(bytes.fromhex(one.pair), payload)


@pytest.mark.parametrize("writer", [0, 1], ids=["from the owner", "from the contact"])
def test_a_no_out_of_turn_takes_nothing_away(
    both: tuple[Talking, Talking], world: World, writer: int
) -> None:
    ada, ben = both
    ada.says("ett")
    ben.says("två")
    ada.look()
    hand(world, both[writer], No("x"))
    assert ada.reads() == ["Jag: ett", "Ben: två"]
    assert [line.partition(": ")[2] for line in ben.reads()] == ["ett", "två"]
    ada.says("tre")
    ben.says("fyra")
    assert len(ada.reads()) == len(ben.reads()) == 4
