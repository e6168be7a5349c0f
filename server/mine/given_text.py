"""What was handed over, shown, opened and said, as files for people to read."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import chain

from server.circle.copies import Handed, Heard, Inbox, Openings, Said, Shown
from server.core.clock import here
from server.days.copies import DayCopy
from server.items.payloads import ItemCopy
from server.mine import items_text
from server.mine.kind import Voice
from server.mine.markdown import form_word, long_day, page, quoted
from server.vault.errors import VaultError
from server.vault.payloads import decode


def _(msgid: str) -> str:
    """Marks a msgid for extraction; `voice.say` translates it."""
    return msgid


ANSWERS = {"yes": _("Yes"), "not_now": _("Not now"), "no": _("No"), "read": _("Read")}
WAYS = {"screen": _("On my screen"), "print": _("Printed")}
SAYS = {"question": _("Question"), "suggestion": _("Suggestion")}
GIVEN, SHOWED, OPENED = _("What I have handed over"), _("Shown and printed"), _("Who has opened what")
HEARD, MY_WORDS, FRAMED = _("What my contacts have said"), _("What I have said to others"), _("My own frames")


def handed(found: Sequence[Handed], voice: Voice) -> str:
    """A heading a copy, oldest first: what, to whom, on which terms, what it said, and what came of it."""
    in_order = sorted(found, key=lambda one: (one.share.given, one.item, one.id))
    return page([f"# {voice.say(GIVEN)}", *chain.from_iterable(_handed(one, voice) for one in in_order)])


def shown(found: Sequence[Shown], voice: Voice) -> str:
    blocks = [f"# {voice.say(SHOWED)}"]
    for one in sorted(found, key=lambda one: (one.at, one.id, one.way)):
        blocks += [
            f"## {moment(one.at)}: {line(one.name)}",
            f"{voice.say(WAYS[one.way])}: {', '.join(title(item, voice) for item in one.items)}",
            f"{voice.say(_('What for'))}: {line(one.purpose)}",
        ]
    return page(blocks)


def openings(found: Sequence[Openings], voice: Voice) -> str:
    lines = sorted(chain.from_iterable(one.lines for one in found), key=lambda line: line.at)
    told = [f"- {moment(one.at)}: {line(one.name)}, {title(one.item, voice)}" for one in lines]
    return page([f"# {voice.say(OPENED)}", "\n".join(told)])


def heard(found: Sequence[Heard], voice: Voice) -> str:
    blocks = [f"# {voice.say(HEARD)}"]
    for one in sorted(found, key=lambda one: (one.said.at, one.said.id)):
        blocks += _said(one.said, one.name, voice)
        blocks += [f"{voice.say(_('My answer'))}: {voice.say(ANSWERS[one.answer])}"] if one.answer else []
        blocks += _own(((_("In my own words"), one.own), (_("Why. Only I see it"), one.reason)), voice)
    return page(blocks)


def said(found: Sequence[Inbox], voice: Voice) -> str:
    blocks = [f"# {voice.say(MY_WORDS)}"]
    for inbox in sorted(found, key=lambda one: one.pair):
        for one in inbox.said:
            blocks += _said(one, voice.names.get(inbox.pair, ""), voice)
    return page(blocks)


def frames(found: Sequence[tuple[date, str]], voice: Voice) -> str:
    return page([f"# {voice.say(FRAMED)}", *(quoted(text) for _day, text in found)])


def title(item: str, voice: Voice) -> str:
    """“Tisdag 17 november 2026” for “day/2026-11-17”; what is of another kind is named as it stands."""
    kind, _slash, name = item.partition("/")
    try:
        return long_day(date.fromisoformat(name), voice) if kind == "day" else line(item)
    except ValueError:
        return line(item)


def _handed(one: Handed, voice: Voice) -> list[str]:
    terms, receipt = one.share.terms, one.receipt
    read = voice.say(_("Read")) if receipt else ""
    if receipt and receipt.by:
        read = voice.say(_("Read, answers by %(day)s"), day=receipt.by.isoformat())
    last = (here(terms.until) - timedelta(seconds=1)).date()
    facts = (
        (_("What for"), terms.purpose),
        (_("Handed over"), one.share.given.isoformat()),
        (_("Until"), last.isoformat()),
        (_("Opened"), ", ".join(moment(at) for at in one.opened) or voice.say(_("Never"))),
        (_("What came back"), read),
        (_("Stopped by me"), voice.say(_("Yes")) if one.stopped else ""),
        (_("What I asked, by"), terms.asks_by.isoformat() if terms.asks_by else ""),
    )
    return [
        f"## {title(one.item, voice)}, {line(one.name)}",
        *(f"{voice.say(name)}: {line(text)}" for name, text in facts if text),
        *_own(((_("What I asked"), terms.asks), (_("How it hangs together"), terms.frame)), voice),
        *_body(one.share.body, voice),
    ]


def _body(body: str, voice: Voice) -> list[str]:
    """What the copy said. One that this program does not know stands in the JSON."""
    try:
        copy = decode(body.encode())
    except VaultError:
        return []
    if isinstance(copy, ItemCopy):
        return items_text.copied(copy, voice)
    if not isinstance(copy, DayCopy):
        return []
    texts = [text for note in copy.notes for text in (note.words, note.done, note.helped) if text]
    return [f"{voice.say(_('The form'))}: {form_word(copy.form, voice)}", *(quoted(text) for text in texts)]


def _said(said: Said, name: str, voice: Voice) -> list[str]:
    who = f", {line(name)}" if name else ""
    why = [f"{voice.say(_('Why'))}:\n\n{quoted(said.why)}"] if said.why else []
    return [f"## {moment(said.at)}: {voice.say(SAYS[said.what])}{who}", quoted(said.text), *why]


def _own(texts: Sequence[tuple[str, str]], voice: Voice) -> list[str]:
    return [f"{voice.say(name)}:\n\n{quoted(text)}" for name, text in texts if text]


def moment(at: datetime) -> str:
    """“2026-11-19 09.30”, on the wall clock here."""
    return f"{here(at):%Y-%m-%d %H.%M}"


def line(text: str) -> str:
    """On one line, whatever was pasted."""
    return " ".join(text.split())
