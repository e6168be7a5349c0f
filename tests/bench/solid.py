"""A Solid server to compare with: installed by npm outside of the project, started, asked as its clients ask."""

import base64
import http.client
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from server.core import ids
from tests.bench.serving import DidNotStart, free_port

PACKAGE = "@solid/community-server@7.2.0"
_INSTALL_WITHIN, _UP_WITHIN = 600, 90  # seconds
_OWNER_AND_READER = """@prefix acl: <http://www.w3.org/ns/auth/acl#>.
<#owner> a acl:Authorization; acl:agent <{owner}>; acl:accessTo <./{name}>; acl:mode acl:Read, acl:Write, acl:Control.
<#reader> a acl:Authorization; acl:agent <{reader}>; acl:accessTo <./{name}>; acl:mode acl:Read.
"""


class NoNode(Exception):
    """Neither node nor npm: nothing to compare with."""

    def __str__(self) -> str:
        return "The comparison wants Node.js 18 or newer and npm. On Debian and Ubuntu: sudo apt install nodejs npm"


class Solid:
    """One kept connection to a running server."""

    def __init__(self, port: int) -> None:
        self.base = f"http://localhost:{port}/"
        self._connection = http.client.HTTPConnection("localhost", port, timeout=30)

    def ask(self, method: str, url: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        self._connection.request(method, urlsplit(url).path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def json(self, method: str, url: str, body: dict[str, str] | None, headers: dict[str, str]) -> Any:
        """Raises WrongAnswer's kin when the account API refuses."""
        status, text = self.ask(
            method, url, json.dumps(body or {}), headers | {"Content-Type": "application/json"}
        )
        if status != 200:
            raise RuntimeError(f"{method} {url}: {status} {text[:200]!r}")
        return json.loads(text)


class Agent:
    """Somebody with an account, a pod and a token that is bound to a key (DPoP, RFC 9449)."""

    def __init__(self, solid: Solid, name: str) -> None:
        self._solid, self._key = solid, ec.generate_private_key(ec.SECP256R1())
        account = solid.json("POST", f"{solid.base}.account/account/", None, {})
        login = {"Authorization": f"CSS-Account-Token {account['authorization']}"}
        controls = solid.json("GET", f"{solid.base}.account/", None, login)["controls"]
        word = {"email": f"{name}@example.org", "password": ids.token()}
        solid.json("POST", controls["password"]["create"], word, login)
        pod = solid.json("POST", controls["account"]["pod"], {"name": name}, login)
        self.pod, self.web_id = pod["pod"], pod["webId"]
        asked = {"name": name, "webId": self.web_id}
        self._credentials = solid.json("POST", controls["account"]["clientCredentials"], asked, login)
        self._token = self._fresh_token()

    def share(self, name: str, document: str, reader: "Agent") -> None:
        """The document, and the rule beside it that names its one reader. The rule first: nobody else ever reads it."""
        url = f"{self.pod}{name}"
        rule = _OWNER_AND_READER.format(owner=self.web_id, reader=reader.web_id, name=name)
        self._expect(self.ask("PUT", f"{url}.acl", rule, "text/turtle"), (201, 205))
        self._expect(self.ask("PUT", url, document, "application/json"), (201, 205))

    def read(self, url: str) -> bytes:
        return self._expect(self.ask("GET", url), (200,))

    def is_refused(self, url: str) -> None:
        self._expect(self.ask("GET", url), (403,))

    def ask(self, method: str, url: str, body: str | None = None, kind: str = "") -> tuple[int, bytes]:
        headers = {"Authorization": f"DPoP {self._token}", "DPoP": self._proof(method, url)}
        return self._solid.ask(method, url, body, headers | ({"Content-Type": kind} if kind else {}))

    def _expect(self, answer: tuple[int, bytes], wanted: tuple[int, ...]) -> bytes:
        if answer[0] not in wanted:
            raise RuntimeError(f"the Solid server answered {answer[0]}, not {wanted}: {answer[1][:200]!r}")
        return answer[1]

    def _fresh_token(self) -> str:
        url = f"{self._solid.base}.oidc/token"
        both = f"{quote(self._credentials['id'])}:{quote(self._credentials['secret'])}"
        headers = {
            "Authorization": "Basic " + base64.b64encode(both.encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
            "DPoP": self._proof("POST", url),
        }
        answer = self._solid.ask("POST", url, "grant_type=client_credentials&scope=webid", headers)
        return str(json.loads(self._expect(answer, (200,)))["access_token"])

    def _proof(self, method: str, url: str) -> str:
        """A JWT for this one request, signed with the key that the token is bound to."""
        numbers = self._key.public_key().public_numbers()
        jwk = {"kty": "EC", "crv": "P-256", "x": _b64(_32(numbers.x)), "y": _b64(_32(numbers.y))}
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}
        said = {"htm": method, "htu": url, "jti": ids.token(), "iat": int(time.time())}
        text = f"{_b64(json.dumps(head).encode())}.{_b64(json.dumps(said).encode())}"
        signed = self._key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
        return f"{text}.{_b64(b''.join(map(_32, decode_dss_signature(signed))))}"


@contextmanager
def solid_server(folder: Path) -> Iterator[Solid]:
    """Install the server into `folder`, start it on files with WebACL, stop it in the end. Raises NoNode."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise NoNode
    install = [
        npm,
        "install",
        "--prefix",
        str(folder),
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        PACKAGE,
    ]
    subprocess.run(install, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=_INSTALL_WITHIN)
    port = free_port()
    start = [node, "node_modules/@solid/community-server/bin/server.js", "--config", "@css:config/file.json"]
    start += ["--port", str(port), "--rootFilePath", "data", "--loggingLevel", "error"]
    process = subprocess.Popen(start, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        yield _up(port, process)
    finally:
        process.kill()  # nothing of it is kept
        process.wait()


def _up(port: int, process: subprocess.Popen[bytes]) -> Solid:
    end = time.monotonic() + _UP_WITHIN
    while time.monotonic() < end and process.poll() is None:
        solid = Solid(port)
        try:
            solid.ask("GET", f"{solid.base}.account/", None, {})
            return solid
        except OSError:
            time.sleep(0.2)
    raise DidNotStart("the Solid server did not answer")


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _32(number: int) -> bytes:
    return number.to_bytes(32, "big")
