"""What people do with a story, through the pages that everybody uses."""

from collections.abc import Sequence

from server.circle.kinds import kind_called
from server.core import ids
from server.items.payloads import Item, ItemCopy, Texts
from tests.client import Client, Page
from tests.shared.conftest import Reader

INDEX = "/plan/berattelse"
PICTURE, ADAPTATIONS = "/plan/bild/min", "/plan/anpassningar/min"
GATHER = "/plan/bild/hamta"


def writes_part(client: Client, title: str, **texts: str) -> str:
    """A new part of the story; its id."""
    form = client.get(f"/plan/berattelsen/ny?title={title}").form("Spara")
    client.follow(client.send(form, {"title": title, **texts}, press="Spara"))
    return form.action.split("/")[3]


def writes(client: Client, address: str, **texts: str) -> Page:
    """In the one picture or sheet of adaptations."""
    return client.follow(client.send(client.get(f"{address}/andra").form("Spara"), texts, press="Spara"))


def is_refused(client: Client, address: str, **texts: str) -> Page:
    """The form again, with a sentence."""
    return client.send(client.get(f"{address}/andra").form("Spara"), texts, press="Spara", status=422)


def copied(item: Item, *parts: str) -> Texts:
    """What would be sealed for somebody, past every page."""
    copy = kind_called(item.sheet).copy(item, parts)
    assert isinstance(copy, ItemCopy)
    return copy.texts


def begins(owner: Client, item: str) -> Page:
    """The first of the four pages."""
    return owner.follow(owner.post("/lamna/ny", {"item": item}))


def asks_for(owner: Client, item: str, card: str, parts: str | Sequence[str], **terms: str) -> Page:
    """Up to the preview, or to the page that asks for the frame."""
    page = begins(owner, item)
    ticked = {"0-part": parts} if parts else {}
    page = owner.follow(owner.send(page.form("Vidare"), ticked, press="Vidare"))
    page = owner.follow(owner.send(page.form("Vidare"), card=card, press="Vidare"))
    told = {"purpose": "Inför mötet", "length": "days"} | terms
    answer = owner.submit(page.form("Se som").action, page.form("Se som").filled("Se som", told))
    return owner.follow(answer) if answer.status == 303 else answer


def hands(owner: Client, item: str, card: str, parts: str | Sequence[str], **terms: str) -> Page:
    """The preview, after it has been handed over."""
    preview = asks_for(owner, item, card, parts, **terms)
    owner.follow(owner.send(preview.form("Lämna till")))
    return preview


def opens(reader: Reader) -> Page:
    """Everything that lies there closed."""
    page = reader.client.get(reader.page)
    while any("Öppna" in form.buttons_say for form in page.forms):
        reader.client.send(page.form("Öppna"))
        page = reader.client.get(reader.page)
    return page


def some_id() -> str:
    return ids.token()
