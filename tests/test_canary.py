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
from tests.client import Client
from tests.forms import Form
from tests.people import DRAFTED, HIDDEN, TODAY
from tests.world import World

TYPED = ("text", "textarea", "search", "email", "tel", "url", "password", "number")
ROUNDS = 3  # what the first round wrote opens further pages: a day, an entry, the bin, a draft
PAGES_OF_A_KIND = 3
# Hiding, coming back and signing in have no text of a person's; drafts are sent by the form of the entry itself.
ELSEWHERE = {"help.hide", "help.come_back", "accounts.use_link", "days.keep_draft"}


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
    client, canaries, sent = world.ada().client, Canaries(), set[str]()
    for _ in range(ROUNDS):
        forms = every_form(world, client)
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
    assert {"words", "done", "helped"} <= canaries.kept, "nothing was saved, so nothing was tested"

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


def every_form(world: World, client: Client) -> list[Form]:
    """One of each kind of form on one of each kind of page that links lead to. Those that take away come last."""
    found: dict[tuple[str, ...], Form] = {}
    met, to_see = Counter[str](), ["/", f"/dagar/{TODAY}", f"/dagar/{DRAFTED}/ny", f"/aktiviteter/{HIDDEN}"]
    seen = set[str]()
    while to_see:
        path = to_see.pop(0)
        kind = endpoint(world, path, "GET")
        if path in seen or met[kind] >= PAGES_OF_A_KIND:
            continue
        page = client.look(path)
        seen.add(path)
        met[kind] += 1
        for form in page.forms:
            if form.method == "post":
                names = sorted({one.name for one in form.controls})
                found.setdefault((endpoint(world, form.action, "POST"), *names), form)
        to_see += [link for link in page.links if link.startswith("/")]
    return sorted(found.values(), key=lambda form: "bort" in form.action or "for-gott" in form.action)


def endpoint(world: World, path: str, method: str) -> str:
    return str(world.app.url_map.bind("localhost").match(path.split("?")[0], method=method)[0])


def fill_in(client: Client, form: Form, canaries: Canaries) -> list[Form]:
    """Type a word in each field, let the page keep it as a draft, press the button; what the next page offers."""
    typed: dict[str, str] = {}
    for control in form.controls:
        if control.kind in TYPED:
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
    assert answer.status in (303, 404), f"{form.action}: {answer.status}"
    if answer.status != 303:
        return []
    page = client.look(answer.location)
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
