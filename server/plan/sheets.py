"""The sheets of the plan: dream, life map, goals, steps, tries, obstacles. What each holds, and what needs a frame.

Nothing here is compulsory but the words that name a thing, and nothing is graded.
"""

from server.circle.kinds import Parts, as_wishes
from server.days.inputs import COSTS
from server.items.handing import register
from server.items.payloads import Texts
from server.items.sheets import ONE, STRICT, Field, Sheet
from server.plan import words
from server.plan.around import (
    about_dream,
    about_goal,
    about_obstacle,
    about_step,
    about_try,
    around_step,
    around_try,
    begun_step,
    begun_try,
)
from server.web.language import lazy_gettext as _

BOARD, HOME = "plan", "/plan"


def shows_something_done(texts: Texts, parts: Parts, hat: str) -> bool:
    """What was done, or is being done, goes to an authority or employer only with its frame (rows B20, B21): it says so
    by how it stands, or by what came of it.
    """
    done = texts.get("state", "") in ("trying", "done", "tried")
    return hat in STRICT and (done or any(texts.get(one) for one in ("learned", "became") if one in parts))


def is_a_try(_texts: Texts, _parts: Parts, hat: str) -> bool:
    """A try shows a day that could hold it, however it went."""
    return hat in STRICT


def says_what_works(texts: Texts, parts: Parts, hat: str) -> bool:
    """What works says what a person can do."""
    return hat in STRICT and "works" in parts and bool(texts.get("works"))


DREAM = register(
    Sheet(
        name="dream",
        slug="drom",
        word=words.DREAM,
        board=BOARD,
        home=HOME,
        few={ONE: words.DREAM},
        fields=(
            Field(
                "dream",
                _("If you could dream: what would you most like to do?"),
                _("It does not have to be possible. Nobody grades it."),
            ),
            *(Field(name, word) for name, word in words.INGREDIENTS.items()),
            Field("ideas", _("Ideas of my own with the same things in them")),
        ),
        page="plan/dream.html",
        edit_page="plan/dream_edit.html",
        about=about_dream,
        wishes=lambda texts: as_wishes(texts.get("dream", "")),
    )
)
AREA = register(
    Sheet(
        name="area",
        slug="omrade",
        word=words.AREA,
        board=BOARD,
        home=f"{HOME}/kartan",
        few=words.AREAS,
        fields=(
            Field("now", _("How it is now"), _("A word or two is enough.")),
            Field("works", _("What works")),
            Field("wish", _("How I want it")),
            Field("care", _("Care for others"), _("Children, parents, somebody who needs you."), only="hem"),
            Field("marks", "", kind="set"),
        ),
        another=words.ANOTHER["area"],
        page="plan/area.html",
        needs_frame=says_what_works,
        wishes=lambda texts: as_wishes(texts.get("wish", "")),
    )
)
GOAL = register(
    Sheet(
        name="goal",
        slug="mal",
        word=words.GOAL,
        board=BOARD,
        home=HOME,
        heading="goal",
        fields=(
            Field(
                "goal",
                _("What do you want?"),
                _("In your own words. You can change them whenever you want."),
                longest=500,
            ),
            Field(
                "kind",
                _("What kind of goal is it?"),
                _("Your own word for it, or leave it out."),
                kind="line",
                suggest=words.GOALS,
            ),
            Field("why", _("Why it matters to me")),
            Field(
                "review",
                _("When do you want to see if it is still right for you?"),
                _("Only you see the day. Nothing happens if it passes."),
                kind="day",
            ),
            Field(
                "then",
                _("If something ends: what then?"),
                _("For example when a decision or a placement runs out."),
            ),
            Field("state", "", kind="set", choices=words.GOAL_STATES),
        ),
        state="state",
        another=words.ANOTHER["goal"],
        page="plan/goal.html",
        about=about_goal,
        needs_frame=shows_something_done,
        wishes=lambda texts: as_wishes(texts.get("goal", "")),
    )
)
STEP = register(
    Sheet(
        name="step",
        slug="steg",
        word=words.STEP,
        board=BOARD,
        home=HOME,
        heading="title",
        fields=(
            Field(
                "title",
                _("What is the step?"),
                _("For example: Sit in the library for a quarter of an hour."),
                kind="line",
            ),
            Field("smallest", _("The smallest version"), _("What would still count on a heavy day?")),
            Field("note", _("What I think about it")),
            Field("kind", _("What kind of step is it?"), kind="choice", choices=words.STEP_KINDS),
            Field("goal", _("Which goal does it belong to?"), kind="link"),
            Field("activity", _("Is there an activity for it?"), kind="link"),
            Field("learned", _("What did I learn?"), _("One word is enough.")),
            Field("became", _("What came of it?"), _("For example a new step, or another way.")),
            Field("state", "", kind="set", choices=words.STATES),
        ),
        state="state",
        note="learned",
        under="goal",
        another=words.ANOTHER["step"],
        page="plan/step.html",
        edit_page="plan/step_edit.html",
        about=about_step,
        around=around_step,
        begun=begun_step,
        needs_frame=shows_something_done,
    )
)
TRY = register(
    Sheet(
        name="try",
        slug="forsok",
        word=words.TRY,
        board=BOARD,
        home=f"{HOME}/forsok",
        heading="title",
        fields=(
            Field("title", _("What do you want to try?"), kind="line"),
            Field("step", _("Which step does it belong to?"), kind="link"),
            Field("start", _("From when?"), kind="day"),
            Field("length", _("For how long?"), kind="line", suggest=words.LENGTHS),
            Field(
                "conditions",
                _("How it has to be for it to work"),
                _("For example: not in the morning, a quiet room, somebody to ask."),
            ),
            Field("money", _("Money: what have you asked, and what was the answer?")),
            Field(
                "otherwise",
                _("If it does not work, then …"),
                _("For example: I go home and send a message. We try a shorter time."),
            ),
            Field("keeps", _("Do I keep my place if I need to rest?"), kind="choice", choices=words.KEEPS),
            Field("happened", _("What happened")),
            Field(
                "cost",
                _("What it cost"),
                kind="choice",
                choices={cost.value: word for cost, word in COSTS.items()},
            ),
            Field("learned", _("What I learned")),
            Field("change", _("What I would do in another way")),
            Field(
                "days",
                _("The days around it"),
                _("Taken from your own days if you want. You can change every word."),
            ),
            Field("state", "", kind="set", choices=words.TRY_STATES),
        ),
        state="state",
        note="learned",
        under="step",
        another=words.ANOTHER["try"],
        page="plan/try.html",
        edit_page="plan/try_edit.html",
        about=about_try,
        around=around_try,
        begun=begun_try,
        needs_frame=is_a_try,
    )
)
OBSTACLE = register(
    Sheet(
        name="obstacle",
        slug="hinder",
        word=words.OBSTACLE,
        board=BOARD,
        home=f"{HOME}/hinder",
        heading="what",
        fields=(
            Field("what", _("What is in the way?"), kind="line"),
            Field("kind", _("What kind of obstacle is it?"), kind="choice", choices=words.OBSTACLES),
            Field("more", _("More about it")),
            Field("next", _("The next small step")),
            Field("meanwhile", _("What I can do meanwhile")),
            Field("matter", "", kind="set"),
            Field("state", "", kind="set", choices=words.OBSTACLE_STATES),
        ),
        state="state",
        note="next",
        another=words.ANOTHER["obstacle"],
        page="plan/obstacle.html",
        about=about_obstacle,
    )
)
