"""A stolen database says nothing: a word of its own is typed into every field of every form there is, through HTTP,
and then every byte of the database, its log, the session store, a backup and the logs is searched.

The fields are found by reading the pages, so a new form or field is covered the day it appears.
"""

import base64
import json
import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.core import ids
from server.storage import backup
from server.vault.cards import Card
from server.vault.sealing import Secret
from tests.accounts.acts import lock_for_real, open_code, qr
from tests.accounts.authenticator import Authenticator, make_passkey
from tests.circle.meeting import hands, meets, pair_of
from tests.client import Client
from tests.forms import Form
from tests.hosts.listing import asks, lists, publishes, settled
from tests.messages.conftest import agree, receives_reports, taken_on
from tests.people import DRAFTED, HIDDEN, OCTOBER, TODAY, TUESDAY, Ada, tell
from tests.world import World

TYPED = ("text", "textarea", "search", "email", "tel", "url", "password", "number")
BY_SCRIPT = ("credential", "kek", "made")  # what a page fills in by itself when a passkey is used
ROUNDS = 3  # what the first round wrote opens further pages: a day, an entry, the bin, a draft
PAGES_OF_A_KIND = 3
# Hiding, coming back, signing in and leaving have no text of a person's; drafts are sent by the form of the entry
# itself, and files are looked after in tests/mine/test_canary.py.
ELSEWHERE = {
    "help.hide", "help.come_back", "accounts.use_link", "days.keep_draft", "messages.keep_draft", "items.keep_draft",
    "mine.upload", "mine.lay_in", "mine.throw_away", "mine.delete", "accounts.lock", "accounts.sign_out",
    "outbox.take",  # what a phone sealed; its own canary is in the stories
    "phone.save_again", "phone.throw_away",  # what was written before and could not be saved in its place
    "circle.choose", "ball.choose", "days.choose",  # between two that were written before
    "giving.only_me", "giving.show",  # gives up; locks. Printing writes down the same as showing
    "giving.hand_over",  # the words were typed on the pages before
    "shared.seen_goodbyes",  # after somebody has ended
    "holding.give_again",  # undoes one stop, as its like undoes all
    "inviting.accept", "inviting.confirm",  # the other side, and the yes after it; names are looked for below
    # What an association and a peer write is for everybody to read; the words between a peer and who asks are below.
    "hosts.accept", "hosts.tell", "hosts.invited", "hosts.cancel", "hosts.confirm", "hosts.take_off", "hosts.put_back",
    "peers.tell", "peers.publish", "peers.take_down", "peers.resign", "peers.ask", "peers.say_yes", "peers.say_no",
    "peers.withdraw", "peers.put_away",
    # Between a peer, a colleague and whom reports reach: written below, each by their own side.
    "handing_on.suggest", "handing_on.asked_on", "handing_on.not_on",
    "reporting.send", "reporting.take_back", "reporting.dealt_with",
    "safety.hide_everywhere",  # offered when another phone shows the plan; it has no words
    "telling.take",  # a line into my picture: it was typed on a page of its own
    "push.off", "push.renew", "push.put_away",  # no words; offered once a browser has subscribed, or a time has come
    "keys.tried_passkey",  # a page that only an authenticator reaches: one is used below
}  # fmt: skip


class Canaries:
    """Hands out words that are found nowhere else, and remembers them."""

    def __init__(self, *words: str) -> None:
        self.words = dict.fromkeys(words, "given")
        self.kept = set[str]()  # fields whose word its owner could read again

    def word(self, where: str) -> str:
        word = f"kanarie{ids.token()}"
        self.words[word] = where
        return word


def test_no_word_that_was_typed_is_found_anywhere(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Hard rule 3. Every way of writing a word is looked for: as it is, in UTF-16, in hexadecimal, in base64."""
    caplog.set_level(logging.DEBUG)
    ada, canaries, sent = world.ada(), Canaries(), set[str]()
    client, handing = ada.client, f"/lamna/{ada.circle['handing']}"
    meet(world, ada, canaries)
    step, obstacle = f"/plan/steg/{ada.plan['step']}", f"/plan/hinder/{ada.plan['obstacle']}"
    tell(client, step.removeprefix("/plan/"), title=canaries.word("a step"))
    card = lock_for_real(client)
    client.post(f"{step}/andra", {"edition": "1", "title": canaries.word("a step, on another phone")})
    client.follow(open_code(client))
    authenticator = Authenticator()
    make_passkey(client, authenticator)
    secrets = secrets_of(client, card, qr(client), authenticator.kek)
    for _ in range(ROUNDS):
        forms = every_form(
            world,
            client,
            handing,
            *(f"{handing}/{page}" for page in ("vem", "varfor", "se", "fler")),
            step,
            obstacle,
        )
        while forms:
            form = forms.pop(0)
            kind = endpoint(world, form.action, "POST")
            if kind not in ELSEWHERE:
                sent.add(kind)
                forms += [
                    one
                    for one in fill_in(client, form, canaries)
                    if endpoint(world, one.action, "POST") not in sent
                ]
    posts = {rule.endpoint for rule in world.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts - sent <= ELSEWHERE, "a form that no link leads to"
    assert {"words", "done", "helped", "title", "smallest", "dream"} <= canaries.kept, (
        "nothing was saved, so nothing was tested"
    )

    backup(f"sqlite:///{world.folder / 'dagsform.db'}", world.folder / "backup.db")
    files = {
        str(file): file.read_bytes() for place in (world.folder, world.foundations) for file in walk(place)
    }
    assert {Path(name).name for name in files} >= {
        "dagsform.db",
        "dagsform.db-wal",
        "sessions.db",
        "backup.db",
    }
    files["the log"] = caplog.text.encode()
    assert not find(canaries, files)
    secrets |= secrets_of(client, card, qr(client), authenticator.kek)
    del files[str(world.foundations / "people.json")]  # the tests' own note of what browsers keep
    assert not [f"{what} in {name}" for what, key in secrets.items() for name in files if key in files[name]]


def meet(world: World, ada: Ada, canaries: Canaries) -> None:
    """Ada and Ben show each other days, Ben suggests something, and they write to each other: now every form between
    two people is there.
    """
    ben = world.person("ben")
    mine, theirs = agree(ada.client, ben, canaries.word("the name of a contact"))
    card = mine.card
    for day in (TUESDAY, OCTOBER):
        hands(world, ada.client, card, f"day/{day}", ada.entries[day], purpose=canaries.word("a purpose"))
    form = ben.get(f"/delat/{pair_of(ben)}").form("/forslag")
    ben.follow(ben.send(form, {"words": canaries.word("a suggestion"), "why": canaries.word("a wish")}))
    for number, one in enumerate((mine, theirs, mine, theirs)):
        one.says(canaries.word(f"message {number}"))
    assert len(mine.reads()) == len(theirs.reads()) == 4
    one.client.autosave(one.look().form("/skriv"), {"words": canaries.word("a message that is not sent")})
    card, _pair = meets(ben, ada.client, "Ada")
    hands(world, ben, card, f"day/{TODAY}")
    ask_a_peer(world, ada, canaries)


def ask_a_peer(world: World, ada: Ada, canaries: Canaries) -> None:
    """One who said yes, suggests somebody else and is reported; one question that was answered with a no, and one that
    waits."""
    association = settled(world)
    pia, cleo, karin = world.person("pia"), world.person("cleo"), world.person("fia")
    lists(association.client, cleo, "Maria")
    publishes(cleo, name="Maria")
    receives_reports(association, karin)
    mine, theirs = taken_on(ada.client, cleo, "Maria", canaries.word("a question to Maria"))
    theirs.says(canaries.word("what Maria writes"))
    suggest = cleo.get(f"{theirs.page}/kollega").form("Föreslå")
    other = next(one.value for one in suggest.controls if one.name == "to")
    cleo.follow(cleo.send(suggest, {"to": other, "words": canaries.word("why a colleague")}))
    report = ada.client.get(f"{mine.page}/anmal").form("/anmal")
    told = {"words": canaries.word("a report"), "name": canaries.word("who reports")}
    ada.client.follow(ada.client.send(report, {**told, "picked": [mine.pick("kanarie")]}))
    assert told["words"] in karin.get("/prata/anmalningar").text
    for again in (False, True):
        called, words = canaries.word("the name of an asker"), canaries.word("a question to a peer")
        ada.client.follow(asks(ada.client, called=called, words=words))
        page = pia.get("/prata/fragor")
        assert words in page.text
        if not again:
            form = page.form("Säg nej")
            pia.follow(pia.send(form, {"words": canaries.word("the words of a no")}, press="Säg nej"))
            ada.client.get("/kretsen")


def secrets_of(client: Client, card: str, link: str, kek: str) -> dict[str, bytes]:
    """What opens: as it stands in a cookie, an address or on paper, and the bytes behind it."""
    texts = {f"cookie {name}": value for name, value in client.cookies().items() if len(value) == 43}
    texts |= {"link": link.removeprefix("/in/"), "key of the passkey": kek}
    found = {f"{what} {text[:6]}": text.encode() for what, text in texts.items()}
    found |= {f"bytes of {what} {text[:6]}": Secret.from_text(text).reveal() for what, text in texts.items()}
    plain = card.replace(" ", "")
    groups = {f"group {n + 1} of the card": plain[9 * n : 9 * n + 9].encode() for n in range(4)}
    return found | groups | {"card for the QR": Card.parse(card).text.encode()}


def test_the_search_would_find_a_word(world: World) -> None:
    """The same search over a database in which somebody forgot to seal."""
    word = Canaries().word("a forgotten column")[:32]
    with world.database.write() as db:
        db.exec_driver_sql("INSERT INTO mark (name) VALUES (?)", (word,))
    assert find(Canaries(word), {str(file): file.read_bytes() for file in walk(world.folder)})
    for way in ways(word):
        assert find(Canaries(word), {"a file": b"noise" + way + b"noise"})


def test_the_rows_of_records_hold_no_plain_text(world: World) -> None:
    """Not even the names of the fields, and every row is a multiple of a step, so that lengths tell little."""
    client = world.someone()
    for words in ("kort", "lång " * 300):
        client.post(f"/dagar/2026-11-18/{ids.token()}", {"edition": "0", "words": words, "level": "2"})
    with world.database.read() as db:
        blobs = db.exec_driver_sql("SELECT blob FROM record").scalars().all()
        shelves = db.exec_driver_sql("SELECT shelf FROM record").scalars().all()
    for blob in blobs:
        assert not [
            name
            for name in (b"words", b"form", b"entries", b"2026", b"day", b"edition", b"\x00" * 8)
            if name in blob
        ]
        assert len(set(blob[:256])) > 100  # as even as chance
    assert len({len(blob) % 1024 for blob in blobs}) == 1
    assert all(len(shelf) == 16 and b"day" not in shelf for shelf in shelves)


def every_form(world: World, client: Client, *more: str) -> list[Form]:
    """One of each kind of form on one of each kind of page that links lead to. Those that take away come last."""
    found: dict[tuple[str, ...], Form] = {}
    met, seen = Counter[str](), set[str]()
    to_see = ["/", "/nyckel", f"/dagar/{TODAY}", f"/dagar/{DRAFTED}/ny", f"/aktiviteter/{HIDDEN}", *more]
    while to_see:
        path = to_see.pop(0)
        kind, most = page_of(world, path)
        if path in seen or met[kind] >= most:
            continue
        page = client.look(path)
        seen.add(path)
        met[kind] += 1
        for form in page.forms:
            if form.method == "post":
                names = sorted({one.name for one in form.controls})
                found.setdefault((endpoint(world, form.action, "POST"), *names), form)
        to_see += [link for link in page.links if link.startswith("/")]
    ends = ("blockera", "avsluta", "ny-person", "bort", "for-gott")
    return sorted(found.values(), key=lambda form: any(word in form.action for word in ends))


def page_of(world: World, path: str) -> tuple[str, int]:
    """What kind of page it is, and how many of the kind are looked at. Each sheet has one set of pages of its own."""
    found, values = world.app.url_map.bind("localhost").match(path.split("?")[0], method="GET")
    return (f"{found} {values['slug']}", 1) if "slug" in values else (str(found), PAGES_OF_A_KIND)


def endpoint(world: World, path: str, method: str) -> str:
    return str(world.app.url_map.bind("localhost").match(path.split("?")[0], method=method)[0])


def fill_in(client: Client, form: Form, canaries: Canaries) -> list[Form]:
    """Type a word in each field, let the page keep it as a draft, press the button; what the next page offers."""
    typed: dict[str, str] = {}
    for control in form.controls:
        if control.kind in TYPED or control.name in BY_SCRIPT:
            typed[control.name] = canaries.word(f"{form.action} {control.name}")
        elif control.kind == "radio" and control.value:
            typed[control.name] = control.value
    if form.autosave:
        texts = {
            name: f"{text} {canaries.word(f'{form.autosave} {name}')}"
            for name, text in typed.items()
            if len(text) > 20
        }
        client.autosave(form, typed | texts)
    button = next((one for one in form.buttons if one.name), None)
    answer = client.submit(form.action, form.typed(typed) + ([(button.name, button.value)] if button else []))
    # 200: shown at once, such as a new key card. 409: another form changed the same item. 422: a word is no code, no
    # card and no passkey.
    assert answer.status in (200, 303, 404, 409, 422), f"{form.action}: {answer.status}"
    if answer.status not in (200, 303):
        return []
    page = client.look(answer.location) if answer.status == 303 else answer
    canaries.kept |= {name for name, text in typed.items() if text in canaries.words and text in page.html}
    return page.forms


def find(canaries: Canaries, files: dict[str, bytes]) -> list[str]:
    return [
        f"{where} in {name}"
        for word, where in canaries.words.items()
        for way in ways(word)
        for name, content in files.items()
        if way in content
    ]


def ways(word: str) -> Iterator[bytes]:
    """How a word could stand in a file: plain, UTF-16, hexadecimal, base64 at each of three offsets, JSON."""
    plain = word.encode()
    yield plain
    yield plain.upper()
    yield word.encode("utf-16-le")
    yield plain.hex().encode()
    yield json.dumps(word).encode()
    for offset in range(3):
        whole = base64.b64encode(b"x" * offset + plain)
        yield whole[4:-4]


def walk(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and "templates" not in file.parts]
