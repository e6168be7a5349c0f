"""One notice to one phone: sealed, signed, and sent to where the address was looked at, within five seconds.

Every notice is the same, whatever it is about: the same words, size, headers and place in the queue. So neither the
push service nor whoever sees the screen can tell one from another.
"""

import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from enum import Enum
from http.client import HTTPException, HTTPSConnection
from queue import Empty, SimpleQueue
from threading import Thread, Timer

from server.push.endpoints import HOSTS, BadEndpoint, Endpoint, parse, public_addresses
from server.vault.errors import BadPublicKey
from server.vault.notices import Phone
from server.vault.webpush import AUTH, Vapid, check_point, seal_to_browser

PATIENCE = 5.0  # seconds for everything together
_QUICK = 0.3
# What is sealed: nothing. The words stand in pwa/notices.js.
TEXT = b"{}".ljust(128)
_HEADERS = {
    "Content-Encoding": "aes128gcm",
    "Content-Type": "application/octet-stream",
    "TTL": "43200",  # a phone that was off for half a day need not hear of it any more
    "Topic": "dagsform",  # RFC 8030: takes the place of one that still waits
    "Urgency": "normal",
}


class Outcome(Enum):
    SENT = "sent"
    GONE = "gone"  # the browser has no such subscription any more
    LATER = "later"  # nobody answered, or the service asks us to wait
    REFUSED = "refused"  # it is of no use to try again


class Courier:
    """Sends notices. Only a test brings where hosts are (`resolve`), whom to believe (`tls`) and the port."""

    def __init__(
        self,
        vapid: Vapid,
        subject: str,
        hosts: Sequence[str] = (),
        *,
        resolve: Callable[[str], list[str]] = public_addresses,
        tls: ssl.SSLContext | None = None,
        port: int = 443,
        patience: float = PATIENCE,
    ) -> None:
        self.public_key = vapid.public
        self._vapid, self._subject, self._hosts = vapid, subject, (*HOSTS, *hosts)
        self._resolve, self._tls, self._port, self._patience = resolve, tls, port, patience

    def check(self, phone: Phone) -> None:
        """Raises BadEndpoint unless a notice could be sent there."""
        endpoint = parse(phone.endpoint, self._hosts)
        if len(phone.auth) != AUTH:
            raise BadEndpoint
        try:
            check_point(phone.key)
        except BadPublicKey:
            raise BadEndpoint from None
        self._look_quickly(endpoint.host)

    def send(self, phone: Phone, now: datetime) -> Outcome:
        """Never raises: what became of it, in one word."""
        try:
            endpoint = parse(phone.endpoint, self._hosts)
            body = seal_to_browser(phone.key, phone.auth, TEXT)
        except (BadEndpoint, BadPublicKey):
            return Outcome.GONE  # not on the list any more
        try:
            status = self._post(endpoint, body, now)
        except (BadEndpoint, OSError, HTTPException):
            return Outcome.LATER
        if status in (404, 410):
            return Outcome.GONE
        if 200 <= status < 300:
            return Outcome.SENT
        return Outcome.LATER if status == 429 or status >= 500 else Outcome.REFUSED

    def _look_quickly(self, host: str) -> None:
        """Raises BadEndpoint when the host leads inside, or nowhere, and that is known at once.

        A person waits for this, and others for the database meanwhile. What is slow is looked at before it is used.
        """
        found: SimpleQueue[BadEndpoint | None] = SimpleQueue()

        def look() -> None:
            try:
                self._resolve(host)
            except (BadEndpoint, OSError):
                found.put(BadEndpoint())
            else:
                found.put(None)

        Thread(target=look, name="look", daemon=True).start()
        with suppress(Empty):
            if wrong := found.get(timeout=_QUICK):
                raise wrong

    def _post(self, endpoint: Endpoint, body: bytes, now: datetime) -> int:
        """The status. Nothing is followed, and nothing of the answer is read but its head."""
        signed = self._vapid.authorization(endpoint.origin, self._subject, now)
        connection = _Checked(
            endpoint.host, self._resolve(endpoint.host)[0], self._port, self._tls, self._patience
        )
        over = Timer(
            self._patience, connection.cut
        )  # each reading has its own patience; this is for all together
        over.start()
        try:
            connection.request("POST", endpoint.path, body, {**_HEADERS, "Authorization": signed})
            return connection.getresponse().status
        finally:
            over.cancel()
            connection.close()


class _Checked(HTTPSConnection):
    """Goes to the address that was looked at; the name is asked for no second time, and stands in the certificate."""

    def __init__(
        self, host: str, address: str, port: int, tls: ssl.SSLContext | None, patience: float
    ) -> None:
        self._trust = tls or ssl.create_default_context()
        super().__init__(host, port, timeout=patience, context=self._trust)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = plain
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)

    def cut(self) -> None:
        """From another thread: whoever waits for an answer waits no longer."""
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
