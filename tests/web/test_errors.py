"""When something goes wrong: what happened, whose fault it is, the text kept, and nothing shown that should not be."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

import server
from server.items.sheets import every_sheet, sheet_called
from server.plan import sheets as _plan  # noqa: F401 - registers the sheets
from server.web import errors
from tests.client import Client, Page
from tests.html import all_of
from tests.people import OCTOBER, TUESDAY, WORDS, Ada
from tests.world import FILES, NOW, World

DAY = "2026-11-18"
TEXT = "det här skrev jag länge på"


def every_connection(world: World, pragma: str) -> None:
    """Set a PRAGMA on each connection the app will open from now on."""
    engine = world.database.engine
    engine.dispose()
    event.listen(
        engine, "connect", lambda connection, _record: connection.execute(f"PRAGMA {pragma}").close()
    )


@contextmanager
def locked(world: World, file: str) -> Iterator[None]:
    """Another process holds the write lock, as a backup tool or a slow disk would."""
    every_connection(world, "busy_timeout=30")
    with closing(sqlite3.connect(world.folder / file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def kept(page: Page, name: str = "words") -> str:
    return "".join(next(one for one in all_of(page.tree, "textarea") if one.get("name") == name).itertext())


def without_traces(page: Page) -> None:
    assert not re.search(r"Traceback|File \"|sqlite|OperationalError|server/|line \d+", page.html)


def test_a_locked_database_keeps_the_text(someone: Client, world: World) -> None:
    """Issue 2, bad input: said whose fault it is; the text is there to be sent again, and then it is saved."""
    form = someone.get(f"/dagar/{DAY}/ny").form("Spara")
    with locked(world, FILES[0]):
        page = someone.send(form, press="Spara", status=503, words=TEXT, helped="te", mood="3")
        assert "Felet är vårt." in page.text
        assert (kept(page), kept(page, "helped")) == (TEXT, "te")
        without_traces(page)
    saved = someone.follow(someone.send(page.form("Prova igen"), press="Prova igen"))
    assert TEXT in saved.text
    assert "Ganska" not in saved.text
    assert "Mitt emellan" in saved.text


def test_one_tap_on_a_locked_database_can_be_tapped_again(visitor: Client, world: World) -> None:
    form, before = visitor.get("/").form("/svara"), world.rows("account")
    with locked(world, FILES[0]):
        page = visitor.send(form, press="Tung", status=503)
        assert set(visitor.cookies()) == {"__Host-h"}
    inside = visitor.follow(visitor.send(page.form("Prova igen"), press="Prova igen"))
    assert inside.h1 == "Tung dag"
    assert world.rows("account") == before + 1


def test_pages_can_be_read_while_the_database_is_locked(ada: Ada, world: World) -> None:
    with locked(world, FILES[0]):
        assert WORDS["tuesday"] in ada.client.get(f"/dagar/{TUESDAY}").text
        assert ada.client.get("/").h1 == "Tung dag"


def test_a_full_disk_keeps_the_text(someone: Client, world: World) -> None:
    """The database may not grow by one more page: nothing is half-saved."""
    form, before = someone.get(f"/dagar/{DAY}/ny").form("Spara"), world.rows("record")
    every_connection(world, "max_page_count=1")  # SQLite then holds it at the pages there are
    page = someone.send(form, press="Spara", status=503, words=TEXT * 500)
    assert kept(page) == TEXT * 500
    without_traces(page)
    assert world.rows("record") == before
    assert "Inget är skrivet den här dagen." in someone.get(f"/dagar/{DAY}").text


def edit(world: World, statement: str, *values: Any) -> int:
    with closing(sqlite3.connect(world.folder / FILES[0])) as db, db:
        return db.execute(statement, values).rowcount


def flip(world: World) -> None:
    """One bit of the last byte of every sealed record."""
    with closing(sqlite3.connect(world.folder / FILES[0])) as db, db:
        for id_, blob in db.execute("SELECT id, blob FROM record").fetchall():
            db.execute("UPDATE record SET blob = ? WHERE id = ?", (blob[:-1] + bytes([blob[-1] ^ 1]), id_))


def swap(world: World) -> None:
    """Two of Ada's own days change places."""
    with closing(sqlite3.connect(world.folder / FILES[0])) as db, db:
        rows = db.execute("SELECT id, blob FROM record").fetchall()
        for (id_, _), (_, blob) in zip(rows, rows[1:] + rows[:1], strict=True):
            db.execute("UPDATE record SET blob = ? WHERE id = ?", (blob, id_))


@pytest.mark.parametrize(
    "tamper",
    [
        flip,
        swap,
        lambda world: edit(world, "UPDATE record SET blob = substr(blob, 1, 40)"),
        lambda world: edit(world, "UPDATE record SET blob = x''"),
        lambda world: edit(world, "UPDATE record SET version = version + 1"),
        lambda world: edit(world, "UPDATE record SET epoch = epoch + 1"),
        lambda world: edit(world, "UPDATE record SET blob = 'text'"),
    ],
    ids=["a bit", "swapped", "cut", "empty", "version", "epoch", "text"],
)
def test_a_tampered_row_shows_nothing(
    tamper: Callable[[World], Any], ada: Ada, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """vault.md, rule 4: the latest text, an earlier text of the same record, or a refusal; never another's."""
    tamper(world)
    for path in (
        f"/dagar/{TUESDAY}",
        f"/dagar/{OCTOBER}",
        "/dagar",
        "/",
        f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}",
    ):
        page = ada.client.get(path, status=500)
        assert "Det här gick inte att öppna" in page.text
        assert not [word for word in WORDS.values() if word in page.html]
        without_traces(page)
    assert not [entry for entry in ada.entries.values() if entry in caplog.text]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET keyring = x'01020304'",
        "UPDATE account SET generation = generation + 1",
        "UPDATE slot SET sealed_account_key = x'00'",
        "UPDATE slot SET account = (SELECT id FROM account WHERE id != slot.account LIMIT 1)",
        "DELETE FROM slot",
        "DELETE FROM account",
    ],
)
def test_tampered_keys_open_nothing(statement: str, ada: Ada, world: World) -> None:
    """Refused aloud, or nothing there any more; never anybody's words."""
    edit(world, statement)
    world.move(NOW + timedelta(minutes=11))
    for path in (f"/dagar/{TUESDAY}", "/dagar", "/"):
        page = ada.client.look(path)
        assert page.status in (200, 303, 500)
        assert page.status != 200 or page.h1 == "Hur är dagen?"
        assert not [word for word in WORDS.values() if word in page.html]
        without_traces(page)


@pytest.mark.parametrize("who", ["ben", "fia", "pia", "cleo"])
def test_rows_moved_to_another_account_show_nothing_there(who: str, ada: Ada, world: World) -> None:
    """Somebody who writes in the database cannot read Ada through another's account."""
    client = world.person(who)
    with world.database.read() as db:
        owners = db.exec_driver_sql("SELECT account, count(*) FROM record GROUP BY account ORDER BY 2").all()
    for owner, count in owners[:-1]:
        edit(world, "UPDATE record SET account = ? WHERE account = ?", owner, owners[-1][0])
        assert count == 1
        for path in (f"/dagar/{TUESDAY}", "/dagar/2026-11", "/dagar/borttaget"):
            answer = client.look(path)
            assert answer.status in (200, 500)
            assert not [word for word in WORDS.values() if word in answer.html]
        edit(world, "UPDATE record SET account = ? WHERE account = ?", owners[-1][0], owner)


def test_a_fault_of_ours_is_said_and_logged_without_anybodys_words(
    someone: Client, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError(f"could not do it with {TEXT}")

    form = someone.get(f"/dagar/{DAY}/ny").form("Spara")
    monkeypatch.setattr("server.days.log.answer", breaks)
    page = someone.send(form, press="Spara", status=500, words=TEXT)
    assert "Felet är vårt." in page.text
    assert kept(page) == TEXT
    without_traces(page)
    assert "days.save" in caplog.text
    assert TEXT not in caplog.text
    assert form.action.rsplit("/", 1)[1] not in caplog.text


def test_what_is_not_there(visitor: Client, ada: Ada) -> None:
    for client in (visitor, ada.client):
        client.get("/")
        for path in ("/finns-inte", "/dagar.php", "/.env", "/static/finns-inte.css", "/svara/1"):
            page = client.get(path, status=404)
            assert page.h1 == "Här finns inget"
        client.post("/", status=404)  # a page that takes no posts


def test_errors_come_as_pages_also_to_a_script(someone: Client) -> None:
    page = someone.fragment(
        f"/dagar/2030-01-01/{'0' * 32}/utkast", {"edition": "0", "words": TEXT}, status=422
    )
    assert kept(page) == TEXT


def test_health_says_ok_only_when_the_stores_answer(visitor: Client, world: World) -> None:
    assert visitor.get("/healthz").html == "ok\n"
    edit(world, "ALTER TABLE account RENAME TO elsewhere")
    visitor.get("/healthz", status=503)


# Fields that are not held out again in the refused page, and why.
NOT_KEPT = {
    ("accounts/unlock.html", "code"): "opens the phone",
    ("accounts/unlock.html", "card"): "a key",
    ("accounts/code.html", "code"): "opens the phone",
    ("accounts/confirm_card.html", "card"): "a key",
    ("circle/invite/invitation.html", "code"): "six digits that the page asks for anew",
}
TAG = re.compile(r"<(?:textarea|input)\b(?:{{.*?}}|{%.*?%}|[^>])*>")
MACRO = re.compile(r"(?<!macro )\b(?:line_field|text_area|text_field)\('(\w+)'(?!.*kind='date')")
NO_WORDS = re.compile(r'type="(?:hidden|radio|checkbox|file|date|time|number|range|submit)"')


def text_fields() -> Iterator[tuple[str, str]]:
    """Every field for somebody's own words that a template sends: where, and its name."""
    folder = Path(server.__file__).parents[1] / "templates"
    for file in sorted(folder.rglob("*.html")):
        where, text = file.relative_to(folder).as_posix(), file.read_text()
        yield from ((where, name) for name in MACRO.findall(text))
        for tag in TAG.findall(text):
            name = re.search(r'\bname="([^"]+)"', tag)
            if name and name[1] != "{{ name }}" and not NO_WORDS.search(tag):
                yield where, name[1]


def test_whatever_can_be_typed_is_held_out_again() -> None:
    """Hard rule 8: a field that is new in a template is kept by the refused page, or stands above with a reason."""
    found = set(text_fields())
    assert ("circle/hand/why.html", "frame") in found
    assert ("circle/edit.html", "decides") in found
    lost = {(where, name) for where, name in found if name not in errors.OWN_WORDS}
    assert lost == set(NOT_KEPT)


def test_a_key_card_is_never_held_out_again(visitor: Client, world: World) -> None:
    """Its field is called as the one where somebody is chosen; only the latter is sent along."""
    visitor.get("/nyckel")
    with locked(world, FILES[0]):
        page = visitor.post("/nyckel/kort", {"card": "A" * 36}, status=503)
    assert "A" * 36 not in page.html


def test_the_person_who_was_chosen_goes_along(ada: Ada, world: World) -> None:
    chosen = {"card": "paper", "paper_name": "Maria på socialen", "paper_hat": "authority"}
    page = ada.client.get(f"/lamna/{ada.circle['handing']}/vem")
    with locked(world, FILES[0]):
        page = ada.client.send(page.form("Vidare"), chosen, press="Vidare", status=503)
    assert kept(page, "paper_name") == "Maria på socialen"
    again = ada.client.follow(ada.client.send(page.form("Prova igen"), press="Prova igen"))
    assert again.path.endswith("/varfor")


@pytest.mark.parametrize("name", [sheet.name for sheet in every_sheet().values()])
def test_every_text_of_every_sheet_is_held_out_again(name: str, someone: Client, world: World) -> None:
    """Hard rule 8: whichever sheets there are."""
    sheet = sheet_called(name)
    words = {one.name: f"{TEXT} {one.name}" for one in sheet.written if one.kind in ("text", "line")}
    known = next(iter(sheet.few), "a" * 32)
    with locked(world, FILES[0]):
        page = someone.post(f"/plan/{sheet.slug}/{known}/andra", {"edition": "0", **words}, status=503)
    assert {field: kept(page, field) for field in words} == words
