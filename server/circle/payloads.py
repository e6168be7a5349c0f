"""What is sealed about the circle: a card for each person, a diary of contacts with them, the matters that somebody
holds, and what was taken away.

A card is the owner's own note about somebody. It says nothing to that person, with or without an account.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Self

import msgspec

from server.vault.payloads import payload

# Characters. A name fits on a line; what somebody decides may be a letter's worth.
SHORT, LONG = 200, 5_000


class Hat(StrEnum):
    """In which capacity somebody is met (row D21). Health care wears support or authority, as the owner chooses."""

    SUPPORT = "support"
    AUTHORITY = "authority"
    EMPLOYER = "employer"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner writes on a card. Only the name is needed; no hat is chosen until the owner has."""

    name: str
    role: str = ""
    organisation: str = ""
    hat: Hat | None = None
    decides: str = ""  # what this person decides
    phone: str = ""
    answers_within: str = ""  # “två dagar”
    away: str = ""  # “till 7 december”
    backup_name: str = ""
    backup_phone: str = ""
    called: str = ""  # the name that this person sees of the owner

    @property
    def is_office(self) -> bool:
        """Whether the card is drawn square: persons are round, offices are square (visual.md 1.5)."""
        return self.hat in (Hat.AUTHORITY, Hat.EMPLOYER)


@payload("contact", version=1)
class Card(About, frozen=True, kw_only=True):
    """Somebody in the circle. `edition` counts changes of the text, so that two tabs cannot overwrite each other."""

    id: str
    edition: int = 1
    before: About | None = None  # what it said until the latest change, for undo
    main: bool = False  # the one huvudkontakt (row D2); `people` keeps it at one
    relation: str = ""  # hex; empty for somebody on paper, without an account behind the card
    ended: bool = False  # no account behind it any more; `relation` still names what was
    says: str = ""  # what this person told about themselves with their yes (rows A15, E14)
    follows: str = ""  # the relation of whoever had this task before
    stopped: str = ""  # in the bin: what was stopped when this person was taken away, to be given back

    @property
    def about(self) -> About:
        return About(**{name: getattr(self, name) for name in About.__struct_fields__})

    def saying(self, about: About) -> Self:
        """The same card with another text, one edition on."""
        said = {name: getattr(about, name) for name in About.__struct_fields__}
        return msgspec.structs.replace(self, **said, before=self.about, edition=self.edition + 1)


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """On which day there was a contact, and what was said, decided or promised, and how I was met."""

    on: date
    what: str


@payload("diary-note", version=1)
class DiaryNote(Noted, frozen=True, kw_only=True):
    """One contact with the person on a card (row B12). Only the owner ever sees it: no kind hands it over.

    `name` is what they were called then, `written` when it was first written down. `edition` as on a card.
    """

    id: str
    card: str
    name: str
    written: datetime
    edition: int = 1
    before: Noted | None = None  # what it said until the latest change, for undo

    @property
    def noted(self) -> Noted:
        return Noted(on=self.on, what=self.what)

    def saying(self, noted: Noted) -> Self:
        """The same note with another text, one edition on."""
        before, edition = self.noted, self.edition + 1
        return msgspec.structs.replace(self, on=noted.on, what=noted.what, before=before, edition=edition)


class Move(StrEnum):
    """What happened to a matter."""

    TURN = "turn"  # somebody got the ball
    NOTE = "note"  # something was said or done
    ASKED = "asked"  # the owner asked again
    REST = "rest"
    WAKE = "wake"
    CLOSE = "close"
    REOPEN = "reopen"


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a matter's way: when, what, and who had the ball from then on. Names stay as they were then."""

    id: str
    on: date
    move: Move
    actor: str = ""
    name: str = ""
    what: str = ""


ME, NOBODY = "me", ""
WORDS = ("title", "waiting_for", "since", "next_step", "by")  # what the owner says of a matter


class Affair(msgspec.Struct, frozen=True, kw_only=True):
    """How a matter stands: who holds it (a card's id, ME or NOBODY), since when, and what is waited for."""

    title: str
    actor: str = NOBODY
    waiting_for: str = ""
    since: date
    next_step: str = ""
    by: date | None = None  # a day that the actor has named
    history: tuple[Happening, ...] = ()
    rests: bool = False
    closed: date | None = None


@payload("matter", version=1)
class Matter(Affair, frozen=True, kw_only=True):
    """“Vem har bollen”: a matter with whose turn it is (rows A23, D3).

    `edition` counts changes of its words, so that two tabs cannot overwrite each other; `changes` counts every
    change, so that undo takes back the one that was just made and no other.
    """

    id: str
    edition: int = 1
    changes: int = 1
    before: Affair | None = None  # how it stood until the latest change, for undo

    @property
    def affair(self) -> Affair:
        return Affair(**{name: getattr(self, name) for name in Affair.__struct_fields__})

    def standing(self, affair: Affair) -> Self:
        """The same matter as it stands now, one change on."""
        stands = {name: getattr(affair, name) for name in Affair.__struct_fields__}
        reworded = any(stands[name] != getattr(self, name) for name in WORDS)
        return msgspec.structs.replace(
            self, **stands, before=self.affair, edition=self.edition + reworded, changes=self.changes + 1
        )


@payload("circle-bin", version=1)
class CircleBin(msgspec.Struct, frozen=True, kw_only=True):
    """Cards, matters and notes that were taken away and can come back."""

    cards: tuple[Card, ...] = ()
    matters: tuple[Matter, ...] = ()
    notes: tuple[DiaryNote, ...] = ()
