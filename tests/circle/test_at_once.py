"""Two phones, many tabs, one circle: what was sent at the same moment is kept, and there is still one main contact."""

from concurrent.futures import ThreadPoolExecutor

from server.core import ids
from tests.client import Client
from tests.people import Ada, put_in_circle
from tests.world import World

PHONES = 6


def test_people_added_at_once_are_all_there(ada: Ada, world: World) -> None:
    names = [f"Person{number}" for number in range(PHONES)]

    def add(phone: Client, name: str) -> int:
        return phone.post(f"/kretsen/{ids.token()}/andra", {"edition": "0", "name": name}).status

    with ThreadPoolExecutor(PHONES) as pool:
        assert set(pool.map(add, world.phones(ada, PHONES), names)) == {303}
    text = ada.client.get("/kretsen").text
    assert not [name for name in names if name not in text]


def test_main_contacts_chosen_at_once_end_in_one(ada: Ada, world: World) -> None:
    """D2."""
    cards = [put_in_circle(ada.client, name=f"Person{number}") for number in range(PHONES)]

    def choose(phone: Client, card: str) -> int:
        return phone.post(f"/kretsen/{card}/huvudkontakt").status

    with ThreadPoolExecutor(PHONES) as pool:
        assert set(pool.map(choose, world.phones(ada, PHONES), cards)) == {303}
    assert ada.client.get("/kretsen").text.count("Huvudkontakt") == 1


def test_acts_on_one_matter_at_once_are_all_in_its_way(ada: Ada, world: World) -> None:
    """Hard rule 8: nothing overwrites anything."""
    path = f"/kretsen/bollen/{ada.circle['matter']}"
    notes = [f"samtal{number}" for number in range(PHONES)]

    def note(phone: Client, what: str) -> int:
        return phone.post(f"{path}/hande", {"id": ids.token(), "what": what}).status

    with ThreadPoolExecutor(PHONES) as pool:
        assert set(pool.map(note, world.phones(ada, PHONES), notes)) == {303}
    text = ada.client.get(path).text
    assert not [what for what in notes if what not in text]
