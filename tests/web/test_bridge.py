"""The door of a worker, asked over a socket as browsers and strangers ask: what WSGI promises holds behind it."""

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Server, running
from tests.live.conftest import asked, port_of

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "__Host-h=1"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running("run", home=tmp_path_factory.mktemp("bridge")) as server:
        yield server


def form(size: int) -> bytes:
    """The first answer of a visitor's day, with so many bytes of nothing behind it."""
    return b"form=3&id=" + b"0123456789abcdef" * 2 + b"&x=" + b"a" * size


@pytest.mark.parametrize("size", [0, 70_000, 900_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_form_arrives_whole(server: Server, size: int, chunked: bool) -> None:
    body = iter([form(size)[:7], form(size)[7:]]) if chunked else form(size)
    answer = asked(server, "POST", "/svara", body=body, headers=FORM)
    assert (answer.status, answer.header("location")) == (303, "/")


def test_too_much_is_refused_with_a_page(server: Server) -> None:
    """A browser shows the answer only after it has sent everything."""
    answer = asked(server, "POST", "/svara", body=form(3_000_000), headers=FORM)
    assert answer.status == 413
    assert b"<h1" in answer.body


def test_a_head_has_the_headers_and_no_body(server: Server) -> None:
    whole, head = (asked(server, method, "/sa-funkar-det") for method in ("GET", "HEAD"))
    assert head.status == 200
    assert head.body == b""
    assert head.header("content-length") == whole.header("content-length")


def test_static_files_come_compressed_and_may_be_kept(server: Server) -> None:
    page = asked(server, "GET", "/sa-funkar-det").body.decode()
    path = next(part for part in page.split('"') if part.startswith("/static/page."))
    answer = asked(server, "GET", path, headers={"Accept-Encoding": "br"})
    assert (answer.status, answer.header("content-encoding")) == (200, "br")
    assert "immutable" in answer.header("cache-control")


def test_letters_beyond_english_in_an_address(server: Server) -> None:
    assert asked(server, "GET", "/delat/%C3%A5%C3%A4%C3%B6").status in (303, 404)
    assert asked(server, "GET", "/%FF").status == 404


def test_two_cookie_headers_are_one(server: Server) -> None:
    """So HTTP/2 may send them."""
    connection = http.client.HTTPConnection("127.0.0.1", port_of(server), timeout=10)
    connection.putrequest("GET", "/")
    connection.putheader("Cookie", "a=b")
    connection.putheader("Cookie", "__Host-h=1")
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.getheader("Set-Cookie") is None  # the second one was found


def test_who_hangs_up_half_way_holds_no_thread(server: Server) -> None:
    """More than there are threads promise a body, send half of it, and go or stay."""
    stay: list[socket.socket] = []
    for number in range(20):
        one = socket.create_connection(("127.0.0.1", port_of(server)), timeout=10)
        length = 1000 if number % 2 else 100_000
        one.sendall(
            b"POST /svara HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\nform=3" % length
        )
        if number % 2:
            stay.append(one)
        else:
            one.close()
    assert server.get("/healthz") == (200, "ok\n")
    for one in stay:
        one.close()


def test_nobody_learns_the_servers_own_environment(server: Server, tmp_path: Path) -> None:
    from server.web.bridge import _SAME_FOR_ALL

    assert not any(name.startswith(("DAGSFORM", "PATH", "HOME")) for name in _SAME_FOR_ALL)
