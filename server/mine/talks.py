"""What two people have written to each other: out whole, and in as a conversation that is over.

What comes in is sent to nobody. A conversation that goes on here goes on as it is; elsewhere it stands as one of two
who have parted, with the name that the other had.
"""

from datetime import timedelta
from typing import Any, TypeVar

from msgspec.structs import replace

from server.messages import drafts, talks
from server.messages.payloads import LONGEST, Kept, MessageDraft, Talk, Words, Written
from server.mine import talk_text
from server.mine.entries import check_id
from server.mine.here import Here
from server.mine.history import check_pair, id_beside, kept
from server.mine.kind import Kind, Reading
from server.mine.problems import BrokenFile, DayOutOfReach

_LONGEST_NAME = 200  # characters, as on a card
_LONGEST_DRAFT = 10 * LONGEST
_MOST_EDITIONS = 10**8
_NAMELESS = "?"  # only in a file that somebody has made by hand
W = TypeVar("W", Written, Kept)


def _(msgid: str) -> str:
    return msgid


def check_talk(talk: Talk, reading: Reading) -> Talk:
    """Whom it was with, on one line; the weeks are told by what was written. Raises CannotRead's kinds."""
    check_pair(talk.pair, reading)
    name = " ".join(talk.name.replace("\0", "").split())
    if not name or len(name) > _LONGEST_NAME:
        raise BrokenFile(file=reading.file)
    return Talk(pair=talk.pair, name=name)


def check_words(words: W, reading: Reading) -> W:
    """One message as it may be kept, without the letter that it lay in. Raises CannotRead's kinds."""
    check_pair(words.pair, reading)
    check_id(words.id, reading)
    if not (0 < len(words.text.replace("\0", "")) <= LONGEST and 1 <= words.edition < _MOST_EDITIONS):
        raise BrokenFile(file=reading.file)
    words = kept(words, reading)
    if words.at > reading.now + timedelta(days=1):
        raise DayOutOfReach(file=reading.file, day=words.at.date().isoformat())
    return only_words(words)


def check_unsent(draft: MessageDraft, reading: Reading) -> MessageDraft:
    check_pair(draft.pair, reading)
    if len(draft.text) > _LONGEST_DRAFT:
        raise BrokenFile(file=reading.file)
    return kept(draft, reading)


def only_known(talk: Talk) -> Talk:
    """Whom it was with, and when: not how it stands just now."""
    return Talk(pair=talk.pair, name=talk.name, weeks=talk.weeks)


def only_words(words: W) -> W:
    """Without the letter that it lies in, what burns that, and what it said before."""
    if isinstance(words, Written):
        return replace(words, letter=0, burn="", first="")
    return replace(words, word=b"")


def lay_talk(here: Here, new: Talk) -> None:
    """A conversation that is here stays as it is, going on or not."""
    if here.get(Talk, talks.talk_name(new.pair)) is None:
        here.change(talks.talk_name(new.pair), new)


def lay_words(here: Here, new: W) -> None:
    """What is here already stays as it is, also what lies with the other now. Other words are kept beside."""
    old = here.get(type(new), _name(new))
    if old and old.text != new.text:
        new = replace(new, id=id_beside("message", new.pair, new.id, new.text))
        old = here.get(type(new), _name(new))
    if old:
        here.outcome.here += 1
        return
    talk, week = _talk(here, new.pair), talks.week_of(new.at)
    here.change(talks.talk_name(new.pair), replace(talk, weeks=talks.with_week(talk.weeks, week)))
    here.change(_name(new), new)
    here.outcome.messages += 1


def lay_unsent(here: Here, new: MessageDraft) -> None:
    """What was begun stands in the field, after what stands there."""
    name = drafts.draft_name(new.pair)
    old = here.get(MessageDraft, name) or MessageDraft(pair=new.pair)
    if new.text in old.text:
        here.outcome.here += 1
        return
    here.change(talks.talk_name(new.pair), _talk(here, new.pair))
    here.change(name, replace(old, text=f"{old.text}\n\n{new.text}" if old.text else new.text))
    here.outcome.drafts += 1


def _talk(here: Here, pair: str) -> Talk:
    return here.get(Talk, talks.talk_name(pair)) or Talk(pair=pair, name=_NAMELESS)


def _name(words: Words) -> str:
    assert isinstance(words, Written | Kept)
    name = talks.written_name if isinstance(words, Written) else talks.kept_name
    return name(words.pair, words.id)


def _shelf(words: Any) -> str:
    return talks.shelf_of(words.pair, talks.week_of(words.at))


TALKS = Kind(
    stem="samtal",
    struct=Talk,
    about=(
        (
            "samtal.md",
            _("What you and others have written to each other under Talk, and what you have not sent."),
        ),
    ),
    name=lambda talk: talks.talk_name(talk.pair),
    shelf=lambda _talk: talks.SHELF,
    files=lambda found, voice: {"samtal.md": talk_text.conversations(found, voice)},
    check=check_talk,
    lay=lay_talk,
    goes=only_known,
    told_with=(Written, Kept, MessageDraft),
)
WRITTEN = Kind(
    stem="samtal-mina-ord",
    struct=Written,
    about=(),
    name=_name,
    shelf=_shelf,
    files=lambda _found, _voice: {},
    check=check_words,
    lay=lay_words,
    goes=only_words,
)
THEIR_WORDS = Kind(
    stem="samtal-andras-ord",
    struct=Kept,
    about=(),
    name=_name,
    shelf=_shelf,
    files=lambda _found, _voice: {},
    check=check_words,
    lay=lay_words,
)
UNSENT = Kind(
    stem="samtal-utkast",
    struct=MessageDraft,
    about=(),
    name=lambda draft: drafts.draft_name(draft.pair),
    shelf=lambda _draft: drafts.SHELF,
    files=lambda _found, _voice: {},
    check=check_unsent,
    lay=lay_unsent,
)
