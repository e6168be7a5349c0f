"""What contacts have said to me, and what I have said as somebody's contact: out, and in as history."""

from msgspec.structs import replace

from server.circle.copies import Heard, Inbox, Said
from server.circle.post import HEARD as HEARD_SHELF
from server.circle.post import INBOX
from server.mine import given_text
from server.mine.entries import check_id
from server.mine.here import Here
from server.mine.history import check_pair, id_beside, kept
from server.mine.kind import Kind, Reading


def _(msgid: str) -> str:
    return msgid


def check_heard(heard: Heard, reading: Reading) -> Heard:
    """A question or suggestion with the owner's answer. Raises CannotRead's kinds."""
    check_pair(heard.pair, reading)
    check_id(heard.said.id, reading)
    return kept(heard, reading)


def check_inbox(inbox: Inbox, reading: Reading) -> Inbox:
    """Only what was said: what lay there is somebody else's."""
    check_pair(inbox.pair, reading)
    for said in inbox.said:
        check_id(said.id, reading)
    return kept(Inbox(pair=inbox.pair, said=inbox.said), reading)


def lay_heard(here: Here, new: Heard) -> None:
    """An answer fills in where there is none. Two answers, or two texts: both are kept."""
    old = here.get(Heard, _name(new))
    if old and old.said == new.said and not old.answer and new.answer:
        here.change(_name(new), new)
        here.outcome.history += 1
        return
    if old and _other(old, new):
        new = replace(new, said=replace(new.said, id=id_beside("heard", new)))
        old = here.get(Heard, _name(new))
    if old:
        here.outcome.here += 1
        return
    here.change(_name(new), new)
    here.outcome.history += 1


def lay_inbox(here: Here, new: Inbox) -> None:
    """What I said to somebody is added to what I have said to the same one; nothing else of the note is touched."""
    name = _inbox_name(new)
    old = here.get(Inbox, name) or Inbox(pair=new.pair)
    known = {one.id: one for one in old.said}
    said = tuple(_beside(one) if one.id in known and known[one.id] != one else one for one in new.said)
    added = tuple(one for one in said if one.id not in known)
    here.outcome.here += len(said) - len(added)
    if added:
        together = tuple(sorted((*old.said, *added), key=lambda one: one.at)) if old.said else added
        here.change(name, replace(old, said=together))
        here.outcome.history += len(added)


def only_said(inbox: Inbox) -> Inbox | None:
    """What others have shown is not mine to take along, nor how far the events have come; what I said is."""
    return Inbox(pair=inbox.pair, said=inbox.said) if inbox.said else None


def _other(old: Heard, new: Heard) -> bool:
    answered = (new.answer, new.own, new.reason) not in (("", "", ""), (old.answer, old.own, old.reason))
    return old.said != new.said or answered


def _beside(said: Said) -> Said:
    return replace(said, id=id_beside("said", said))


def _name(heard: Heard) -> str:
    return f"heard/{heard.pair}/{heard.said.id}"


def _inbox_name(inbox: Inbox) -> str:
    return f"inbox/{inbox.pair}"


HEARD = Kind(
    stem="sagt",
    struct=Heard,
    about=(("sagt.md", _("What your contacts have asked and suggested, and your answers.")),),
    name=_name,
    shelf=lambda _heard: HEARD_SHELF,
    files=lambda found, voice: {"sagt.md": given_text.heard(found, voice)},
    check=check_heard,
    lay=lay_heard,
)
SAID = Kind(
    stem="mina-svar",
    struct=Inbox,
    about=(("mina-svar.md", _("What you have asked and suggested to those who show you things.")),),
    name=_inbox_name,
    shelf=lambda _inbox: INBOX,
    files=lambda found, voice: {"mina-svar.md": given_text.said(found, voice)},
    check=check_inbox,
    lay=lay_inbox,
    goes=only_said,
)
