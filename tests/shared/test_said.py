"""What contacts ask and suggest, and what the owner makes of it: nothing that was typed is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from server.vault.sealing import KeyPair, Secret
from server.vault.ways_in import device_slot
from tests.accounts.acts import lock_for_real, open_code
from tests.client import Client
from tests.people import Ada
from tests.shared.conftest import Reader
from tests.shared.test_pages import asks
from tests.world import NOW, World


def test_an_answer_typed_when_it_locked_is_kept(ada: Ada, met_ben: Reader, world: World) -> None:
    """Hard rule 8."""
    asks(met_ben, "/forslag", "gå ut en stund")
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
