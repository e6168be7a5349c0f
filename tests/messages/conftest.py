"""Ada writes with Ben, her support, who has said yes to messages. Fia is at an authority and has said nothing."""

import re
from dataclasses import dataclass

import pytest

from tests.circle.meeting import meets
from tests.client import Client, Page
from tests.hosts.listing import WORDS, Association, asks, lists, pair_of
from tests.html import all_of, text_of
from tests.people import Ada

SAID = re.compile(r"^(?:Jag|[^:]+): ")


@dataclass(frozen=True)
class Talking:
    """One side of a conversation, through the pages."""

    client: Client
    pair: str
    card: str = ""

    @property
    def page(self) -> str:
        return f"/prata/{self.pair}"

    def look(self) -> Page:
        return self.client.get(self.page)

    def says(self, words: str, status: int = 303) -> Page:
        return self.client.send(self.look().form("/skriv"), {"words": words}, press="Skicka", status=status)

    def reads(self) -> list[str]:
        """Every message on the page in order, with who wrote it (“Jag: hej”)."""
        return said(self.look())

    def pick(self, words: str) -> str:
        """The message that says this, as the page of a report names it."""
        for label in all_of(self.client.get(f"{self.page}/anmal").tree, "label"):
            if words in text_of(label):
                return next(one.get("value", "") for one in all_of(label, "input"))
        raise AssertionError(f"no message to report says {words}")

    def id_of(self, words: str) -> str:
        """The id of the message that says this."""
        for line in all_of(self.look().tree, "li"):
            if line.get("id", "").startswith("say-") and words in text_of(line):
                return line.get("id", "")[4:36]
        raise AssertionError(f"no message says {words}")


def said(page: Page) -> list[str]:
    lines = [one for one in all_of(page.tree, "li") if one.get("id", "").startswith("say-")]
    return [text_of(all_of(line, "p")[0]) for line in lines]


def agree(ada: Client, other: Client, name: str, *, hat: str = "support") -> tuple[Talking, Talking]:
    """They meet, and the one who was invited says yes to messages."""
    card, pair = meets(ada, other, name, hat=hat)
    other.follow(other.send(other.get(f"/delat/{pair}").form("/ta-emot")))
    ada.get("/kretsen")  # the yes is sorted
    return Talking(ada, pair, card), Talking(other, pair)


@pytest.fixture
def both(ada: Ada, ben: Client) -> tuple[Talking, Talking]:
    """Ada’s side, and Ben’s."""
    return agree(ada.client, ben, "Ben")


def taken_on(ada: Client, peer: Client, name: str = "Pia", words: str = WORDS) -> tuple[Talking, Talking]:
    """Ada asks, the peer says yes."""
    ada.follow(asks(ada, name, words=words))
    questions = peer.get("/prata/fragor")
    pair = pair_of(questions)
    peer.follow(peer.send(questions.form("Ja, jag kan")))
    ada.get("/prata")
    return Talking(ada, pair), Talking(peer, pair)


def receives_reports(association: Association, who: Client, name: str = "Karin") -> None:
    """The association names somebody outside the peer group, who opens their door."""
    lists(association.client, who, name, role="safeguarding")
    page = who.follow(who.send(who.get("/prata/min-sida").form("Spara och titta"), {"name": name}))
    who.follow(who.send(page.form("Visa min sida")))
