"""What contacts ask and suggest, and what the owner makes of it: nothing that was typed is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from server.circle import sharing
from server.shared import routes
from server.vault.sealing import KeyPair, Secret
from server.vault.ways_in import device_slot
from tests.accounts.acts import lock, lock_for_real, open_code
from tests.circle.meeting import hands
from tests.circle.test_giving import because, begin
from tests.client import Client
from tests.people import TUESDAY, Ada
from tests.shared.conftest import Reader
from tests.shared.test_pages import asks
from tests.world import NOW, World


def test_an_answer_typed_when_it_locked_is_kept(ada: Ada, met_ben: Reader, world: World) -> None:
    """Hard rule 8."""
    asks(met_ben, "/forslag", "gå ut en stund", why="Luften gör gott.")
    lock_for_real(ada.client)
    ada.client.follow(open_code(ada.client))
    form = ada.client.get("/kretsen/sagt").form("Ja")
    world.move(NOW + timedelta(minutes=11))
    said = {"own": "mina egna ord", "reason": "mitt skäl"}
    assert ada.client.send(form, said, press="Ja").location == "/nyckel?sparat=1"
    ada.client.follow(open_code(ada.client))
    page = ada.client.get("/kretsen/sagt")
    assert "Du sa ja. Det är ditt." in page.text
    assert "mina egna ord" in page.html and "mitt skäl" in page.html


@contextmanager
def another_key(world: World, client: Client) -> Iterator[None]:
    """Somebody has written another key into this person's row."""
    slot = device_slot(Secret.from_text(client.cookies()["__Host-d"]))
    with world.database.write() as db:
        statement = "SELECT a.id, a.public_key FROM account a JOIN slot s ON s.account = a.id WHERE s.id = ?"
        account, key = db.exec_driver_sql(statement, (slot,)).one()
        change = "UPDATE account SET public_key = ? WHERE id = ?"
        db.exec_driver_sql(change, (KeyPair.new().public, account))
    yield
    with world.database.write() as db:
        db.exec_driver_sql(change, (key, account))


def test_a_question_that_could_not_be_joined_is_whole_and_waits(
    ada: Ada, met_ben: Reader, world: World
) -> None:
    """Nothing of it is written as sent before it has been: the next unlock sends it."""
    form = met_ben.client.get(met_ben.page).form("/fraga")
    lock_for_real(met_ben.client)
    met_ben.client.send(form, {"words": "min viktiga fråga"})
    with another_key(world, ada.client):
        met_ben.client.follow(open_code(met_ben.client))
        assert "min viktiga fråga" not in met_ben.client.get(met_ben.page).text
        met_ben.client.post("/las")
    met_ben.client.follow(open_code(met_ben.client))
    assert met_ben.client.get(met_ben.page).text.count("min viktiga fråga") == 1
    assert ada.client.get("/kretsen/sagt").text.count("min viktiga fråga") == 1


def test_what_was_said_can_be_taken_away_and_put_back(ada: Ada, met_ben: Reader) -> None:
    asks(met_ben, "/forslag", "gå ut en stund", why="Luften gör gott.")
    form = ada.client.get("/kretsen/sagt").form("Ja")
    ada.client.send(form, {"own": "mina ord"}, press="Ja")
    page = ada.client.get("/kretsen/sagt")
    page = ada.client.follow(ada.client.send(page.form("Ta bort"), press="Ta bort"))
    assert "gå ut" not in page.text and "gå ut" not in ada.client.get(f"/kretsen/{met_ben.card}").text
    undo = page.form("Ångra")
    page = ada.client.follow(ada.client.send(undo, press="Ångra"))
    assert "gå ut en stund" in page.text and "mina ord" in page.html
    assert "inget att ångra" in ada.client.follow(ada.client.send(undo, press="Ångra")).text
    assert "gå ut en stund" in met_ben.client.get(met_ben.page).text  # their own words stay theirs


def test_also_when_whoever_said_it_is_gone(ada: Ada, met_ben: Reader) -> None:
    asks(met_ben, "/fraga", "orden som ska bort")
    asks(met_ben, "/fraga", "en till")
    ada.client.get("/kretsen")
    ada.client.post(f"/kretsen/{met_ben.card}/avsluta", {"how": "quiet"})
    ada.client.post(f"/kretsen/{met_ben.card}/bort")
    for form in ada.client.get("/kretsen/sagt").forms:
        if form.action.endswith("/bort"):
            ada.client.send(form)
    assert "Inget än" in ada.client.get("/kretsen/sagt").text
    with ZipFile(BytesIO(ada.client.get("/mitt/allt.zip").body)) as zipped:
        assert not any(b"orden som ska bort" in zipped.read(name) for name in zipped.namelist())


def test_nobody_can_bury_somebody_in_questions(
    ada: Ada, met_ben: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A brake for each account, for the phone that was locked too; the words are kept."""
    monkeypatch.setattr(routes, "WORDS_AN_HOUR", 3)
    lock_for_real(met_ben.client)
    met_ben.client.follow(open_code(met_ben.client))
    form = met_ben.client.get(met_ben.page).form("/fraga")
    for number in range(3):
        met_ben.client.send(form, {"id": f"{number:032x}", "words": f"fråga {number}"})
    page = met_ben.client.send(form, {"words": "den fjärde frågan"}, status=429)
    assert "den fjärde frågan" in page.html and page.form("Prova igen")
    lock(met_ben.client)
    met_ben.client.send(form, {"words": "den femte frågan"})
    met_ben.client.follow(open_code(met_ben.client))
    text = ada.client.get("/kretsen/sagt").text
    assert "fråga 2" in text and "den fjärde" not in text and "den femte" not in text
    monkeypatch.setattr(routes, "WORDS_AN_HOUR", 60)
    lock(met_ben.client)
    met_ben.client.follow(open_code(met_ben.client))
    assert "den femte frågan" in ada.client.get("/kretsen/sagt").text


def test_nobody_is_handed_more_than_anybody_reads(
    ada: Ada, met_ben: Reader, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MOST_WITH_ONE", 1)
    page = begin(ada.client)
    page = ada.client.follow(ada.client.send(page.form("Vidare"), card=met_ben.card, press="Vidare"))
    page = because(ada.client, page)
    hands(world, ada.client, met_ben.card, f"day/{TUESDAY}")
    answer = ada.client.send(page.form("Lämna till"), press="Lämna till", status=422)
    assert "Det finns inte plats för mer hos den här personen" in answer.text
    ada.client.post(f"/kretsen/{met_ben.card}/sluta")
    ada.client.follow(ada.client.send(page.form("Lämna till"), press="Lämna till"))
