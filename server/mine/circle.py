"""The circle, out and in: cards, matters, the diary of contacts, and what was taken away of them."""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, date, timedelta
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from server.circle import diary
from server.circle.matters import matter_record, shelf_of
from server.circle.payloads import ME, About, Affair, Card, CircleBin, DiaryNote, Matter, Noted
from server.circle.people import BIN, SHELF, alphabet, card_record
from server.mine import circle_text
from server.mine.entries import check_id
from server.mine.here import Here
from server.mine.kind import Kind, Reading
from server.mine.problems import BrokenFile, DayOutOfReach

FIRST_YEAR = 1920
_MOST_EDITIONS = 10**8
_MOST_HAPPENINGS = 5_000
_LONGEST = 200_000  # characters: as much as a locked phone may leave; the pages say so at far less
Thing = TypeVar("Thing", Card, Matter, DiaryNote)
S = TypeVar("S", bound=msgspec.Struct)


def _(msgid: str) -> str:
    return msgid


def check_card(card: Card, reading: Reading) -> Card:
    """The card as it may be kept. Raises CannotRead's kinds."""
    check_id(card.id, reading)
    _check_edition(card.edition, reading)
    card = _check_about(card, reading)
    return replace(card, before=_check_about(card.before, reading) if card.before else None)


def check_matter(matter: Matter, reading: Reading) -> Matter:
    """The matter as it may be kept. Raises CannotRead's kinds."""
    check_id(matter.id, reading)
    _check_edition(matter.edition, reading)
    _check_edition(matter.changes, reading)
    matter = _check_affair(matter, reading)
    return replace(matter, before=_check_affair(matter.before, reading) if matter.before else None)


def check_note(note: DiaryNote, reading: Reading) -> DiaryNote:
    """The note as it may be kept, its moment in UTC. Raises CannotRead's kinds."""
    check_id(note.id, reading)
    check_id(note.card, reading)
    _check_edition(note.edition, reading)
    if not note.name.strip() or note.written.tzinfo is None or note.written.year < FIRST_YEAR:
        raise BrokenFile(file=reading.file)
    if note.written > reading.now + timedelta(days=1):
        raise DayOutOfReach(file=reading.file, day=note.written.date().isoformat())
    note = replace(_check_noted(note, reading), written=note.written.astimezone(UTC))
    return replace(note, before=_check_noted(note.before, reading) if note.before else None)


def check_bin(bin_: CircleBin, reading: Reading) -> CircleBin:
    """What was taken away, as it may be kept. Raises CannotRead's kinds."""
    return CircleBin(
        cards=tuple(check_card(card, reading) for card in bin_.cards),
        matters=tuple(check_matter(matter, reading) for matter in bin_.matters),
        notes=tuple(check_note(note, reading) for note in bin_.notes),
    )


def lay_card(here: Here, new: Card) -> None:
    """A card that is not here comes to the circle, on paper: the keys that a relation stood for do not travel."""
    card = new_here(here, new)
    if card is None:
        return
    if card.main and any(one.main for one in here.all_of(Card)):
        card = replace(card, main=False)
    here.change(card_record(card.id), card)
    here.outcome.people += 1


def lay_matter(here: Here, new: Matter) -> None:
    """A matter that is not here is added."""
    matter = new_here(here, new)
    if matter:
        here.change(matter_record(matter.id), matter)
        here.outcome.matters += 1


def lay_note(here: Here, new: DiaryNote) -> None:
    """A note that is not here is added; without its card it gets one with the name it was written about."""
    note = new_here(here, new)
    if note is None:
        return
    bin_ = here.get(CircleBin, BIN) or CircleBin()
    if here.get(Card, card_record(note.card)) is None and _with_id(bin_.cards, note.card) is None:
        here.change(card_record(note.card), Card(id=note.card, name=note.name))
        here.outcome.people += 1
    here.change(diary.note_record(note.id), note)
    here.outcome.notes += 1


def lay_bin(here: Here, new: CircleBin) -> None:
    """What lies in the file's bin comes to the bin here, unless it is here already, in the circle or in the bin."""
    for card in new.cards:
        if found := new_here(here, card):
            old = here.get(CircleBin, BIN) or CircleBin()
            here.change(BIN, replace(old, cards=(*old.cards, found)))
            here.outcome.removed += 1
    for matter in new.matters:
        if kept := new_here(here, matter):
            old = here.get(CircleBin, BIN) or CircleBin()
            here.change(BIN, replace(old, matters=(*old.matters, kept)))
            here.outcome.removed += 1
    for note in new.notes:
        if noted := new_here(here, note):
            old = here.get(CircleBin, BIN) or CircleBin()
            here.change(BIN, replace(old, notes=(*old.notes, noted)))
            here.outcome.removed += 1


def new_here(here: Here, thing: Thing) -> Thing | None:
    """The thing as it is to be added, or None when it is here already: what was taken away here stays so.

    When its id is here with another text, both are kept: the one that comes in gets an id made from its content,
    so that reading in the same file again finds it.
    """
    known = _known(here, thing)
    if known and _text(known) != _text(thing):
        thing = replace(thing, id=_id_beside(thing))
        known = _known(here, thing)
    if known:
        here.outcome.here += 1
        return None
    return replace(thing, relation="", ended=False, stopped="") if isinstance(thing, Card) else thing


def _known(here: Here, thing: Thing) -> Thing | None:
    """The thing with this id, in the circle or in its bin."""
    bin_ = here.get(CircleBin, BIN) or CircleBin()
    if isinstance(thing, Card):
        return here.get(Card, card_record(thing.id)) or _with_id(bin_.cards, thing.id)
    if isinstance(thing, DiaryNote):
        return here.get(DiaryNote, diary.note_record(thing.id)) or _with_id(bin_.notes, thing.id)
    return here.get(Matter, matter_record(thing.id)) or _with_id(bin_.matters, thing.id)


def _with_id(things: Iterable[Thing], wanted: str) -> Thing | None:
    return next((one for one in things if one.id == wanted), None)


def _text(thing: Card | Matter | DiaryNote) -> About | Affair | Noted:
    if isinstance(thing, DiaryNote):
        return thing.noted
    return thing.about if isinstance(thing, Card) else thing.affair


def _id_beside(thing: Card | Matter | DiaryNote) -> str:
    content = msgspec.json.encode((thing.id, _text(thing)))
    return hashlib.sha256(b"dagsform/circle/1\n" + content).hexdigest()[:32]


def _check_edition(edition: int, reading: Reading) -> None:
    if not 1 <= edition < _MOST_EDITIONS:
        raise BrokenFile(file=reading.file)


def _check_about(about: S, reading: Reading) -> S:
    about = _check_texts(about, reading)
    if not getattr(about, "name", "").strip() or not re.fullmatch(
        r"[0-9a-f]{0,64}", getattr(about, "relation", "")
    ):
        raise BrokenFile(file=reading.file)
    return about


def _check_affair(affair: S, reading: Reading) -> S:
    affair = _check_texts(affair, reading)
    assert isinstance(affair, Affair)
    if not affair.title.strip() or len(affair.history) > _MOST_HAPPENINGS:
        raise BrokenFile(file=reading.file)
    if affair.actor not in ("", ME):
        check_id(affair.actor, reading)
    for day in (affair.since, affair.by, affair.closed, *(one.on for one in affair.history)):
        _check_date(day, reading)
    history = tuple(_check_texts(one, reading) for one in affair.history)
    for one in history:
        check_id(one.id, reading)
    return replace(affair, history=history)


def _check_noted(noted: S, reading: Reading) -> S:
    noted = _check_texts(noted, reading)
    assert isinstance(noted, Noted)
    _check_date(noted.on, reading)
    if not noted.what.strip():
        raise BrokenFile(file=reading.file)
    return noted


def _check_date(day: date | None, reading: Reading) -> None:
    if day and not FIRST_YEAR <= day.year <= reading.today.year + 20:
        raise DayOutOfReach(file=reading.file, day=day.isoformat())


def _check_texts(thing: S, reading: Reading) -> S:
    """Without NUL, and no longer than a text can have become."""
    texts = {name: getattr(thing, name) for name in thing.__struct_fields__}
    texts = {name: text.replace("\0", "") for name, text in texts.items() if type(text) is str}
    if any(len(text) > _LONGEST for text in texts.values()):
        raise BrokenFile(file=reading.file)
    return replace(thing, **texts)


CARDS = Kind(
    stem="kretsen",
    struct=Card,
    about=(("kretsen.md", _("The people in your circle, with phone numbers and what they decide.")),),
    name=lambda card: card_record(card.id),
    shelf=lambda _card: SHELF,
    files=lambda cards, voice: {
        "kretsen.md": circle_text.people(sorted(cards, key=lambda card: alphabet(card.name)), voice)
    },
    check=check_card,
    lay=lay_card,
)
MATTERS = Kind(
    stem="bollen",
    struct=Matter,
    about=(("bollen.md", _("Who has the ball: your matters and the way they have gone.")),),
    name=lambda matter: matter_record(matter.id),
    shelf=shelf_of,
    files=lambda matters, voice: {"bollen.md": circle_text.matters(matters, voice)},
    check=check_matter,
    lay=lay_matter,
)
CIRCLE_BIN = Kind(
    stem="borttaget-kretsen",
    struct=CircleBin,
    about=(("borttaget-kretsen.md", _("What you have taken away from the circle.")),),
    name=lambda _bin: BIN,
    shelf=lambda _bin: BIN,
    files=lambda bins, voice: {"borttaget-kretsen.md": circle_text.removed(bins, voice)},
    check=check_bin,
    lay=lay_bin,
)
DIARY = Kind(
    stem="kontaktdagbok",
    struct=DiaryNote,
    about=(("kontaktdagbok.md", _("What was said, decided and promised, with dates.")),),
    name=lambda note: diary.note_record(note.id),
    shelf=lambda note: diary.shelf_of(note.card),
    files=lambda notes, voice: {"kontaktdagbok.md": circle_text.diary(notes, voice)},
    check=check_note,
    lay=lay_note,
)
