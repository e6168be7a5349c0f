"""What a phone sent that was to be done later: on its way in the tray or the drawer, or left over."""

import re
from datetime import datetime

import msgspec

from server.vault.payloads import payload

Posts = list[tuple[str, bytes]]  # by the names that the phone gave them, sealed
ARRIVED, UNJOINED = "arrived", "unjoined"  # a shelf; a record alone on its own
LONGEST = 200_000  # signs of a form that may wait
_SIGNS = re.compile(r"[0-9a-f]{32}|[0-9]*")


@payload("posted", version=1)
class Posted(msgspec.Struct, frozen=True):
    """A form as it was sent: where to, with what in it, when, and under which name if it may come again."""

    endpoint: str
    values: dict[str, str]
    fields: list[tuple[str, str]]
    at: datetime
    name: str = ""

    def __repr__(self) -> str:
        return "Posted(hidden)"


@payload("sealed-posts", version=1)
class SealedPosts(msgspec.Struct, frozen=True):
    """What a phone sent, as sealed as it came, and how slow its clock was (seconds).

    `awake`: the drawer was open as it came, so that a message in it goes on its way.
    """

    posts: Posts
    slow: float
    at: datetime
    awake: bool = False

    def __repr__(self) -> str:
        return "SealedPosts(hidden)"


@payload("unjoined", version=1)
class Unjoined(msgspec.Struct, frozen=True):
    """What could not be joined: kept as it was written until its owner has seen to it, the latest last."""

    posts: tuple[Posted, ...] = ()

    def __repr__(self) -> str:
        return "Unjoined(hidden)"


def words_in(posted: Posted) -> list[str]:
    """What a person wrote in it; not the ids and numbers that its page put there."""
    return [text for _name, text in posted.fields if not _SIGNS.fullmatch(text)]
