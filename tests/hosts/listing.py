"""How an association comes to list somebody, and how somebody is asked: through the pages that everybody uses."""

import re
from dataclasses import dataclass

from server.core import clock
from server.hosts import founding
from tests.accounts.acts import keep_card
from tests.circle.meeting import accepts, shown
from tests.client import Client, Page
from tests.world import World

NAME, SAFE, SAFE_PHONE = "Ljungviks kamratförening", "Karin", "010-765 43 21"
SILENCE = "Det du säger stannar hos oss, utom när någons liv är i fara."
PIA = {
    "name": "Pia",
    "story": "Jag var hemma i fyra år.",
    "helps": "Att ta sig ut genom dörren.",
    "languages": "svenska, finska",
    "weekdays": ["1", "3"],
    "hour_from": "18",
    "hour_to": "20.30",
    "hours_words": "Inte på helger.",
}
WORDS = "adaord-till-pia"


@dataclass(frozen=True)
class Association:
    """The host's browser, and the id of Pia's page."""

    client: Client
    pia: str = ""


def operators_link(world: World, name: str = NAME) -> str:
    with world.database.write() as db:
        token = founding.invite(db, world.app.extensions["vouching"], name, clock.now())
    return f"/vard/ny/{token.as_text()}"


def founds(world: World, *, name: str = NAME, safe: str = SAFE) -> Client:
    """Somebody opens the operator's link, keeps a key, and says something about the association."""
    client = world.visitor()
    client.get("/")
    client.follow(client.send(client.get(operators_link(world, name)).form("Börja")))
    keep_card(client)
    words = {"name": name, "about": "Vi finns i Ljungvik.", "silence": SILENCE, "phone": "010-123 45 67"}
    safety = {"safe_name": safe, "safe_phone": SAFE_PHONE if safe else ""}
    client.follow(client.send(client.get("/vard/om").form("Spara"), words | safety))
    return client


def invites(host: Client, name: str = "Pia", *, role: str = "peer", how: str = "room") -> str:
    """The path of the link that the host's page shows."""
    form = host.get("/vard/bjud-in").form("Gör inbjudan")
    page = host.follow(host.send(form, {"name": name, "role": role, "how": how}))
    return shown(page).path


def lists(host: Client, who: Client, name: str = "Pia", *, role: str = "peer") -> None:
    """Invited in the room, answered, and the association's yes."""
    form = host.get("/vard/bjud-in").form("Gör inbjudan")
    page = host.follow(host.send(form, {"name": name, "role": role, "how": "room"}))
    waiting = page.path
    accepts(who, shown(page), name)
    host.follow(host.send(host.get(waiting).form("Ja, det är rätt person")))


def tells(who: Client, **words: str | list[str]) -> Page:
    form = who.get("/prata/min-sida").form("Spara och titta")
    return who.follow(who.send(form, {**PIA, **words}))


def publishes(who: Client, **words: str | list[str]) -> None:
    page = tells(who, **words)
    who.follow(who.send(page.form("Visa min sida")))


def page_of(who: Client, name: str = "Pia") -> str:
    """The address of a peer's page, as it stands on the list."""
    return who.get("/prata/kamrater").link(name)


def asks(
    who: Client, name: str = "Pia", *, called: str = "Ada", words: str = WORDS, status: int = 303
) -> Page:
    form = who.get(page_of(who, name)).form(f"Fråga {name}")
    return who.send(form, {"called": called, "words": words}, press=f"Fråga {name}", status=status)


def pair_of(asks_page: Page) -> str:
    """The pair of the first question on the peer's page."""
    return next(
        found[1]
        for form in asks_page.forms
        if (found := re.search(r"/fragor/([0-9a-f]{32})/ja", form.action))
    )


def settled(world: World) -> Association:
    """An association that lists Pia, whose page is shown."""
    host, pia = founds(world), world.person("pia")
    lists(host, pia)
    publishes(pia)
    return Association(host, page_of(host).rsplit("/", 1)[1])
