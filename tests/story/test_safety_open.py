"""The safety plan on a locked phone: only by its owner's choice, on that phone, and never an older one."""

import pytest

from tests.accounts.acts import another_phone, kept, lock, lockable, open_card, open_code, take_away
from tests.client import Client
from tests.people import Ada
from tests.story.test_safety import HERE, PLAN, WORDS, writes
from tests.world import World

OPEN = "/krisplan"


@pytest.fixture
def card(ada: Ada) -> str:
    """Ada's phone locks, and she has a plan; her key card."""
    card = lockable(ada)
    writes(ada.client)
    return card


def turns_on(client: Client) -> None:
    page = client.follow(client.send(client.get(HERE).form("Visa krisplanen på den här telefonen")))
    assert "Den som tar upp telefonen kan läsa hela planen" in page.text


def shown(client: Client) -> bool:
    """Whether this phone shows the plan, and then the way to it, and nothing else of the person's."""
    page = client.look(OPEN)
    ways = OPEN in client.get("/hjalp").links + client.get("/nyckel").links
    if page.status == 404:
        assert not ways and not [word for word in WORDS.values() if word in page.text]
        return False
    assert page.status == 200 and all(word in page.text for word in WORDS.values())
    return True


def test_off_until_chosen_and_then_readable_while_locked(ada: Ada, card: str) -> None:
    """Product.md, Min krisplan; hard rule 1: nothing widens who can read but the owner's own act, on that item."""
    lock(ada.client)
    assert not shown(ada.client)
    ada.client.follow(open_code(ada.client))
    turns_on(ada.client)
    lock(ada.client)
    assert shown(ada.client)
    assert ada.client.get("/nyckel").link(PLAN) == ada.client.get("/hjalp").link(PLAN) == OPEN
    page = ada.client.get(OPEN)
    assert page.headers["Cache-Control"] == "no-store"
    assert {"tel:112", "tel:1177", "tel:0701234567"} <= set(page.links) and page.form("/gom")
    assert "/dagar" not in page.links and "adaord" not in page.text
    ada.client.get(HERE, status=303)  # the rest is as locked as before


def test_no_page_says_only_me_while_a_phone_shows_it(world: World, ada: Ada, card: str) -> None:
    """What is promised beside the field is true: what is written there is shown at once, on every such phone."""
    other = another_phone(world, card)
    promise, bit = "Bara du ser det tills du lämnar det", f"{HERE.rpartition('/')[0]}/bit?vilken=signs"
    for client in (ada.client, other):
        assert promise in client.get(bit).text and "Bara jag" in client.get(HERE).text
    turns_on(ada.client)
    for client, says in ((ada.client, "Den som tar upp telefonen"), (other, "En annan telefon visar planen")):
        page = client.get(bit).text
        assert says in page and promise not in page and "Bara jag" not in client.get(HERE).text


def test_hidden_it_is_a_clock(ada: Ada, card: str) -> None:
    turns_on(ada.client)
    ada.client.post("/gom")
    assert ada.client.get(OPEN, status=303).location == "/klocka"


def test_turned_off_it_is_gone_and_that_can_be_undone(ada: Ada, card: str) -> None:
    turns_on(ada.client)
    page = ada.client.follow(ada.client.send(ada.client.get(HERE).form("Lås planen också")))
    assert not shown(ada.client)
    ada.client.follow(ada.client.send(page.form("Ångra")))
    assert shown(ada.client)


def test_what_is_changed_elsewhere_is_changed_here(world: World, ada: Ada, card: str) -> None:
    """An older number on a locked phone is worse than none."""
    other = another_phone(world, card)
    turns_on(ada.client)
    lock(ada.client)
    assert "En annan telefon visar planen" in other.get(HERE).text
    page = writes(other, people="Lena 073-999 88 77")
    assert "tel:0739998877" in ada.client.get(OPEN).links
    assert "070-123" not in ada.client.get(OPEN).text
    other.follow(other.send(page.form("Ångra")))
    assert "070-123" in ada.client.get(OPEN).text


def test_what_was_written_after_the_lock_is_shown_once_it_has_been_joined(ada: Ada, card: str) -> None:
    """Hard rule 8: the locked phone goes on showing what there is; the next unlocking joins the rest."""
    turns_on(ada.client)
    form = ada.client.get(f"{HERE}/andra").form("Spara")
    lock(ada.client)
    kept(ada.client, form, signs="skrivet efter låset")
    assert "sover inte" in ada.client.get(OPEN).text and "efter låset" not in ada.client.get(OPEN).text
    ada.client.follow(open_code(ada.client))
    assert "skrivet efter låset" in ada.client.get(OPEN).text


def test_an_earlier_version_that_is_taken_back_is_shown(ada: Ada, card: str) -> None:
    turns_on(ada.client)
    writes(ada.client, signs="nya ord")
    ada.client.follow(ada.client.send(ada.client.get(f"{HERE}/tidigare").form("Ta tillbaka")))
    assert "sover inte" in ada.client.get(OPEN).text and "nya ord" not in ada.client.get(OPEN).text


@pytest.mark.parametrize("how", ["taken away", "emptied", "everywhere"])
def test_one_phone_can_take_it_off_all(world: World, ada: Ada, card: str, how: str) -> None:
    other = another_phone(world, card)
    turns_on(ada.client)
    turns_on(other)
    if how == "taken away":
        other.follow(other.send(other.get(HERE).form("Ta bort")))
    elif how == "emptied":
        writes(other, signs="", people="", reasons="")
    else:
        other.follow(other.send(other.get(HERE).form("Sluta visa den på alla")))
    assert not shown(ada.client) and not shown(other)
    if how == "taken away":  # back again, it is only its owner's, as everything is from the start
        other.post(f"{HERE}/tillbaka")
        assert "sover inte" in other.get(HERE).text and not shown(ada.client) and not shown(other)


def test_no_other_phone_and_nobody_else_is_shown_anything(
    world: World, ada: Ada, card: str, cleo: Client, visitor: Client
) -> None:
    """Hard rule 2: byte for byte the one 404, for another phone of hers as for a stranger's and nobody's."""
    other = another_phone(world, card)
    cleo.get("/"), visitor.get("/")
    before = [client.get(OPEN, status=404) for client in (other, cleo, visitor)]
    turns_on(ada.client)
    after = [client.get(OPEN, status=404) for client in (other, cleo, visitor)]
    assert [page.body for page in after] == [page.body for page in before]
    assert cleo.get("/krisplanen", status=404).body == after[1].body
    assert after[1].headers == cleo.get("/krisplanen", status=404).headers


def test_signed_out_the_phone_shows_nothing(ada: Ada, card: str) -> None:
    """Also not when its owner opens it there again: it is chosen anew."""
    turns_on(ada.client)
    ada.client.follow(ada.client.send(ada.client.get("/logga-ut").form("Logga ut")))
    assert not shown(ada.client)
    ada.client.follow(open_card(ada.client, card))
    assert not shown(ada.client)
    assert "Visa krisplanen på den här telefonen" in ada.client.get(HERE).text


def test_a_phone_that_is_taken_away_shows_nothing(world: World, ada: Ada, card: str) -> None:
    """The lost phone came in by the card; the card is taken away, and with it what that phone shows."""
    lost = another_phone(world, card)
    turns_on(lost)
    page = take_away(ada.client, "Nyckelkort", status=200)
    ada.client.follow(ada.client.send(page.form("Ta bort den ändå")))
    assert not shown(lost)


def test_it_goes_with_the_account(world: World, ada: Ada, card: str) -> None:
    turns_on(ada.client)
    ada.client.follow(ada.client.send(ada.client.get("/mitt/ta-bort").form("/mitt/ta-bort")))
    with world.database.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM open_page").scalar_one() == 0


def test_a_phone_that_does_not_lock_says_so_and_offers_nothing(someone: Client) -> None:
    """A try-account is only hidden: whoever picks the phone up can read everything already."""
    page = writes(someone)
    assert "Den här telefonen låser sig inte än" in page.text
    assert not [form for form in page.forms if form.action.startswith("/plan/krisplan/visa")]
    someone.post("/plan/krisplan/visa")
    someone.get(OPEN, status=404)


def test_an_empty_plan_cannot_be_shown(ada: Ada) -> None:
    lockable(ada)
    assert not [form for form in ada.client.get(HERE).forms if "/visa" in form.action]
    ada.client.post("/plan/krisplan/visa", status=404)


def test_a_row_that_somebody_edited_is_refused(world: World, ada: Ada, card: str) -> None:
    """Hard rule 3: never another's text, never half of one; and the page still leads to help."""
    turns_on(ada.client)
    lock(ada.client)
    with world.database.write() as db:
        db.exec_driver_sql("UPDATE open_page SET blob = substr(blob, 1, 80)")
    page = ada.client.look(OPEN)
    assert page.status >= 400 and "sover" not in page.text and "/hjalp" in page.links
