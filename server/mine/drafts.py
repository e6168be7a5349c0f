"""Drafts, out and in."""

import hashlib
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from server.days import inputs
from server.days.drafts import SHELF, as_fields, record
from server.days.payloads import Draft
from server.mine import markdown
from server.mine.entries import check_date, check_id
from server.mine.here import Here
from server.mine.kind import Files, Kind, Reading, Voice
from server.mine.problems import BrokenFile, TextTooLong

_MOST = 200_000  # characters, as much as the page itself keeps


def _(msgid: str) -> str:
    return msgid


def check(draft: Draft, reading: Reading) -> Draft:
    """The draft as it may be kept: one that the page “Skriv mer” can open. Raises CannotRead's kinds."""
    check_date(draft.date, reading)
    check_id(draft.entry_id, reading)
    fields = {name: [text.replace("\0", "") for text in texts] for name, texts in draft.fields.items()}
    draft = replace(draft, fields=fields)
    if sum(len(text) for texts in fields.values() for text in texts) > _MOST:
        raise TextTooLong(file=reading.file, day=draft.date.isoformat())
    try:
        inputs.told(as_fields(draft))
    except inputs.NotOffered:
        raise BrokenFile(file=reading.file) from None
    if draft.edition < 0:
        raise BrokenFile(file=reading.file)
    return draft


def lay(here: Here, new: Draft) -> None:
    """A draft that is not here is kept; when another stands in its place, or its note is gone, it begins a new note."""
    known = here.entry(new.entry_id)
    on_its_day = known is not None and known.day == new.date and not known.in_bin
    old = here.get(Draft, record(new.entry_id))
    if old == new:
        here.outcome.here += 1
        return
    if old or (new.edition > 0 and not on_its_day) or (new.edition == 0 and known):
        new = replace(new, entry_id=_id_beside(new), edition=0)
        if here.get(Draft, record(new.entry_id)) or here.entry(new.entry_id):
            here.outcome.here += 1
            return
    here.change(record(new.entry_id), new)
    here.outcome.drafts += 1


def _id_beside(draft: Draft) -> str:
    content = msgspec.json.encode((draft.entry_id, draft.date, sorted(draft.fields.items())))
    return hashlib.sha256(b"dagsform/draft/1\n" + content).hexdigest()[:32]


def _files(found: Sequence[Draft], voice: Voice) -> Files:
    return {"utkast.md": markdown.drafts(found, voice)}


DRAFTS = Kind(
    stem="utkast",
    struct=Draft,
    about=(("utkast.md", _("What you have begun to write but not saved.")),),
    name=lambda draft: record(draft.entry_id),
    shelf=lambda _draft: SHELF,
    files=_files,
    check=check,
    lay=lay,
)
