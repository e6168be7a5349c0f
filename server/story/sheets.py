"""The sheets of the story: its parts in three lengths, my picture, adaptations, and the safety plan.

Told once, so that nobody has to tell it again (row B14). What says how much a person can do never leaves without what
it takes (rows B20, B21).
"""

import re

from werkzeug.datastructures import MultiDict

from server.circle.kinds import Parts
from server.items.handing import register
from server.items.payloads import Texts
from server.items.sheets import ONE, STRICT, Field, Sheet
from server.story import words
from server.story.shown import keep_up
from server.web.language import lazy_gettext as _

BOARD, HOME = "story", "/plan/berattelse"
LONGEST_STORY = 20_000  # characters: some ten pages
RANGE = ("range_from", "range_to", "range_conditions")
_PERCENT = re.compile(r"%|％|\bprocent|\bpercent|\bproc\b", re.IGNORECASE)


def one_length(sheet: Sheet, fields: "MultiDict[str, str]") -> Parts:
    """The heading and the one length that was tapped; nothing when none was, or more than one."""
    picked = {name for name in fields.getlist("part") if name in words.LENGTHS}
    return (sheet.heading, *picked) if len(picked) == 1 else ()


def one_at_most(_texts: Texts, parts: Parts) -> Parts:
    """A copy holds one length. Whoever asks for several gets the shortest."""
    lengths = [name for name in words.LENGTHS if name in parts]
    return tuple(name for name in parts if name not in lengths[:-1])


def ticked(sheet: Sheet, fields: "MultiDict[str, str]") -> Parts:
    """The ticked parts of my picture; the three of the range go by one tick."""
    found = fields.getlist("part")
    if any(name in found for name in RANGE):
        found = [*found, *RANGE]
    return tuple(one.name for one in sheet.readable if one.name in found)


def is_range(texts: Texts) -> bool:
    """From, to, and what it takes; never a share of a hundred (hard rule 4)."""
    return all(texts.get(name) and not _PERCENT.search(texts[name]) for name in RANGE)


def whole_range(texts: Texts, parts: Parts) -> Parts:
    """The range goes with what it takes, or not at all (row B21)."""
    if not any(name in parts for name in RANGE):
        return parts
    others = tuple(name for name in parts if name not in RANGE)
    return (*others, *RANGE) if is_range(texts) else others


def wrong_range(texts: Texts) -> dict[str, object]:
    """One sentence, where something is missing or a percentage stands."""
    for name in RANGE:
        if _PERCENT.search(texts.get(name, "")):
            return {name: words.NO_PERCENT}
    missing = [name for name in RANGE if not texts.get(name)]
    return {missing[0]: words.WHOLE_RANGE} if 0 < len(missing) < len(RANGE) else {}


def strengths_alone(texts: Texts, parts: Parts, hat: str) -> bool:
    """What somebody can do goes to an authority or employer with what makes it possible, or with a frame."""
    going = [name for name in whole_range(texts, parts) if texts.get(name)]
    shows = any(name in going for name in ("strengths", *RANGE))
    return hat in STRICT and shows and not any(name in going for name in ("conditions", "range_conditions"))


def can_alone(texts: Texts, parts: Parts, hat: str) -> bool:
    """What I can or have tried, without what I cannot now."""
    going = [name for name in parts if texts.get(name)]
    return hat in STRICT and any(name in going for name in ("can", "before")) and "cannot" not in going


STORY = register(
    Sheet(
        name="story",
        slug="berattelsen",
        word=words.STORY,
        board=BOARD,
        home=HOME,
        heading="title",
        fields=(
            Field(
                "title",
                _("Heading"),
                _("It goes along when you hand the part over."),
                kind="line",
                suggest=words.STARTS,
            ),
            Field(
                "full",
                words.LENGTHS["full"],
                _("As it comes. You can stop in the middle, and change every word."),
                longest=LONGEST_STORY,
            ),
            Field("middle", words.LENGTHS["middle"], _("What somebody reads in five minutes: about a page.")),
            Field("short", words.LENGTHS["short"], _("The most important: five or six sentences.")),
        ),
        note="full",
        another=words.ANOTHER,
        page="story/part.html",
        edit_page="story/part_edit.html",
        choose_page="story/_choose_part.html",
        copy_page="story/_copy_part.html",
        chosen=one_length,
        goes=one_at_most,
    )
)
PICTURE = register(
    Sheet(
        name="picture",
        slug="bild",
        word=words.PICTURE,
        board=BOARD,
        home=HOME,
        few={ONE: words.PICTURE},
        fields=(
            Field(
                "strengths",
                _("What I am good at"),
                _("What I know, what I like to do, and what others have thanked me for."),
            ),
            Field(
                "conditions",
                _("What makes it possible"),
                _("For example: a quiet room, one thing at a time."),
            ),
            Field("harder", _("What makes it harder for me")),
            Field("range_from", _("Have energy from"), _("For example: 1 hour"), kind="line"),
            Field("range_to", _("Have energy to"), _("For example: 2 hours"), kind="line"),
            Field(
                "range_conditions",
                _("Have energy when"),
                _("For example: two days a week, calm, not in the morning, rest the day after."),
            ),
        ),
        page="story/picture.html",
        edit_page="story/picture_edit.html",
        choose_page="story/_choose_picture.html",
        copy_page="story/_copy_picture.html",
        chosen=ticked,
        goes=whole_range,
        wrong=wrong_range,
        needs_frame=strengths_alone,
        why_frame=words.WHY_FRAME_PICTURE,
        stands_first=True,  # strengths before anything else (row A12)
    )
)
ADAPTATIONS = register(
    Sheet(
        name="adaptations",
        slug="anpassningar",
        word=words.ADAPTATIONS,
        board=BOARD,
        home=HOME,
        few={ONE: words.ADAPTATIONS},
        fields=(
            Field("usual", _("How a usual day is")),
            Field("can", _("What I can manage")),
            Field("cannot", _("What does not work now"), _("Now is not always.")),
            Field("before", _("What has been tried before"), _("And how it went.")),
            Field("next", _("What I want to try next")),
            Field("follows", _("Who follows it up"), kind="line"),
            Field("evaluate", _("When we look at how it went"), kind="day"),
        ),
        edit_page="story/adaptations_edit.html",
        around=lambda *_what: {"examples": words.EXAMPLES},
        needs_frame=can_alone,
        why_frame=words.WHY_FRAME_ADAPTATIONS,
    )
)
SAFETY = register(
    Sheet(
        name="safety",
        slug="krisplan",
        word=words.SAFETY,
        board="story",
        home="/plan",
        few={ONE: words.SAFETY},
        fields=(
            Field("signs", words.SIGNS, _("What you notice first. Sleep, thoughts, the body.")),
            Field("do", words.DO, _("Small things. Something that has worked before.")),
            Field("places", words.PLACES, _("A place that is calm, or where there are people.")),
            Field(
                "people",
                words.PEOPLE,
                _("One on each line, with the phone number. Then you can call with one tap."),
            ),
            Field("helps", words.HELPS, _("What others can do, or what you want to hear.")),
            Field("worse", words.WORSE, _("What you do not want others to do or say.")),
            Field("reasons", words.REASONS, _("What you want to be here for. Large or small.")),
        ),
        page="story/safety.html",
        edit_page="story/safety_edit.html",
        kept=keep_up,
    )
)
