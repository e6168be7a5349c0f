"""Ada has met Ben (support) and Fia (authority)."""

import pytest

from tests.circle.meeting import meets
from tests.client import Client
from tests.people import Ada
from tests.shared.conftest import Reader


@pytest.fixture
def met_ben(ada: Ada, ben: Client) -> Reader:
    card, pair = meets(ada.client, ben, "Ben")
    return Reader(ben, card, f"/delat/{pair}")


@pytest.fixture
def met_fia(ada: Ada, fia: Client) -> Reader:
    card, pair = meets(ada.client, fia, "Fia", hat="authority")
    return Reader(fia, card, f"/delat/{pair}")
