"""A handing over that is being prepared: four short pages, one question each. It lies sealed until it is done.

Back keeps everything, and two of them may be open at once. What is a week old is dropped with the next one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from server.circle import people, sharing
from server.circle.copies import Handed, Sealed, Shown, Terms, Way
from server.circle.kinds import NoSuchItem, Parts
from server.circle.payloads import Card, Hat
from server.circle.sharing import Piece
from server.core import clock, ids
from server.vault.changing import NoSuchRecord, change_existing
from server.vault.drawer import Drawer, Record
from server.vault.errors import RecordChanged, RecordExists
from server.vault.payloads import payload

SHELF = "handing"
PAPER = "paper"
Length = Literal["", "days", "meeting", "other"]
_KEPT = timedelta(days=7)


class NoSuchHanding(Exception):
    """Nothing is being prepared under that id: done, given up, or somebody else's."""


class NobodyChosen(Exception):
    """No person, or somebody on paper without a name or hat."""


class NoLength(Exception):
    """Neither 30 days nor a day was chosen."""


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """One thing, and which parts of it; none yet until the person has said."""

    item: str
    parts: Parts = ()


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody without a card, who is shown something or given a print."""

    name: str
    hat: Hat | None = None


@payload("handing", version=1)
class Handing(Sealed, frozen=True, kw_only=True):
    """What has been said so far."""

    id: str
    touched: date
    chosen: tuple[Chosen, ...] = ()
    card: str = ""  # a card's id, or PAPER
    paper: Paper | None = None
    purpose: str = ""
    frame: str = ""
    length: Length = ""
    day: date | None = None
    asks: str = ""
    asks_by: date | None = None
    instead_of: str = ""


@payload("last-handing", version=1)
class LastHanding(Sealed, frozen=True, kw_only=True):
    """What “Som sist” fills in: person, purpose and length. Never which things, and never the frame."""

    card: str
    purpose: str
    length: Length
    day: date | None = None


@payload("frames", version=1)
class Frames(Sealed, frozen=True, kw_only=True):
    """The person's own sentences, newest first, to take again."""

    own: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True)
class Reader:
    """Whom it is for. `pair` is None for somebody on paper, who can be shown things but not handed them."""

    name: str
    hat: str
    pair: bytes | None
    card: Card | None

    @property
    def is_office(self) -> bool:
        return self.hat in (Hat.AUTHORITY, Hat.EMPLOYER)


def start(drawer: Drawer, items: tuple[Chosen, ...], today: date, **known: object) -> Handing:
    """Begin with these things. Raises NoSuchItem when one of them is not there."""
    for chosen in items:
        Piece.of(drawer, chosen.item, ())
    for record in drawer.shelf(SHELF):
        if record.payload.touched + _KEPT < today:
            drawer.remove(record)
    handing = Handing(id=ids.token(), touched=today, chosen=items, **known)  # type: ignore[arg-type]
    drawer.put(SHELF, _name(handing.id), handing)
    return handing


def anew(drawer: Drawer, earlier: Handed, card_id: str, today: date) -> Handing:
    """Begin with what was handed over before: the same thing as it is now, with all else as it was.

    To the same person it takes the place of the earlier copy. Raises NoSuchItem, people.NoSuchCard.
    """
    cards = people.everyone(drawer)
    to = next(
        (one for one in cards if one.id == card_id or (not card_id and one.relation == earlier.pair)), None
    )
    if to is None:
        raise people.NoSuchCard
    known = earlier.share.terms
    return start(
        drawer,
        (Chosen(item=earlier.item, parts=earlier.parts),),
        today,
        card=to.id,
        purpose=known.purpose,
        frame=known.frame,
        length="other",
        day=(clock.here(known.until) - timedelta(seconds=1)).date(),
        asks=known.asks,
        asks_by=known.asks_by,
        instead_of=earlier.id if to.relation == earlier.pair and not earlier.stopped else "",
    )


def read(drawer: Drawer, handing_id: str) -> Handing:
    """Raises NoSuchHanding."""
    record = _record(drawer, handing_id)
    if record is None:
        raise NoSuchHanding
    handing: Handing = record.payload
    return handing


def save(drawer: Drawer, handing_id: str, **said: object) -> Handing:
    """Keep what one of the pages said. Raises NoSuchHanding."""
    return alter(drawer, handing_id, lambda old: replace(old, **said))


def alter(drawer: Drawer, handing_id: str, change: Callable[[Handing], Handing]) -> Handing:
    try:
        return change_existing(drawer, _name(handing_id), change)
    except NoSuchRecord:
        raise NoSuchHanding from None


def to_somebody(old: Handing, *, card: str, **said: object) -> Handing:
    """Whoever is chosen now; for another person it takes no earlier copy's place."""
    return replace(old, card=card, **said, instead_of=old.instead_of if card == old.card else "")


def leave_out(drawer: Drawer, handing_id: str, item: str) -> Handing:
    """One of the things stays at home after all."""
    return alter(
        drawer,
        handing_id,
        lambda old: replace(old, chosen=tuple(one for one in old.chosen if one.item != item)),
    )


def give_up(drawer: Drawer, handing_id: str) -> None:
    """“Bara jag”: nothing of it is kept. Twice is once."""
    record = _record(drawer, handing_id)
    if record:
        drawer.remove(record)


def take(drawer: Drawer, handing_id: str) -> None:
    """Take it away to be done, once: whoever comes second meets RecordChanged."""
    record = _record(drawer, handing_id)
    if record is None:
        raise RecordChanged
    drawer.remove(record)


def pieces(drawer: Drawer, handing: Handing) -> list[Piece]:
    """The chosen things as they are now; one that has been taken away since is left out.

    Raises sharing.NothingChosen when nothing is left, or a thing has no parts yet.
    """
    found = []
    for chosen in handing.chosen:
        try:
            found.append(Piece.of(drawer, chosen.item, chosen.parts))
        except NoSuchItem:
            continue
    if not found or not all(piece.parts for piece in found):
        raise sharing.NothingChosen
    return found


def reader(drawer: Drawer, handing: Handing) -> Reader:
    """Raises NobodyChosen. Without a hat the strictest rule holds: as to an authority."""
    if handing.card == PAPER and handing.paper and handing.paper.name:
        return Reader(handing.paper.name, handing.paper.hat or Hat.AUTHORITY, None, None)
    try:
        card = people.find_card(drawer, handing.card)
    except people.NoSuchCard:
        raise NobodyChosen from None
    pair = bytes.fromhex(card.relation)
    contact = drawer.keyring.contacts.get(pair)
    if contact is None or contact.side != "mine":
        return Reader(card.name, card.hat or Hat.AUTHORITY, None, card)
    if contact.state != "active":  # somebody who was asked, and has not said yes
        raise NobodyChosen
    return Reader(card.name, contact.hat, pair, card)


def terms(handing: Handing, to: Reader, now: datetime) -> Terms:
    """For what and until when. Raises NoLength; the rest is checked by `sharing.compose`.

    What is only shown or printed has no end: nobody asks for one.
    """
    return Terms(
        purpose=handing.purpose,
        until=_end(handing if to.pair else replace(handing, length="days"), now),
        frame=handing.frame,
        asks=handing.asks,
        asks_by=handing.asks_by,
    )


def remember(drawer: Drawer, handing: Handing, today: date) -> None:
    """What the next one may take again: person, purpose and length; and the own frame."""
    last = LastHanding(card=handing.card, purpose=handing.purpose, length=handing.length, day=handing.day)
    _put_over(drawer, "last-handing", last)
    if handing.frame:
        earlier = tuple(one for one in own_frames(drawer) if one[1] != handing.frame)
        _put_over(drawer, "frames", Frames(own=((today, handing.frame), *earlier)[:20]))


def last(drawer: Drawer) -> LastHanding | None:
    found = drawer.find("last-handing").get("last-handing")
    return found.payload if found else None


def own_frames(drawer: Drawer) -> tuple[tuple[date, str], ...]:
    """Own earlier sentences with the day they were last used, newest first."""
    found = drawer.find("frames").get("frames")
    return found.payload.own if found else ()


def note_shown(drawer: Drawer, handing: Handing, to: Reader, way: Way, now: datetime) -> None:
    """Write down that it was shown or printed, with date and person. The same one twice is once."""
    shown = Shown(
        id=handing.id,
        at=now,
        name=to.name,
        purpose=handing.purpose,
        items=tuple(chosen.item for chosen in handing.chosen),
        way=way,
    )
    try:
        drawer.put("shown", f"shown/{handing.id}/{way}", shown)
    except RecordExists:
        return


def all_shown(drawer: Drawer) -> list[Shown]:
    """What was shown or printed, latest first: one statement."""
    return sorted((record.payload for record in drawer.shelf("shown")), key=lambda one: one.at, reverse=True)


def _end(handing: Handing, now: datetime) -> datetime:
    """The end of the last day: midnight on the town's clock."""
    if handing.length == "days":
        last_day = clock.here(now).date() + sharing.USUAL
    elif handing.length and handing.day:
        last_day = handing.day
    else:
        raise NoLength
    return datetime.combine(last_day + timedelta(days=1), time(), clock.STOCKHOLM).astimezone(now.tzinfo)


def _put_over(drawer: Drawer, name: str, struct: msgspec.Struct) -> None:
    record = drawer.find(name).get(name)
    if record is None:
        drawer.put(SHELF + "-known", name, struct)
    else:
        drawer.replace(record, struct)


def _record(drawer: Drawer, handing_id: str) -> Record | None:
    name = _name(handing_id)
    return drawer.find(name).get(name)


def _name(handing_id: str) -> str:
    return f"handing/{handing_id}"
