"""Two phones wrote on one card or matter: both stand, and one tap chooses (issue 7, point 3)."""

import pytest

from tests.client import Client, Page
from tests.people import Ada, put_in_circle, write_matter
from tests.phone.sealing import box_of, name_of, sealed, send
from tests.world import NOW

NAME = name_of("late")


def both(client: Client, address: str, **late: str) -> tuple[Page, Page]:
    """Changed here, and meanwhile on a phone without a connection: the page of each version."""
    form = client.get(f"{address}/andra").form("Spara")
    fields = {**dict(form.typed({})), **late}
    client.follow(client.send(form, dict.fromkeys(late, "härifrån"), press="Spara"))
    send(client, NOW, (NAME, sealed(box_of(client), NAME, f"{address}/andra", NOW, fields)))
    here = client.get(address)
    return here, client.get(here.link("Se den andra"))


@pytest.mark.parametrize(
    ("word", "stays", "goes"), [("här", "härifrån", "sent"), ("andra", "sent", "härifrån")]
)
@pytest.mark.parametrize("from_second", [False, True])
def test_two_versions_of_a_card(ada: Ada, word: str, stays: str, goes: str, from_second: bool) -> None:
    card = f"/kretsen/{put_in_circle(ada.client, name='Lisa')}"
    first, second = both(ada.client, card, role="sent")
    assert "härifrån" in first.text and "sent" in second.text and "Inget är borta." in first.text
    if from_second:
        word = {"här": "andra", "andra": "här"}[word]
    page = second if from_second else first
    kept = ada.client.follow(ada.client.send(page.form("/valj"), press=f"Behåll bara den {word}"))
    assert (
        kept.path == card
        and stays in kept.text
        and goes not in kept.text
        and "Inget är borta." not in kept.text
    )
    assert ada.client.get("/kretsen").text.count("Lisa") == 1
    again = ada.client.submit(f"{card}/valj", [("how", "this")])
    assert again.status == 404


@pytest.mark.parametrize(
    ("word", "stays", "goes"), [("här", "härifrån", "sent"), ("andra", "sent", "härifrån")]
)
def test_two_versions_of_a_matter(ada: Ada, word: str, stays: str, goes: str) -> None:
    matter = f"/kretsen/bollen/{write_matter(ada.client, title='Ansökan')}"
    first, second = both(ada.client, matter, waiting_for="sent")
    assert "sent" in second.text and "Inget är borta." in second.text
    kept = ada.client.follow(ada.client.send(first.form("/valj"), press=f"Behåll bara den {word}"))
    assert kept.path == matter and stays in kept.text and "Inget är borta." not in kept.text


def test_nobody_else_chooses(ada: Ada, cleo: Client) -> None:
    card = f"/kretsen/{put_in_circle(ada.client, name='Lisa')}"
    both(ada.client, card, role="sent")
    assert cleo.submit(f"{card}/valj", [("how", "other")]).status == 404
    assert ada.client.submit(f"{card}/valj", [("how", "all")]).status == 400
    assert "Inget är borta." in ada.client.get(card).text
