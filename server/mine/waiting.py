"""A file that is being read in lies sealed in the drawer between the page that tells and the tap that does it."""

from typing import Literal

import msgspec

from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.payloads import payload

RECORD, SHELF = "waiting", "waiting"


@payload("waiting", version=1)
class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Texts by file name, as they came; `source` says who reads them."""

    source: Literal["dagsform", "daylio", ""] = ""
    files: dict[str, str] = {}


NOTHING = Waiting()


def lay_by(drawer: Drawer, waiting: Waiting) -> None:
    """Keep it, instead of an earlier one."""
    change_record(drawer, SHELF, RECORD, NOTHING, lambda _old: waiting)


def waiting_in(drawer: Drawer) -> Waiting | None:
    found = drawer.find(RECORD).get(RECORD)
    return found.payload if found else None


def throw(drawer: Drawer) -> None:
    """Twice is once."""
    change_record(drawer, SHELF, RECORD, NOTHING, lambda _old: NOTHING)
