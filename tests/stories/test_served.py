"""What the stories are served by: nobody who goes away in the middle leaves anything open behind."""

import queue
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.stories.conftest import served

AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closed by a reset, as of a browser that is ended


class Answer:
    """Says a word, waits until nobody listens any more, and tells when it is closed."""

    def __init__(self, gone: threading.Event, closed: queue.Queue[bool]) -> None:
        self._gone, self._closed = gone, closed

    def __iter__(self) -> Iterator[bytes]:
        yield b"word"
        self._gone.wait(timeout=10)

    def close(self) -> None:
        self._closed.put(True)


def test_an_answer_to_somebody_who_went_away_is_closed() -> None:
    gone, closed = threading.Event(), queue.Queue[bool]()

    def app(_environ: dict[str, Any], start: Any) -> Answer:
        start("200 OK", [("Content-Length", "4")])
        return Answer(gone, closed)

    with served(app) as address:
        reader = socket.create_connection(("127.0.0.1", urlsplit(address).port))
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        reader.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        said = b""
        while not said.endswith(b"word"):
            said += reader.recv(1000)
        reader.close()
        gone.set()
        assert closed.get(timeout=10)
