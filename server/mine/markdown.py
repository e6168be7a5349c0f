"""Files for people to read: Markdown that is as plain to the eye as in any editor."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from babel.dates import format_date

from server.core.clock import here
from server.days.payloads import Circumstance, Day, Draft, Entry, Form, Removed
from server.mine.kind import Files, Voice


def _(msgid: str) -> str:
    """Marks a msgid for extraction; `voice.say` translates it."""
    return msgid


def months(days: Sequence[Day], voice: Voice) -> Files:
    """One file a month, “dagar/2026-11.md”, with its days in order."""
    by_month = groupby(sorted(days, key=lambda day: day.date), key=lambda day: f"{day.date:%Y-%m}")
    return {f"dagar/{month}.md": _month(list(found), voice) for month, found in by_month}


def removed(gone: Sequence[Removed], voice: Voice) -> str:
    """Everything in the bin, oldest day first."""
    blocks = [f"# {voice.say(_('Taken away'))}"]
    for one in sorted(gone, key=lambda one: (one.date, one.entry.written, one.entry.id)):
        blocks += [f"## {long_day(one.date, voice)}", *_entry(one.entry, one.date, voice)]
    return page(blocks)


def drafts(found: Sequence[Draft], voice: Voice) -> str:
    """What was typed but not saved: its texts, oldest day first."""
    blocks = [f"# {voice.say(_('Drafts'))}"]
    titles = {"words": _("In my own words"), "done": _("What I did"), "helped": _("What helped")}
    for draft in sorted(found, key=lambda draft: (draft.date, draft.entry_id)):
        blocks.append(f"## {long_day(draft.date, voice)}")
        for name, title in titles.items():
            text = "\n".join(draft.fields.get(name, []))
            blocks += [f"**{voice.say(title)}**", quoted(text)] if text.strip() else []
    return page(blocks)


def _month(days: list[Day], voice: Voice) -> str:
    blocks = [f"# {_written(days[0].date, 'LLLL y', voice)}"]
    for day in days:
        blocks.append(f"## {long_day(day.date, voice)}")
        for entry in day.entries:
            blocks += _entry(entry, day.date, voice)
        if day.maybes:
            titles = ", ".join(" ".join(maybe.title.split()) for maybe in day.maybes)
            blocks.append(f"{voice.say(_('Maybe'))}: {titles}")
    return page(blocks)


def _entry(entry: Entry, day: date, voice: Voice) -> list[str]:
    told = entry.told
    head = f"### {form_word(told.form, voice)}, {_when(entry.written, day, voice)}"
    own = ((_("What I did"), told.done), (_("What helped"), told.helped))
    chosen = (
        (_("How it looked to others"), form_word(told.looked, voice) if told.looked else ""),
        (_("What it cost"), voice.costs[told.cost] if told.cost else ""),
        (_("Around the day"), around(told.circumstances, voice)),
        (_("How I felt"), voice.moods[told.mood] if told.mood else ""),
    )
    return [
        head,
        *([quoted(told.words)] if told.words else []),
        *(f"{voice.say(title)}:\n\n{quoted(text)}" for title, text in own if text),
        *(f"{voice.say(title)}: {word}" for title, word in chosen if word),
    ]


def around(circumstances: Sequence[Circumstance], voice: Voice) -> str:
    """“Sömn, brev från en myndighet”."""
    text = ", ".join(
        voice.circumstances[one][:1].lower() + voice.circumstances[one][1:] for one in circumstances
    )
    return text[:1].upper() + text[1:]


def form_word(form: Form | None, voice: Voice) -> str:
    return voice.forms[form] if form else voice.say(_("No level"))


def _when(written: datetime, day: date, voice: Voice) -> str:
    moment = here(written)
    if moment.date() != day:
        return voice.say(_("written afterwards"))
    return voice.say(_("at %(time)s"), time=f"{moment:%H.%M}")


def quoted(text: str) -> str:
    """A person's own words stand as a quotation, so that a line that begins with # or - stays what it is."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def long_day(day: date, voice: Voice) -> str:
    """“Torsdag 19 november 2026”."""
    return _written(day, "EEEE d MMMM y", voice)


def _written(day: date, pattern: str, voice: Voice) -> str:
    text = format_date(day, pattern, locale=voice.locale)
    return text[:1].upper() + text[1:]


def page(blocks: Sequence[str]) -> str:
    """Blocks as one text, with an empty line between them."""
    return "\n\n".join(blocks) + "\n"
