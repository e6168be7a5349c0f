"""Live pages without a browser: people with a session and a tray, and the stream that tells them."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from ssl import SSLContext
from typing import Self

from sqlalchemy import Connection

from server.core import clock
from server.vault import tray, ways_in
from server.vault.posted import Posted
from server.vault.sealing import Secret
from server.vault.sessions import Sessions
from server.web.guard import SESSION, TRAY

NEW = "data: new"


@dataclass(frozen=True)
class Follower:
    """Somebody with an open drawer, and with a phone that may leave something for its owner."""

    account: bytes
    session: Secret
    tray: Secret

    @property
    def cookie(self) -> str:
        return f"{SESSION}={self.session.as_text()}"

    @property
    def tray_cookie(self) -> str:
        return f"{TRAY}={self.tray.as_text()}"

    def leave(self, db: Connection) -> None:
        """A letter in this person's mailbox, as a locked phone leaves it."""
        tray.leave(db, self.tray, Posted("days.save", {}, [], clock.now()))


def follower(db: Connection, sessions: Sessions) -> Follower:
    keyring, account_key, _half = ways_in.new_account(db, now=clock.now())
    held = tray.open_tray(db, keyring)
    return Follower(keyring.account, sessions.start(keyring.account, account_key, clock.now()), held)


class Stream:
    """An open event stream on a socket of its own; `told` gives what comes, line by line."""

    def __init__(self, port: int, cookie: str, *, tls: SSLContext | None = None, **headers: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        named = {"Host": "localhost", "Accept": "text/event-stream", "Cookie": cookie} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        asked = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        self.socket.sendall(f"GET /live HTTP/1.1\r\n{asked}\r\n".encode())
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def begin(self) -> Self:
        """Wait until it is open; what has been asked for is heard from here on."""
        lines = self.lines(10)
        assert next(lines).startswith("HTTP/1.1 200")
        assert any(line.startswith("retry:") for line in lines)
        return self

    def lines(self, seconds: float) -> Iterator[str]:
        """Every line that comes within `seconds`; ends early when the server closes."""
        end = time.monotonic() + seconds
        while True:
            while b"\n" in self._rest:
                line, self._rest = self._rest.split(b"\n", 1)
                yield line.decode().strip()
            self.socket.settimeout(max(0.001, end - time.monotonic()))
            try:
                more = self.socket.recv(65_536)
            except TimeoutError:
                return
            if not more:
                return
            self._rest += more

    def told(self, seconds: float) -> bool:
        """Whether it says within `seconds` that something is new."""
        return NEW in self.lines(seconds)

    def ended(self, seconds: float) -> bool:
        """Whether the server closes it within `seconds`, or ends the answer."""
        start = time.monotonic()
        return any(line == "0" for line in self.lines(seconds)) or time.monotonic() - start < seconds

    def close(self) -> None:
        with suppress(OSError):
            self.socket.close()
