"""A phone's passkeys without a phone: makes a credential and answers a question with it, as WebAuthn level 3 says.

Only ES256 and attestation “none”. Every part of an answer can be made wrong on purpose.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from server.core import ids
from server.vault.sealing import Secret
from tests.client import Client, Page
from tests.html import all_of

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ORIGIN = "http://localhost"


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def data(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Authenticator:
    """One passkey. With PRF it has a key of its own that opens; without, the phone's half must do."""

    def __init__(self, *, prf: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = ids.random_bytes(16)
        self.kek = Secret.random().as_text() if prf else ""
        self.count = 0

    def create(self, options: dict[str, Any], **wrong: Any) -> dict[str, Any]:
        """What navigator.credentials.create gives, as the page posts it."""
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        found = self._data(options["rp"]["id"], ATTESTED, **wrong) + attested
        answer = {
            "clientDataJSON": text(_said("webauthn.create", options, **wrong)),
            "attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": found})),
        }
        return self._credential(answer)

    def get(self, options: dict[str, Any], **wrong: Any) -> dict[str, Any]:
        """What navigator.credentials.get gives, as the page posts it."""
        self.count += 1
        said, found = _said("webauthn.get", options, **wrong), self._data(options["rpId"], 0, **wrong)
        signature = self.key.sign(found + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        answer = {
            "clientDataJSON": text(said),
            "authenticatorData": text(found),
            "signature": text(signature),
        }
        return self._credential(answer)

    def _data(self, ours: str, flags: int, **wrong: Any) -> bytes:
        flags |= PRESENT | (VERIFIED if wrong.get("verified", True) else 0)
        site: str = wrong.get("site", ours)
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _credential(self, answer: dict[str, str]) -> dict[str, Any]:
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": answer}


def _said(kind: str, options: dict[str, Any], **wrong: Any) -> bytes:
    challenge = wrong.get("challenge", options["challenge"])
    origin = wrong.get("origin", ORIGIN)
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()


def options_on(page: Page) -> dict[str, Any]:
    """What the page asks of the phone."""
    forms = [form for form in all_of(page.tree, "form") if "data-passkey" in form.attrib]
    found: dict[str, Any] = json.loads(forms[0].get("data-options", ""))
    return found


def first_touch(client: Client, authenticator: Authenticator, status: int = 200, **wrong: Any) -> Page:
    """A passkey is made; the page that asks to try it."""
    page = client.get("/mitt/nycklar/passnyckel")
    made = json.dumps(authenticator.create(options_on(page), **wrong))
    return client.send(page.form("Gör en passnyckel"), status=status, credential=made)


def make_passkey(client: Client, authenticator: Authenticator) -> Page:
    """Both touches; the list of keys with its toast."""
    return client.follow(try_passkey(client, first_touch(client, authenticator), authenticator))


def try_passkey(client: Client, page: Page, authenticator: Authenticator, status: int = 303) -> Page:
    tried = json.dumps(authenticator.get(options_on(page)))
    form = page.form("Prova passnyckeln")
    return client.send(form, status=status, credential=tried, kek=authenticator.kek)


def open_with(client: Client, authenticator: Authenticator, status: int = 303, **wrong: Any) -> Page:
    """One touch on the page that opens."""
    page = client.get("/nyckel")
    answer = json.dumps(authenticator.get(options_on(page), **wrong))
    form = page.form("Öppna med passnyckel")
    return client.send(form, status=status, credential=answer, kek=authenticator.kek)
