"""“Vem har bollen”: who holds a matter, since when, and the way it has gone. Nothing here knows a page.

Waiting is the actor's turn: days are counted for whoever was asked, never for the owner (row A23).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from msgspec.structs import replace

from server.circle.payloads import ME, NOBODY, Affair, Card, Happening, Matter, Move
from server.circle.people import bin_of, change_bin
from server.vault.changing import NoSuchRecord, change_existing
from server.vault.drawer import Drawer
from server.vault.errors import RecordExists

OPEN, CLOSED = "matters", "matters/closed"  # two shelves, so that the room costs the same after many years
MOST, MOST_HAPPENINGS = 200, 1_000
STANDS_STILL = timedelta(days=14)


Home = Callable[[Drawer, Matter], str]
_homes: list[Home] = []


def home(finder: Home) -> Home:
    """A room above says to which page of its own a matter belongs: its address, or nothing."""
    _homes.append(finder)
    return finder


def homes_of(drawer: Drawer, matter: Matter) -> list[str]:
    return [address for finder in _homes if (address := finder(drawer, matter))]


class NoSuchMatter(Exception):
    """No matter with that id in this person's circle."""


class TooManyMatters(Exception):
    """More open matters, or more happenings in one of them, than a person can follow."""


class MatterChanged(Exception):
    """Another tab or phone saved this matter first; `theirs` is how it stands now."""

    def __init__(self, theirs: Matter) -> None:
        super().__init__("matter changed")
        self.theirs = theirs


@dataclass(frozen=True)
class Told:
    """What the owner says of a matter: only the title is needed. `by` is a day that the actor has named."""

    title: str
    since: date
    waiting_for: str = ""
    next_step: str = ""
    by: date | None = None


@dataclass(frozen=True)
class Holder:
    """Who has the ball: a card's id, ME or NOBODY, and the name as it is today."""

    id: str = NOBODY
    name: str = ""

    @classmethod
    def of(cls, card: Card) -> "Holder":
        return cls(card.id, card.name)


def matter_record(matter_id: str) -> str:
    return f"matter/{matter_id}"


def shelf_of(matter: Matter) -> str:
    return CLOSED if matter.closed else OPEN


def open_matters(drawer: Drawer) -> list[Matter]:
    """What somebody holds just now, the longest held first; what rests comes last."""
    found: list[Matter] = [record.payload for record in drawer.shelf(OPEN)]
    return sorted(found, key=lambda matter: (matter.rests, matter.since, matter.id))


def closed_matters(drawer: Drawer) -> list[Matter]:
    """What is closed, the latest first."""
    found: list[Matter] = [record.payload for record in drawer.shelf(CLOSED)]
    return sorted(found, key=lambda matter: (matter.closed or date.min, matter.id), reverse=True)


def find_matter(drawer: Drawer, matter_id: str) -> Matter:
    """The matter, open or closed. Raises NoSuchMatter."""
    found = drawer.find(matter_record(matter_id)).get(matter_record(matter_id))
    if found is None:
        raise NoSuchMatter
    matter: Matter = found.payload
    return matter


def begin(drawer: Drawer, matter_id: str, told: Told, holder: Holder) -> Matter:
    """A new matter under the id that the page made: the same id twice is one matter (hard rule 8)."""
    matters = drawer.shelf(OPEN)
    if len(matters) >= MOST and all(record.payload.id != matter_id for record in matters):
        raise TooManyMatters
    turn = Happening(
        id=matter_id,
        on=told.since,
        move=Move.TURN,
        actor=holder.id,
        name=holder.name,
        what=told.waiting_for,
    )
    with suppress(RecordExists):
        matter = Matter(id=matter_id, actor=holder.id, history=(turn,), **vars(told))
        drawer.put(OPEN, matter_record(matter_id), matter)
    return find_matter(drawer, matter_id)


def tell(drawer: Drawer, matter_id: str, told: Told, edition: int) -> Matter:
    """New words for a matter that was read at `edition`. Raises MatterChanged, with the other words, if it moved on."""

    def rewrite(old: Matter) -> Matter:
        new = replace(old.affair, **vars(told), history=_corrected(old.history, told))
        if new == old.affair:
            return old
        if old.edition != edition:
            raise MatterChanged(old)
        return old.standing(new)

    return _change(drawer, matter_id, rewrite)


def pass_on(
    drawer: Drawer, matter_id: str, event_id: str, holder: Holder, on: date, *, what: str, waiting_for: str
) -> Matter:
    """Somebody else has the ball from `on`; the trail keeps who sent it where (row D3). Twice is once."""
    turn = Happening(id=event_id, on=on, move=Move.TURN, actor=holder.id, name=holder.name, what=what)
    return _happen(
        drawer,
        matter_id,
        turn,
        lambda old: replace(
            old, actor=holder.id, since=on, waiting_for=waiting_for, by=None, rests=False, closed=None
        ),
    )


def note(drawer: Drawer, matter_id: str, event_id: str, on: date, what: str) -> Matter:
    """What was said or done; the ball stays where it is. Twice is once."""
    return _happen(drawer, matter_id, Happening(id=event_id, on=on, move=Move.NOTE, what=what))


def ask_again(drawer: Drawer, matter_id: str, event_id: str, on: date) -> Matter:
    """The owner has asked once more. The actor's days go on; the matter does not stand still. Twice is once."""
    return _happen(drawer, matter_id, Happening(id=event_id, on=on, move=Move.ASKED))


def rest(drawer: Drawer, matter_id: str, event_id: str, on: date) -> Matter:
    """Let it lie; nothing is counted while it does. What is closed rests already."""
    event = Happening(id=event_id, on=on, move=Move.REST)
    return _happen(
        drawer,
        matter_id,
        event,
        lambda old: replace(old, rests=True),
        unless=lambda old: old.rests or old.closed is not None,
    )


def wake(drawer: Drawer, matter_id: str, event_id: str, on: date) -> Matter:
    """Take up again what rests."""
    event = Happening(id=event_id, on=on, move=Move.WAKE)
    return _happen(
        drawer, matter_id, event, lambda old: replace(old, rests=False), unless=lambda old: not old.rests
    )


def close(drawer: Drawer, matter_id: str, event_id: str, on: date) -> Matter:
    """Nothing more is waited for."""
    event = Happening(id=event_id, on=on, move=Move.CLOSE)
    return _happen(
        drawer,
        matter_id,
        event,
        lambda old: replace(old, closed=on, rests=False),
        unless=lambda old: old.closed is not None,
    )


def reopen(drawer: Drawer, matter_id: str, event_id: str, on: date) -> Matter:
    """Open again what was closed."""
    event = Happening(id=event_id, on=on, move=Move.REOPEN)
    return _happen(
        drawer, matter_id, event, lambda old: replace(old, closed=None), unless=lambda old: old.closed is None
    )


def undo(drawer: Drawer, matter_id: str, change: int) -> bool:
    """Take back what was just done: the matter stands as before, and a new one goes to the bin.

    Only as long as `change` is its latest; False when it has moved on or is gone.
    """
    undone = False

    def back(old: Matter) -> Matter:
        nonlocal undone
        undone = old.changes == change
        return old.standing(old.before) if undone and old.before else old

    try:
        matter = _change(drawer, matter_id, back)
    except NoSuchMatter:
        return False
    if undone and matter.before is None:
        take_away(drawer, matter_id)
    return undone


def take_away(drawer: Drawer, matter_id: str) -> None:
    """Move a matter to the bin, whence it can come back. Twice is once."""
    record = drawer.find(matter_record(matter_id)).get(matter_record(matter_id))
    if record is None:
        return
    change_bin(drawer, lambda old: replace(old, matters=(*_others(old.matters, matter_id), record.payload)))
    drawer.remove(record)


def put_back(drawer: Drawer, matter_id: str) -> Matter:
    """Take a matter out of the bin again. Raises NoSuchMatter."""
    matter = next((one for one in bin_of(drawer).matters if one.id == matter_id), None)
    if matter is None:
        raise NoSuchMatter
    with suppress(RecordExists):
        drawer.put(shelf_of(matter), matter_record(matter_id), matter)
    destroy(drawer, matter_id)
    return matter


def destroy(drawer: Drawer, matter_id: str) -> None:
    """Gone for good from the bin. The caller truncates the log after commit."""
    change_bin(drawer, lambda old: replace(old, matters=_others(old.matters, matter_id)))


def days_waited(matter: Affair, today: date) -> int | None:
    """Days that somebody else has had the ball. None when nobody else has it, or when it rests or is closed."""
    if matter.actor in (ME, NOBODY) or matter.rests or matter.closed:
        return None
    return max((today - matter.since).days, 0)


def stands_still(matter: Affair, today: date) -> bool:
    """Somebody else has the ball, and nothing has happened for more than fourteen days (row A23).

    Not as long as a day that the actor has named is still to come.
    """
    if days_waited(matter, today) is None or (matter.by and today <= matter.by):
        return False
    latest = max((matter.since, *(one.on for one in matter.history)))
    return today - latest > STANDS_STILL


def holder_name(matter: Affair) -> str:
    """The actor's name as it was when the ball came there, for when the card is no longer in the circle."""
    return next((one.name for one in reversed(matter.history) if one.actor == matter.actor), "")


def sent_on(matter: Affair) -> list[tuple[str, str]]:
    """The referral trail in short (row D3): each time one of the others sent it on to another, by name."""
    turns = [one for one in matter.history if one.move is Move.TURN and one.actor not in (ME, NOBODY)]
    return [(one.name, after.name) for one, after in pairwise(turns) if one.actor != after.actor]


def _corrected(history: tuple[Happening, ...], told: Told) -> tuple[Happening, ...]:
    """The latest turn says the same day as the matter does, when the owner has corrected it."""
    latest = max((n for n, one in enumerate(history) if one.move is Move.TURN), default=None)
    return tuple(
        replace(one, on=told.since) if number == latest else one for number, one in enumerate(history)
    )


def _happen(
    drawer: Drawer,
    matter_id: str,
    event: Happening,
    become: Callable[[Affair], Affair] = lambda old: old,
    unless: Callable[[Affair], bool] = lambda _old: False,
) -> Matter:
    """The event is laid to the history and the matter becomes what it leads to; the same event twice is once."""

    def happened(old: Matter) -> Matter:
        if any(one.id == event.id for one in old.history) or unless(old):
            return old
        if len(old.history) >= MOST_HAPPENINGS:
            raise TooManyMatters
        return old.standing(replace(become(old.affair), history=(*old.history, event)))

    return _change(drawer, matter_id, happened)


def _change(drawer: Drawer, matter_id: str, how: Callable[[Matter], Matter]) -> Matter:
    try:
        return change_existing(drawer, matter_record(matter_id), how, shelf_of)
    except NoSuchRecord:
        raise NoSuchMatter from None


def _others(matters: tuple[Matter, ...], matter_id: str) -> tuple[Matter, ...]:
    return tuple(matter for matter in matters if matter.id != matter_id)
