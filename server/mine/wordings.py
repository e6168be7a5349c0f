"""A few texts of one's own in one record, out and in: how to meet me, and what I tell of myself as a contact."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from server.circle import presenting
from server.circle.wording import Wording, beside
from server.mine.here import Here
from server.mine.kind import Files, Kind, Reading, Voice
from server.mine.markdown import page, quoted
from server.mine.problems import BrokenFile
from server.story.payloads import MEETING, RECORD, STRENGTHS, WISHES, Meet

W = TypeVar("W", bound=Wording)
_MOST_EDITIONS = 10**8
_LONGEST = 200_000  # characters: as much as a locked phone may leave; the pages say so at far less


def _(msgid: str) -> str:
    return msgid


def check(told: W, reading: Reading) -> W:
    """The texts as they may be kept, without NUL. Raises BrokenFile for what no page makes."""
    texts = _clean(told.texts, reading)
    before = told.before if told.before is None else _clean(told.before, reading)
    if not 0 <= told.edition < _MOST_EDITIONS or (before is not None and before.keys() != texts.keys()):
        raise BrokenFile(file=reading.file)
    return replace(told, **texts, before=before)


def _clean(texts: Mapping[str, str], reading: Reading) -> dict[str, str]:
    if any(len(text) > _LONGEST for text in texts.values()):
        raise BrokenFile(file=reading.file)
    return {name: text.replace("\0", "") for name, text in texts.items()}


def _kind(
    struct: type[W], record: str, stem: str, about: str, heading: str, titles: Mapping[str, str]
) -> Kind[W]:
    def lay(here: Here, new: W) -> None:
        """Where both say something they are both kept, one below the other; twice is once."""
        old = here.get(struct, record)
        now = new if old is None else beside(old, new.texts)
        if now == old:
            here.outcome.here += 1
            return
        here.outcome.texts += 1
        here.change(record, now)

    def files(found: Sequence[W], voice: Voice) -> Files:
        blocks = [f"# {voice.say(heading)}"]
        for told in found:
            for name, title in titles.items():
                text = getattr(told, name)
                blocks += [f"## {voice.say(title)}", quoted(text)] if text.strip() else []
        return {f"{stem}.md": page(blocks)}

    return Kind(
        stem=stem,
        struct=struct,
        about=((f"{stem}.md", about),),
        name=lambda _told: record,
        shelf=lambda _told: record,
        files=files,
        check=check,
        lay=lay,
    )


MEET = _kind(
    Meet,
    RECORD,
    "mot-mig",
    _("What you want, and how you want to be met."),
    _("How to meet me"),
    {WISHES: _("What I want"), MEETING: _("How to meet me best"), STRENGTHS: _("What I can do")},
)
PROFILE = _kind(
    presenting.OwnProfile,
    presenting.RECORD,
    "det-har-ar-jag",
    _("What you tell of yourself to those who show you something."),
    _("This is me"),
    {
        "who": _("Who I am"),
        "may": _("What I may decide"),
        "answers": _("How fast I answer"),
        "keeps": _("What I must write down in my own system"),
    },
)
