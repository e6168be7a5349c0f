"""What two people have written to each other, as a file to read."""

from collections.abc import Iterator, Sequence
from typing import Any

from server.circle.people import alphabet
from server.messages.payloads import MessageDraft, Talk, Words, Written
from server.mine.given_text import line, moment
from server.mine.kind import Voice
from server.mine.markdown import page, quoted


def _(msgid: str) -> str:
    """Marks a msgid for extraction; `voice.say` translates it."""
    return msgid


WROTE, ME, CHANGED, UNSENT = _("What we have written to each other"), _("Me"), _("changed"), _("Not sent")


def conversations(found: Sequence[Any], voice: Voice) -> str:
    """A heading a person, then who wrote what, in the order of time, and last what was never sent."""
    with_whom = sorted(
        (one for one in found if isinstance(one, Talk)), key=lambda one: (alphabet(one.name), one.pair)
    )
    blocks = [f"# {voice.say(WROTE)}"]
    for talk in with_whom:
        told = list(_told(talk, [one for one in found if one.pair == talk.pair], voice))
        blocks += [f"## {line(talk.name)}", *told] if told else []
    return page(blocks)


def _told(talk: Talk, about: Sequence[Any], voice: Voice) -> Iterator[str]:
    words = (one for one in about if isinstance(one, Words))
    for one in sorted(words, key=lambda one: (one.at, one.id)):
        who = voice.say(ME) if isinstance(one, Written) else line(talk.name)
        changed = f", {voice.say(CHANGED)}" if one.edition > 1 else ""
        yield f"### {moment(one.at)}: {who}{changed}"
        yield quoted(one.text)
    for draft in about:
        if isinstance(draft, MessageDraft) and draft.text.strip():
            yield f"### {voice.say(UNSENT)}"
            yield quoted(draft.text)
