"""Så möter du mig over HTTP: written, changed from two tabs, handed over, and never seen by anybody else."""

import pytest

from tests.accounts.acts import lock_for_real, open_code
from tests.circle.meeting import meets
from tests.client import Client, Page
from tests.people import OTHERS, Ada
from tests.shared.conftest import Reader
from tests.world import World

HERE = "/kretsen/mot-mig"
THREE = {
    "wishes": "- Jobba med djur\n- Lugn på morgonen",
    "meeting": "Fråga en sak i taget",
    "strengths": "Baka",
}
AWKWARD = (
    "🦔👩🏽‍🚀",
    "مرحبا ‮bakvänt‬",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "'; DROP TABLE record; --",
)


@pytest.fixture
def met_ben(ada: Ada, ben: Client) -> Reader:
    card, pair = meets(ada.client, ben, "Ben")
    return Reader(ben, card, f"/delat/{pair}")


def writes(client: Client, status: int = 303, **texts: str) -> Page:
    answer = client.send(
        client.get(f"{HERE}/andra").form("Spara"), texts or THREE, press="Spara", status=status
    )
    return client.follow(answer) if status == 303 else answer


def hands_over(owner: Client, card: str, *parts: str, **terms: str) -> Page:
    """Four pages: which of the three, to whom, why, and the preview; then the act."""
    page = owner.follow(owner.send(owner.get(HERE).form("Lämna eller visa upp"), press="Lämna"))
    page = owner.follow(owner.send(page.form("Vidare"), {"0-part": list(parts)}, press="Vidare"))
    page = owner.follow(owner.send(page.form("Vidare"), card=card, press="Vidare"))
    told = {"purpose": "Så att du vet", "length": "days"} | terms
    page = owner.follow(owner.send(page.form("Se som"), told, press="Se som"))
    owner.follow(owner.send(page.form("Lämna till")))
    return page


def test_nothing_needs_to_be_written(someone: Client) -> None:
    """Rows B18, D16, E10; hard rule 5: all three are optional, and none is asked for."""
    assert someone.get("/kretsen").link("Så möter du mig") == HERE
    page = someone.get(HERE)
    assert page.h1 == "Så möter du mig" and "Här står inget än" in page.text
    page = writes(someone, strengths="Laga cyklar")
    assert "Laga cyklar" in page.text and "Det här vill jag" not in page.text
    assert "Det här kan jag: bara jag" in page.text


def test_wishes_come_first(someone: Client) -> None:
    text = writes(someone).text
    order = [text.index(title) for title in ("Jobba med djur", "Fråga en sak i taget", "Baka")]
    assert order == sorted(order)


def test_saving_can_be_undone(someone: Client) -> None:
    writes(someone)
    page = someone.follow(someone.send(writes(someone, wishes="Annat").form("Ångra")))
    assert "Jobba med djur" in page.text and "Annat" not in page.text
    first = someone.follow(someone.post(f"{HERE}/angra/1"))
    assert "inget att ångra" in first.text and "Jobba med djur" in first.text


def test_the_first_text_can_be_undone_too(someone: Client) -> None:
    page = someone.follow(someone.send(writes(someone).form("Ångra")))
    assert "Här står inget än" in page.text


def test_two_tabs_keep_both(someone: Client) -> None:
    """Hard rule 8."""
    one, two = (someone.get(f"{HERE}/andra").form("Spara") for _ in range(2))
    someone.send(one, {"wishes": "Det ena"}, press="Spara")
    page = someone.send(two, {"wishes": "Det andra"}, press="Spara", status=409)
    assert "Det finns två versioner" in page.text and "Det ena" in page.text and "Det andra" in page.html
    page = someone.follow(someone.send(page.form("Spara"), press="Spara"))
    assert "Det andra" in page.text


def test_the_same_text_from_two_tabs_is_no_conflict(someone: Client) -> None:
    one, two = (someone.get(f"{HERE}/andra").form("Spara") for _ in range(2))
    for form in (one, two):
        someone.send(form, {"wishes": "Samma"}, press="Spara")
    assert someone.get(HERE).text.count("Samma") == 1


def test_too_long_is_said_and_kept(someone: Client) -> None:
    page = writes(someone, 422, wishes="å" * 5_001, meeting="kort")
    assert "Det är mer än vad som får plats här." in page.text
    assert "å" * 5_001 in page.html and "kort" in page.html


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_is_text(text: str, someone: Client) -> None:
    page = writes(someone, wishes=f"a\0{text}", meeting=text, strengths="x" * 5_000)
    assert " ".join(text.split()) in page.text and "<script>alert" not in page.html and "\0" not in page.html


def test_what_is_saved_after_the_lock_is_kept_beside(someone: Client) -> None:
    """A page left open: both texts, however often the same is sent."""
    late = someone.get(f"{HERE}/andra").form("Spara").filled("Spara", {"wishes": "Efter låset"})
    writes(someone, wishes="Före låset")
    lock_for_real(someone)
    for _ in range(2):
        someone.post(f"{HERE}/andra", late)
    someone.follow(open_code(someone))
    text = someone.get(HERE).text
    assert (text.count("Före låset"), text.count("Efter låset")) == (1, 1)


def test_a_hand_made_edition_is_refused(someone: Client) -> None:
    for edition in ("x", "-1", "", "9" * 12):
        someone.post(f"{HERE}/andra", {"edition": edition, "wishes": "x"}, status=400)
    assert "Här står inget än" in someone.get(HERE).text


def test_only_what_was_ticked_goes_along(ada: Ada, met_ben: Reader) -> None:
    """Nothing is ticked beforehand, and a better day's frame is not asked for (row E10)."""
    writes(ada.client)
    page = ada.client.follow(ada.client.post("/lamna/ny", {"item": "meet/me"}))
    assert not [one for form in page.forms for one in form.controls if one.chosen]
    assert "Lägg till en dag till" not in page.text
    wrong = ada.client.send(page.form("Vidare"), press="Vidare", status=422)
    assert "Välj vad som följer med." in wrong.text
    preview = hands_over(ada.client, met_ben.card, "wishes", "strengths")
    assert "Jobba med djur" in preview.text and "Baka" in preview.text
    assert "Fråga en sak i taget" not in preview.text and "Så här hör det ihop" not in preview.text


def test_to_an_authority_without_a_frame(ada: Ada, fia: Client) -> None:
    card, _pair = meets(ada.client, fia, "Fia", hat="authority")
    writes(ada.client)
    preview = hands_over(ada.client, card, "wishes")
    assert "bli en del av ditt ärende" in preview.text


def test_who_may_see_it_stands_on_the_page(ada: Ada, met_ben: Reader) -> None:
    """Every item always shows its audience; a later change stays mine until it is handed over anew."""
    writes(ada.client)
    hands_over(ada.client, met_ben.card, "wishes")
    page = ada.client.get(HERE)
    assert "Det här vill jag: Ben" in page.text and "Det här kan jag: bara jag" in page.text
    assert "Du har ändrat" not in page.text
    card = ada.client.get(f"/kretsen/{met_ben.card}").text
    assert "det här vill jag" in card and "bara formen" not in card
    page = writes(ada.client, wishes="Något nytt")
    assert "Du har ändrat sen Ben fick sin kopia." in page.text
    anew = ada.client.follow(ada.client.send(page.form("Lämna på nytt"), press="Lämna på nytt"))
    assert "Något nytt" in anew.text and "Det Ben har nu" in anew.text
    ada.client.follow(ada.client.send(anew.form("Lämna till")))
    text = met_ben.client.get(met_ben.page).text
    assert text.count("Så möter du mig") == 1


@pytest.mark.parametrize("item", ["meet/me", "meet/you", "meet/", "meet/../x"])
def test_nothing_to_hand_over(item: str, someone: Client) -> None:
    someone.post("/lamna/ny", {"item": item}, status=404)


def test_nobody_else_learns_of_it(world: World, ada: Ada) -> None:
    """Hard rule 2: with or without, every other person's pages are the same."""
    clients = [world.person(name) for name in OTHERS]
    before = [[client.get(path).body for path in (HERE, "/kretsen", "/delat")] for client in clients]
    writes(ada.client)
    assert [[client.get(path).body for path in (HERE, "/kretsen", "/delat")] for client in clients] == before
