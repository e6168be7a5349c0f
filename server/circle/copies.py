"""What is handed over, and what comes back: the letters of a circle, and what each side keeps of them.

A copy is of one version. What the owner writes later does not reach it; handing over anew replaces it.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from server.vault.payloads import payload

Way = Literal["screen", "print"]


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """Never shows in a log or a traceback what it says."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"

    __str__ = __repr__


class Terms(Sealed, frozen=True, kw_only=True):
    """For what and until when somebody gets a copy. `frame` says how a better day hangs together."""

    purpose: str
    until: datetime
    frame: str = ""
    asks: str = ""  # what I ask of this person
    asks_by: date | None = None


@payload("share", version=1)
class Share(Sealed, frozen=True, kw_only=True):
    """A copy as its reader gets it. `body` is the payload of what was copied; `set` names what came together."""

    set: str
    kind: str
    terms: Terms
    body: str
    given: date


@payload("opened", version=1)
class Opened(Sealed, frozen=True, kw_only=True):
    """The reader opened one copy. `number` runs per pair, so that a cut or rewritten chain is noticed."""

    letter: int
    number: int
    at: datetime


@payload("receipt", version=1)
class Receipt(Sealed, frozen=True, kw_only=True):
    """“Läst. Jag svarar senast …” (rows E20, A15). No day means: read, without an answer to come."""

    letter: int
    at: datetime
    by: date | None = None


@payload("said", version=1)
class Said(Sealed, frozen=True, kw_only=True):
    """A question or a suggestion from a contact. A suggestion is the owner's only by the owner's yes (row A6)."""

    id: str
    what: Literal["question", "suggestion"]
    text: str
    at: datetime
    why: str = ""
    wish: str = ""  # the wish that a suggestion points at, in the owner's words (row B18)
    letter: int = 0  # which copy it is about, if any


class Presentation(Sealed, frozen=True, kw_only=True):
    """What a contact tells of themselves, in few lines and all optional."""

    who: str = ""
    may: str = ""  # what I may decide
    answers: str = ""  # how fast I answer
    keeps: str = ""  # what I must write down in my own system


@payload("profile", version=1)
class Profile(Presentation, frozen=True, kw_only=True):
    """A contact presents themselves (rows E14, A15). `number` grows: a later one takes the place of an earlier."""

    number: int


@payload("presented", version=1)
class Presented(Sealed, frozen=True, kw_only=True):
    """How one contact has presented themselves, the latest."""

    pair: str
    profile: Profile | None = None


@payload("farewell", version=1)
class Farewell(Sealed, frozen=True, kw_only=True):
    """A contact has ended the pairing from their side."""

    at: datetime


@payload("goodbyes", version=1)
class Goodbyes(Sealed, frozen=True, kw_only=True):
    """Who has ended with this reader and said so: the name they went by, and when. Gone when it has been seen."""

    people: tuple[tuple[str, date], ...] = ()


@payload("handed", version=1)
class Handed(Sealed, frozen=True, kw_only=True):
    """The owner's own copy of what was handed over, with what burns it and what came back about it."""

    id: str
    pair: str  # hex
    name: str  # whom it went to, as they were called then
    item: str  # “day/2026-11-17”
    parts: tuple[str, ...]
    share: Share
    letter: int
    burn: str
    opened: tuple[datetime, ...] = ()
    receipt: Receipt | None = None
    stopped: str = ""  # names what was stopped together, so that it can be undone together

    @property
    def until(self) -> datetime:
        return self.share.terms.until

    @property
    def is_history(self) -> bool:
        """Read in from a file: it tells what was, and stands for no letter."""
        return not self.burn


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody may read an item, in few words."""

    id: str
    name: str
    until: datetime


@payload("audience", version=1)
class Audience(Sealed, frozen=True, kw_only=True):
    """Who may read one item now, and to whom it was shown or printed. Lies beside the item, never in it."""

    item: str
    held: tuple[Held, ...] = ()


@payload("shown", version=1)
class Shown(Sealed, frozen=True, kw_only=True):
    """Something was shown on the own screen, or printed: when, for whom, what for, and what."""

    id: str
    at: datetime
    name: str
    purpose: str
    items: tuple[str, ...]
    way: Way


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """One line of “Vem har öppnat vad”."""

    at: datetime
    name: str
    item: str
    pair: str


@payload("openings", version=1)
class Openings(Sealed, frozen=True, kw_only=True):
    """What was opened in one month, in the order it was told."""

    month: str
    lines: tuple[Opening, ...] = ()


@payload("log", version=1)
class Log(Sealed, frozen=True, kw_only=True):
    """The last number that one contact's events have reached, and whether one was ever missing."""

    pair: str
    last: int = 0
    gap: bool = False


Answer = Literal["", "yes", "not_now", "no", "read"]  # “read” is for a question: it waits for nothing here


@payload("heard", version=1)
class Heard(Sealed, frozen=True, kw_only=True):
    """What a contact asked or suggested, and what the owner made of it. `own` is the owner's own wording."""

    said: Said
    pair: str
    name: str
    answer: Answer = ""
    own: str = ""
    reason: str = ""  # private


@payload("heard-thrown", version=1)
class Thrown(Sealed, frozen=True, kw_only=True):
    """The latest question or suggestion that the owner took away, for undo; the next one takes its place."""

    heard: Heard | None = None


class Lying(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a reader knows of a copy without opening it: until when it is theirs, when they last opened it, and what
    the owner asks of them with it (`set` names what was asked together).
    """

    until: datetime
    opened: datetime | None = None
    receipt: date | None = None
    answered: bool = False
    asks: str = ""
    asks_by: date | None = None
    set: str = ""


@payload("inbox", version=1)
class Inbox(Sealed, frozen=True, kw_only=True):
    """The reader's own note about one person who shows them things."""

    pair: str
    letters: dict[int, Lying] = {}
    number: int = 0  # how many openings have been told
    said: tuple[Said, ...] = ()  # what the reader asked or suggested
