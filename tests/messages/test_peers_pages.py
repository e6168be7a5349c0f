"""Peer supporters, page by page: what the peer, the participant and everybody else learn (rows B2, B9, D9, E2, E14)."""

import pytest

from tests.circle.meeting import meets
from tests.client import Client
from tests.hosts.listing import (
    NAME,
    SAFE,
    SAFE_PHONE,
    SILENCE,
    WORDS,
    Association,
    asks,
    founds,
    lists,
    page_of,
    pair_of,
    publishes,
    settled,
    tells,
)
from tests.people import OTHERS, Ada
from tests.world import World


@pytest.fixture
def association(world: World) -> Association:
    return settled(world)


def test_the_whole_way(association: Association, ada: Ada, pia: Client) -> None:
    """Found, asked, answered; both know, and nobody else (rows B2, D9)."""
    page = ada.client.follow(asks(ada.client))
    assert "Du har frågat Pia" in page.text
    assert WORDS in page.text
    card = ada.client.get(ada.client.get("/kretsen").link("Pia"))
    assert "Förmedlad av en förening" in card.text
    assert "Innan dess går det inte att lämna något." in card.text
    questions = pia.get("/prata/fragor")
    assert "Ada frågar dig" in questions.text
    assert WORDS in questions.text
    pia.follow(pia.send(questions.form("Ja, jag kan")))
    assert "Ingen frågar dig just nu" in pia.get("/prata/fragor").text
    assert "Du har frågat Pia" not in ada.client.get("/prata/kamrater").text
    assert "Pia är din kamratstödjare" in ada.client.get(page_of(ada.client)).text
    card = ada.client.get(ada.client.get("/kretsen").link("Pia"))
    assert "Pia har inget från dig." in card.text
    assert "Ada" in pia.get("/delat").text


def test_a_peers_page_says_it_all(association: Association, cleo: Client) -> None:
    """Rows B2, B9: chosen bits of own story, when they answer, who vouches, whom to turn to, and about silence."""
    page = cleo.get(page_of(cleo))
    for said in (
        "Pia",
        f"Kamratstödjare, förmedlad av {NAME}",
        "Jag var hemma i fyra år.",
        "Att ta sig ut genom dörren.",
        "svenska, finska",
        "tisdag och torsdag mellan 18 och 20.30. Inte på helger.",
        f"Vänd dig till {SAFE}",
        SAFE_PHONE,
        "Lagen om sekretess gäller inte föreningar.",
        SILENCE,
        "Du har inte själv jämfört några ord.",
    ):
        assert said in page.text, said
    listed = cleo.get("/prata/kamrater").text
    assert NAME in listed
    assert "Vi finns i Ljungvik." in listed


def test_the_preview_is_what_others_see(association: Association, pia: Client, cleo: Client) -> None:
    """Row E14: by the same template, before it is shown."""
    tells(pia, story="En annan bit.")
    pia.follow(pia.post("/prata/min-sida/dolj"))
    preview = pia.get("/prata/min-sida/se").text
    pia.follow(pia.post("/prata/min-sida/visa"))
    page = cleo.get(page_of(cleo)).text
    for part in ("Kamratstödjare, förmedlad av", "En annan bit.", "tisdag och torsdag", "svenska, finska"):
        assert part in preview and part in page
    assert "Personligt, men inte privat." in pia.get("/prata/min-sida").text


def test_away_and_full_are_said_before_one_writes(
    association: Association, ada: Ada, pia: Client, cleo: Client
) -> None:
    """Row C19: no dead inbox. The number is never shown."""
    tells(pia, capacity="1", away="yes", away_until="2026-11-25")
    listed = cleo.get("/prata/kamrater").text
    assert "Borta till och med onsdag 25 november" in listed
    assert "Tar inte emot fler" not in listed
    asks(ada.client)
    pia.follow(pia.send(pia.get("/prata/fragor").form("Ja, jag kan")))
    page = cleo.get(page_of(cleo))
    assert "Tar inte emot fler just nu" in page.text
    assert "Pia är borta. Svaret kan ta tid." in page.text
    asks(cleo, called="C", words="")
    full = pia.send(pia.get("/prata/fragor").form("Ja, jag kan"), status=409)
    assert "Höj siffran först" in full.text
    tells(pia, capacity="2")
    assert "Tar inte emot fler" not in cleo.get("/prata/kamrater").text
    pia.follow(pia.send(pia.get("/prata/fragor").form("Ja, jag kan")))
    assert "Tar inte emot fler just nu" in cleo.get("/prata/kamrater").text


def test_there_is_room_again_when_somebody_has_ended(
    association: Association, ada: Ada, pia: Client, cleo: Client
) -> None:
    tells(pia, capacity="1")
    asks(ada.client)
    pia.follow(pia.send(pia.get("/prata/fragor").form("Ja, jag kan")))
    ada.client.get("/kretsen")
    card = ada.client.get("/kretsen").link("Pia")
    ada.client.follow(ada.client.post(f"{card}/avsluta", {"how": "told"}))
    pia.get("/prata/fragor")
    assert "Tar inte emot fler" not in cleo.get("/prata/kamrater").text


def test_a_no_that_names_another(
    association: Association, world: World, ada: Ada, pia: Client, cleo: Client
) -> None:
    """One tap to the other's page, the words filled in, and nothing sent by itself."""
    lists(association.client, cleo, "Cleo")
    publishes(cleo, name="Cleo")
    asks(ada.client)
    page = pia.get("/prata/fragor")
    form = page.form("Säg nej")
    other = next(radio for control in form.controls if control.name == "other" for radio in [control])
    assert other
    pia.follow(
        pia.post(
            f"/prata/fragor/{pair_of(page)}/nej",
            {"words": "Jag har fullt.", "other": page_of(pia, "Cleo")[-32:]},
        )
    )
    answer = ada.client.get("/prata/kamrater")
    assert "Pia kan inte just nu" in answer.text
    assert "Jag har fullt." in answer.text
    assert "Pia" not in ada.client.get("/kretsen").text
    named = ada.client.get(answer.link("Se Cleo"))
    assert WORDS in named.html
    assert 'value="Ada"' in named.html
    assert "Ingen frågar dig just nu" in cleo.get("/prata/fragor").text
    ada.client.follow(ada.client.send(answer.form("Lägg undan")))
    assert "Pia kan inte just nu" not in ada.client.get("/prata/kamrater").text


def test_a_question_can_be_taken_back(association: Association, ada: Ada, pia: Client) -> None:
    asks(ada.client)
    page = pia.get("/prata/fragor")
    ada.client.follow(ada.client.send(ada.client.get("/prata/kamrater").form("Ta tillbaka frågan")))
    assert WORDS not in pia.get("/prata/fragor").text
    pia.send(page.form("Ja, jag kan"), status=404)
    assert "Pia" not in ada.client.get("/kretsen").text
    assert "Fråga Pia" in ada.client.get(page_of(ada.client)).text


def test_taken_back_after_the_yes_changes_nothing(association: Association, ada: Ada, pia: Client) -> None:
    asks(ada.client)
    form = ada.client.get("/prata/kamrater").form("Ta tillbaka frågan")
    pia.follow(pia.send(pia.get("/prata/fragor").form("Ja, jag kan")))
    ada.client.follow(ada.client.send(form))
    assert "Pia" in ada.client.get("/kretsen").text


def test_ending_on_the_card_takes_the_question_along(association: Association, ada: Ada, pia: Client) -> None:
    asks(ada.client)
    pia.get("/prata/fragor")
    card = ada.client.get("/kretsen").link("Pia")
    ada.client.follow(ada.client.post(f"{card}/avsluta", {"how": "told"}))
    assert WORDS not in pia.get("/prata/fragor").text
    assert "Du har frågat Pia" not in ada.client.get("/prata/kamrater").text


def test_the_same_form_twice_is_one_question(association: Association, ada: Ada, pia: Client) -> None:
    form = ada.client.get(page_of(ada.client)).form("Fråga Pia")
    for _ in range(2):
        ada.client.follow(ada.client.send(form, {"called": "Ada", "words": WORDS}, press="Fråga Pia"))
    assert pia.get("/prata/fragor").text.count("Ada frågar dig") == 1
    assert (
        len(
            [
                link
                for link in ada.client.get("/kretsen").links
                if link == ada.client.get("/kretsen").link("Pia")
            ]
        )
        == 1
    )


@pytest.mark.parametrize(
    ("called", "words", "says"),
    [
        ("", WORDS, "Skriv vad personen får kalla dig"),
        ("a" * 201, WORDS, "Korta"),
        ("Ada", "ord " * 1300, "Korta"),
    ],
    ids=["no name", "long name", "long words"],
)
def test_what_cannot_be_sent_is_kept(
    called: str, words: str, says: str, association: Association, ada: Ada, pia: Client
) -> None:
    """Hard rule 8."""
    page = asks(ada.client, called=called, words=words, status=422)
    assert words.strip() in page.html
    assert called in page.html
    assert "Ingen frågar dig just nu" in pia.get("/prata/fragor").text


def test_many_questions_meet_a_kind_sentence(association: Association, ada: Ada) -> None:
    for _ in range(10):
        asks(ada.client)
        ada.client.follow(ada.client.send(ada.client.get("/prata/kamrater").form("Ta tillbaka frågan")))
    page = asks(ada.client, status=429)
    assert "Du har frågat många på kort tid." in page.text
    assert WORDS in page.html


def test_nobody_is_two_things(association: Association, ada: Ada, pia: Client) -> None:
    """Row D21, both ways: who is in the circle cannot be asked, and who was asked gets no other hat."""
    page = ada.client.get(page_of(ada.client))
    card, _pair = meets(ada.client, pia, "Pia K", hat="authority")
    assert "Pia står i din krets" in ada.client.get(page_of(ada.client)).text
    refused = ada.client.send(
        page.form("Fråga Pia"), {"called": "Ada", "words": WORDS}, press="Fråga Pia", status=409
    )
    assert "står i din krets" in refused.text
    ada.client.follow(ada.client.post(f"/kretsen/{card}/avsluta", {"how": "quiet"}))
    asks(ada.client)
    with pytest.raises(AssertionError, match="409"):
        meets(ada.client, pia, "Pia igen", hat="authority")


def test_a_peer_cannot_ask_themselves(association: Association, pia: Client) -> None:
    page = pia.get(page_of(pia))
    assert "Du kan inte fråga dig själv." in page.text
    typed = {"id": "0" * 32, "called": "P", "words": "x"}
    pia.post(page.path, typed, status=409)


def test_who_lists_a_peer_cannot_ask_that_peer(association: Association) -> None:
    host = association.client
    assert "Du har den här personen på din lista" in host.get(page_of(host)).text


def test_a_page_that_is_not_shown_is_a_404(
    association: Association, ada: Ada, pia: Client, cleo: Client
) -> None:
    path = page_of(cleo)
    form = ada.client.get(path).form("Fråga Pia")
    pia.follow(pia.post("/prata/min-sida/dolj"))
    missing = cleo.get(f"/prata/kamrater/{'0' * 32}", status=404)
    assert cleo.get(path, status=404).body == missing.body
    ada.client.send(form, {"called": "Ada", "words": WORDS}, press="Fråga Pia", status=404)
    assert "Ingen frågar dig just nu" in pia.get("/prata/fragor").text


def test_without_somebody_to_turn_to_no_peer_is_shown(world: World, pia: Client, cleo: Client) -> None:
    """A safeguarding contact outside the peer group is named on every peer's page: no name, no page."""
    host = founds(world, safe="")
    lists(host, pia)
    publishes(pia)
    assert "Pia" not in cleo.get("/prata/kamrater").text
    assert "vem man kan vända sig till" in pia.get("/prata/min-sida").text
    words = {"safe_name": SAFE, "safe_phone": SAFE_PHONE}
    host.follow(host.send(host.get("/vard/om").form("Spara"), words))
    assert "Pia" in cleo.get("/prata/kamrater").text


def test_what_is_wrong_on_the_own_page_is_kept(association: Association, pia: Client) -> None:
    form = pia.get("/prata/min-sida").form("Spara och titta")
    typed = {
        "name": "",
        "story": "en ny bit",
        "hour_from": "kväll",
        "capacity": "många",
        "away_until": "snart",
    }
    page = pia.send(form, typed, status=422)
    for said in ("Skriv ett namn.", "Skriv ett klockslag", "Skriv en siffra", "Välj en dag"):
        assert said in page.text
    for kept in ("en ny bit", "kväll", "många"):
        assert kept in page.html


def test_a_peer_stops(association: Association, ada: Ada, pia: Client, cleo: Client) -> None:
    """Leaving is as short as joining; those who write with her already still can."""
    asks(ada.client)
    pia.follow(pia.send(pia.get("/prata/fragor").form("Ja, jag kan")))
    page = pia.follow(pia.send(pia.get("/prata/min-sida/sluta").form("Sluta stå på listan")))
    assert "Du står inte på någon förenings lista" in page.text
    assert "Pia" not in cleo.get("/prata/kamrater").text
    assert "Pia" not in association.client.get("/vard").text
    assert "Ada" in pia.get("/delat").text


def test_the_association_is_no_one_who_shows_things(association: Association, pia: Client) -> None:
    """Who lists Pia does not stand among those who show her something."""
    assert NAME not in pia.get("/delat").text
    assert "Pia" not in association.client.get("/kretsen").text


@pytest.mark.parametrize("who", [*OTHERS, "host"])
def test_nobody_else_learns_of_a_question(who: str, association: Association, world: World, ada: Ada) -> None:
    """Hard rule 2: on no page of anybody else's, the association's own among them."""
    asks(ada.client)
    client = association.client if who == "host" else world.person(who)
    pages = (
        "/",
        "/kretsen",
        "/delat",
        "/prata/kamrater",
        page_of(client),
        "/prata/min-sida",
        "/prata/fragor",
        "/mitt",
    )
    for path in (*pages, *(["/vard"] if who == "host" else [])):
        text = client.get(path).text
        assert (WORDS in text) == (who == "pia" and path == "/prata/fragor"), path


def test_a_colleague_gets_what_was_chosen(association: Association, ada: Ada, pia: Client) -> None:
    """A conversation handed on with the participant's yes: folded on the colleague's page (domain in test_peers.py)."""
    asks(ada.client)
    assert "Från ett tidigare samtal" not in pia.get("/prata/fragor").text
