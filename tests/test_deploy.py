"""The deploy recipe (docs/deploy.md), tried: Debian's Caddy with the recipe's file before a real `dagsform serve`."""

import gzip
import http.client
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest

from server import config
from server.core.database import Database
from server.vault.sessions import Sessions
from tests.commands import PRODUCTION, ROOT, Server, dagsform, environment, free_port, own_town, running
from tests.live.conftest import Answer, House
from tests.proxy import RECIPE, Proxy, proxied
from tests.streams import Stream

pytestmark = pytest.mark.long
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UNITS = [file for ending in ("service", "timer") for file in sorted(RECIPE.glob(f"*.{ending}"))]


@dataclass(frozen=True)
class Deployed:
    """What the recipe leads to, on one machine."""

    house: House
    proxy: Proxy

    def ask(self, method: str, path: str, **more: Any) -> Answer:
        return ask(self.proxy, method, path, **more)

    def stream(self, cookie: str) -> Stream:
        return Stream(self.proxy.port, cookie, tls=self.proxy.trust())


def ask(proxy: Proxy, method: str, path: str, **more: Any) -> Answer:
    """One request over TLS, on a connection of its own."""
    connection = http.client.HTTPSConnection("localhost", proxy.port, timeout=30, context=proxy.trust())
    try:
        connection.request(method, path, **more)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    home = tmp_path_factory.mktemp("state")
    port = free_port()
    settings = {**example_settings(), "DAGSFORM_ORIGIN": f"https://localhost:{port}"}
    assert dagsform("town", "load", str(own_town(home)), home=home, **settings).code == 0
    with (
        running("serve", home=home, **settings) as server,
        proxied(port_of(server), home / "proxy", port) as proxy,
    ):
        read = config.for_production({"DAGSFORM_HOME": str(home), **settings})
        database, store = Database(read.database), Database(read.sessions, durable=False)
        yield Deployed(House(home, [server], database, Sessions(store, read.pepper)), proxy)
        database.engine.dispose()
        store.engine.dispose()


def port_of(server: Server) -> int:
    return urlsplit(server.address).port or 0


def example_settings() -> dict[str, str]:
    """The recipe's settings as a shell reads them, with keys in place of the empty ones."""
    said = subprocess.run(
        ["sh", "-c", 'set -a; . "$0"; env -0', str(RECIPE / "settings.example")],
        env={"PATH": environment(ROOT)["PATH"]}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    pairs = (one.split("=", 1) for one in said.stdout.split("\0") if one.startswith("DAGSFORM_"))
    read = dict(pairs)
    assert {name for name, value in read.items() if not value} == {"DAGSFORM_PEPPER", "DAGSFORM_SECRET"}
    return read | {name: PRODUCTION[name] for name, value in read.items() if not value}


def test_pages_come_over_tls_with_everything_they_carry(deployed: Deployed) -> None:
    assert deployed.ask("GET", "/healthz").body == b"ok\n"
    answer = deployed.ask("GET", "/", headers={"Accept-Encoding": "gzip"})
    assert answer.status == 200
    assert "Hur är dagen?" in gzip.decompress(answer.body).decode()
    headers = {name.lower(): value for name, value in answer.headers}
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_static_files_come_compressed_and_are_kept(deployed: Deployed) -> None:
    page = deployed.ask("GET", "/").body.decode()
    (script,) = set(re.findall(r'"(/static/page\.[0-9a-f]{12}\.js)"', page))
    plain = deployed.ask("GET", script).body
    for name, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        answer = deployed.ask("GET", script, headers={"Accept-Encoding": name})
        headers = {key.lower(): value for key, value in answer.headers}
        assert headers["content-encoding"] == name
        assert "immutable" in headers["cache-control"]
        assert unpack(answer.body) == plain


def test_an_answer_is_saved_and_the_cookies_are_those_that_only_https_keeps(deployed: Deployed) -> None:
    (name,) = re.findall(r'name="id" value="([0-9a-f]+)"', deployed.ask("GET", "/").body.decode())
    headers = FORM | {
        "Origin": deployed.proxy.address,
        "Cookie": "; ".join(cookies(deployed.ask("GET", "/"))),
    }
    answer = deployed.ask("POST", "/svara", body=f"form=2&id={name}", headers=headers)
    assert answer.status == 303
    assert any(one.startswith("__Host-s=") for one in cookies(answer))
    foreign = headers | {"Origin": "https://elsewhere.example"}
    assert deployed.ask("POST", "/svara", body=f"form=2&id={name}", headers=foreign).status == 403


def cookies(answer: Answer) -> list[str]:
    """What a browser sends back. Each is one that it takes only over https, for this address alone."""
    lines = [value for name, value in answer.headers if name.lower() == "set-cookie"]
    for line in lines:
        parts = {part.strip().lower().partition("=")[0] for part in line.split(";")[1:]}
        assert (
            line.startswith("__Host-") and {"secure", "httponly", "path"} <= parts and "domain" not in parts
        )
    return [line.split(";")[0] for line in lines]


def test_what_is_new_comes_through_at_once(deployed: Deployed) -> None:
    """Nothing on the way waits for more before it passes an event on."""
    person = deployed.house.person()
    with deployed.stream(person.cookie).begin() as stream:
        deployed.house.leave(person)
        assert stream.told(2)


def test_a_body_of_twenty_megabytes_reaches_the_app(deployed: Deployed) -> None:
    """Whoever may not sends it is told so by us, in words, and not by the proxy."""
    answer = deployed.ask(
        "POST", "/mitt/las-in", body=b"x" * 20_000_000,
        headers={"Content-Type": "text/plain", "Origin": deployed.proxy.address},
    )  # fmt: skip
    assert "Dagsform" in answer.body.decode()


def test_everybody_has_a_brake_of_their_own(deployed: Deployed) -> None:
    """The proxy tells who asks, whatever the browser claims: here it is this machine."""
    from server.accounts.routes import CARD_TRIES_AN_HOUR

    def guess(claimed: str) -> int:
        headers = FORM | {"Origin": deployed.proxy.address, "X-Forwarded-For": claimed}
        return deployed.ask("POST", "/nyckel/kort", body="card=x", headers=headers).status

    said = [guess(f"192.0.2.{number}") for number in range(CARD_TRIES_AN_HOUR + 1)]
    assert 429 not in said[:-1] and said[-1] == 429


def test_without_tls_one_is_led_to_it(deployed: Deployed) -> None:
    connection = http.client.HTTPConnection("localhost", deployed.proxy.plain, timeout=10)
    connection.request("GET", "/dagar")
    answer = connection.getresponse()
    assert answer.status == 308
    assert answer.headers["Location"].startswith("https://localhost")
    answer.close()
    connection.close()


def test_nobody_is_turned_away_while_the_app_starts_anew(tmp_path: Path) -> None:
    port = free_port()
    with proxied(port, tmp_path) as proxy, ThreadPoolExecutor(1) as others:
        early = others.submit(ask, proxy, "GET", "/halsa")
        time.sleep(1.5)
        with _Here(port) as late:
            Thread(target=late.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            assert early.result(timeout=15).body == b"here"
            late.shutdown()


def test_the_log_holds_no_path_and_no_address(tmp_path: Path) -> None:
    """Not of what went well, not of what failed: here the app never comes, and a stranger talks nonsense."""
    with proxied(free_port(), tmp_path) as proxy:
        assert ask(proxy, "GET", "/dagar/2026-11-19?till=Ada").status == 502
        for nonsense in (b"GET /hemligt HTTP/1.1\r\n\r\n", b"\x16\x03\x01nonsense"):
            with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as stranger:
                stranger.sendall(nonsense)
                stranger.recv(1000)
        said = proxy.log()
    assert "certificate" in said, "what is left tells of certificates"
    for told in ("dagar", "hemligt", "Ada", "127.0.0.1", "::1", "remote_ip", "User-Agent"):
        assert told not in said, told


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_understands_the_units_and_finds_little_that_they_may(tmp_path: Path) -> None:
    """As they are, but for where the app lies."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    units = []
    for unit in UNITS:
        units.append(tmp_path / unit.name)
        units[-1].write_text(unit.read_text().replace("/opt/dagsform", str(tmp_path)))
    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")
    for service in (unit for unit in units if unit.suffix == ".service"):
        found = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", service],
            capture_output=True, text=True,
        )  # fmt: skip
        assert found.returncode == 0, found.stdout


class _Here(ThreadingHTTPServer):
    """Somebody who answers, and says nothing to the terminal."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Word)


class _Word(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"here")

    def log_message(self, *_arguments: object) -> None:
        pass
