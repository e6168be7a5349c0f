"""An association's own pages: let in once, its words, whom it lists, and nothing about who asks (rows B9, C19)."""

from datetime import timedelta

import pytest

from server.hosts import founding
from tests.circle.meeting import accepts, shown
from tests.client import Client
from tests.hosts.listing import (
    NAME,
    SAFE,
    WORDS,
    Association,
    asks,
    founds,
    invites,
    lists,
    operators_link,
    page_of,
    publishes,
    settled,
    tells,
)
from tests.people import OTHERS, Ada
from tests.world import NOW, World

PAGES = ("/vard", "/vard/om", "/vard/bjud-in")


def test_the_link_works_once(world: World, visitor: Client, cleo: Client) -> None:
    visitor.get("/")
    link = operators_link(world)
    visitor.follow(visitor.send(visitor.get(link).form("Börja")))
    refused = cleo.send(cleo.get(link).form("Börja"), status=422)
    assert "Länken fungerar inte." in refused.text
    assert world.rows("host") == 1


def test_a_link_that_is_looked_at_is_not_used(world: World, cleo: Client) -> None:
    """Mail scanners open links: nothing happens by looking, and every link looks the same."""
    link = operators_link(world)
    bodies = {cleo.get(link).body, cleo.get("/vard/ny/" + "A" * 43).body}
    assert len(bodies) == 1
    assert (world.rows("host"), world.rows("host_invitation")) == (0, 1)


def test_a_link_lasts_seven_days(world: World, cleo: Client) -> None:
    link = operators_link(world)
    form = cleo.get(link).form("Börja")
    world.move(NOW + timedelta(days=7))
    cleo.send(form, status=422)
    with world.database.write() as db:
        founding.sweep(db, NOW + timedelta(days=7))
    assert world.rows("host_invitation") == 0


def test_without_cookies_nothing_is_used_up(world: World) -> None:
    bare = Client(world.app, cookies=False)
    page = bare.post(operators_link(world), status=422)
    assert "Ingenting är förbrukat." in page.text
    assert world.rows("host_invitation") == 1


def test_a_row_made_by_hand_is_no_host(world: World, cleo: Client) -> None:
    """Whoever writes the database lets nobody in: not by a row, and not by a link of their own."""
    host = founds(world)
    with world.database.write() as db:
        db.exec_driver_sql(
            "UPDATE host SET account = (SELECT id FROM account WHERE id NOT IN (SELECT account FROM host) LIMIT 1)"
        )
    for client in (host, *(world.person(name) for name in OTHERS), world.ada().client):
        client.get("/vard", status=404)


def test_the_words_stand_and_what_is_wrong_is_kept(world: World) -> None:
    host = founds(world)
    page = host.get("/vard")
    assert NAME in page.text
    assert f"{SAFE}, " in page.text
    form = host.get("/vard/om").form("Spara")
    wrong = host.send(form, {"name": "", "about": "Nya ord.", "safe_phone": ""}, status=422)
    assert "Nya ord." in wrong.html
    for said in ("Skriv ett namn.", "Skriv både namn och telefonnummer."):
        assert said in wrong.text


def test_nobody_is_invited_from_a_key_that_does_not_last(world: World, visitor: Client) -> None:
    visitor.get("/")
    visitor.follow(visitor.send(visitor.get(operators_link(world)).form("Börja")))
    assert "Spara en nyckel först" in visitor.get("/vard").text
    form = visitor.get("/vard/bjud-in").form("Gör inbjudan")
    visitor.send(form, {"name": "Pia", "role": "peer", "how": "room"}, status=422)
    assert world.rows("invitation") == 0


@pytest.mark.parametrize("missing", ["name", "role", "how"])
def test_an_invitation_wants_a_name_a_role_and_a_place(missing: str, world: World) -> None:
    host = founds(world)
    typed = {"name": "Pia", "role": "peer", "how": "room"} | {missing: ""}
    page = host.send(host.get("/vard/bjud-in").form("Gör inbjudan"), typed, status=422)
    assert f'id="{missing}-wrong"' in page.html


def test_at_a_distance_with_a_code_and_three_words(world: World, pia: Client) -> None:
    """The peer sees the same three words while they wait."""
    host = founds(world)
    form = host.get("/vard/bjud-in").form("Gör inbjudan")
    page = host.follow(host.send(form, {"name": "Pia", "role": "peer", "how": "away"}))
    path, link = page.path, shown(page)
    assert link.code
    answer = accepts(pia, link, "Pia P")
    assert answer.location == "/prata/min-sida"
    answered = host.get(path)
    assert "Pia P" in answered.text
    three = [word for word in answered.text.split() if word in pia.get("/prata/min-sida").text.split()]
    assert len(three) >= 3
    host.follow(host.send(answered.form("Ja, det är rätt person")))
    assert "Du står på listan hos" in pia.get("/prata/min-sida").text


def test_the_invitation_tells_a_peer_what_it_is(world: World, pia: Client) -> None:
    page = pia.get(invites(founds(world)))
    assert "En förening vill ha med dig här" in page.text


def test_an_invitation_can_be_taken_back(world: World, pia: Client) -> None:
    host = founds(world)
    form = host.get("/vard/bjud-in").form("Gör inbjudan")
    page = host.follow(host.send(form, {"name": "Pia", "role": "peer", "how": "room"}))
    host.follow(host.send(page.form("Ta tillbaka inbjudan")))
    accepts(pia, shown(page), "Pia", status=422)
    assert "Pia" not in host.get("/vard").text


def test_taken_off_and_put_back(world: World, pia: Client, cleo: Client) -> None:
    """Undo beats confirm; her words and key are as they were. She shows them herself: her door may be shut."""
    host = founds(world)
    lists(host, pia)
    publishes(pia)
    page = host.follow(host.send(host.get("/vard").form("Ta bort från listan")))
    assert "Pia" not in cleo.get("/prata/kamrater").text
    pia.get("/prata/min-sida")
    assert "Visas inte än." in host.follow(host.send(page.form("Ångra"))).text
    assert "Pia" not in cleo.get("/prata/kamrater").text
    pia.follow(pia.send(pia.get("/prata/min-sida").form("Visa min sida")))
    assert "Jag var hemma i fyra år." in cleo.get(page_of(cleo)).text
    asks(cleo, called="C")
    assert "C frågar dig" in pia.get("/prata/fragor").text


def test_taken_off_shuts_the_door_when_she_comes_in(world: World, pia: Client) -> None:
    host = founds(world)
    lists(host, pia)
    publishes(pia)
    doors = world.rows("door")
    host.follow(host.send(host.get("/vard").form("Ta bort från listan")))
    pia.get("/prata/min-sida")
    assert world.rows("door") == doors - 1


def test_somebody_who_was_taken_off_can_be_invited_anew(world: World, pia: Client, cleo: Client) -> None:
    host = founds(world)
    lists(host, pia)
    host.follow(host.send(host.get("/vard").form("Ta bort från listan")))
    lists(host, pia)
    publishes(pia)
    assert "Pia" in cleo.get("/prata/kamrater").text


def test_nobody_is_listed_twice(world: World, pia: Client) -> None:
    """A peer is not whom one turns to about peers, and not a peer of two associations."""
    host, other = founds(world), founds(world, name="En annan förening")
    lists(host, pia)
    for who, role in ((host, "safeguarding"), (other, "peer")):
        with pytest.raises(AssertionError, match="409"):
            lists(who, pia, role=role)


def test_the_same_form_twice_is_one_invitation(world: World) -> None:
    host = founds(world)
    form = host.get("/vard/bjud-in").form("Gör inbjudan")
    for _ in range(2):
        host.follow(host.send(form, {"name": "Pia", "role": "peer", "how": "room"}))
    assert world.rows("invitation") == 1
    assert host.get("/vard").text.count("Har inte svarat") == 1


def test_who_receives_reports_is_listed_apart(world: World, cleo: Client, ben: Client) -> None:
    """A safeguarding contact outside the peer group, whom nobody can ask."""
    host = founds(world)
    lists(host, ben, "Karin", role="safeguarding")
    form = ben.get("/prata/min-sida").form("Spara och titta")
    page = ben.follow(ben.send(form, {"name": "Karin", "hours_words": "Vardagar."}))
    ben.follow(ben.send(page.form("Visa min sida")))
    assert "Karin" in host.get("/vard").text
    assert "Karin" not in cleo.get("/prata/kamrater").text


def test_another_associations_peers_are_not_mine(world: World, pia: Client) -> None:
    host, other = founds(world), founds(world, name="En annan förening")
    lists(host, pia)
    taken = host.get("/vard").form("Ta bort från listan").action
    other.post(taken, status=404)
    other.post(taken.replace("/bort", "/tillbaka"))
    assert "Pia" in host.get("/vard").text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", OTHERS)
def test_a_hosts_pages_are_a_404_like_any_other(who: str, path: str, world: World) -> None:
    """Byte for byte, to a peer that it lists too."""
    settled(world)
    client = world.person(who)
    missing = client.get("/finns-inte", status=404)
    assert client.get(path, status=404).body == missing.body


def test_the_association_learns_nothing_of_asks(world: World, ada: Ada, pia: Client) -> None:
    """Row B9, hard rule 2: its pages are the same, byte for byte, whether somebody has asked or not."""
    association: Association = settled(world)
    host = association.client
    host.get("/vard")
    pages = ("/vard", "/vard/om", "/prata/kamrater", page_of(host))
    before = [host.get(path).body for path in pages]
    asks(ada.client)
    pia.follow(pia.send(pia.get("/prata/fragor").form("Ja, jag kan")))
    after = [host.get(path).body for path in pages]
    assert before == after
    assert WORDS.encode() not in b"".join(after)


def test_full_is_a_word_and_never_a_number(world: World, ada: Ada, pia: Client) -> None:
    host = settled(world).client
    tells(pia, capacity="1")
    asks(ada.client)
    pia.follow(pia.send(pia.get("/prata/fragor").form("Ja, jag kan")))
    assert "Visas, tar inte emot fler just nu" in host.get("/vard").text


def test_a_host_finds_its_pages_from_mine(world: World, cleo: Client) -> None:
    """And nobody else sees that there are any."""
    host = founds(world)
    assert host.get(host.get("/mitt").link("Föreningen")).h1 == NAME
    for client in (cleo, world.person("pia"), world.ada().client):
        assert "/vard" not in client.get("/mitt").links
