"""A world in which Ada has met Ben (support) and Fia (authority); each holds one day of hers, and of her plan Ben a
step, Fia a goal.

Ben has said yes to messages: Ada wrote to him, and he answered. Ada has not seen his answer, nor he her last word.

Laid once, through the pages that everybody uses, and copied for each test.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from server.core import clock, ids
from tests.circle.meeting import hands, meets
from tests.client import Client
from tests.messages.conftest import Talking
from tests.people import Ada, plan, write
from tests.world import NOW, World

BENS, FIAS = "adaord-till-ben", "adaord-till-fia"
BENS_DAY, FIAS_DAY = "2026-11-12", "2026-11-13"
KEPT = "together.json"


@dataclass(frozen=True)
class Together:
    """The five of them, and the names of what lies between them, as they stand in addresses."""

    world: World
    ada: Ada
    names: dict[str, str]

    def client(self, who: str) -> Client:
        if who == "ada":
            return self.ada.client
        return self.world.visitor() if who == "nobody" else self.world.person(who)


def lay(foundations: Path, folder: Path) -> None:
    """Everything of the foundations, and the meetings on top."""
    shutil.copytree(foundations, folder, dirs_exist_ok=True)
    with clock.frozen(NOW):
        world = World.build(foundations, folder, lambda moment: None)
        names: dict[str, str] = {}
        ada = world.ada()
        for who, hat, how, day, words in (
            ("ben", "support", "room", BENS_DAY, BENS),
            ("fia", "authority", "away", FIAS_DAY, FIAS),
        ):
            reader = world.person(who)
            card, pair = meets(ada.client, reader, who.title(), hat=hat, how=how)
            entry = write(ada.client, day, level="4", words=words)
            frame = {"frame": f"{words}-ram"} if hat == "authority" else {}
            handed = hands(world, ada.client, card, f"day/{day}", entry, purpose=f"{words}-syfte", **frame)
            names |= _plan(world, ada, card, who, words)
            reader.get(f"/delat/{pair}")  # sorted: the copy lies on its shelf
            names |= {f"{who}_card": card, f"{who}_pair": pair, f"{who}_copy": str(handed.letter)}
            names |= {f"{who}_handed": handed.id, f"{who}_set": handed.share.set}
        names |= _talk(ada, world.person("ben"), names["ben_pair"])
        ada.client.get("/kretsen")
        world.close()
    (folder / KEPT).write_text(json.dumps(names))


def _plan(world: World, ada: Ada, card: str, who: str, words: str) -> dict[str, str]:
    """A step for Ben, a goal for Fia: its heading goes along, and what was chosen of it."""
    slug, kind, heading, part = {
        "ben": ("steg", "step", "title", "smallest"),
        "fia": ("mal", "goal", "goal", "why"),
    }[who]
    made = plan(ada.client, slug, **{heading: f"{words}-plan", part: f"{words}-del"})
    handed = hands(world, ada.client, card, f"{kind}/{made}", part, purpose=f"{words}-syfte")
    return {f"{who}_{kind}": made, f"{who}_{kind}_copy": str(handed.letter)}


def _talk(ada: Ada, ben: Client, pair: str) -> dict[str, str]:
    """The conversation, and the names of its messages."""
    ben.follow(ben.send(ben.get(f"/delat/{pair}").form("/ta-emot")))
    ada.client.get("/kretsen")
    mine, theirs = Talking(ada.client, pair), Talking(ben, pair)
    mine.says(f"{BENS}-skrivet")
    names = {"ben_written": mine.id_of(f"{BENS}-skrivet")}
    theirs.says(f"{BENS}-svar")
    names["ben_answer"] = theirs.id_of(f"{BENS}-svar")
    mine.client.post(f"{mine.page}/skriv", {"id": ids.token(), "words": f"{BENS}-sista"})
    return names


def build(laid: Path, folder: Path) -> Together:
    """A copy of it to live in."""
    world = World.build(laid, folder, lambda moment: None)
    return Together(world, world.ada(), json.loads((laid / KEPT).read_text()))
