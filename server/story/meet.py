"""Så möter du mig: three short texts of one's own, and the copy that can be handed over.

It stands first on the reader's page (row B18), and a suggestion points at one of its wishes or says why not.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from server.circle import wording
from server.circle.kinds import Kind, NoSuchItem, Parts, as_wishes, register
from server.story import words
from server.story.payloads import PARTS, RECORD, Meet, MeetCopy
from server.vault.drawer import Drawer

NAME = "me"  # there is one
ITEM = f"{RECORD}/{NAME}"


def read(drawer: Drawer) -> Meet:
    return wording.read(drawer, RECORD, Meet())


def tell(drawer: Drawer, texts: Mapping[str, str], edition: int) -> Meet:
    """Save the three as they read now. Raises WordingChanged when another tab was first."""
    return wording.tell(drawer, RECORD, Meet(), texts, edition)


def undo(drawer: Drawer, edition: int) -> bool:
    return wording.undo(drawer, RECORD, Meet(), edition) is not None


def tell_beside(drawer: Drawer, texts: Mapping[str, str]) -> None:
    """What was saved while the drawer was locked: both versions are kept."""
    wording.tell_beside(drawer, RECORD, Meet(), texts)


def find(drawer: Drawer, name: str) -> Meet:
    """Raises NoSuchItem when nothing has been written."""
    found = read(drawer)
    if name != NAME or found.is_empty:
        raise NoSuchItem
    return found


def chosen(fields: MultiDict[str, str]) -> Parts:
    """Which of the three were ticked; none is before the person has."""
    return tuple(part for part in PARTS if part in fields.getlist("part"))


def copy(meet: Meet, parts: Parts) -> MeetCopy:
    return replace(MeetCopy(), **{part: getattr(meet, part) for part in parts if part in PARTS})


def wishes(body: Any) -> tuple[str, ...]:
    """Each line of “Det här vill jag” as something that a suggestion can point at."""
    return as_wishes(body.wishes)


def _more(_drawer: Drawer, _now: datetime) -> list[str]:
    return []


KIND = register(
    Kind(
        name=RECORD,
        word=words.MEET,
        find=find,
        title=words.title,
        chosen=chosen,
        copy=copy,
        body=MeetCopy,
        needs_frame=lambda _meet, _parts, _hat: False,
        more=_more,
        shelf=lambda _name: RECORD,
        address=lambda _name: "/kretsen/mot-mig",
        choose_page="story/_choose.html",
        copy_page="story/_copy.html",
        texts={"titles": words.TITLES},
        frame_why="",
        partly=words.partly,
        stands_first=True,
        wishes=wishes,
    )
)
