"""Min krisplan: what it holds. Nothing is compulsory, nothing is read by us, and it promises no treatment."""

from server.items.handing import register
from server.items.sheets import ONE, Field, Sheet
from server.story import words
from server.story.shown import keep_up
from server.web.language import lazy_gettext as _

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
