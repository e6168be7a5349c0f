"""What people do with keys, said once."""

from datetime import timedelta

from tests.client import Client, Page
from tests.forms import Form
from tests.html import all_of, text_of
from tests.people import TUESDAY, WORDS, Ada
from tests.world import NOW, World

CODE = "2468"
KEYS = "/mitt/nycklar"
DAY = "2026-11-18"
LATER = NOW + timedelta(minutes=11)  # when a phone that was left alone has locked itself


def new_card(client: Client) -> str:
    """The card as it is shown, once: four groups in a row."""
    page = client.send(client.get(KEYS).form(f"{KEYS}/kort"), status=200)
    return " ".join(text_of(one) for one in all_of(page.tree, "span") if "mono-text" in one.get("class", ""))


def type_back(client: Client, card: str, status: int = 303) -> Page:
    return client.send(client.get(f"{KEYS}/kort/bekrafta").form("Spara kortet"), status=status, card=card)


def keep_card(client: Client) -> str:
    """A card that counts."""
    card = new_card(client)
    client.follow(type_back(client, card))
    return card


def open_card(client: Client, card: str, status: int = 303) -> Page:
    return client.send(client.get("/nyckel").form("Öppna med kortet"), status=status, card=card)


def choose_code(client: Client, code: str = CODE) -> Page:
    form = client.get(f"{KEYS}/kod").form("Spara koden")
    return client.follow(client.send(form, code=code))


def open_code(client: Client, code: str = CODE, status: int = 303) -> Page:
    return client.post("/nyckel/kod", {"code": code}, status=status)


def lock(client: Client) -> None:
    """By the button; the phone says that it is locked."""
    page = client.follow(client.send(client.get(KEYS).form("Lås nu")))
    assert page.h1 == "Låst"


def lock_for_real(client: Client) -> str:
    """A card on paper, a code on this phone, and the button; the card."""
    card = keep_card(client)
    choose_code(client)
    lock(client)
    return card


def another_phone(world: World, card: str) -> Client:
    """A phone that opens with the card, and has read what there was to say."""
    client = world.visitor()
    client.follow(open_card(client, card))
    return client


def qr(client: Client) -> str:
    """The address behind the picture for another phone, without the host."""
    page = client.send(client.get(KEYS).form("En annan telefon"), status=200)
    found = next(one for one in all_of(page.tree, "p") if "mono-text" in one.get("class", ""))
    return "/in/" + text_of(found).rsplit("/in/", 1)[1]


def ways(client: Client) -> list[str]:
    """The list of keys, a line each."""
    page = client.get(KEYS)
    return [text_of(one) for one in all_of(page.tree, "li") if "way" in one.get("class", "").split()]


def take_away(client: Client, says: str, status: int = 303) -> Page:
    """Taps *Ta bort* beside the first key whose line holds these words."""
    page = client.get(KEYS)
    for line in all_of(page.tree, "li"):
        if says in text_of(line) and "Ta bort" in text_of(line):
            return client.post(all_of(line, "form")[0].get("action", ""), status=status)
    raise AssertionError(f"no key says “{says}”: {ways(client)}")


def reads(client: Client) -> bool:
    """Whether Ada's Tuesday can be read here."""
    page = client.look(f"/dagar/{TUESDAY}")
    return page.status == 200 and WORDS["tuesday"] in page.text


def closed(client: Client) -> bool:
    """Nothing of Ada's can be seen, and the way leads to where one opens."""
    pages = [client.look(path) for path in ("/", "/dagar", f"/dagar/{TUESDAY}", KEYS, "/mitt/allt.zip")]
    assert not [word for word in WORDS.values() for page in pages if word.encode() in page.body]
    return all(page.status == 303 and page.location.startswith("/nyckel") for page in pages)


def sessions(world: World) -> int:
    """How many sessions the account has that owns the one card there is."""
    with world.database.read() as db:
        owner = db.exec_driver_sql("SELECT account FROM slot WHERE kind = 'card'").scalar_one()
    with world.app.extensions["session_database"].read() as db:
        owners = db.exec_driver_sql("SELECT account FROM session").scalars().all()
    count: int = owners.count(owner)
    return count


def writing(client: Client, path: str = f"/dagar/{DAY}/ny") -> Form:
    return client.get(path).form("Spara")


def lockable(ada: Ada) -> str:
    """A card and a code, and the drawer open; the card."""
    card = lock_for_real(ada.client)
    ada.client.follow(open_code(ada.client))
    return card


def kept(client: Client, form: Form, **told: str) -> Page:
    """Sent to a locked phone; the page that says that it is kept."""
    page = client.follow(client.send(form, dict(told), press="Spara"))
    assert page.h1 == "Låst"
    assert "Det du skrev finns kvar, låst." in page.text
    return page
