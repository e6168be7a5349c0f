"""Web Push as a browser's push service wants it: the message sealed to one browser (RFC 8291, the coding of RFC 8188),
and the server's signature that says who sends (VAPID, RFC 8292). Primitives only; `server/push` does the sending.

Written out, since the one small library that does this comes without a built package; the tests open what is made
here with that library, and repeat the example of RFC 8291.
"""

import base64
import json
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.core import ids
from server.vault.errors import BadPublicKey
from server.vault.sealing import Secret, derive

POINT, AUTH = 65, 16  # bytes: an uncompressed point of P-256, and the browser's secret beside it
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-5, D.1.2.3)
_RECORD = 4096  # the size of one record of RFC 8188; everything we send fits in one
_LAST = b"\x02"  # what ends the last record
_LASTS = timedelta(hours=12)  # RFC 8292: at most a day


def base64url(data: bytes) -> str:
    """Without padding, as Web Push writes everything."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def seal_to_browser(point: bytes, auth: bytes, text: bytes) -> bytes:
    """A body for `Content-Encoding: aes128gcm` that only the browser with this point and secret opens (RFC 8291).

    Raises BadPublicKey for a point that does not lie on the curve.
    """
    return _sealed(point, auth, text, ec.generate_private_key(_CURVE), ids.random_bytes(16))


def _sealed(point: bytes, auth: bytes, text: bytes, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    mine = _point(own.public_key())
    shared = own.exchange(ec.ECDH(), _browser_key(point))
    both = HKDF(SHA256(), 32, auth, b"WebPush: info\0" + point + mine).derive(shared)
    key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(both)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(both)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([POINT]) + mine
    return head + AESGCM(key).encrypt(nonce, text + _LAST, None)


def _browser_key(point: bytes) -> ec.EllipticCurvePublicKey:
    if len(point) != POINT:
        raise BadPublicKey
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    except ValueError:
        raise BadPublicKey from None


def check_point(point: bytes) -> None:
    """Raises BadPublicKey unless a browser can have made it."""
    _browser_key(point)


class Vapid:
    """The server's own pair, by which a push service knows who sends (RFC 8292). The same secret is the same pair."""

    def __init__(self, secret: Secret) -> None:
        wide = int.from_bytes(
            derive(secret, "vapid", 48).reveal(), "big"
        )  # wide, so that no number is likelier
        self._own = ec.derive_private_key(wide % (_ORDER - 1) + 1, _CURVE)
        self.public = base64url(_point(self._own.public_key()))

    def authorization(self, audience: str, subject: str, now: datetime) -> str:
        """The header for one push service (`audience` is its origin); `subject` says whom it can turn to."""
        end = int((now + _LASTS).timestamp())
        parts = [_json(typ="JWT", alg="ES256"), _json(aud=audience, exp=end, sub=subject)]
        r, s = decode_dss_signature(self._own.sign(".".join(parts).encode(), ec.ECDSA(SHA256())))
        token = ".".join([*parts, base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))])
        return f"vapid t={token}, k={self.public}"

    def __repr__(self) -> str:
        return "Vapid(hidden)"


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _json(**part: str | int) -> str:
    return base64url(json.dumps(part, separators=(",", ":")).encode())
