"""Two phones, many tabs, one account: everything that was sent at the same moment is kept."""

from concurrent.futures import ThreadPoolExecutor

from server.core import ids
from tests.client import Client, Page
from tests.forms import Form
from tests.people import Ada
from tests.world import World

DAY = "2026-11-18"
PHONES = 8


def test_entries_written_at_once_are_all_kept(ada: Ada, world: World) -> None:
    texts = [f"telefon {number}" for number in range(PHONES)]

    def write(phone: Client, text: str) -> int:
        return phone.post(f"/dagar/{DAY}/{ids.token()}", {"edition": "0", "words": text}).status

    with ThreadPoolExecutor(PHONES) as pool:
        assert set(pool.map(write, world.phones(ada, PHONES), texts)) == {303}
    page = ada.client.get(f"/dagar/{DAY}")
    assert not [text for text in texts if text not in page.text]


def test_the_same_tap_sent_by_every_phone_is_one_entry(ada: Ada, world: World) -> None:
    """Hard rule 8: a queue that is emptied twice, a flaky net."""
    before, same = ada.client.get("/dagar/2026-11-19").html.count("<article"), ids.token()

    def tap(phone: Client) -> int:
        return phone.post("/svara", {"form": "4", "id": same}).status

    with ThreadPoolExecutor(PHONES) as pool:
        assert set(pool.map(tap, world.phones(ada, PHONES))) == {303}
    assert ada.client.get("/dagar/2026-11-19").html.count("<article") == before + 1


def test_changes_of_one_entry_at_once_are_one_change_and_the_others_are_told(ada: Ada, world: World) -> None:
    path = f"/dagar/2026-11-17/{ada.entries['2026-11-17']}"

    made, texts = world.phones(ada, PHONES), [f"version {number}" for number in range(PHONES)]
    forms = [phone.get(path).form("Spara") for phone in made]

    def change(phone: Client, form: Form, text: str) -> Page:
        return phone.submit(form.action, form.filled("Spara", {"words": text}))

    with ThreadPoolExecutor(PHONES) as pool:
        answers = list(pool.map(change, made, forms, texts))
    assert sorted(answer.status for answer in answers) == [303] + [409] * (PHONES - 1)
    for answer, text in zip(answers, texts, strict=True):
        assert answer.status == 303 or text in answer.html
