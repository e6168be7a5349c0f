"""Rooms above the circle whose letters travel between the same two people. The circle imports none of them.

A room says which letters are its own, what it does with them when the post is sorted, and what becomes of what it keeps
about somebody when two people part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.letters import Letters, Received
from server.vault.sealing import Secret


@dataclass
class Post:
    """One sorting: whose, when, and the keyring as it is by now. A room that changes the keyring sets it here."""

    db: Connection
    keyring: Keyring
    account_key: Any
    now: datetime
    frank: Secret | None = None  # the server's key for tags, where something may be sent

    @property
    def drawer(self) -> Drawer:
        return Drawer(self.db, self.keyring)

    @property
    def letters(self) -> Letters:
        return Letters(self.db, self.keyring, self.now)


@dataclass(frozen=True)
class Room:
    """`sort` puts its letters on a shelf or drops them, each exactly once; `part` is asked before the pairing goes,
    `met` when a listed person who was asked has said yes.
    """

    kinds: tuple[type, ...]
    sort: Callable[[Post, Sequence[Received]], None]
    part: Callable[[Post, bytes], None]
    met: Callable[[Post, bytes], None]


_rooms: list[Room] = []


def register(room: Room) -> Room:
    _rooms.append(room)
    return room


def owned(letter: Received) -> bool:
    """Whether some room sorts this letter."""
    return any(isinstance(letter.payload, room.kinds) for room in _rooms)


def sort(post: Post, letters: Sequence[Received]) -> None:
    """Give each room its letters."""
    for room in _rooms:
        own = [
            one
            for one in letters
            if isinstance(one.payload, room.kinds) and one.contact in post.keyring.contacts
        ]
        if own:
            room.sort(post, own)


def part(post: Post, pair: bytes) -> None:
    """Two people part: each room lets go of what it keeps about them, or keeps it without them."""
    for room in _rooms:
        room.part(post, pair)


def met(post: Post, pair: bytes) -> None:
    for room in _rooms:
        room.met(post, pair)
