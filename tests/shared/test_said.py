"""What contacts ask and suggest, and what the owner makes of it: nothing that was typed is lost."""

from datetime import timedelta

from tests.accounts.acts import lock_for_real, open_code
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
