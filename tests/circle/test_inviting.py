"""Bjud in, over HTTP: who may, what each side is told, and that nothing wrong can be told from anything else wrong."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from server.vault import ways_in
from server.vault.models import Account
from server.vault.sealing import KeyPair, Secret
from tests.circle.meeting import OVER, Link, accepts, invites, meets, pair_of, says_yes, shown
from tests.client import Client
from tests.people import Ada, put_in_circle
from tests.world import NOW, World

GUESSED = Link("/bjuden/" + "A" * 43, "000000")


@pytest.fixture
def card(ada: Ada) -> str:
    return put_in_circle(ada.client, name="Ben Berg")


def test_a_hat_and_a_name_are_chosen_before_inviting(ada: Ada, card: str) -> None:
    """Row D21: the other side gets both with the yes. What was typed stays."""
    page = ada.client.get(f"/kretsen/{card}/bjud-in")
    wrong = ada.client.send(page.form("Gör inbjudan"), {"called": "Ada L"}, status=422)
    assert (
        "Välj stöd, myndighet eller arbetsgivare." in wrong.text and "Välj var personen är nu." in wrong.text
    )
    assert 'value="Ada L"' in wrong.html
    assert not any(control.chosen for control in page.form("Gör inbjudan").controls)  # nothing is preselected


@pytest.mark.parametrize("called", ["", "x" * 5000, "\0", "   "])
def test_a_name_that_cannot_be(ada: Ada, card: str, called: str) -> None:
    fields = {"hat": "support", "how": "room", "called": called}
    assert ada.client.post(f"/kretsen/{card}/bjud-in", fields, status=422)
    assert ada.client.post(f"/kretsen/{card}/bjud-in", fields | {"hat": "king"}, status=422)


def test_in_the_room(ada: Ada, ben: Client, card: str) -> None:
    link = invites(ada.client, card)
    assert "Väntar på Ben Berg" in ada.client.get(f"/kretsen/{card}/bjud-in").text and link.code == ""
    assert "Ada" not in ben.get(link.path).text and "Ben" not in ben.get(link.path).text
    accepts(ben, link, "Ben, coach")
    asked = ada.client.get(f"/kretsen/{card}/bjud-in")
    assert "Ben, coach" in asked.h1 and "Är det rätt person?" in asked.text
    assert "Väntar på svar" in ben.get("/delat").text
    assert "Ni möttes i rummet." in says_yes(ada.client, card).text
    assert "Ada L" in ben.get("/delat").text


def test_at_a_distance_with_a_code_and_three_words(ada: Ada, ben: Client, card: str) -> None:
    link = invites(ada.client, card, how="away")
    assert len(link.code) == 6
    accepts(ben, link)
    asked = ada.client.get(f"/kretsen/{card}/bjud-in")
    met = says_yes(ada.client, card)
    three = met.text.partition("Delat med mig. ")[2].partition(" Vi har samma ord")[0]
    assert "Inte bekräftad." in met.text and three in asked.text
    assert three in ben.get(f"/delat/{pair_of(ben)}/ord").text
    differ = ada.client.send(met.form("Vi har samma ord"), press="Orden är olika", status=200)
    assert "Lämna ingenting." in differ.text and "Inte bekräftad." in differ.text
    same = ada.client.follow(ada.client.send(met.form("Vi har samma ord"), press="Vi har samma ord"))
    assert "Ni har jämfört tre ord." in same.text


def test_the_page_may_ask_by_itself(ada: Ada, ben: Client, card: str) -> None:
    def state() -> str:
        return ada.client.get(f"/kretsen/{card}/bjud-in/stampel", headers={"X-Unattended": "1"}).body.decode()

    assert state() == "none"
    link = invites(ada.client, card)
    assert state() == "waiting"
    accepts(ben, link)
    assert state() == "answered"
    says_yes(ada.client, card)
    assert state() == "met"


def test_the_circle_says_who_is_invited_and_who_has_answered(ada: Ada, ben: Client, card: str) -> None:
    """Row A20."""
    link = invites(ada.client, card)
    assert "Inbjuden, har inte svarat" in ada.client.get("/kretsen").text
    assert "Se inbjudan som väntar" in ada.client.get(f"/kretsen/{card}").text
    accepts(ben, link)
    assert "Har tackat ja. Är det rätt person?" in ada.client.get("/kretsen").text
    assert "Har tackat ja. Är det rätt person?" in ada.client.get(f"/kretsen/{card}").text


def test_a_card_that_is_taken_away_takes_its_invitation_along(ada: Ada, ben: Client, card: str) -> None:
    link = invites(ada.client, card)
    ada.client.post(f"/kretsen/{card}/bort")
    accepts(ben, link, status=422)


def test_a_no_gives_nothing(ada: Ada, ben: Client, card: str) -> None:
    accepts(ben, invites(ada.client, card))
    page = ada.client.get(f"/kretsen/{card}/bjud-in")
    ada.client.follow(ada.client.send(page.form("Nej, det är någon annan")))
    assert "Väntar på svar" in ben.get("/delat").text
    assert ada.client.get(f"/kretsen/{card}/bjud-in").form("Gör inbjudan")


def test_an_answer_to_a_cancelled_invitation_is_laid_aside(
    world: World, ada: Ada, ben: Client, card: str
) -> None:
    """Taken an instant before it was cancelled: it must not keep the mailbox waiting for ever."""
    link = invites(ada.client, card)
    accepts(ben, link)
    ada.client.post(f"/kretsen/{card}/bjud-in/avbryt")
    ada.client.get(f"/kretsen/{card}/bjud-in")
    with world.database.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM letter WHERE shelf = x''").scalar_one() == 0


def test_the_yes_is_to_the_one_who_was_shown(ada: Ada, ben: Client, fia: Client, card: str) -> None:
    """Two windows: what the first shows is not who has answered meanwhile."""
    accepts(ben, invites(ada.client, card), "Ben")
    stale = ada.client.get(f"/kretsen/{card}/bjud-in").form("Ja, det är rätt person")
    ada.client.post(f"/kretsen/{card}/bjud-in/avbryt")
    accepts(fia, invites(ada.client, card), "Fia")
    asked = ada.client.follow(ada.client.send(stale))
    assert "Fia" in asked.h1
    assert "Väntar på svar" in fia.get("/delat").text


def test_nobody_wears_two_hats(ada: Ada, ben: Client, card: str) -> None:
    """Row D21, with a clear sentence and nothing half-done."""
    meets(ada.client, ben, "Ben")
    accepts(ben, invites(ada.client, card, hat="authority"))
    page = ada.client.get(f"/kretsen/{card}/bjud-in")
    refused = ada.client.send(page.form("Ja, det är rätt person"), status=409)
    assert "Ingen möter dig på två sätt." in refused.text
    assert ada.client.get(f"/kretsen/{card}/bjud-in").form("Nej, det är någon annan")


def test_a_changed_key_is_refused_in_red(world: World, ada: Ada, ben: Client, card: str) -> None:
    accepts(ben, invites(ada.client, card))
    page = ada.client.get(f"/kretsen/{card}/bjud-in")
    half = Secret.from_text(ben.cookies()["__Host-d"])
    with world.database.write() as db:
        account, _key = ways_in.open_device(db, half, now=NOW)
        row = update(Account).where(Account.id == account.account).values(public_key=KeyPair.new().public)
        db.execute(row)
    refused = ada.client.send(page.form("Ja, det är rätt person"), status=409)
    assert "Nyckeln är inte den som svarade." in refused.text and 'class="notice sorry"' in refused.html


@pytest.fixture
def alike(world: World, ada: Ada, ben: Client) -> dict[str, tuple[Client, Link, str]]:
    """Everything that can be wrong with an invitation: who opens it, with which code."""
    pia, cleo = world.person("pia"), world.person("cleo")
    for client in (pia, cleo):
        client.get("/")

    def fresh(how: str = "away") -> tuple[str, Link]:
        card = put_in_circle(ada.client, name="Någon")
        return card, invites(ada.client, card, how=how)

    _card, used = fresh()
    accepts(ben, used)
    cancelled_card, cancelled = fresh()
    ada.client.post(f"/kretsen/{cancelled_card}/bjud-in/avbryt")
    _card, spent = fresh()
    for _ in range(5):
        accepts(pia, spent, status=422, code="nej")
    _card, wrong = fresh()
    replaced_card, replaced = fresh()
    ada.client.post(f"/kretsen/{replaced_card}/bjud-in/avbryt")
    invites(ada.client, replaced_card)
    return {
        "guessed": (cleo, GUESSED, "000000"),
        "used": (cleo, used, used.code),
        "cancelled": (cleo, cancelled, cancelled.code),
        "wrong code": (cleo, wrong, "999999" if wrong.code != "999999" else "111111"),
        "no code": (cleo, wrong, ""),
        "wrong five times": (cleo, spent, spent.code),
        "replaced": (cleo, replaced, replaced.code),
    }


def test_whatever_is_wrong_the_answer_is_one(
    world: World, alike: dict[str, tuple[Client, Link, str]]
) -> None:
    """Byte for byte and header for header; also over a week later, and to oneself."""
    bodies = {}
    for what, (client, link, code) in alike.items():
        bodies[what] = client.submit(link.path, [("name", "Cleo C"), ("code", code)])
    assert {page.status for page in bodies.values()} == {422}
    first = bodies.pop("guessed")
    assert OVER in first.text and 'value="Cleo C"' in first.html
    for what, page in bodies.items():
        assert page.body == first.body and page.headers == first.headers, what


def test_expired_own_and_foreign_look_alike_too(world: World, ada: Ada, cleo: Client, card: str) -> None:
    link = invites(ada.client, card, how="away")
    own = ada.client.submit(link.path, [("name", "A"), ("code", link.code)])
    guessed = ada.client.submit(GUESSED.path, [("name", "A"), ("code", link.code)])
    assert own.status == 422 and own.body == guessed.body and own.headers == guessed.headers
    room_card = put_in_circle(ada.client, name="Rum")
    room = invites(ada.client, room_card)
    turned = room.path[:-4] + ("AAAA" if not room.path.endswith("AAAA") else "BBBB")
    foreign = cleo.submit(turned, [("name", "A")])  # another's fingerprint behind the same invitation
    made_up = cleo.submit("/bjuden/" + "B" * 64, [("name", "A")])
    assert foreign.status == 422 and foreign.body == made_up.body
    world.move(NOW + timedelta(days=7))
    cleo.get("/")
    late = cleo.submit(link.path, [("name", "A"), ("code", link.code)])
    assert late.status == 422 and late.body == cleo.submit(GUESSED.path, [("name", "A"), ("code", "1")]).body
    assert "gäller inte längre" in ada.client.get(f"/kretsen/{card}/bjud-in").text


def test_the_page_before_it_tells_nothing_either(ada: Ada, cleo: Client, card: str) -> None:
    link = invites(ada.client, card, how="away")
    cleo.get("/")
    pages = [cleo.get(path) for path in (link.path, GUESSED.path, "/bjuden/hej", "/bjuden/" + "%C3%A5" * 9)]
    assert len({page.body for page in pages}) == 1
    assert len({tuple(sorted(page.headers.items())) for page in pages}) == 1


def test_five_tries_and_no_more(ada: Ada, ben: Client, card: str) -> None:
    """Tries count although the answer is a refusal; the right code is then too late."""
    link = invites(ada.client, card, how="away")
    for _ in range(5):
        accepts(ben, link, status=422, code="12")
    accepts(ben, link, status=422)


def test_the_owner_is_told_that_the_tries_are_used_up(ada: Ada, ben: Client, card: str) -> None:
    """Somebody may have come by the link: the page waits no longer, and a new one can be made."""
    link = invites(ada.client, card, how="away")
    stamp = f"/kretsen/{card}/bjud-in/stampel"
    for said in (*["waiting"] * 5, "used_up"):
        assert ada.client.get(stamp).body.decode() == said
        accepts(ben, link, status=422, code="12")
    page = ada.client.get(f"/kretsen/{card}/bjud-in")
    assert "Inbjudan gäller inte längre: fel kod fem gånger." in page.text and "Kod att säga" not in page.text
    accepts(ben, invites(ada.client, card, how="away"))
    assert ada.client.get(stamp).body == b"answered"


def test_twice_at_the_same_instant_is_once(world: World, ada: Ada, card: str) -> None:
    link = invites(ada.client, card)
    people = [world.person("ben"), world.person("fia")]
    with ThreadPoolExecutor(2) as at_once:
        answers = list(at_once.map(lambda who: who.submit(link.path, [("name", "N")]).status, people))
    assert sorted(answers) == [303, 422]


def test_somebody_without_an_account_begins_one(world: World, ada: Ada, card: str) -> None:
    """And only when the invitation is taken. `/` leads to what others show; the key is offered until it is lasting."""
    before = world.rows("account")
    link, newcomer = invites(ada.client, card, how="away"), world.visitor()
    newcomer.get(link.path)
    accepts(newcomer, link, status=422, code="0")
    assert world.rows("account") == before
    roster = newcomer.follow(accepts(newcomer, link, "Gun"))
    assert world.rows("account") == before + 1
    assert "Spara en nyckel så att du kommer in igen" in roster.text
    assert newcomer.get("/", status=303).location == "/delat"
    assert newcomer.get("/?har=1").h1 == "Hur är dagen?"
    newcomer.follow(newcomer.send(roster.form("Min egen dag"), press="Min egen dag"))
    assert newcomer.get("/").h1 == "Hur är dagen?"


def test_somebody_who_had_an_account_keeps_their_home(ada: Ada, ben: Client, card: str) -> None:
    accepts(ben, invites(ada.client, card))
    assert "/delat" not in ben.get("/").location


def test_without_cookies_nothing_is_used_up(world: World, ada: Ada, card: str) -> None:
    link = invites(ada.client, card)
    refused = world.visitor().submit(link.path, [("name", "Gun")])
    assert refused.status == 422 and "kaka" in refused.text and 'value="Gun"' in refused.html
    accepts(world.person("ben"), link)


@pytest.mark.parametrize("name", ["", " ", "\0", "x" * 5000])
def test_names_that_cannot_be(ada: Ada, ben: Client, card: str, name: str) -> None:
    """The same for a guessed link, so that it tells nothing; and nothing is used up."""
    link = invites(ada.client, card)
    refused = ben.submit(link.path, [("name", name)])
    assert refused.status == 422
    assert refused.body == ben.submit("/bjuden/" + "B" * 64, [("name", name)]).body
    accepts(ben, link)


def test_who_they_are_and_how_they_work_is_told_to_the_owner(ada: Ada, ben: Client, card: str) -> None:
    """Rows A15, E14: how fast they answer, what they must write down. Too much is kept, and uses nothing up."""
    link = invites(ada.client, card)
    form = ben.get(link.path).form("Tacka ja")
    long = ben.send(form, {"name": "Ben", "about": "x" * 5000}, status=422)
    assert "x" * 5000 in long.html and "Korta" in long.text
    said = "Jag svarar inom två dagar. <b>Inget</b> skrivs ner."
    ben.follow(ben.send(form, {"name": "Ben", "about": said}))
    assert said in ada.client.get(f"/kretsen/{card}/bjud-in").text
    says_yes(ada.client, card)
    assert said in ada.client.get(f"/kretsen/{card}").text


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "Å🙂", "\u202eneB", "ب", 'O\'Hara & "Co"'])
def test_names_that_are_only_names(ada: Ada, ben: Client, card: str, name: str) -> None:
    accepts(ben, invites(ada.client, card), name)
    asked = ada.client.get(f"/kretsen/{card}/bjud-in")
    assert name.lstrip("\u202e") in asked.h1 and "<script>" not in asked.html.replace(
        "</script>", ""
    ).replace("<script t", "")
    says_yes(ada.client, card)


def test_inviting_anew_ends_the_earlier_invitation(ada: Ada, ben: Client, card: str) -> None:
    first = invites(ada.client, card)
    ada.client.post(f"/kretsen/{card}/bjud-in", {"hat": "support", "called": "Ada", "how": "room"})
    second = shown(ada.client.get(f"/kretsen/{card}/bjud-in"))
    accepts(ben, first, status=422)
    accepts(ben, second)


def test_strangers_find_no_card(ada: Ada, cleo: Client, card: str) -> None:
    for path in ("bjud-in", "tre-ord", "bjud-in/stampel"):
        assert (
            cleo.get(f"/kretsen/{card}/{path}", status=404).body == cleo.get("/kretsen/hej", status=404).body
        )
