"""What stands on the other side: a push service as Google, Mozilla, Microsoft and Apple have them, on this machine.

It believes a notice only when the server's signature fits (RFC 8292), and opens it as the browser would (RFC 8291),
with a library of its own. The browser's key is a real one.
"""

import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import http_ece  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from server.push.courier import Courier
from server.vault.notices import Phone
from server.vault.sealing import Secret
from server.vault.webpush import Vapid

HOST = "push.example.org"
SECRET = Secret(b"v" * 32)


class Browser:
    """A browser that has subscribed: its pair, its secret, and the address that the service gave it."""

    def __init__(self, name: str = "en", host: str = HOST) -> None:
        self.own = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"%-16.16s" % name.encode()
        self.endpoint = f"https://{host}/wpush/{name}"

    @property
    def point(self) -> bytes:
        return self.own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def phone(self) -> Phone:
        return Phone(self.endpoint, self.point, self.auth)

    @property
    def subscription(self) -> str:
        """As `JSON.stringify(subscription)` says it."""
        keys = {"p256dh": text(self.point), "auth": text(self.auth)}
        return json.dumps({"endpoint": self.endpoint, "expirationTime": None, "keys": keys})

    def opens(self, body: bytes) -> bytes:
        opened: bytes = http_ece.decrypt(body, private_key=self.own, auth_secret=self.auth)
        return opened


@dataclass
class Arrived:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Service:
    """What came, and what it answers: one status for each that comes, and after these 201."""

    port: int = 0
    came: list[Arrived] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    slow: float = 0.0
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    asked: list[str] = field(default_factory=list)

    def courier(self, **more: Any) -> Courier:
        """A courier that finds this service where HOST is, and believes its certificate."""

        def resolve(host: str) -> list[str]:
            self.asked.append(host)
            return ["127.0.0.1"]

        ours: dict[str, Any] = {"resolve": resolve, "tls": self.trust, "port": self.port}
        return Courier(Vapid(SECRET), "https://dagsform.example", [HOST], **(ours | more))


@contextmanager
def serving(folder: Path) -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.came.append(Arrived(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = service.answers.pop(0) if service.answers else 201
            time.sleep(service.slow)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"https://{HOST}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    certificate, key = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    service.port, service.trust = server.server_port, ssl.create_default_context(cafile=str(certificate))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def signed_by(authorization: str, public_key: str) -> dict[str, Any]:
    """What the server's signature stands for (RFC 7515, RFC 8292). Raises unless it is the key's."""
    kind, _, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (kind, parts["k"]) == ("vapid", public_key)
    head, claims, signature = parts["t"].split(".")
    assert json.loads(raw(head)) == {"typ": "JWT", "alg": "ES256"}
    both = raw(signature)
    assert len(both) == 64
    der = encode_dss_signature(int.from_bytes(both[:32], "big"), int.from_bytes(both[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(public_key))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    found: dict[str, Any] = json.loads(raw(claims))
    return found


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    names = [x509.DNSName(HOST), x509.DNSName("fcm.googleapis.com"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    files = folder / "service.crt", folder / "service.key"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files
