"""What two people write to each other: the letters that carry it, and what each side keeps.

Nothing is told by reading. “Läst” is a person's own tap, so that nobody can see from a conversation when somebody was
awake, or had the strength to look (hard rules 2 and 4).
"""

from datetime import date, datetime, timedelta

from server.circle.copies import Sealed
from server.vault.asked import Passed
from server.vault.payloads import payload

LONGEST = 5_000  # characters of one message
EDIT_FOR = timedelta(minutes=5)


class Words(Sealed, frozen=True, kw_only=True):
    """One thing somebody wrote. `edition` grows with every letter that held it: the highest stands. `changed`: it says
    something else than it did at first.
    """

    id: str
    text: str
    at: datetime
    edition: int = 1
    changed: bool = False


@payload("message", version=1)
class Message(Words, frozen=True, kw_only=True):
    """The letter. The highest edition of an id is what it says."""


@payload("message-gone", version=1)
class Gone(Sealed, frozen=True, kw_only=True):
    """Its writer took a message back; the letter that held it is burnt already. Only wakes an open page."""

    id: str


class Read(Sealed, frozen=True, kw_only=True):
    """“Läst”, for everything up to a moment: with a day for the answer, or without strength for one (row E20)."""

    upto: datetime
    by: date | None = None
    tired: bool = False


@payload("message-read", version=1)
class ReadReceipt(Read, frozen=True, kw_only=True):
    """The letter. `number` grows: a later one takes the place of an earlier. When it was read, it does not say."""

    number: int


@payload("takes-messages", version=1)
class Takes(Sealed, frozen=True, kw_only=True):
    """A contact says whether the owner may write to them. `number` grows, as in ReadReceipt."""

    yes: bool
    number: int


@payload("colleague", version=1)
class Colleague(Sealed, frozen=True, kw_only=True):
    """A peer says that somebody else of the same association may fit better. Nothing happens without a yes.

    `listing` is the other's page. `number` grows, as in ReadReceipt.
    """

    listing: str
    name: str
    words: str = ""
    number: int


@payload("written", version=1)
class Written(Words, frozen=True, kw_only=True):
    """The writer's own copy: in which letter it lies with the other, and what burns that."""

    pair: str
    letter: int = 0
    burn: str = ""  # empty: nothing lies with the other any more
    first: str = ""  # what it said before it was edited: the page it came from may send that once more


@payload("kept", version=1)
class Kept(Words, frozen=True, kw_only=True):
    """What the other wrote, as it stood when the two parted: their letters open no more without them.

    `word` is the server's word, to this account alone, that it was in a letter of whoever held the key in the Talk.
    """

    pair: str
    word: bytes = b""


@payload("talk", version=1)
class Talk(Sealed, frozen=True, kw_only=True):
    """How a conversation stands on one side. `weeks` are those that hold something, oldest first."""

    pair: str
    name: str = ""  # who it was with, once the two have parted
    weeks: tuple[str, ...] = ()
    latest: datetime | None = None
    latest_theirs: datetime | None = None
    theirs_last: bool = False  # the latest word is the other's
    news: bool = False  # something came that has not been on this person's screen
    begun: bool = False  # the owner of the circle has written first: before that nobody can write to them
    takes: bool = False  # the one who is written to has said yes to that
    takes_number: int = 0
    told: Read | None = None  # the latest “Läst” that was sent
    told_number: int = 0
    heard: ReadReceipt | None = None  # the latest that came
    colleague: Colleague | None = None  # whom the peer suggests, until it is answered
    colleague_number: int = 0
    passed: tuple[Passed, ...] = ()  # of an earlier conversation: what the other sent along with the question
    paused: bool = False
    stopped: str = ""  # what was stopped when the other was blocked
    host: str = ""  # the association that vouched for the other, when it began
    key: bytes = b""  # the other's, once the two have parted


@payload("message-draft", version=1)
class MessageDraft(Sealed, frozen=True, kw_only=True):
    """What stands in the field before anybody pressed Send."""

    pair: str
    text: str = ""


@payload("message-bin", version=1)
class MessageBin(Sealed, frozen=True, kw_only=True):
    """The latest message that was taken back or away, for undo; the next one takes its place."""

    pair: str = ""
    written: Written | None = None
    kept: Kept | None = None
    letter: int = 0
    week: str = ""


class Picked(Sealed, frozen=True, kw_only=True):
    """A message that somebody picked for a report. `proven`: the server found the tag of the letter it lies in."""

    mine: bool
    text: str
    at: datetime
    proven: bool = False


class Statement(Sealed, frozen=True, kw_only=True):
    """What is reported: about whom (their key, and what the reporter calls them), the messages, and own words."""

    id: str
    key: bytes
    about: str
    lines: tuple[Picked, ...]
    words: str = ""
    name: str = ""  # what the reporter may be called; empty when they would rather not say
    at: datetime


@payload("report", version=1)
class Report(Sealed, frozen=True, kw_only=True):
    """The letter to the safeguarding contact: an encoded Statement, and the server's word for its proofs."""

    statement: bytes
    testimony: bytes


@payload("reported", version=1)
class Reported(Sealed, frozen=True, kw_only=True):
    """The reporter's own note: to whom it went, and what burns it."""

    id: str
    pair: str
    to: str
    at: datetime
    lines: int
    letter: int
    burn: str
