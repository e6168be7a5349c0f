"""What Planen reads does not grow with what is written: its board, who sees what of it, and what was suggested."""

import pytest
from msgspec.structs import replace

from server.core import clock
from server.items import keeping
from server.items.payloads import Line
from server.plan.around import BOARD
from server.vault import ways_in
from server.vault.drawer import Drawer
from server.vault.sealing import Secret
from tests.client import Client
from tests.people import Ada, plan
from tests.statements import listening
from tests.world import World

PAGES = ("/plan", "/plan/mal", "/plan/forsok", "/plan/hinder", "/plan/vagar")


def fill(world: World, client: Client) -> None:
    """Three hundred lines on the board: the pages of many read nothing of the items behind them."""
    with world.database.write() as db:
        keyring, _key = ways_in.open_device(
            db, Secret.from_text(client.cookies()["__Host-d"]), now=clock.now()
        )
        kinds = ("goal", "step", "try", "obstacle")
        lines = tuple(Line(sheet=kinds[n % 4], id=f"{n:032x}", title=f"rad {n}") for n in range(290))
        keeping.change_board(Drawer(db, keyring), BOARD, lambda old: replace(old, lines=(*old.lines, *lines)))


@pytest.mark.parametrize("path", PAGES)
def test_three_hundred_are_read_like_ten(path: str, world: World, ada: Ada) -> None:
    """One record of the board and at most two shelves (vault.md, Shelves)."""
    for _ in range(4):
        plan(ada.client, "mal", goal="mål")

    def reads() -> list[str]:
        ada.client.get(path)
        with listening(world.database) as seen:
            ada.client.get(path)
        return list(seen)

    ten = reads()
    fill(world, ada.client)
    assert reads() == ten
    assert sum("record.shelf =" in one for one in ten) <= 2
