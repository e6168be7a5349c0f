"""The door of a worker: granian hands over requests (RSGI), threads answer them with the app (WSGI).

The app can keep an answer open without keeping a thread: it calls `environ[HOLD]` with somebody who takes the open
line. An open line is no thread and no task, only what can send bytes, until it is dropped (docs/server.md).
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from types import FrameType
from typing import IO, Any

from granian.rsgi import HTTPProtocol, ProtocolClosed, ProtocolError, Scope

from server.web.bodies import BrokenOff, Coming, Room, length_of

HOLD = "dagsform.hold"
THREADS = 8
_GONE = (ProtocolClosed, ProtocolError)

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]
Take = Callable[["Line"], None]

_SAME_FOR_ALL: Environ = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "granian",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


class Line:
    """An answer that is kept open. It ends when the last one who holds it lets go."""

    __slots__ = ("_transport",)

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def say(self, words: bytes) -> bool:
        """Send without waiting. False when nobody is there any more, as far as the server has noticed."""
        try:
            sent: Awaitable[None] = self._transport.send_bytes(words)
            next(sent.__await__())
        except StopIteration:
            return True
        except _GONE:
            return False
        return True


class Bridge:
    """What granian calls. `stop` is called once when the worker is told to end, before open answers are waited for."""

    def __init__(self, app: Wsgi, stop: Callable[[], None]) -> None:
        self._app, self._stop = app, stop
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._room = Room()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        for sign in (signal.SIGINT, signal.SIGTERM):
            # granian has asked the loop for both; the loop hears of them by another way than this handler.
            signal.signal(sign, self._told_to_end)
            signal.siginterrupt(sign, False)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Everything has been answered: the process ends here and now.

        On its ordinary way out Python takes its lock away from granian's threads, and one that still wants it aborts.
        """
        self._threads.shutdown()
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        length = length_of(scope)
        if length == 0:
            await self._page(scope, protocol, BytesIO())
            return
        coming = Coming(self._room, length)
        try:
            await self._page(scope, protocol, await coming.whole(protocol))
        except BrokenOff:
            protocol.response_empty(400, [])
        finally:
            coming.let_go()

    def _page(self, scope: Scope, protocol: HTTPProtocol, body: IO[bytes]) -> Awaitable[None]:
        return self._loop.run_in_executor(self._threads, self._answer, scope, protocol, body)

    def _told_to_end(self, _sign: int, _frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop)

    def _answer(self, scope: Scope, protocol: HTTPProtocol, body: IO[bytes]) -> None:
        status, headers = 500, []
        takers: list[Take] = []

        def start(line: str, given: list[tuple[str, str]], _error: Any = None) -> None:
            nonlocal status, headers
            status, headers = int(line[:3]), given

        parts = self._app(_environ(scope, body) | {HOLD: takers.append}, start)
        try:
            whole = b"".join(parts)
            if takers:
                headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
                with suppress(*_GONE):
                    takers[0](Line(protocol.response_stream(status, headers)))
            else:
                protocol.response_bytes(status, headers, whole)
        finally:
            getattr(parts, "close", _nothing)()  # last: what is done then, nobody waits for


def _nothing() -> None:
    pass


def _environ(scope: Scope, body: IO[bytes]) -> Environ:
    """The request as PEP 3333 has it: text is bytes read as Latin-1."""
    server, _, port = scope.server.rpartition(":")
    environ = _SAME_FOR_ALL | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
    }
    if scope.authority is not None:  # HTTP/2 says it there
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        key = "HTTP_" + name.upper().replace("-", "_")
        if key in environ and name != "host":
            value = f"{environ[key]}{'; ' if name == 'cookie' else ','}{value}"
        environ[key] = value
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if (value := environ.pop(f"HTTP_{key}", None)) is not None:
            environ[key] = value
    if environ.pop("HTTP_TRANSFER_ENCODING", None) and isinstance(body, BytesIO):
        # Known by now. Without it werkzeug would cut a form off at the limit and say nothing.
        environ["CONTENT_LENGTH"] = str(body.getbuffer().nbytes)
    return environ
