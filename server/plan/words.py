"""What the parts of the plan are called, in the reader's language. No word of failure is among them (row A13)."""

from server.web.language import lazy_gettext as _

DREAM, AREA, GOAL, STEP, TRY, OBSTACLE = (
    _("The dream"),
    _("The life map"),
    _("A goal"),
    _("A step"),
    _("A try"),
    _("An obstacle"),
)
ANOTHER = {
    "area": _("Add one more part of the map"),
    "goal": _("Add one more goal"),
    "step": _("Add one more step"),
    "try": _("Add one more try"),
    "obstacle": _("Add one more obstacle"),
}
# Eight areas, in any order; work is one among them (row A11).
AREAS = {
    "vardag": _("Everyday life"),
    "ekonomi": _("Money matters"),
    "halsa": _("Health"),
    "relationer": _("Relations"),
    "fritid": _("Leisure"),
    "studier": _("Studies"),
    "arbete": _("Work"),
    "hem": _("Home"),
}
INGREDIENTS = {
    "people": _("People"),
    "tasks": _("What I do"),
    "place": _("The place"),
    "pace": _("The pace"),
    "meaning": _("What makes it matter"),
    "own": _("Something else"),
}
# A goal of own kind, in own words (row A1); these are only where to begin.
GOALS = (
    _("Feel better"),
    _("An activity"),
    _("Home"),
    _("Studies"),
    _("Work"),
    _("People"),
    _("Care and treatment"),
)
STATES = {
    "": _("Want to"),
    "trying": _("Trying"),
    "resting": _("Rests"),
    "done": _("Done"),
    "tried": _("Tried"),
}
GOAL_STATES = {"": _("Now"), "resting": _("Rests"), "done": _("Done")}
# What a step can be (row E3); care stands beside the others (rows C12, D28).
STEP_KINDS = {
    "everyday": _("Something in everyday life"),
    "people": _("Meet somebody"),
    "care": _("Care and treatment"),
    "visit": _("Visit and look"),
    "shadow": _("Go along with somebody"),
    "course": _("Course or studies"),
    "placement": _("Try out, placement"),
    "subsidy": _("Job with support"),
    "job": _("Job"),
}
LENGTHS = (_("Once"), _("Two hours"), _("Three times"), _("Two weeks"))
KEEPS = {"yes": _("Yes"), "no": _("No"), "ask": _("I have to ask")}
TRY_STATES = {"": _("Not begun"), "trying": _("Trying"), "resting": _("Rests"), "tried": _("Tried")}
OBSTACLES = {
    "money": _("Money"),
    "travel": _("Getting there"),
    "health": _("Health"),
    "home": _("Home"),
    "authority": _("An authority"),
    "fear": _("Worry or fear"),
    "people": _("Other people"),
    "other": _("Something else"),
}
OBSTACLE_STATES = {"": _("In the way"), "gone": _("No longer in the way")}
# The two weeks before a try, of it, and after it.
SPANS = {"before": _("Two weeks before"), "during": _("The two weeks"), "after": _("Afterwards")}
