"""The circle as files for people to read."""

from collections.abc import Iterable, Sequence
from datetime import date

from server.circle.payloads import ME, Card, CircleBin, DiaryNote, Hat, Matter, Move
from server.mine.kind import Voice
from server.mine.markdown import long_day, page, quoted


def _(msgid: str) -> str:
    """Marks a msgid for extraction; `voice.say` translates it."""
    return msgid


HATS = {Hat.SUPPORT: _("Support"), Hat.AUTHORITY: _("Authority"), Hat.EMPLOYER: _("Employer")}
MOVES = {
    Move.TURN: _("Got the ball"),
    Move.NOTE: _("What happened"),
    Move.ASKED: _("I asked again"),
    Move.REST: _("Rests"),
    Move.WAKE: _("Taken up again"),
    Move.CLOSE: _("Closed"),
    Move.REOPEN: _("Opened again"),
}

CIRCLE, BALL, GONE = _("The circle"), _("Who has the ball"), _("Taken away from the circle")
CONTACTS = _("Contact diary")
DECIDES, SAYS, MYSELF = _("What this person decides"), _("What this person told me"), _("Me")


def people(cards: Sequence[Card], voice: Voice) -> str:
    """A heading a person, then what the card says."""
    return page([f"# {voice.say(CIRCLE)}", *(text for card in cards for text in _card(card, voice))])


def matters(found: Sequence[Matter], voice: Voice) -> str:
    """Open matters first, each with the way it has gone."""
    in_order = sorted(found, key=lambda matter: (matter.closed or date.min, matter.since, matter.id))
    blocks = [text for matter in in_order for text in _matter(matter, voice)]
    return page([f"# {voice.say(BALL)}", *blocks])


def diary(notes: Sequence[DiaryNote], voice: Voice) -> str:
    """A heading a contact, the oldest day first: a dated account."""
    return page([f"# {voice.say(CONTACTS)}", *_notes(notes, voice)])


def removed(bins: Sequence[CircleBin], voice: Voice) -> str:
    cards = [text for bin_ in bins for card in bin_.cards for text in _card(card, voice)]
    gone = [text for bin_ in bins for matter in bin_.matters for text in _matter(matter, voice)]
    notes = [text for bin_ in bins for text in _notes(bin_.notes, voice)]
    return page([f"# {voice.say(GONE)}", *cards, *gone, *notes])


def _notes(notes: Iterable[DiaryNote], voice: Voice) -> list[str]:
    in_order = sorted(notes, key=lambda note: (note.on, note.written, note.id))
    return [
        text
        for note in in_order
        for text in (f"## {long_day(note.on, voice)}: {_line(note.name)}", quoted(note.what))
    ]


def _card(card: Card, voice: Voice) -> list[str]:
    facts = (
        (_("Role"), card.role),
        (_("Organisation"), card.organisation),
        (_("Hat"), voice.say(HATS[card.hat]) if card.hat else ""),
        (_("Phone"), card.phone),
        (_("Answers within"), card.answers_within),
        (_("Away"), card.away),
        (_("When away, ask"), " ".join(text for text in (card.backup_name, card.backup_phone) if text)),
        (_("What this person calls me"), card.called),
        (_("Main contact"), voice.say(_("Yes")) if card.main else ""),
    )
    decides = [f"{voice.say(DECIDES)}:\n\n{quoted(card.decides)}"] if card.decides else []
    says = [f"{voice.say(SAYS)}:\n\n{quoted(card.says)}"] if card.says else []
    return [f"## {_line(card.name)}", *_facts(facts, voice), *decides, *says]


def _matter(matter: Matter, voice: Voice) -> list[str]:
    facts = (
        (_("Since"), matter.since.isoformat()),
        (_("What I wait for"), matter.waiting_for),
        (_("Next step"), matter.next_step),
        (_("By"), matter.by.isoformat() if matter.by else ""),
        (_("Closed"), matter.closed.isoformat() if matter.closed else ""),
    )
    way = [
        f"### {long_day(one.on, voice)}: {voice.say(MOVES[one.move])}"
        + (f", {voice.say(MYSELF) if one.actor == ME else _line(one.name)}" if one.actor else "")
        + (f"\n\n{quoted(one.what)}" if one.what else "")
        for one in matter.history
    ]
    return [f"## {_line(matter.title)}", *_facts(facts, voice), *way]


def _facts(facts: Sequence[tuple[str, str]], voice: Voice) -> list[str]:
    return [f"{voice.say(title)}: {_line(text)}" for title, text in facts if text]


def _line(text: str) -> str:
    """On one line, whatever was pasted."""
    return " ".join(text.split())
