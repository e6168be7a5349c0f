"""An account is deleted: what was written to others goes from them, and theirs stays (vault.md, rules 4 and 8)."""

from collections.abc import Callable

import pytest

from server.core import clock
from server.vault import ways_in
from server.vault.sealing import Secret
from tests.circle.meeting import meets
from tests.client import Client
from tests.messages.conftest import Talking, agree
from tests.people import Ada
from tests.shared.test_leaving import by_mine, by_signing_out
from tests.world import World

Both = tuple[Talking, Talking]
ways = pytest.mark.parametrize("leaves", [by_mine, by_signing_out])


@pytest.fixture
def wrote(both: Both) -> Both:
    """Each has read some of the other's, and some lies unsorted."""
    ada, ben = both
    ada.says("Adas första ord")
    ben.says("Bens ord")
    assert ben.reads()
    ada.says("Adas andra ord")
    return both


@ways
def test_my_words_go_and_theirs_stay(leaves: Callable[[Client], None], wrote: Both, world: World) -> None:
    """Ben is told nothing, can read what he wrote himself, and what he writes on looks sent and goes nowhere."""
    ada, ben = wrote
    leaves(ada.client)
    assert ben.reads() == ["Jag: Bens ord"]
    for path in ("/prata", ben.page, f"{ben.page}/granser", "/delat", f"/delat/{ben.pair}"):
        assert "Adas" not in ben.client.get(path).html
    ben.says("Är du där?")
    assert ben.reads() == ["Jag: Bens ord", "Jag: Är du där?"] and "skickat" in ben.look().text
    assert world.rows("letter") == 0


@ways
def test_a_contact_who_leaves_takes_their_words_along(leaves: Callable[[Client], None], wrote: Both) -> None:
    ada, ben = wrote
    leaves(ben.client)
    assert ada.reads() == ["Jag: Adas första ord", "Jag: Adas andra ord"]


def test_to_everybody_and_out_of_the_files(wrote: Both, ada: Ada, fia: Client, world: World) -> None:
    mine, theirs = agree(ada.client, fia, "Fia", hat="authority")
    mine.says("Adas ord till Fia")
    assert theirs.reads()
    with world.database.read() as db:
        blobs = db.exec_driver_sql("SELECT blob FROM letter").scalars().all()
    by_mine(ada.client)
    assert theirs.reads() == []
    stored = b"".join(file.read_bytes() for file in world.folder.iterdir())
    assert len(blobs) == 4 and not [blob for blob in blobs if blob[40:200] in stored]
    assert world.rows("letter") == 0


def test_twice_is_harmless(wrote: Both, world: World) -> None:
    ada, ben = wrote
    form, old = ada.client.get("/mitt/ta-bort").form("Ta bort kontot"), ada.client.cookies()
    for _ in range(2):
        ada.client.send(form)
        for name, value in old.items():
            ada.client.keep(name, value)
    assert ben.reads() == ["Jag: Bens ord"]


@pytest.mark.parametrize("edited", ["talks", "talk", "everything"])
def test_an_edited_row_stops_nothing(edited: str, wrote: Both, ada: Ada, world: World) -> None:
    """Neither her leaving, nor that the words whose rows still open are burnt: no note has to tell where they lie."""
    mine, theirs = wrote
    with world.database.write() as db:
        keyring, _key = ways_in.open_device(
            db, Secret.from_text(ada.client.cookies()["__Host-d"]), now=clock.now()
        )
        where, values = "account = ?", [keyring.account]
        if edited != "everything":
            shelf = "talks" if edited == "talks" else f"talk/{mine.pair}/2026-W47"
            where, values = f"{where} AND shelf = ?", [keyring.account, keyring.shelf(shelf)]
        rows = (
            db.exec_driver_sql(f"SELECT id FROM record WHERE {where} ORDER BY id", tuple(values))
            .scalars()
            .all()
        )
        for row in rows[:1] if edited == "talk" else rows:
            db.exec_driver_sql("UPDATE record SET blob = x'0102' WHERE id = ?", (row,))
    by_mine(ada.client)
    assert "Hur är dagen?" in ada.client.get("/").text
    left = {"talks": 0, "talk": 1, "everything": 2}[edited]
    assert len([one for one in theirs.reads() if "Adas" in one]) == left


def test_the_page_that_asks_says_what_others_may_keep(wrote: Both) -> None:
    for one in wrote:
        text = one.client.get("/mitt/ta-bort").text
        assert "Det du har skrivit till andra under Prata, hos dem också." in text
        assert "de kommer kanske ihåg det" in text and "tagit med det i en fil" in text
        assert "Du har inte lämnat något till någon här." not in text


def test_the_page_says_nothing_of_messages_to_somebody_who_has_written_none(ada: Ada, ben: Client) -> None:
    meets(ada.client, ben, "Ben")
    for client in (ada.client, ben):
        assert "under Prata" not in client.get("/mitt/ta-bort").text
