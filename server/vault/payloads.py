"""What is sealed: msgspec structs with a kind and a version. Old versions are lifted when opened, never lost.

As bytes: `kind/version` in ASCII, a line break, then the struct as JSON. The kind decides how it is read.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from server.vault.errors import DamagedPayload, NewerVersion, NoUpgrade, UnknownKind

Body = dict[str, Any]
Kind = TypeVar("Kind", bound=type[msgspec.Struct])
Lift = TypeVar("Lift", bound=Callable[[Body], Body])

_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_HEAD = re.compile(rb"([a-z][a-z0-9-]*)/([1-9][0-9]{0,8})\Z")
_latest: dict[str, tuple[int, type[msgspec.Struct]]] = {}
_heads: dict[type, bytes] = {}
_decoders: dict[bytes, msgspec.json.Decoder[Any]] = {}
_upgrades: dict[tuple[str, int], Callable[[Body], Body]] = {}
_encode = msgspec.json.Encoder().encode


def payload(kind: str, *, version: int) -> Callable[[Kind], Kind]:
    """Register a struct as the newest version of `kind`. Raises ValueError for a taken or misspelt kind."""

    def register(struct: Kind) -> Kind:
        if not _NAME.match(kind) or version < 1 or kind in _latest:
            raise ValueError(f"payload kind {kind!r} version {version} is misspelt or taken")
        head = f"{kind}/{version}".encode()
        _latest[kind] = (version, struct)
        _heads[struct] = head + b"\n"
        _decoders[head] = msgspec.json.Decoder(struct)
        return struct

    return register


def upgrade(kind: str, *, from_version: int) -> Callable[[Lift], Lift]:
    """Register how a body of `from_version` becomes one of the next. Raises ValueError when it is taken."""

    def register(lift: Lift) -> Lift:
        if (kind, from_version) in _upgrades:
            raise ValueError(f"an upgrade of {kind!r} from version {from_version} is there already")
        _upgrades[kind, from_version] = lift
        return lift

    return register


def encode(struct: msgspec.Struct) -> bytes:
    """The struct as bytes, with its kind and version. Raises UnknownKind when it was never registered."""
    try:
        head = _heads[type(struct)]
    except KeyError:
        raise UnknownKind from None
    return head + _encode(struct)


def decode(data: bytes) -> Any:
    """The struct that was encoded, lifted to the newest version of its kind.

    Raises UnknownKind, NewerVersion, NoUpgrade or DamagedPayload.
    """
    head, _, body = data.partition(b"\n")
    decoder = _decoders.get(head)
    try:
        return decoder.decode(body) if decoder else _lift(head, body)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        raise DamagedPayload from None  # not the library's words: they may quote what was inside


def _lift(head: bytes, body: bytes) -> Any:
    match = _HEAD.match(head)
    if not match:
        raise DamagedPayload
    kind, version = match[1].decode(), int(match[2])
    if kind not in _latest:
        raise UnknownKind
    newest, struct = _latest[kind]
    if version > newest:
        raise NewerVersion
    content = msgspec.json.decode(body, type=Body)
    for step in range(version, newest):
        if (kind, step) not in _upgrades:
            raise NoUpgrade
        try:
            content = _upgrades[kind, step](content)
        except (LookupError, TypeError, AttributeError):
            raise DamagedPayload from None
    return msgspec.convert(content, struct)
