"""What a phone does before it sends: the same seal as pwa/outbox.js, with the library's HPKE."""

import base64
import json
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from server.vault.sealing import context, pad
from tests.client import Client, Page

_HPKE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
Fields = dict[str, str]


def name_of(text: str) -> str:
    """A post's name: in a test it may be spoken."""
    return sha256(text.encode()).hexdigest()[:32]


def box_of(client: Client) -> bytes:
    """What a page of this person tells the phone to seal to."""
    box = client.get("/hjalp").tree.find(".//body").get("data-box")  # type: ignore[union-attr]
    assert box
    return base64.b64decode(box)


def sealed(box: bytes, name: str, to: str, at: datetime, fields: Fields | None = None) -> str:
    written = {"to": to, "fields": list((fields or {}).items()), "at": round(at.timestamp() * 1000)}
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), box)
    blob = _HPKE.encrypt(pad(json.dumps(written).encode()), key, info=context("outbox", name))
    return base64.b64encode(blob).decode()


def send(
    client: Client, now: datetime, *posts: tuple[str, str], to: bytes | None = None, status: int = 200
) -> Page:  # fmt: skip
    """The outbox on its way: names with what is sealed to `to` (this person, if not said), and the phone's clock."""
    box = base64.b64encode(box_of(client) if to is None else to).decode()
    blobs = [base64.b64decode(blob) for _name, blob in posts]
    sizes = [(name, len(blob)) for (name, _blob), blob in zip(posts, blobs, strict=True)]
    head = json.dumps({"now": round(now.timestamp() * 1000), "to": box, "posts": sizes})
    return client.post_bytes("/utkorg", head.encode() + b"\n" + b"".join(blobs), status=status)
