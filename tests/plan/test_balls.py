"""Whose turn it is with an obstacle: also with one whose name was left out or grew."""

import pytest

from server.circle.matters import Holder
from server.circle.payloads import ME
from server.items import keeping
from server.items.payloads import Texts
from server.items.sheets import SHORT
from server.plan import steps
from server.plan.sheets import OBSTACLE
from server.vault.drawer import Drawer
from tests.items.test_keeping import NOW, A


@pytest.mark.parametrize("texts", [{"what": "Bussen"}, {"more": "Bussen"}, {"what": "Bussen" * 100}], ids=str)
def test_the_ball_of_any_obstacle(texts: Texts, drawer: Drawer) -> None:
    """Found from both sides; twice is once."""
    keeping.begin(drawer, OBSTACLE, A, texts, NOW)
    for _ in range(2):
        matter = steps.give_ball(drawer, A, Holder(ME), NOW.date(), NOW)
    assert matter.title.startswith("Bussen") and len(matter.title) <= SHORT
    item = keeping.find(drawer, OBSTACLE, A)
    assert item.texts["matter"] == matter.id and item.edition == 2
