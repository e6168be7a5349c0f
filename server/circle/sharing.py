"""Handing over, stopping, handing over anew. A frame is enforced here, for every kind of thing (row B20).

The caller's transaction holds all of it: nothing is half handed over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from server.circle.copies import Audience, Handed, Held, Share, Terms
from server.circle.kinds import Kind, Parts, of_item
from server.core import clock, ids
from server.vault.changing import change_record
from server.vault.drawer import Drawer, Record
from server.vault.errors import NoSuchContact
from server.vault.keyring import Contact, Keyring
from server.vault.leaving import before_leaving
from server.vault.letters import Letters, Sent
from server.vault.mailbox import take_turns
from server.vault.payloads import decode, encode
from server.vault.sealing import Secret

SHELF, OVER, BEFORE = "sent", "was-sent", "sent-before"
LONGEST_PURPOSE, LONGEST_FRAME, LONGEST_ASK = 300, 2_000, 1_000
USUAL = timedelta(days=30)
LONGEST = {"support": timedelta(days=366), "authority": timedelta(days=90), "employer": timedelta(days=90)}
MOST_AT_ONCE = 31
MOST_WITH_ONE = 200  # copies that one person may read at the same time


class FrameRequired(Exception):
    """A better day to an authority or employer goes only with a sentence on how it hangs together."""


class PurposeRequired(Exception):
    """Every copy says what it is for."""


class TooLong(Exception):
    """A purpose, frame or request longer than fits. `field` names which."""

    def __init__(self, field: str) -> None:
        super().__init__("too long")
        self.field = field


class EndPassed(Exception):
    """The end is now or earlier: nothing would be handed over."""


class EndTooFar(Exception):
    """Later than `longest` from now, which is the most for this hat."""

    def __init__(self, longest: timedelta) -> None:
        super().__init__("end too far")
        self.longest = longest


class TooManyCopies(Exception):
    """One person would have more copies at the same time than anybody reads."""


class NothingChosen(Exception):
    """No item, or more than go at once."""


@dataclass(frozen=True)
class Piece:
    """One chosen item: its kind, the thing itself as it is now, and which parts of it."""

    item: str
    kind: Kind
    source: Any
    parts: Parts

    @classmethod
    def of(cls, drawer: Drawer, item: str, parts: Parts) -> "Piece":
        """Raises NoSuchItem when it is not there any more."""
        kind, name = of_item(item)
        return cls(item, kind, kind.find(drawer, name), parts)


def needs_frame(pieces: Iterable[Piece], hat: str) -> bool:
    return any(piece.kind.needs_frame(piece.source, piece.parts, hat) for piece in pieces)


def frame_whys(pieces: Iterable[Piece], hat: str) -> list[str]:
    """What in these pieces asks for a frame, each reason once; none when they need none."""
    needing = (piece for piece in pieces if piece.kind.needs_frame(piece.source, piece.parts, hat))
    return list(dict.fromkeys(str(piece.kind.frame_why) for piece in needing))


def compose(pieces: Sequence[Piece], terms: Terms, hat: str, set_id: str, now: datetime) -> list[Share]:
    """The copies as their reader gets them, for the preview and for handing over alike.

    Raises NothingChosen, PurposeRequired, TooLong, EndPassed, EndTooFar, FrameRequired.
    """
    if not 0 < len(pieces) <= MOST_AT_ONCE:
        raise NothingChosen
    _check(terms, hat, now)
    if needs_frame(pieces, hat) and not terms.frame:
        raise FrameRequired
    return [
        Share(
            set=set_id,
            kind=piece.kind.name,
            terms=terms,
            body=encode(piece.kind.copy(piece.source, piece.parts)).decode(),
            given=clock.here(now).date(),
        )
        for piece in pieces
    ]


def hand_over(
    db: Any, keyring: Keyring, frank: Secret, now: datetime, *, to: bytes, pieces: Sequence[Piece],
    terms: Terms, set_id: str, instead_of: str = "",
) -> list[Handed]:  # fmt: skip
    """Seal each piece to one contact and keep an own copy of it. The same `set_id` twice is once.

    `instead_of` is an earlier copy that this one replaces: that one is burnt in the same transaction. Raises what
    `compose` raises, TooManyCopies, NoSuchContact and ContactKeyChanged; then nothing is written.
    """
    contact = recipient(keyring, to)
    drawer = Drawer(db, keyring)
    take_turns(db, keyring.account)
    lying = tidy(drawer, now)
    already = [handed for handed in lying if handed.share.set == set_id]
    if already:
        return already
    has = sum(one.pair == to.hex() and one.id != instead_of for one in lying)
    if has + len(pieces) > MOST_WITH_ONE:
        raise TooManyCopies
    shares = compose(pieces, terms, contact.hat, set_id, now)
    letters = Letters(db, keyring, now, frank)
    earlier = find_handed(drawer, instead_of) if instead_of else None
    if earlier and earlier.payload.pair == to.hex():
        stop(db, keyring, now, [instead_of])
    return [
        _give(drawer, letters, to, contact, piece.item, piece.parts, share)
        for piece, share in zip(pieces, shares, strict=True)
    ]


def recipient(keyring: Keyring, pair: bytes) -> Contact:
    """Somebody in one's own circle whom things can be handed. Raises NoSuchContact."""
    contact = keyring.contacts.get(pair)
    if contact is None or contact.side != "mine" or contact.state != "active":
        raise NoSuchContact
    return contact


def live(drawer: Drawer, now: datetime) -> list[Handed]:
    """Every copy that somebody may read now, latest end first, then the latest day: one statement."""
    found = [record.payload for record in drawer.shelf(SHELF)]
    return sorted(
        (one for one in found if one.until > now), key=lambda one: (one.until, one.item), reverse=True
    )


def over(drawer: Drawer, pair: bytes) -> list[Handed]:
    """Copies for one contact that were stopped or have ended, latest first."""
    found = [record.payload for record in drawer.shelf(over_shelf(pair.hex()))]
    return sorted(found, key=lambda one: (one.share.given, one.id), reverse=True)


def stop(db: Any, keyring: Keyring, now: datetime, ids_: Iterable[str]) -> str:
    """Burn these copies. They are named together by what is given back, for `give_again`. Twice is once.

    The caller truncates the log after the commit, so that the bytes leave the files.
    """
    drawer, batch = Drawer(db, keyring), ids.token()
    records = list(drawer.find(*(_name(id_) for id_ in ids_)).values())
    going = [record for record in records if not (record.payload.stopped or record.payload.is_history)]
    Letters(db, keyring, now).burn(Sent(r.payload.letter, Secret.from_text(r.payload.burn)) for r in going)
    for record in going:
        handed: Handed = record.payload
        drawer.replace(record, replace(handed, stopped=batch), shelf=over_shelf(handed.pair))
        _tell_audience(drawer, handed.item, without=handed.id)
    return batch


def history(drawer: Drawer) -> list[Handed]:
    """What a file told of an earlier account: nobody here has it, or can get it back. Latest first."""
    found: list[Handed] = [record.payload for record in drawer.shelf(BEFORE)]
    return sorted(found, key=lambda one: (one.share.given, one.id), reverse=True)


@before_leaving
def burn_everything(db: Any, keyring: Keyring) -> None:
    """An account goes, and every copy with it, also what has ended and is not swept yet. It looks like stopping."""
    drawer = Drawer(db, keyring)
    shelves = [SHELF, *(over_shelf(pair.hex()) for pair in keyring.contacts)]
    handed = [record.payload for shelf in shelves for record in drawer.intact(shelf)]
    Letters(db, keyring, clock.now()).burn(Sent(one.letter, Secret.from_text(one.burn)) for one in handed)


def give_again(db: Any, keyring: Keyring, frank: Secret, now: datetime, pair: bytes, batch: str) -> int:
    """Undo a stop: hand the very same versions over anew, with the same end. How many; what has ended stays.

    Raises NoSuchContact, ContactKeyChanged.
    """
    contact, drawer = recipient(keyring, pair), Drawer(db, keyring)
    take_turns(db, keyring.account)
    letters, again = Letters(db, keyring, now, frank), 0
    for record in drawer.shelf(over_shelf(pair.hex())):
        handed: Handed = record.payload
        if handed.stopped == batch and handed.until > now:
            sent = letters.send(pair, handed.share, until=handed.until)
            back = replace(handed, letter=sent.letter, burn=sent.burn.as_text(), stopped="")
            drawer.replace(record, back, shelf=SHELF)
            _tell_audience(drawer, handed.item, add=_held(back, contact))
            again += 1
    return again


def tidy(drawer: Drawer, now: datetime) -> list[Handed]:
    """Lay what has ended on the shelf of what was, so that the pages of what is stay as quick as ever.

    What is left, in no meaningful order: what somebody may read now.
    """
    left = []
    for record in drawer.shelf(SHELF):
        if record.payload.until <= now:
            drawer.replace(record, record.payload, shelf=over_shelf(record.payload.pair))
        else:
            left.append(record.payload)
    return left


def over_shelf(pair: str) -> str:
    """Where the copies for one contact (hex) lie that were stopped or have ended."""
    return f"{OVER}/{pair}"


def find_handed(drawer: Drawer, handed_id: str) -> Record | None:
    return drawer.find(_name(handed_id)).get(_name(handed_id))


def audience(drawer: Drawer, item: str, now: datetime) -> list[Handed]:
    """Who may read this item now, with all that is known of it: two statements at most."""
    name = _audience_name(item)
    found = drawer.find(name).get(name)
    held = [one for one in found.payload.held if one.until > now] if found else []
    if not held:
        return []
    records = drawer.find(*(_name(one.id) for one in held))
    return [record.payload for record in records.values() if not record.payload.stopped]


def is_changed(handed: Handed, source: Any) -> bool:
    """Whether the thing has been changed since: the same parts would make another copy now."""
    kind, _name = of_item(handed.item)
    return encode(kind.copy(source, handed.parts)).decode() != handed.share.body


def seen(drawer: Drawer, kind: Kind, shelf: str, now: datetime) -> dict[str, list[str]]:
    """For a page of many items: the names of those who may read each, by item; one statement."""
    return {
        item: who for item, who in seen_on(drawer, shelf, now).items() if item.startswith(f"{kind.name}/")
    }


def seen_on(drawer: Drawer, shelf: str, now: datetime) -> dict[str, list[str]]:
    """The same for a page of several kinds."""
    found = [record.payload for record in drawer.shelf(f"audience/{shelf}")]
    names = {one.item: sorted({held.name for held in one.held if held.until > now}) for one in found}
    return {item: who for item, who in names.items() if who}


def body_of(share: Share) -> msgspec.Struct:
    """What the copy says, opened to its own kind. Raises CannotOpen's kinds."""
    found: msgspec.Struct = decode(share.body.encode())
    return found


def _give(
    drawer: Drawer, letters: Letters, to: bytes, contact: Contact, item: str, parts: Parts, share: Share
) -> Handed:
    sent = letters.send(to, share, until=share.terms.until)
    handed = Handed(
        id=ids.token(),
        pair=to.hex(),
        name=contact.name,
        item=item,
        parts=parts,
        share=share,
        letter=sent.letter,
        burn=sent.burn.as_text(),
    )
    drawer.put(SHELF, _name(handed.id), handed)
    _tell_audience(drawer, item, add=_held(handed, contact))
    return handed


def _check(terms: Terms, hat: str, now: datetime) -> None:
    if not terms.purpose:
        raise PurposeRequired
    for field, longest in (("purpose", LONGEST_PURPOSE), ("frame", LONGEST_FRAME), ("asks", LONGEST_ASK)):
        if len(getattr(terms, field)) > longest:
            raise TooLong(field)
    if terms.until <= now:
        raise EndPassed
    longest_end = LONGEST.get(hat, LONGEST["authority"])
    last_day = clock.here(terms.until - timedelta(seconds=1)).date()
    if last_day > clock.here(now).date() + longest_end:
        raise EndTooFar(longest_end)


def _held(handed: Handed, contact: Contact) -> Held:
    return Held(id=handed.id, name=contact.name, until=handed.until)


def _tell_audience(drawer: Drawer, item: str, *, add: Held | None = None, without: str = "") -> None:
    kind, name = of_item(item)

    def change(old: Audience) -> Audience:
        kept = tuple(one for one in old.held if one.id not in (without, add.id if add else ""))
        return replace(old, held=(*kept, add) if add else kept)

    change_record(drawer, f"audience/{kind.shelf(name)}", _audience_name(item), Audience(item=item), change)


def _name(handed_id: str) -> str:
    return f"handed/{handed_id}"


def _audience_name(item: str) -> str:
    return f"audience/{item}"
