"""Writing in the plan, through the pages that everybody uses."""

from server.core import ids
from tests.client import Client


def writes(client: Client, slug: str, item_id: str = "", **texts: str) -> str:
    """A new thing of the plan, or other words in one of the few; its address."""
    form = client.get(f"/plan/{slug}/{item_id}/andra" if item_id else f"/plan/{slug}/ny").form("Spara")
    return client.send(form, texts, press="Spara").location.partition("#")[0]


def fresh() -> str:
    return ids.token()
