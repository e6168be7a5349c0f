"""Kretsen over HTTP: cards, one main contact, who has the ball, the bin; and what nobody else learns."""

import re

import pytest

from server.core import ids
from server.web.inputs import line
from tests.accounts.acts import lock_for_real, open_code
from tests.circle.meeting import accepts, invites
from tests.client import Client, Page
from tests.html import all_of, text_of
from tests.people import OTHERS, WORDS, Ada, put_in_circle, write_matter
from tests.world import World, at

FREE = "0123456789abcdef" * 2
FIA = {
    "name": "Fia", "role": "Handläggare", "organisation": "Försäkringskassan", "hat": "authority",
    "decides": "Sjukpenning", "phone": "0771-524 524", "answers_within": "fem dagar",
}  # fmt: skip
AWKWARD = {
    "emoji": "🦔👩🏽‍🚀🏳️‍🌈",
    "another direction": "مرحبا ‮bakvänt‬",
    "a script": "<script>alert(1)</script>",
    "a template": "{{ 7 * 7 }}",
    "SQL": "'; DROP TABLE record; --",
}


def faces(page: Page) -> list[tuple[str, bool]]:
    """The letters on the hill, and whether each is square."""
    hill = next(one for one in all_of(page.tree, "div") if one.get("class") == "hill bleed")
    return [(text_of(one), "office" in one.get("class", "")) for one in all_of(hill, "span")]


def save(client: Client, path: str, status: int = 303, **typed: str) -> Page:
    return client.send(client.get(path).form("Spara"), typed, press="Spara", status=status)


def test_an_empty_circle_says_what_is_true_and_one_way_on(someone: Client) -> None:
    page = someone.get("/kretsen")
    assert page.h1 == "Kretsen"
    assert "Ingen står här än" in page.text
    assert faces(page) == []
    assert page.link("Lägg till en person") == "/kretsen/ny"
    assert page.link("Mitt") == "/mitt"


def test_a_person_is_a_name_and_nothing_more(someone: Client) -> None:
    """Hard rule 5: no compulsory field but one."""
    page = someone.follow(save(someone, "/kretsen/ny", name="Mormor"))
    assert page.h1 == "Mormor"
    assert "Sparat." in page.text
    page = someone.get("/kretsen")
    assert "Mormor" in page.text
    assert "På papper" in page.text
    assert faces(page) == [("M", False)]


def test_the_whole_card(someone: Client) -> None:
    """D20, C19, E24: role, who decides what, the number to tap, who stands in."""
    card = put_in_circle(
        someone, **FIA, away="till 7 december", backup_name="Pia", backup_phone="+46 (0)10-1160000"
    )
    page = someone.get(f"/kretsen/{card}")
    for words in (
        "Handläggare, Försäkringskassan",
        "Myndighet",
        "Sjukpenning",
        "fem dagar",
        "Borta: till 7 december.",
    ):
        assert words in page.text
    assert {"tel:0771524524", "tel:+46101160000"} <= set(page.links)
    assert "Bara jag ser kortet" in page.text
    assert faces(someone.get("/kretsen")) == [("F", True)]


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("08-123 45 67, säkrast på morgonen", "tel:081234567"), ("(08) 12 34 56", "tel:08123456"), ("112", "tel:112"),
        ("fråga i receptionen", ""), ("12", ""), ("javascript:alert(1)", ""), ("070-1 eller 070-2", "tel:0701"),
    ],
)  # fmt: skip
def test_only_a_number_can_be_tapped(phone: str, link: str, someone: Client) -> None:
    """E24. Whatever was written in the field can be read all the same."""
    page = someone.get(f"/kretsen/{put_in_circle(someone, name='Fia', phone=phone)}")
    assert [one for one in page.links if one.startswith("tel:")] == ([link] if link else [])
    assert phone in page.text


def test_one_main_contact_and_where_to_ask(someone: Client) -> None:
    """D2: one way in, and when it answers. C19: no dead end when that one is away."""
    fia, ben = put_in_circle(someone, **FIA), put_in_circle(someone, name="Ben", phone="070-123 45 67")
    someone.post(f"/kretsen/{fia}/huvudkontakt")
    page = someone.follow(someone.post(f"/kretsen/{ben}/huvudkontakt"))
    assert "Det är din huvudkontakt nu." in page.text
    page = someone.get("/kretsen")
    assert page.text.count("Huvudkontakt") == 1
    assert "Fråga Ben, din huvudkontakt." in page.text
    save(
        someone, f"/kretsen/{ben}/andra", away="till fredag", backup_name="Pia", backup_phone="010-116 00 00"
    )
    page = someone.get("/kretsen")
    assert "Borta: till fredag. Fråga Pia då." in page.text
    assert "tel:0101160000" in page.links


def test_choosing_the_main_contact_can_be_undone(someone: Client) -> None:
    fia, ben = put_in_circle(someone, **FIA), put_in_circle(someone, name="Ben")
    someone.follow(someone.post(f"/kretsen/{fia}/huvudkontakt"))
    page = someone.follow(someone.post(f"/kretsen/{ben}/huvudkontakt"))
    someone.follow(someone.send(page.form("Ångra")))
    assert "Fråga Fia, din huvudkontakt." in someone.get("/kretsen").text
    page = someone.follow(someone.post(f"/kretsen/{fia}/huvudkontakt/bort"))
    someone.follow(someone.send(page.form("Ångra")))
    assert "Fråga Fia, din huvudkontakt." in someone.get("/kretsen").text


def test_a_card_without_a_name_gets_a_sentence_and_keeps_the_text(someone: Client) -> None:
    page = save(someone, "/kretsen/ny", 422, name=" \0 ", decides="det jag skrev", away="x" * 201)
    assert "Skriv något, till exempel ett förnamn." in page.text
    assert "Det är mer än vad som får plats på en rad." in page.text
    assert "det jag skrev" in page.html
    assert "x" * 201 in page.html
    again = someone.send(page.form("Spara"), {"name": "Fia", "away": ""}, press="Spara")
    assert "det jag skrev" in someone.follow(again).text


def test_too_long_a_text_is_said_and_kept(someone: Client) -> None:
    page = save(someone, "/kretsen/ny", 422, name="F" * 201, decides="å" * 5_001)
    assert "å" * 5_001 in page.html
    page = save(someone, "/kretsen/bollen/ny", 422, title="T" * 201, waiting_for="ä" * 5_001)
    assert "Det är mer än vad som får plats här." in page.text
    assert "ä" * 5_001 in page.html


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
def test_awkward_text_is_text(text: str, someone: Client) -> None:
    card = put_in_circle(someone, name=text, role=text, decides=text, called=text)
    matter = write_matter(someone, title=text, actor=card, waiting_for=text, since="2026-11-03")
    for path in (
        "/kretsen",
        f"/kretsen/{card}",
        f"/kretsen/bollen/{matter}",
        f"/kretsen/bollen/{matter}/vidare",
    ):
        assert line(text) in someone.get(path).text


@pytest.mark.parametrize(
    "name", ["\u202e", "\u200b\u200b", "\u3164", "\u00ad", "\u2800", "\U000e0041", "\u200d"]
)
def test_a_name_that_nobody_can_see_is_no_name(name: str, someone: Client, visitor: Client) -> None:
    page = save(someone, "/kretsen/ny", 422, name=name)
    assert "Skriv något, till exempel ett förnamn." in page.text
    link = invites(someone, put_in_circle(someone, name="Ben"))
    assert "Skriv ett namn" in accepts(visitor, link, name, status=422).text


def test_a_name_turns_nothing_around_it(someone: Client) -> None:
    """Written to be read backwards, it is the letters that were written; a name from another script stands apart."""
    card = put_in_circle(someone, name="\u202eaiF\u202c\u2066", role="ledare")
    assert someone.get(f"/kretsen/{card}").h1 == "aiF"
    arabic = put_in_circle(someone, name="مرحبا", role="ledare")
    matter = write_matter(someone, title="x", actor=arabic, since="2026-11-03")
    someone.post(f"/kretsen/{arabic}/huvudkontakt")
    for path in ("/kretsen", f"/kretsen/{arabic}/bjud-in", f"/kretsen/bollen/{matter}", "/kretsen/bollen/ny"):
        page = someone.get(path)
        running = re.sub(r"<textarea.*?</textarea>|<h1.*?</h1>", "", page.html, flags=re.S)
        bare = re.findall(r"(?<!<bdi>)مرحبا", running)
        assert "<bdi>مرحبا</bdi>" in page.html, path
        assert not bare, path


def test_nul_is_left_out(someone: Client) -> None:
    someone.post(f"/kretsen/{FREE}/andra", {"edition": "0", "name": "F\0ia", "decides": "rad\r\nrad"})
    assert someone.get(f"/kretsen/{FREE}").h1 == "Fia"
    assert "rad\nrad" in someone.get(f"/kretsen/{FREE}/andra").html


def test_two_tabs_lose_nothing(someone: Client) -> None:
    """Hard rule 8: both versions are shown; what is saved next counts."""
    card = put_in_circle(someone, **FIA)
    first, second = (someone.get(f"/kretsen/{card}/andra").form("Spara") for _ in range(2))
    someone.send(first, {"phone": "08-1"}, press="Spara")
    page = someone.send(second, {"phone": "08-22"}, press="Spara", status=409)
    assert "Det finns två versioner" in page.text
    assert "08-1" in page.text
    someone.send(page.form("Spara"), press="Spara")
    assert "08-22" in someone.get(f"/kretsen/{card}").text

    matter = write_matter(someone, title="Ett")
    first, second = (someone.get(f"/kretsen/bollen/{matter}/andra").form("Spara") for _ in range(2))
    someone.send(first, {"title": "Två"}, press="Spara")
    page = someone.send(second, {"title": "Tre"}, press="Spara", status=409)
    assert "Två" in page.text
    assert "Det finns två versioner" in page.text


def test_the_same_post_twice_is_one_person(someone: Client) -> None:
    form = someone.get("/kretsen/ny").form("Spara")
    for _ in range(2):
        someone.send(form, {"name": "Fia"}, press="Spara")
    assert faces(someone.get("/kretsen")) == [("F", False)]


def test_a_person_is_taken_away_put_back_and_deleted_for_good(someone: Client) -> None:
    card = put_in_circle(someone, **FIA)
    page = someone.follow(someone.post(f"/kretsen/{card}/bort"))
    assert "Fia" not in page.text
    assert someone.follow(someone.send(page.form("Ångra"))).h1 == "Fia"
    someone.post(f"/kretsen/{card}/bort")
    page = someone.get(someone.get("/kretsen/borttaget").link("Ta bort för gott"))
    assert "Fia" in page.text
    page = someone.follow(someone.send(page.form("Ta bort för gott")))
    assert "Fia" not in page.text
    someone.get(f"/kretsen/{card}", status=404)


def test_saving_can_be_undone(someone: Client) -> None:
    page = someone.follow(save(someone, "/kretsen/ny", name="Fia"))
    page = someone.follow(someone.send(page.form("Ångra")))
    assert "Ingen står här än" in page.text
    assert "Fia" in someone.get("/kretsen/borttaget").text
    matter = write_matter(someone, title="Ärendet")
    page = someone.follow(someone.post(f"/kretsen/bollen/{matter}/avsluta"))
    assert "Avslutat" in page.text
    page = someone.follow(someone.send(page.form("Ångra")))
    assert "Ingen har bollen." in page.text


def test_the_days_are_the_actors(someone: Client, world: World) -> None:
    """A23: since when, and never a word about how long the owner has waited."""
    fia = put_in_circle(someone, **FIA)
    write_matter(someone, title="Sjukpenningen", actor=fia, since="2026-11-03")
    mine = write_matter(someone, title="Intyget", actor="me", since="2026-10-01")
    page = someone.get("/kretsen")
    assert "Fia har bollen. Sedan tisdag 3 november, 16 dagar." in page.text
    assert "Du har bollen." in page.text
    text = someone.get(f"/kretsen/bollen/{mine}").text
    assert "dagar" not in text.replace("Dagar", "")
    world.move(at("2026-11-19 10.05"))
    assert "Fia har bollen." in someone.get(f"/kretsen/{fia}").text


def test_what_stands_still_has_three_ways_on(someone: Client) -> None:
    """A23: ask again, ask the main contact, take another way."""
    fia, ben = (
        put_in_circle(someone, **FIA, called="Alma"),
        put_in_circle(someone, name="Ben", phone="070-123 45 67"),
    )
    someone.post(f"/kretsen/{ben}/huvudkontakt")
    matter = write_matter(
        someone, title="Sjukpenningen", actor=fia, waiting_for="Besked.", since="2026-11-03"
    )
    path = f"/kretsen/bollen/{matter}"
    page = someone.get(path)
    assert all(words in page.text for words in ("Fråga igen", "Fråga din huvudkontakt", "Ta en annan väg"))
    assert {"tel:0771524524", "tel:0701234567"} <= set(page.links)
    ready = "Hej Fia. Jag undrar hur det går med det här: Sjukpenningen. Jag väntar på: Besked."
    assert f"{ready} Det har legat hos dig sedan tisdag 3 november. När kan jag få svar? Alma" in page.text
    page = someone.follow(someone.send(page.form("Jag har frågat igen")))
    assert "Antecknat: du har frågat igen." in page.text
    assert "Fråga din huvudkontakt" not in page.text
    assert "16 dagar" in page.text


@pytest.mark.parametrize("who", ["nobody", "the same"])
def test_without_somebody_to_ask_it_says_so(who: str, someone: Client) -> None:
    fia = put_in_circle(someone, **FIA)
    if who == "the same":
        someone.post(f"/kretsen/{fia}/huvudkontakt")
    page = someone.get(f"/kretsen/bollen/{write_matter(someone, title='x', actor=fia, since='2026-11-03')}")
    expected = {"nobody": "Du har ingen huvudkontakt vald.", "the same": "Fia är också din huvudkontakt."}
    assert expected[who] in page.text


def test_nothing_blames_anybody(ada: Ada) -> None:
    """A23 and hard rule 4."""
    for path in ("/kretsen", f"/kretsen/bollen/{ada.circle['matter']}", f"/kretsen/{ada.circle['card']}"):
        text = ada.client.get(path).text.lower()
        assert not [
            word for word in ("försen", "för länge", "borde", "glömt", "måste", "senast inne") if word in text
        ]


def test_the_way_is_kept(someone: Client) -> None:
    """D3: who sent me where, when, and what came of it."""
    fia, pia = put_in_circle(someone, **FIA), put_in_circle(someone, name="Pia")
    matter = write_matter(someone, title="Sjukpenningen", actor=fia, since="2026-11-03")
    path = f"/kretsen/bollen/{matter}"
    save(
        someone,
        f"{path}/vidare",
        actor=pia,
        what="Fia sa att Pia bestämmer.",
        waiting_for="Svar",
        on="2026-11-17",
    )
    page = someone.get(path)
    assert "Pia har bollen. Sedan tisdag 17 november, 2 dagar." in page.text
    assert "Fia fick bollen." in page.text
    assert "Fia skickade det vidare till Pia. Fia sa att Pia bestämmer." in page.text
    someone.send(page.form("hande"), {"what": "Pia ringde.", "on": "2026-11-18"})
    assert "Onsdag 18 november Vad som hände Pia ringde." in someone.get(path).text
    save(someone, f"{path}/vidare", actor=fia)
    assert "Det har skickats vidare 2 gånger." in someone.get(path).text
    save(someone, f"{path}/vidare", actor=pia)
    someone.post(f"/kretsen/{pia}/bort")
    assert "Pia har bollen." in someone.get(path).text  # the name stays as it was


def test_rest_close_and_take_up_again(someone: Client) -> None:
    path = f"/kretsen/bollen/{write_matter(someone, title='Ärendet')}"
    for button, said in (
        ("Låt det vila", "Vilar. Inget datum."), ("Ta upp igen", "Ingen har bollen."),
        ("Avsluta", "Avslutat torsdag 19 november."),
    ):  # fmt: skip
        page = someone.follow(someone.send(someone.get(path).form(button)))
        assert said in page.text
    assert "Ärendet" not in someone.get("/kretsen").text
    assert "Ärendet" in someone.get("/kretsen/bollen/avslutade").text
    someone.send(someone.get(path).form("Ta upp igen"))
    assert "Ärendet" in someone.get("/kretsen").text


def test_a_matter_is_taken_away_and_put_back(someone: Client) -> None:
    path = f"/kretsen/bollen/{write_matter(someone, title='Ärendet')}"
    page = someone.follow(someone.post(f"{path}/bort"))
    assert "Ärendet" not in page.text
    assert "Ärendet" in someone.get("/kretsen/borttaget").text
    assert someone.follow(someone.send(page.form("Ångra"))).h1 == "Ärendet"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("since", "2026-11-20", "Välj idag eller en dag som har varit."),
        ("since", "1890-01-01", "Välj idag eller en dag som har varit."),
        ("since", "i går", "Välj en dag, eller lämna tomt."),
        ("by", "2090-01-01", "Välj en dag, eller lämna tomt."),
        ("by", "2026-02-30", "Välj en dag, eller lämna tomt."),
        ("title", "", "Skriv några ord om vad det är."),
    ],
)
def test_what_does_not_fit_in_a_matter_gets_a_sentence(
    name: str, text: str, sentence: str, someone: Client
) -> None:
    typed = {"title": "Ärendet", "next_step": "det jag skrev"} | {name: text}
    page = save(someone, "/kretsen/bollen/ny", 422, **typed)
    assert sentence in page.text
    assert "det jag skrev" in page.text


def test_a_note_and_a_pass_that_do_not_fit(someone: Client) -> None:
    path = f"/kretsen/bollen/{write_matter(someone, title='Ärendet')}"
    page = someone.send(someone.get(path).form("hande"), {"on": "2026-12-24"}, status=422)
    assert "Skriv några ord först." in page.text
    assert "Välj idag eller en dag som har varit." in page.text
    page = save(someone, f"{path}/vidare", 422, what="w" * 5_001, waiting_for="v" * 5_001)
    assert "w" * 5_001 in page.html and "v" * 5_001 in page.html


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        (f"/kretsen/{FREE}/andra", {"name": "x"}, 400),
        (f"/kretsen/{FREE}/andra", {"edition": "0", "name": "x", "hat": "boss"}, 400),
        ("/kretsen/x/andra", {"edition": "0", "name": "x"}, 400),
        (f"/kretsen/{FREE}/andra", {"edition": "3", "name": "x"}, 404),
        (f"/kretsen/bollen/{FREE}/andra", {"edition": "0", "title": "x", "actor": "somebody"}, 400),
        (f"/kretsen/bollen/{FREE}/andra", {"edition": "0", "title": "x", "actor": FREE}, 404),
        (f"/kretsen/bollen/{FREE}/hande", {"id": FREE, "what": "x"}, 404),
        (f"/kretsen/bollen/{FREE}/fragat", {}, 400),
    ],
)
def test_what_no_page_sends_is_refused(
    path: str, fields: dict[str, str], status: int, someone: Client
) -> None:
    someone.post(path, fields, status=status)


@pytest.mark.parametrize("who", OTHERS)
def test_ben_fia_pia_and_cleo_learn_nothing(who: str, world: World, ada: Ada) -> None:
    """Hard rules 1 and 2: the same answer for Ada's ids as for ids that never were, and none of her words."""
    client = world.person(who)
    client.get("/")
    for path in (
        "/kretsen/{}", "/kretsen/{}/andra", "/kretsen/borttaget/{}/for-gott", "/kretsen/bollen/{}",
        "/kretsen/bollen/{}/andra", "/kretsen/bollen/{}/vidare",
    ):  # fmt: skip
        never = client.get(path.format(FREE), status=404)
        for thing in ada.circle.values():
            page = client.get(path.format(thing), status=404)
            assert (page.body, page.headers) == (never.body, never.headers)
    text = "".join(
        client.get(path).html for path in ("/kretsen", "/kretsen/borttaget", "/kretsen/bollen/avslutade")
    )
    assert not [word for word in WORDS.values() if word in text]


@pytest.mark.parametrize("who", OTHERS)
def test_ben_fia_pia_and_cleo_change_nothing(who: str, world: World, ada: Ada) -> None:
    client, before = world.person(who), ada.client.get("/mitt/allt.zip").body
    card, matter = ada.circle["card"], ada.circle["matter"]
    for path in (f"/kretsen/{card}/bort", f"/kretsen/bollen/{matter}/bort", f"/kretsen/{card}/angra/1"):
        client.post(path)
    for path in (
        f"/kretsen/{card}/huvudkontakt",
        f"/kretsen/bollen/{matter}/avsluta",
        f"/kretsen/bollen/{matter}/vila",
    ):
        client.post(path, status=404)
    assert ada.client.get("/mitt/allt.zip").body == before


def test_what_is_posted_to_a_locked_phone_is_kept(ada: Ada) -> None:
    """vault.md, rule 5: text posted after the lock is joined after the next unlock, once."""
    client, new_card, new_matter = ada.client, ids.token(), ids.token()
    path = f"/kretsen/bollen/{ada.circle['matter']}"
    lock_for_real(client)
    for _ in range(2):
        client.post(f"/kretsen/{new_card}/andra", {"edition": "0", "name": "Skrev efter låset"})
        client.post(
            f"/kretsen/bollen/{new_matter}/andra", {"edition": "0", "title": "Också det", "actor": FREE}
        )
        client.post(f"{path}/hande", {"id": FREE, "what": "Hon ringde."})
        client.post(f"{path}/vidare", {"id": FREE[::-1], "actor": "me", "what": "Nu är det jag."})
    client.follow(open_code(client))
    assert client.get(f"/kretsen/{new_card}").h1 == "Skrev efter låset"
    assert "Ingen har bollen." in client.get(f"/kretsen/bollen/{new_matter}").text
    text = client.get(path).text
    assert text.count("Hon ringde.") == text.count("Nu är det jag.") == 1


def test_a_card_that_changed_meanwhile_keeps_both(ada: Ada) -> None:
    client, card = ada.client, ada.circle["card"]
    save(client, f"/kretsen/{card}/andra", name="Från den andra telefonen")
    lock_for_real(client)
    client.post(f"/kretsen/{card}/andra", {"edition": "1", "name": "Från den låsta"})
    client.follow(open_code(client))
    text = client.get("/kretsen").text
    assert "Från den andra telefonen" in text
    assert "Från den låsta" in text
