"""What my story, my picture, the safety plan and the rest are called, in the reader's language."""

from server.circle.kinds import Parts
from server.story.payloads import MEETING, STRENGTHS, WISHES
from server.web.language import lazy_gettext as _
from server.web.language import lower_first

MEET = _("How to meet me")
TITLES = {WISHES: _("What I want"), MEETING: _("How to meet me best"), STRENGTHS: _("What I can do")}

STORY, PICTURE, ADAPTATIONS = _("My story"), _("My picture"), _("Adaptations")
ANOTHER = _("Add one more part of the story")
# Ways to begin, the gentlest first. Each is only a heading, and any of them can be changed.
STARTS = (
    _("My life now"),
    _("What helps"),
    _("Where I come from"),
    _("What has happened"),
    _("What makes it harder"),
    _("What I have tried before"),
)
LENGTHS = {"full": _("All of it"), "middle": _("Five minutes"), "short": _("One minute")}
# The buttons that take a line into my picture, by its field.
TO_FIELDS = {"strengths": _("I am good at it"), "conditions": _("It makes things possible")}

NO_PERCENT = _("Write hours or days instead of percent. A percentage is easily read as a promise.")
WHOLE_RANGE = _("Write all three: from, to, and what it takes. A time that stands alone is easily misread.")
WHY_FRAME_PICTURE = _(
    "This says what you can. To an authority or employer a sentence goes along, or what makes it possible, "
    "so that it is not read alone."
)
WHY_FRAME_ADAPTATIONS = _(
    "This says what you can, not what you cannot now. To an authority or employer a sentence goes along, "
    "so that it is not read alone."
)

# What others have asked for, by area (arbetsmiljölagen 3 kap. 3 §; context: adaptations at work).
EXAMPLES = (
    (
        _("Sound, light, impressions"),
        _(
            "A room or corner of my own · Ear protection or headphones · A lamp instead of the strip light · "
            "A seat with the back free · No strong smells · A calm way in"
        ),
    ),
    (
        _("Time"),
        _(
            "A later start · Shorter days, more of them · The same amount every week · Flexible times on heavy days · "
            "A pause every hour · Rest after meetings"
        ),
    ),
    (
        _("Tasks"),
        _(
            "One thing at a time · A clear beginning and end · Written instructions · A checklist · "
            "Few interruptions · No till or phone at first · Heavy and light in turn"
        ),
    ),
    (
        _("People around me at work"),
        _(
            "One fixed contact person, and one in reserve · A small group · To skip the break room sometimes · "
            "To meet customers at my own pace · Colleagues know what I have chosen to tell"
        ),
    ),
    (
        _("Information"),
        _(
            "An agenda before meetings · A summary afterwards · News of changes in good time · One way to be told: "
            "text message, e-mail or note"
        ),
    ),
    (
        _("Support"),
        _(
            "Feedback every week · An agreed sign for when it gets too much · A plan for heavy days · "
            "A job coach who visits · To step up slowly"
        ),
    ),
    (
        _("Travel and start"),
        _("Company the first time · To start on a Tuesday, not a Monday · To come after the rush hour"),
    ),
)
SAFETY = _("My safety plan")
SIGNS = _("Signs that it is getting heavy")
DO = _("What I do myself")
PLACES = _("Where I can be")
PEOPLE = _("Those I can reach")
HELPS = _("What helps")
WORSE = _("What does not help")
REASONS = _("My reasons")


def title(_name: str) -> str:
    return str(MEET)


def partly(parts: Parts) -> str:
    """“det här vill jag, det här kan jag” when not all three were chosen."""
    return "" if len(parts) == len(TITLES) else ", ".join(lower_first(TITLES[part]) for part in parts)
