"""How two people meet, through the pages that everybody uses."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from server.circle import sharing
from server.circle.copies import Handed, Terms
from server.circle.sharing import Piece
from server.core import clock, ids
from server.vault import ways_in
from server.vault.drawer import Drawer
from server.vault.sealing import Secret
from tests.client import Client, Page
from tests.html import all_of
from tests.people import put_in_circle
from tests.world import World

OVER = (
    "Det gick inte. Antingen är koden fel, eller så gäller inbjudan inte längre. Fråga den som bjöd in dig."
)


@dataclass(frozen=True)
class Link:
    """What the owner's page shows: the link's path, and the code to say when it goes at a distance."""

    path: str
    code: str


def invites(
    owner: Client, card: str, *, hat: str = "support", how: str = "room", called: str = "Ada L"
) -> Link:
    page = owner.get(f"/kretsen/{card}/bjud-in")
    answer = owner.send(page.form("Gör inbjudan"), {"hat": hat, "called": called, "how": how})
    return shown(owner.follow(answer))


def shown(page: Page) -> Link:
    """The link and code that stand on the page where it waits."""
    link = next(area for area in all_of(page.tree, "textarea") if area.get("id") == "link")
    code = re.search(r"Kod att säga i telefon ([\d ]{7})", page.text)
    address = "".join(link.itertext()).strip()
    return Link(address[address.index("/bjuden/") :], code[1].replace(" ", "") if code else "")


def accepts(who: Client, link: Link, name: str = "Ben B", status: int = 303, code: str | None = None) -> Page:
    typed = {"name": name}
    form = who.get(link.path).form("Tacka ja")
    if any(control.name == "code" for control in form.controls):
        typed["code"] = link.code if code is None else code
    return who.send(form, typed, status=status)


def says_yes(owner: Client, card: str) -> Page:
    return owner.follow(owner.send(owner.get(f"/kretsen/{card}/bjud-in").form("Ja, det är rätt person")))


def meets(
    owner: Client, who: Client, name: str, *, hat: str = "support", how: str = "room"
) -> tuple[str, str]:
    """The whole way: the owner's card, and the pair in the other's addresses."""
    card = put_in_circle(owner, name=name)
    accepts(who, invites(owner, card, hat=hat, how=how), name)
    says_yes(owner, card)
    return card, pair_of(who)


def pair_of(who: Client) -> str:
    """The address of the one who shows something."""
    return next(link for link in who.get("/delat").links if re.fullmatch(r"/delat/[0-9a-f]{32}", link)).split(
        "/"
    )[2]


def hands(world: World, owner: Client, card: str, item: str, *parts: str, **terms: Any) -> Handed:
    """Hand a day over, by the domain: its pages are looked after in tests/circle."""
    half = Secret.from_text(owner.cookies()["__Host-d"])
    with world.database.read() as db:
        keyring, _key = ways_in.open_device(db, half, now=clock.now())
        name = f"contact/{card}"
        relation = Drawer(db, keyring).find(name)[name].payload.relation
    return give(world, half, relation, item, *parts, **terms)


def give(
    world: World, half: Secret, relation: str, item: str, *parts: str, whole: bool = False, **terms: Any
) -> Handed:
    """As whoever holds that half; `whole` is all that stands on the day."""
    now = clock.now()
    told: dict[str, Any] = {"purpose": "Inför mötet", "until": now + timedelta(days=14)} | terms
    with world.database.write() as db:
        keyring, _key = ways_in.open_device(db, half, now=now)
        drawer = Drawer(db, keyring)
        if whole:
            parts = tuple(entry.id for entry in Piece.of(drawer, item, ()).source.entries)
        (handed,) = sharing.hand_over(
            db,
            keyring,
            world.app.extensions["frank"],
            now,
            to=bytes.fromhex(relation),
            pieces=[Piece.of(drawer, item, ("form", *parts))],
            terms=Terms(**told),
            set_id=ids.token(),
        )
    return handed


def stops(world: World, owner: Client, handed: Handed) -> None:
    take_back(world, Secret.from_text(owner.cookies()["__Host-d"]), handed.id)


def take_back(world: World, half: Secret, handed_id: str) -> None:
    with world.database.write() as db:
        keyring, _key = ways_in.open_device(db, half, now=clock.now())
        sharing.stop(db, keyring, clock.now(), [handed_id])
    world.database.forget_deleted()
