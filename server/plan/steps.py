"""What makes one item of the plan out of another thing: a suggestion taken, a try made anew, an obstacle's ball."""

import hashlib
from datetime import date, datetime

from server.circle import hearing, matters
from server.circle.copies import Heard
from server.circle.matters import Holder, Told
from server.circle.payloads import Matter
from server.core import clock
from server.items import keeping
from server.items.payloads import Item
from server.items.sheets import SHORT
from server.plan.sheets import OBSTACLE, STEP, TRY
from server.vault.drawer import Drawer

_BEFOREHAND = ("title", "step", "length", "conditions", "money", "otherwise", "keeps")


@hearing.taken
def step_of(drawer: Drawer, heard: Heard) -> None:
    """A suggestion that the owner said yes to is a step of the owner's (row A6). Said twice is one step."""
    title, _line, rest = (heard.own or heard.said.text).strip().partition("\n")
    more = "\n".join(filter(None, (title[SHORT:].strip(), rest.strip())))
    note = "\n\n".join(filter(None, (more, heard.said.wish and f"→ {heard.said.wish}")))
    texts = {"title": " ".join(title[:SHORT].split()), "note": note}
    keeping.begin(drawer, STEP, _id_from(heard), texts, clock.now())


def try_again(drawer: Drawer, known_id: str, new_id: str, now: datetime) -> Item:
    """“Prova på annat sätt”: a new try with what was agreed beforehand (row A14). Raises NoSuchItem."""
    was = keeping.find(drawer, TRY, known_id).texts
    change = {"conditions": "\n\n".join(filter(None, (was.get("conditions"), was.get("change"))))}
    texts = {name: was[name] for name in _BEFOREHAND if name in was} | change
    return keeping.begin(drawer, TRY, new_id, texts, now)


def give_ball(drawer: Drawer, obstacle_id: str, holder: Holder, since: date, now: datetime) -> Matter:
    """Whose turn it is to do something about an obstacle: a matter of its own, found from both sides. Twice is once."""
    obstacle = keeping.find(drawer, OBSTACLE, obstacle_id)
    # Left while it was locked, an obstacle may have no name; joined from two phones, a long one.
    title = OBSTACLE.line(obstacle).title or next(iter(obstacle.texts.values()), "") or "?"
    told = Told(title=title[:SHORT], since=since, next_step=obstacle.texts.get("next", ""))
    matter = matters.begin(drawer, obstacle_id, told, holder)
    keeping.alter(drawer, OBSTACLE, obstacle_id, {"matter": matter.id}, now)
    return matter


@matters.home
def obstacle_of(drawer: Drawer, matter: Matter) -> str:
    """The obstacle that the matter is about, if there is one."""
    return OBSTACLE.address(matter.id) if keeping.peek(drawer, OBSTACLE, matter.id) else ""


def _id_from(heard: Heard) -> str:
    """The same suggestion of the same person is one step; two people who choose the same id are two."""
    return hashlib.sha256(f"step of {heard.pair} {heard.said.id}".encode()).hexdigest()[:32]
