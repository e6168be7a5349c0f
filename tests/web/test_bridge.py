"""The door of a worker, asked over a socket as browsers and strangers ask: what WSGI promises holds behind it."""

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from server.web.bridge import THREADS
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


@pytest.mark.parametrize("size", [3_000_000, 30_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_too_much_is_refused_with_a_page(server: Server, size: int, chunked: bool) -> None:
    """A browser shows the answer only after it has sent everything."""
    whole = form(size)
    body = (whole[at : at + 100_000] for at in range(0, len(whole), 100_000)) if chunked else whole
    answer = asked(server, "POST", "/svara", body=body, headers=FORM)
    assert answer.status == 413
    assert "Det var mer än vad som får plats" in answer.body.decode()


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


@pytest.fixture
def begun(server: Server) -> Iterator[Callable[..., socket.socket]]:
    """Begins a POST on a socket of its own, with so many bytes promised, or none, and stays."""
    with ExitStack() as open_:

        def begin(length: int | None, sent: bytes = b"form=3") -> socket.socket:
            one = open_.enter_context(socket.create_connection(("127.0.0.1", port_of(server)), timeout=10))
            size = b"Transfer-Encoding: chunked" if length is None else b"Content-Length: %d" % length
            one.sendall(
                b"POST /svara HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-h=1\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n%s\r\n\r\n%s"
                % (size, b"%x\r\n%s\r\n" % (len(sent), sent) if length is None else sent)
            )
            return one

        yield begin


Begun = Callable[..., socket.socket]


@pytest.mark.parametrize("length", [1000, 1_000_000, 3_000_000, 30_000_000, None])
def test_who_sends_slowly_holds_no_thread(server: Server, begun: Begun, length: int | None) -> None:
    """More than there are threads have begun a body and keep still; all are open when the page has come."""
    slow = [begun(length) for _ in range(2 * THREADS)]
    assert server.get("/healthz") == (200, "ok\n")
    for one in slow:
        one.setblocking(False)
        with pytest.raises(BlockingIOError):  # neither answered nor closed
            one.recv(1)


def test_a_slow_body_arrives_whole(server: Server, begun: Begun) -> None:
    body = form(100_000)
    one = begun(len(body), body[:50_000])
    assert server.get("/healthz") == (200, "ok\n")
    one.sendall(body[50_000:])
    assert one.recv(100).startswith(b"HTTP/1.1 303")


@pytest.mark.parametrize("length", [len(form(100)), 100_000])
def test_who_goes_half_way_has_sent_nothing(server: Server, begun: Begun, length: int | None) -> None:
    """What has come would do as a form, but it is not the whole body: it is not taken."""
    sent = form(0)
    assert asked(server, "POST", "/svara", body=sent, headers=FORM).status == 303  # it would be taken
    for _ in range(2 * THREADS):
        one = begun(length, sent)
        one.shutdown(socket.SHUT_WR)
        assert not one.recv(100).startswith(b"HTTP/1.1 303")
    assert server.get("/healthz") == (200, "ok\n")


def test_an_upload_as_large_as_a_form_with_a_file_gets_to_the_app(server: Server) -> None:
    """Over the app's usual limit, under the one of reading in: it is the app that says which holds."""
    answer = asked(server, "POST", "/svara", body=form(19_000_000), headers=FORM)
    assert answer.status == 413
    assert "Det var mer än vad som får plats" in answer.body.decode()


def test_a_connection_is_kept_after_a_body(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(server), timeout=10)
    for size in (0, 70_000, 2_500_000, 0):
        connection.request("POST", "/svara", body=form(size), headers=FORM)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == (413 if size > 2_000_000 else 303)
    sock = connection.sock
    connection.request("GET", "/healthz")
    assert connection.getresponse().read() == b"ok\n"
    assert connection.sock is sock
    connection.close()


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_body_where_none_is_expected_does_no_harm(server: Server, method: str) -> None:
    answer = asked(server, method, "/sa-funkar-det", body=b"a" * 100_000)
    assert answer.status == 200
    assert bool(answer.body) == (method == "GET")


def test_nobody_learns_the_servers_own_environment(server: Server, tmp_path: Path) -> None:
    from server.web.bridge import _SAME_FOR_ALL

    assert not any(name.startswith(("DAGSFORM", "PATH", "HOME")) for name in _SAME_FOR_ALL)
