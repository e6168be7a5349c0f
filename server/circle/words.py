"""What the circle says: hats, the roles that people have, whose turn it is, and the number to tap."""

import re
from datetime import date

from server.circle.matters import days_waited, holder_name, sent_on
from server.circle.payloads import ME, NOBODY, Affair, Card, Hat, Matter, Move
from server.web.language import gettext, in_page, long_date, lower_first
from server.web.language import lazy_gettext as _

# How somebody's key was pinned, as it stands beside the name.
VERIFIED = {
    "room": _("met in the room"),
    "code": _("not confirmed"),
    "words": _("confirmed with three words"),
    "vouched": _("vouched for by an association"),
}
# What a contact tells of themselves, in their own voice (presenting.TEXTS).
PRESENTED = {
    "who": _("Who I am"),
    "may": _("What I may decide"),
    "answers": _("How fast I answer"),
    "keeps": _("What I must write down in my own system"),
}
HATS = {Hat.SUPPORT: _("Support"), Hat.AUTHORITY: _("Authority"), Hat.EMPLOYER: _("Employer")}
# As they are called today (context-sweden.md 1, row D20). Only suggestions: any other word can be written.
ROLES = (
    _("Case officer"), _("Employment officer"), _("SIUS consultant"), _("Work psychologist"),
    _("Occupational therapist"), _("Permanent care contact"), _("Rehab coordinator"), _("Doctor"), _("Counsellor"),
    _("Social worker"), _("Needs assessor"), _("Housing support worker"), _("Case manager"), _("Guide"), _("Job coach"),
    _("Employment specialist"), _("Study coach"), _("Peer supporter"), _("User-coach"), _("Personal ombudsman"),
    _("Limited guardian"), _("Contact person"), _("Supervisor"), _("Manager"), _("Friend"), _("Relative"),
)  # fmt: skip
ORGANISATIONS = (
    _("The Social Insurance Agency"), _("The Employment Service"), _("The municipality"), _("The social services"),
    _("The region"), _("The health centre"), _("The psychiatric clinic"), _("The Clubhouse"), _("RSMH"),
    _("The folk high school"),
)  # fmt: skip
_NUMBER = re.compile(r"[+(]?\d[\d ()\u00a0.\u2010-\u2015-]*")


def dial(phone: str) -> str:
    """“0771-524 524” as “0771524524”: the first number in the text, or “” when there is none to call."""
    found = _NUMBER.search(phone.replace("(0)", ""))
    number = re.sub(r"[^\d+]", "", found[0]) if found else ""
    return number if len(number) >= 3 else ""


def initial(name: str) -> str:
    """The letter on a face."""
    return next((sign.upper() for sign in name if sign.isalnum()), "·")


def beside(card: Card) -> str:
    """What stands after the name in a line: the role, else where somebody works."""
    said = card.role or card.organisation
    return lower_first(said) if card.role and said[1:2].islower() else said  # “SIUS-konsulent” stays so


def whose(matter: Matter, cards: dict[str, Card], today: date) -> str:
    """“Fia har bollen. Sedan tisdag 3 november, 16 dagar.” The days are the actor's, never the owner's (row A23)."""
    if matter.closed:
        return gettext("Closed %(day)s.", day=_day(matter.closed))
    if matter.rests:
        return gettext("Rests. No date.")
    if matter.actor == ME:
        return gettext("You have the ball.")
    if matter.actor == NOBODY:
        return gettext("Nobody has the ball.")
    name, waited = name_of(matter, cards), days_waited(matter, today) or 0
    if waited == 0:
        return in_page("%(name)s has the ball. Since today.", name=name)
    if waited == 1:
        return in_page("%(name)s has the ball. Since yesterday.", name=name)
    day = _day(matter.since)
    return in_page("%(name)s has the ball. Since %(day)s, %(days)s days.", name=name, day=day, days=waited)


def name_of(matter: Affair, cards: dict[str, Card]) -> str:
    """The actor's name today; as it was then, when the card has been taken away."""
    card = cards.get(matter.actor)
    return card.name if card else holder_name(matter) or gettext("Somebody")


def way(matter: Matter) -> list[tuple[date, str, str]]:
    """The way a matter has gone, oldest first: the day, what happened, and the owner's words about it (row D3)."""
    steps, before = [], ""
    for one in matter.history:
        steps.append((one.on, _step(one.move, one.actor, one.name, before), one.what))
        if one.move is Move.TURN:
            before = one.name
    return steps


def times_sent_on(matter: Matter) -> int:
    """How often one of the others has sent it on to another (row D3): a number about them, not about the owner."""
    return len(sent_on(matter))


def ask_text(matter: Matter, card: Card | None, since: date) -> str:
    """A short text to copy and send: what it is about, what is waited for, since when."""
    lines = [gettext("Hello %(name)s.", name=card.name) if card else gettext("Hello.")]
    lines.append(gettext("I wonder how it goes with this: %(matter)s.", matter=matter.title.rstrip(".")))
    if matter.waiting_for:
        lines.append(gettext("I wait for: %(what)s.", what=matter.waiting_for.rstrip(".")))
    lines.append(gettext("It has been with you since %(day)s.", day=_day(since)))
    lines.append(gettext("When can I have an answer?"))
    return "\n".join([*lines, *([card.called] if card and card.called else [])])


def help_text(matter: Matter, name: str, main: Card) -> str:
    """A short text to the main contact: where it stands, and a question for help."""
    lines = [
        gettext("Hello %(name)s.", name=main.name),
        gettext("I wait for an answer about this: %(matter)s.", matter=matter.title.rstrip(".")),
        gettext("%(name)s has had it since %(day)s.", name=name, day=_day(matter.since)),
        gettext("Can you help me find out how it goes?"),
    ]
    return "\n".join([*lines, *([main.called] if main.called else [])])


def _step(move: Move, actor: str, name: str, before: str) -> str:
    if move is not Move.TURN:
        return str(_MOVES[move])
    if actor == ME:
        return gettext("The ball came to me.")
    if actor == NOBODY:
        return gettext("Nobody has the ball.")
    if before and before != name:
        return in_page("%(before)s sent it on to %(name)s.", before=before, name=name)
    return in_page("%(name)s got the ball.", name=name)


def _day(day: date) -> str:
    return lower_first(long_date(day))


_MOVES = {
    Move.NOTE: _("What happened"),
    Move.ASKED: _("I asked again"),
    Move.REST: _("Rests"),
    Move.WAKE: _("Taken up again"),
    Move.CLOSE: _("Closed"),
    Move.REOPEN: _("Opened again"),
}
