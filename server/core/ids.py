"""Randomness. Ids tell nothing: never sequential, never ordered by time."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_source: Callable[[int], bytes] = os.urandom


def random_bytes(length: int) -> bytes:
    """`length` bytes from the operating system, fit for keys."""
    return _source(length)


def token() -> str:
    """32 hexadecimal characters (128 random bits), for names that travel in pages."""
    return random_bytes(16).hex()


@contextmanager
def seeded(seed: str) -> Iterator[None]:
    """Make randomness repeat, so that two worlds can be compared byte by byte. Only tests call this."""
    global _source
    before, count = _source, [0]

    def repeatable(length: int) -> bytes:
        count[0] += 1
        return hashlib.shake_256(f"{seed}/{count[0]}".encode()).digest(length)

    _source = repeatable
    try:
        yield
    finally:
        _source = before
