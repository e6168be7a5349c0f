"""Ada has met Ben (support, in the room) and Fia (authority, at a distance) through the pages everybody uses."""

from dataclasses import dataclass

import pytest

from tests.circle.meeting import hands, meets
from tests.client import Client
from tests.people import TUESDAY, WORDS, Ada
from tests.world import World


@dataclass(frozen=True)
class Reader:
    """Somebody who is shown things: their browser, the owner's card, and the address of the owner's page."""

    client: Client
    card: str
    page: str


@pytest.fixture
def met_ben(ada: Ada, ben: Client) -> Reader:
    card, pair = meets(ada.client, ben, "Ben")
    return Reader(ben, card, f"/delat/{pair}")


@pytest.fixture
def met_fia(ada: Ada, fia: Client) -> Reader:
    card, pair = meets(ada.client, fia, "Fia", hat="authority", how="away")
    return Reader(fia, card, f"/delat/{pair}")


TUESDAYS_WORDS = WORDS["tuesday"]


@pytest.fixture
def handed(world: World, ada: Ada, met_ben: Reader) -> Reader:
    """Ben has one day, with its words, a frame and a question."""
    hands(
        world, ada.client, met_ben.card, f"day/{TUESDAY}", ada.entries[TUESDAY],
        purpose="Inför samtalet", frame="ramen-ar-min", asks="Kan du följa med?",
    )  # fmt: skip
    return met_ben
