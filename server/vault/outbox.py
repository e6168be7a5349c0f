"""What a phone wrote without a connection: sealed on the phone to its owner, so that the phone cannot read it again.

HPKE as in sealing.py, but with DHKEM(P-256, HKDF-SHA256): browsers on old Androids have that curve, X25519 came late.
The pair is derived from the owner's own secret, so it needs no row and is the same on every phone.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.vault.errors import VaultError
from server.vault.keyring import Keyring
from server.vault.sealing import context, derive, unpad

_HPKE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_MOST = 4096
_known: dict[bytes, bytes] = {}  # every page tells it, and making the pair anew costs a tenth of Idag
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve (SEC 2, 2.4.2)


def public_key(keyring: Keyring) -> bytes:
    """What a phone seals to: 65 bytes, an uncompressed point."""
    found = _known.get(keyring.own_public)  # lies sealed beside the secret, so it cannot be somebody else's
    if found is None:
        if len(_known) == _MOST:
            _known.clear()
        found = _pair(keyring).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        _known[keyring.own_public] = found
    return found


def open_posts(keyring: Keyring, posts: list[tuple[str, bytes]]) -> list[bytes | None]:
    """What stands in each post, sealed under the name that the phone gave it; None for what this person cannot open."""
    pair = _pair(keyring)
    return [_opened(pair, name, blob) for name, blob in posts]


def _opened(pair: EllipticCurvePrivateKey, name: str, blob: bytes) -> bytes | None:
    try:
        return unpad(_HPKE.decrypt(blob, pair, info=context("outbox", name)))
    except (InvalidTag, VaultError):
        return None


def _pair(keyring: Keyring) -> EllipticCurvePrivateKey:
    """Key generation with extra random bits (FIPS 186-5, A.2.1), the bits from the owner's secret."""
    bits = derive(keyring.own_secret, "outbox", 48)
    return derive_private_key(int.from_bytes(bits.reveal(), "big") % (_ORDER - 1) + 1, SECP256R1())
