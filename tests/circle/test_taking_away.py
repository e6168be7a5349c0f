"""“Ta bort ur kretsen” and Ångra: nothing can be read meanwhile, and all of it comes back."""

from server.core import ids
from tests.circle.meeting import accepts, hands, invites, meets, pair_of, says_yes
from tests.client import Client, Page
from tests.people import OCTOBER, TUESDAY, WORDS, Ada, put_in_circle
from tests.world import World


def opens_all(client: Client, pair: str) -> str:
    client.post(f"/delat/{pair}/oppna", {"copy": "alla"})
    return client.get(f"/delat/{pair}").text


def takes_away(ada: Ada, card: str) -> Page:
    return ada.client.follow(ada.client.post(f"/kretsen/{card}/bort"))


def handed(world: World, ada: Ada, ben: Client) -> tuple[str, str]:
    """Ben's card and pair; he has Ada's Tuesday, with its words."""
    card, pair = meets(ada.client, ben, "Ben")
    hands(world, ada.client, card, f"day/{TUESDAY}", ada.entries[TUESDAY])
    return card, pair


def seen(client: Client, pair: str) -> list[bytes]:
    with ids.seeded("the same"):
        return [client.look(f"/delat{path}").body for path in ("", f"/{pair}", f"/{pair}/stampel")]


def test_undo_gives_back_what_could_be_read_and_no_more(world: World, ada: Ada, ben: Client) -> None:
    card, pair = handed(world, ada, ben)
    hands(world, ada.client, card, f"day/{OCTOBER}", ada.entries[OCTOBER])
    ada.client.post(f"/kretsen/{card}/sluta")
    hands(world, ada.client, card, f"day/{TUESDAY}", ada.entries[TUESDAY])
    page = takes_away(ada, card)
    assert WORDS["tuesday"] not in opens_all(ben, pair)
    ada.client.follow(ada.client.send(page.form("Ångra"), press="Ångra"))
    text = opens_all(ben, pair)
    assert WORDS["tuesday"] in text and WORDS["october"] not in text
    assert "Sluta dela" in ada.client.get(f"/kretsen/{card}").text


def test_put_back_from_the_bin_gives_it_back_too(world: World, ada: Ada, ben: Client) -> None:
    card, pair = handed(world, ada, ben)
    takes_away(ada, card)
    ada.client.post(f"/kretsen/borttaget/{card}/tillbaka")
    assert WORDS["tuesday"] in opens_all(ben, pair)
    takes_away(ada, card)  # and once more
    assert WORDS["tuesday"] not in opens_all(ben, pair)


def test_it_looks_like_stopping(world: World, ada: Ada, ben: Client) -> None:
    """Stopped, taken away, and deleted for good: byte for byte the same."""
    card, pair = handed(world, ada, ben)
    ben.get(f"/delat/{pair}")
    ada.client.post(f"/kretsen/{card}/sluta")
    seen(ben, pair)
    stopped = seen(ben, pair)
    takes_away(ada, card)
    assert seen(ben, pair) == stopped
    ada.client.post(f"/kretsen/borttaget/{card}/for-gott")
    assert seen(ben, pair) == stopped
    asked = ben.post(f"/delat/{pair}/fraga", {"id": ids.token(), "words": "är du där"})
    assert "Skickat." in ben.follow(asked).text
    assert "är du där" not in ada.client.get("/kretsen/sagt").text


def test_stop_everything_undone_gives_nothing_to_whoever_was_taken_away(
    world: World, ada: Ada, ben: Client
) -> None:
    card, pair = handed(world, ada, ben)
    stopped = ada.client.follow(ada.client.post("/kretsen/sluta-allt"))
    takes_away(ada, card)
    ada.client.send(stopped.form("Ångra"), press="Ångra")
    assert WORDS["tuesday"] not in opens_all(ben, pair)


def test_whoever_left_meanwhile_comes_back_on_paper(world: World, ada: Ada, ben: Client) -> None:
    card, pair = handed(world, ada, ben)
    takes_away(ada, card)
    ben.post(f"/delat/{pair}/sluta")
    ada.client.get("/kretsen")
    page = ada.client.follow(ada.client.post(f"/kretsen/borttaget/{card}/tillbaka"))
    assert "delar inget här längre" in page.text


def test_met_anew_on_another_card(world: World, ada: Ada, ben: Client) -> None:
    """The new card is the one that counts; the old one comes back on paper. Nobody wears two hats."""
    card, pair = handed(world, ada, ben)
    takes_away(ada, card)
    new = put_in_circle(ada.client, name="Ben igen")
    accepts(ben, invites(ada.client, new, hat="authority"), "Ben")
    says_yes(ada.client, new)
    assert pair_of(ben) != pair
    page = ada.client.follow(ada.client.post(f"/kretsen/borttaget/{card}/tillbaka"))
    assert "delar inget här längre" in page.text
    assert WORDS["tuesday"] not in opens_all(ben, pair_of(ben))


def test_somebody_new_tapped_twice_is_one_card(ada: Ada, ben: Client) -> None:
    card, _pair = meets(ada.client, ben, "Ben")
    page = ada.client.get(f"/kretsen/{card}/avsluta")
    ada.client.send(page.form("Byt till"), {"name": ""}, press="Byt till", status=422)
    for _ in range(2):
        new = ada.client.send(page.form("Byt till"), {"name": "Nybo"}, press="Byt till")
    assert ada.client.get(new.location).h1 == "Nybo"
    assert ada.client.get("/kretsen").html.count("<b><bdi>Nybo</bdi></b>") == 1
    ada.client.post(f"/kretsen/{card}/ny-person", {"name": "utan id"}, status=400)
