"""What an association keeps sealed about those it lists: whom it has invited, and who that turned out to be."""

from datetime import date
from typing import Any

import msgspec

from server.vault.payloads import payload


@payload("invitee", version=1)
class Invitee(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody invited to be listed. `relation` (the pair) and `listing` (the row), both in hex, come with the yes."""

    id: str
    role: str
    name: str
    relation: str = ""
    listing: str = ""


class TakenOff(msgspec.Struct, frozen=True):
    """A row that was taken off, as it stood."""

    id: bytes
    host: bytes
    account: bytes
    role: str
    public_key: bytes
    vouch: bytes
    door: bytes | None
    name: str
    story: str
    helps: str
    languages: str
    weekdays: list[int]
    hour_from: str
    hour_to: str
    hours_words: str
    capacity: int
    away: bool
    away_until: date | None
    full: bool
    published: bool

    @classmethod
    def of(cls, row: dict[str, Any]) -> "TakenOff":
        return cls(**row)

    @property
    def row(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__struct_fields__}


@payload("listing-bin", version=1)
class ListingBin(msgspec.Struct, frozen=True, omit_defaults=True):
    """The latest who were taken off, to be put back."""

    rows: tuple[TakenOff, ...] = ()
