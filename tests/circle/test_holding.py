"""What a contact holds and has said, as the owner meets it on a tired day."""

from tests.circle.meeting import hands, meets
from tests.client import Client
from tests.people import Ada, write
from tests.world import World


def test_ending_works_also_after_the_new_name_was_left_empty(ada: Ada, ben: Client) -> None:
    """The page that asks for a name has the other two ways on it still, and they lead where they say."""
    card, pair = meets(ada.client, ben, "Ben")
    page = ada.client.get(f"/kretsen/{card}/avsluta")
    wrong = ada.client.send(page.form("Byt till en ny person"), {"name": ""}, status=422)
    assert "Skriv något, till exempel ett förnamn." in wrong.text
    ended = ada.client.follow(ada.client.send(wrong.form("Säg till och avsluta")))
    assert ended.h1 == "Ben" and "Ben och du delar inget här längre." in ended.text
    assert f"/delat/{pair}" not in ben.get("/delat").links


def test_a_question_can_be_laid_aside(ada: Ada, ben: Client) -> None:
    """It asks for nothing here: once it is read, the circle does not hold it up any more, and Ben is not told."""
    _card, pair = meets(ada.client, ben, "Ben")
    ben.send(ben.get(f"/delat/{pair}").form("/fraga"), {"words": "Ska jag följa med?"})
    before = ben.get(f"/delat/{pair}").text
    said = ada.client.get("/kretsen/sagt")
    assert "Härifrån skickas inget." in said.text
    assert "Det dina kontakter har sagt Ben" in ada.client.get("/kretsen").text
    read = ada.client.follow(ada.client.send(said.form("Jag har läst")))
    assert "Du har läst" in read.text and "Jag har läst" not in read.text
    assert "Det dina kontakter har sagt Ben" not in ada.client.get("/kretsen").text
    assert ben.get(f"/delat/{pair}").text.split("Ska jag")[1] == before.split("Ska jag")[1]


def test_copies_stand_in_the_order_of_the_days(ada: Ada, ben: Client, world: World) -> None:
    """Also after a stop that was undone: nothing changes place by itself."""
    card, _pair = meets(ada.client, ben, "Ben")
    days = ("2026-11-11", "2026-11-13", "2026-11-12", "2026-11-10")
    for day in days:
        entry = write(ada.client, day, words="adaord")
        hands(world, ada.client, card, f"day/{day}", entry)
    order = ["Fredag 13 november", "Torsdag 12 november", "Onsdag 11 november", "Tisdag 10 november"]

    def stands() -> list[str]:
        page = ada.client.get(f"/kretsen/{card}").text
        return sorted(order, key=page.index)

    assert stands() == order
    page = ada.client.get(f"/kretsen/{card}")
    assert page.text.index("Sluta dela allt det här") < page.text.index(order[0])
    toast = ada.client.follow(ada.client.send(page.form("Sluta dela allt det här")))
    ada.client.send(toast.form("Ångra"))
    assert stands() == order


def test_what_was_handed_over_is_said_at_once(ada: Ada, ben: Client) -> None:
    """After the last page: which days, how much of them, for what, and the way to all that this person has."""
    card, _pair = meets(ada.client, ben, "Ben")
    write(ada.client, "2026-11-11", level="2", words="adaord")
    page = ada.client.follow(ada.client.post("/lamna/ny", {"item": "day/2026-11-11"}))
    page = ada.client.follow(ada.client.post(page.path, {"0-what": "form"}))
    page = ada.client.follow(ada.client.post(page.path, {"card": card}))
    page = ada.client.follow(ada.client.post(page.path, {"purpose": "Inför samtalet", "length": "days"}))
    told = ada.client.follow(ada.client.send(page.form("Lämna till"), press="Lämna till"))
    assert told.h1 == "Lämnat till Ben"
    assert "Onsdag 11 november" in told.text and "bara formen" in told.text and "Inför samtalet" in told.text
    assert "adaord" not in told.text and f"/kretsen/{card}" in told.links
