"""The one idea of the vault: a key, a context and a text become a blob that opens nowhere else.

Symmetric seal, format 0x01 (docs/vault.md):

    0x01 || salt (32) || commitment (32) || AES-256-GCM(ciphertext || tag)
    key (32) || commitment (32) = HKDF-SHA256(secret, salt, info="dagsform/v1 seal"), RFC 5869

The salt is fresh for every seal, so each AES key is used once and the nonce may stay zero. The commitment is
checked first: a blob opens under one key only. Sealing to a public key is HPKE (RFC 9180), format 0x11.
"""

import base64
import hashlib
import hmac
from typing import NoReturn, Self, SupportsIndex

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.core import ids
from server.vault.errors import (
    BadPadding,
    BadPublicKey,
    NoSuchPlace,
    NotASecret,
    Tampered,
    Truncated,
    UnknownVersion,
    WrongKey,
)

SEALED = 0x01  # HKDF-SHA256, commitment, AES-256-GCM
SEALED_TO = 0x11  # HPKE: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode
RESERVED_HYBRID = 0x12  # kept for HPKE with ML-KEM-768 + X25519; refused until it exists

KEY, SALT, COMMITMENT, TAG = 32, 32, 32, 16
_OVERHEAD = 1 + SALT + COMMITMENT + TAG
_HPKE_OVERHEAD = 1 + 32 + TAG
_ONCE = bytes(12)  # the nonce: every key is used for one message only
_INFO = b"dagsform/v1 seal"
_SHA256 = SHA256()
_LEAD = bytes([SEALED])
_HPKE_LEAD = bytes([SEALED_TO])
_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Secret:
    """Bytes that never show: not in repr, str, format, json, pickle, logs or tracebacks.

    Compared in constant time, never hashed, never changed.
    """

    __slots__ = ("_hidden",)
    __hash__ = None  # type: ignore[assignment]
    _hidden: bytes

    def __init__(self, value: bytes) -> None:
        object.__setattr__(self, "_hidden", bytes(value))

    @classmethod
    def random(cls, length: int = KEY) -> Self:
        """`length` fresh bytes from the vault's only source of randomness."""
        return cls(ids.random_bytes(length))

    @classmethod
    def from_text(cls, text: str, length: int = KEY) -> Self:
        """The opposite of `as_text`. Raises NotASecret unless it is exactly `length` bytes."""
        try:
            secret = cls(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except ValueError:
            raise NotASecret from None
        if len(secret.reveal()) != length or secret.as_text() != text:
            raise NotASecret
        return secret

    def reveal(self) -> bytes:
        """The bytes themselves, for a primitive or a cookie; never for a log or a page."""
        return self._hidden

    def as_text(self) -> str:
        """URL-safe base64 without padding, for a cookie or a one-time link."""
        return base64.urlsafe_b64encode(self._hidden).rstrip(b"=").decode("ascii")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._hidden, other._hidden)

    def __repr__(self) -> str:
        return "Secret(hidden)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "Secret(hidden)"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a secret does not change")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __getstate__(self) -> NoReturn:
        raise TypeError("a secret is never stored as it is")

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a secret is never stored as it is")


def context(label: str, *parts: bytes | str | int) -> bytes:
    """Where a blob belongs, as bytes: "dagsform/v1", then the label and each part after its type and length.

    Injective: two different labels or lists of parts never give the same bytes, so a blob moved to another
    row, owner, reader, label or version does not open. Raises NoSuchPlace for any other type (bool included).
    """
    out = [b"dagsform/v1", _part(label)]
    for part in parts:
        out.append(_part(part))
    return b"".join(out)


def _part(part: bytes | str | int) -> bytes:
    kind = type(part)
    if kind is bytes:
        mark, body = b"b", part
    elif kind is int:
        mark, body = b"i", part.to_bytes((part.bit_length() + 8) // 8, "big", signed=True)  # type: ignore[union-attr]
    elif kind is str:
        mark, body = b"s", part.encode("utf-8")  # type: ignore[union-attr]
    else:
        raise NoSuchPlace("a context is made of bytes, str and int")
    return mark + len(body).to_bytes(4, "big") + body  # type: ignore[arg-type,operator]


def padded_length(length: int) -> int:
    """How long `length` bytes become: 1 KiB steps up to 8 KiB, then 8 KiB steps.

    Not powers of two: with those a good or a bad day could be read from the size of a row.
    """
    step = 1024 if length < 8192 else 8192
    return (length // step + 1) * step


def pad(text: bytes) -> bytes:
    """Text, one byte 0x80, zeros up to the next step (ISO/IEC 7816-4). At least one byte is added."""
    return (text + b"\x80").ljust(padded_length(len(text)), b"\0")


def unpad(padded: bytes) -> bytes:
    """The text that was padded. Raises BadPadding unless `pad` could have made exactly this."""
    end = padded.rfind(b"\x80")
    if end < 0 or padded[end:] != b"\x80".ljust(padded_length(end) - end, b"\0"):
        raise BadPadding
    return padded[:end]


def seal(key: Secret, context: bytes, plaintext: bytes) -> bytes:
    """A blob that only `key` opens, and only in the same `context`. Pad what a person wrote: `pad(text)`."""
    salt = ids.random_bytes(SALT)
    cipher, commitment = _once(key, salt)
    return b"".join((_LEAD, salt, commitment, cipher.encrypt(_ONCE, plaintext, context)))


def unseal(key: Secret, context: bytes, blob: bytes) -> bytes:
    """What was sealed. Raises UnknownVersion, Truncated, WrongKey or Tampered, in that order of looking."""
    _look(blob, _LEAD, _OVERHEAD)
    cipher, commitment = _once(key, blob[1:33])
    if not hmac.compare_digest(commitment, blob[33:65]):
        raise WrongKey
    try:
        return cipher.decrypt(_ONCE, blob[65:], context)
    except InvalidTag:
        raise Tampered from None


def _look(blob: bytes, lead: bytes, least: int) -> None:
    if not isinstance(blob, bytes) or not blob:
        raise Truncated  # SQLite lets a hand-made edit put text or a number where bytes belong
    if blob[:1] != lead:
        raise UnknownVersion
    if len(blob) < least:
        raise Truncated


def _once(key: Secret, salt: bytes) -> tuple[AESGCM, bytes]:
    """The cipher for one message and the commitment to its key; no caller holds the raw key in a local."""
    both = _hkdf(key, salt, _INFO, KEY + COMMITMENT)
    return AESGCM(both[:KEY]), both[KEY:]


def _hkdf(secret: Secret, salt: bytes | None, info: bytes, length: int) -> bytes:
    # Measured for 64 bytes: HKDF object 2.5 µs, HKDF.extract + HKDFExpand 2.6 µs, three hmac.digest 3.9 µs.
    # So the library's plain object is the easiest to read and the fastest.
    return HKDF(_SHA256, length, salt, info).derive(secret.reveal())


def derive(secret: Secret, label: str, length: int = KEY) -> Secret:
    """Another secret for one purpose: HKDF-SHA256 without salt, the label as info; none tells of another."""
    return Secret(_hkdf(secret, None, context("derive", label), length))


class KeyPair:
    """An X25519 pair: `public` may be shown, `secret` never is."""

    __slots__ = ("public", "secret")

    def __init__(self, secret: Secret) -> None:
        self.secret = secret
        self.public = X25519PrivateKey.from_private_bytes(secret.reveal()).public_key().public_bytes_raw()

    @classmethod
    def new(cls) -> Self:
        return cls(Secret.random(KEY))

    def __repr__(self) -> str:
        return "KeyPair(hidden)"


def seal_to(public: bytes, context: bytes, plaintext: bytes) -> bytes:
    """A blob that only the holder of the secret half of `public` (32 bytes, X25519) opens.

    Anyone can seal to a public key: who sealed must be proven inside. The library makes HPKE's ephemeral key
    itself and gives no way to seed it: these blobs never repeat, not even in a test that seeds `ids`.
    Raises BadPublicKey.
    """
    try:
        sealed = _HPKE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public), info=context)
    except ValueError:
        raise BadPublicKey from None
    return _HPKE_LEAD + sealed


class Opener:
    """The secret half of an X25519 pair made ready for many blobs, which costs half as much as opening one."""

    __slots__ = ("_key",)

    def __init__(self, private: Secret) -> None:
        self._key = X25519PrivateKey.from_private_bytes(private.reveal())

    def open(self, context: bytes, blob: bytes) -> bytes:
        """What was sealed to this secret's public half. Raises UnknownVersion, Truncated or Tampered."""
        _look(blob, _HPKE_LEAD, _HPKE_OVERHEAD)
        try:
            return _HPKE.decrypt(blob[1:], self._key, info=context)
        except InvalidTag:
            raise Tampered from None


def open_with(private: Secret, context: bytes, blob: bytes) -> bytes:
    """One blob, as `Opener` opens many."""
    return Opener(private).open(context, blob)


def agree(private: Secret, public: bytes) -> Secret:
    """What two people can derive and nobody else: X25519 of one's own secret half and the other's public one.

    Raises BadPublicKey.
    """
    try:
        shared = X25519PrivateKey.from_private_bytes(private.reveal()).exchange(
            X25519PublicKey.from_public_bytes(public)
        )
    except ValueError:
        raise BadPublicKey from None
    return Secret(shared)


def fingerprint(public: bytes) -> bytes:
    """32 bytes that stand for a public key."""
    return hashlib.sha256(b"dagsform/v1 key" + public).digest()
