"""An answer about money, as somebody gave it: who said it, when, and whether it stands in writing (rows A3, C25)."""

from server.items.handing import register
from server.items.sheets import Field, Sheet
from server.money import words
from server.money.questions import QUESTIONS
from server.web.language import lazy_gettext as _

# Only these may stand in an address, never a person's own words: a browser remembers addresses.
EVERY_QUESTION = tuple(question for one in QUESTIONS.lists for question in one.questions)
BOARD, HOME = "money", "/plan/pengar"

ANSWER = register(
    Sheet(
        name="answer",
        slug="svar",
        word=words.ANSWER,
        board=BOARD,
        home=HOME,
        heading="question",
        fields=(
            Field("question", _("What did you ask?"), longest=500, suggest=EVERY_QUESTION),
            Field("answered", _("What did they answer?"), _("In their words, as well as you remember.")),
            Field("who", _("Who answered?"), _("A name, or how you reached them."), kind="line"),
            Field("authority", _("Where do they work?"), kind="choice", choices=words.AUTHORITIES),
            Field("on", _("Which day?"), kind="day"),
            Field("writing", _("Is the answer in writing?"), kind="choice", choices=words.WRITING),
        ),
        note="who",
        another=words.ANOTHER,
        edit_page="money/answer_edit.html",
    )
)
