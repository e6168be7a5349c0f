"""What an operator does with the `dagsform` command, as real processes."""

import json
import os
import re
import shutil
import signal
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands import PRODUCTION, dagsform, environment, free_port, own_town, running
from tests.people import TUESDAY, WORDS, Ada
from tests.world import FILES, World, settings


def test_run_makes_what_is_missing_and_answers(tmp_path: Path) -> None:
    """`dagsform run` on an empty folder: database, example town, server; and again on the same folder."""
    for _ in range(2):
        with running("run", home=tmp_path) as server:
            assert server.get("/healthz") == (200, "ok\n")
            status, page = server.get("/aktiviteter")
            assert status == 200
            assert "Öppen fika" in page
    assert {file.name for file in tmp_path.iterdir()} >= {
        "dagsform.db",
        "sessions.db",
        "pepper",
        "secret",
        "static",
    }


@pytest.mark.parametrize("sign", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_ctrl_c_stops_everything(sign: signal.Signals, tmp_path: Path) -> None:
    """A terminal tells its whole group, a service manager too; nothing of ours is left holding the port."""
    with running("run", home=tmp_path) as server:
        os.killpg(server.process.pid, sign)
        server.process.wait(timeout=8)
        with pytest.raises(urllib.error.URLError):
            server.get("/healthz")


def test_demo_prints_one_line_and_the_link_signs_in_once(tmp_path: Path) -> None:
    """`make demo`: a separate database with fourteen months of days, and one-time links."""
    with running("demo", "--json", home=tmp_path) as server:
        assert server.process.stdout
        line = json.loads(server.process.stdout.readline())
        assert line["url"] == server.address
        link = line["people"]["participant"]
        assert link.startswith(f"{server.address}/in/")

        cookies = sign_in(link)
        assert cookies
        page = read(server.address + "/dagar", cookies)
        assert "inget svar" in page
        assert "Prova att öppna" not in page
        new = read(server.address + "/inte-idag", sign_in(line["people"]["new"]))
        assert "Vill du behålla det här?" in new
        keys = read(server.address + "/mitt/nycklar", sign_in(line["people"]["lasting"]))
        assert "Nyckelkort" in keys
        assert "Borttagen." in keys
        assert "Ny. Var det inte du?" in keys
        for who, purpose in (
            ("support", "Inför samtalet om hösten"),
            ("authority", "Inför mötet om verkstan"),
        ):
            roster = sign_in(line["people"][who])
            (pair,) = set(re.findall(r"/delat/[0-9a-f]{32}", read(server.address + "/delat", roster)))
            assert purpose in read(server.address + pair, roster)
        card = by_card(server.address, line["cards"]["lasting"])
        assert "En telefon till öppnar" in read(server.address + "/inte-idag", card)
        with pytest.raises(urllib.error.HTTPError) as refused:
            sign_in(link)
        refused.value.close()
        assert refused.value.code == 422
    assert not (tmp_path / "dagsform.db").exists()
    assert (tmp_path / "demo" / "dagsform.db").exists()


def sign_in(link: str) -> str:
    """Opens the link as a browser does; the cookies it is given."""
    return cookies_after(urllib.request.Request(link, data=b"", method="POST"))


def by_card(address: str, card: str) -> str:
    typed = urllib.parse.urlencode({"card": card}).encode()
    return cookies_after(urllib.request.Request(f"{address}/nyckel/kort", data=typed, method="POST"))


def cookies_after(request: urllib.request.Request) -> str:

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_arguments: object, **_more: object) -> None:
            return None

    try:
        urllib.request.build_opener(Stay).open(request, timeout=10)
    except urllib.error.HTTPError as answer:
        if answer.code != 303:
            raise
        with answer:
            return "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or [])
    raise AssertionError("no redirect")


def read(address: str, cookies: str) -> str:
    request = urllib.request.Request(address, headers={"Cookie": cookies})
    with urllib.request.urlopen(request, timeout=10) as answer:
        body: str = answer.read().decode()
        return body


def test_serve_refuses_invented_people_and_invented_places(tmp_path: Path, world: World) -> None:
    """Production does not start on the demo's database, nor with the example town."""
    address = f"sqlite:///{world.folder / FILES[0]}"
    said = dagsform("serve", home=tmp_path, **PRODUCTION, DAGSFORM_DATABASE=address)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "example town" in said.err
    with closing(sqlite3.connect(world.folder / FILES[0])) as db, db:
        db.execute("INSERT INTO mark (name) VALUES ('demo')")
    said = dagsform("serve", home=tmp_path, **PRODUCTION, DAGSFORM_DATABASE=address)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "invented people" in said.err


def test_serve_starts_with_everything_in_place(tmp_path: Path) -> None:
    town = own_town(tmp_path)
    assert dagsform("town", "load", str(town), home=tmp_path).code == 0
    with running("serve", home=tmp_path, **PRODUCTION) as server:
        page = server.get("/sa-funkar-det")[1]
        assert "Föreningen Ljung" in page
        assert "I Sjöstad." in server.get("/aktiviteter")[1]


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port()))
        taken.listen()
        said = dagsform("run", home=tmp_path, PORT=str(taken.getsockname()[1]))
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "cannot be used" in said.err


def test_town_load_says_what_it_did(tmp_path: Path) -> None:
    town = own_town(tmp_path)
    first, again = (dagsform("town", "load", str(town), home=tmp_path) for _ in range(2))
    assert (first.code, again.code) == (0, 0)
    assert "loaded" in first.out
    assert "Nothing was changed" in again.out


def test_wrong_town_files_are_told_by_line_and_change_nothing(tmp_path: Path) -> None:
    """Issue 2, point 3: line-precise errors, exit 2."""
    town = own_town(tmp_path)
    dagsform("town", "load", str(town), home=tmp_path)
    file = town / "activities.yaml"
    text = (
        file.read_text()
        .replace("least_form: 1", "least_form: 11", 1)
        .replace("place: biblioteket", "place: nowhere", 1)
    )
    file.write_text(text)
    lines = text.splitlines()
    wrong = [
        1 + next(number for number, line in enumerate(lines) if mistake in line)
        for mistake in ("least_form: 11", "place: nowhere")
    ]
    said = dagsform("town", "load", str(town), home=tmp_path)
    assert said.code == 2
    assert [line.split(": ")[0] for line in said.err.splitlines()] == [
        f"activities.yaml:{number}" for number in wrong
    ]
    assert "Traceback" not in said.err
    with closing(sqlite3.connect(tmp_path / "dagsform.db")) as db:
        assert db.execute("SELECT count(*) FROM activity").fetchone()[0] == 30
    missing = dagsform("town", "load", str(tmp_path / "nothing"), home=tmp_path)
    assert missing.code == 2
    assert "Traceback" not in missing.err


def test_backup_while_running_and_restore_opens_old_entries_with_the_old_cookie(
    tmp_path: Path, world: World, ada: Ada
) -> None:
    """Issue 2, point 1. Sessions are not in it; the half that the phone keeps opens what is put back."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copyfile(world.folder / FILES[0], home / FILES[0])
    cookie = f"__Host-d={ada.client.cookies()['__Host-d']}"
    with running("run", home=home) as server:
        assert WORDS["tuesday"] in read(f"{server.address}/dagar/{TUESDAY}", cookie)
        said = dagsform("backup", str(tmp_path / "copy.db"), home=home)
        assert (said.code, said.err) == (0, "")
        with closing(sqlite3.connect(home / FILES[0])) as db, db:
            db.execute("PRAGMA foreign_keys=ON")
            db.execute("DELETE FROM account")
        with pytest.raises(urllib.error.HTTPError) as gone:
            sign_out_and_read(f"{server.address}/dagar/{TUESDAY}", cookie)
        gone.value.close()
        assert gone.value.code == 303

        assert dagsform("restore", str(tmp_path / "copy.db"), home=home).code == 0
        assert WORDS["tuesday"] in read(f"{server.address}/dagar/{TUESDAY}", cookie)
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(tmp_path / "copy.db")) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "session" not in tables


def sign_out_and_read(address: str, cookies: str) -> None:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_arguments: object, **_more: object) -> None:
            return None

    request = urllib.request.Request(address, headers={"Cookie": cookies})
    urllib.request.build_opener(Stay).open(request, timeout=10).close()


def test_a_backup_never_overwrites_and_a_restore_takes_only_backups(tmp_path: Path, world: World) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copyfile(world.folder / FILES[0], home / FILES[0])
    before = (home / FILES[0]).read_bytes()
    taken, torn, foreign = tmp_path / "taken.db", tmp_path / "torn.db", tmp_path / "foreign.db"
    taken.write_text("mine")
    torn.write_bytes(before[: len(before) // 2])
    with closing(sqlite3.connect(foreign)) as db, db:
        db.execute("CREATE TABLE something (x)")
    assert dagsform("backup", str(taken), home=home).code == 2
    assert taken.read_text() == "mine"
    for file in (torn, foreign, taken, tmp_path / "nothing.db"):
        said = dagsform("restore", str(file), home=home)
        assert (said.code, said.err.count("\n")) == (2, 1), file
        assert "Traceback" not in said.err
    assert (home / FILES[0]).read_bytes() == before


def test_nothing_of_the_developers_own_settings_reaches_these_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSFORM_DEBUG", "1")
    assert "DAGSFORM_DEBUG" not in environment(tmp_path)
    assert settings(tmp_path, tmp_path).debug is False


def test_host_lets_in_lists_and_removes(tmp_path: Path) -> None:
    """Row B9: the operator lets an association in; a link that nobody can use twice is printed alone."""
    said = dagsform("host", "invite", "--name", "Ljungviks kamratförening", home=tmp_path)
    assert (said.code, said.err) == (0, "")
    assert re.fullmatch(r"http://localhost:8000/vard/ny/[\w-]{43}\n", said.out)
    assert dagsform("host", "list", home=tmp_path).out == ""
    for wrong in ("ab" * 16, "x"):
        refused = dagsform("host", "remove", wrong, home=tmp_path)
        assert (refused.code, refused.err) == (2, "There is no such host. Their ids: dagsform host list\n")
