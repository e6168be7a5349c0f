"""What a person asked to be reminded of. It lies in their drawer; the server's row knows the id and the time."""

from datetime import datetime

import msgspec

from server.vault.payloads import payload


class Reminder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Own words at an own time, or a time of an activity (`slug`, `title`, `start`).

    `wall` is naive, on the town's wall clock: when the notice comes, the first time. `seen`: put away on Idag, then.
    """

    id: str
    wall: datetime
    words: str = ""
    repeat: str = ""  # DAILY or WEEKLY, as in RFC 5545
    slug: str = ""
    title: str = ""
    start: datetime | None = None
    seen: datetime | None = None
    gone: bool = False  # taken away last of all: it can come back

    def __repr__(self) -> str:
        return "Reminder(hidden)"


@payload("reminders", version=1)
class Reminders(msgspec.Struct, frozen=True, kw_only=True):
    """In the order in which they were made."""

    items: tuple[Reminder, ...] = ()

    def __repr__(self) -> str:
        return "Reminders(hidden)"

    @property
    def standing(self) -> tuple[Reminder, ...]:
        return tuple(one for one in self.items if not one.gone)
