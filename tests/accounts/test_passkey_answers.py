"""Answers of an authenticator that do not hold, hold too much, or are no answers at all."""

import json
import logging
from typing import Any

import pytest

from tests.accounts.acts import KEYS, reads, ways
from tests.accounts.authenticator import (
    Authenticator,
    first_touch,
    make_passkey,
    open_with,
    options_on,
    text,
)
from tests.client import Client, Page
from tests.people import Ada
from tests.world import World

WRONG: dict[str, dict[str, Any]] = {
    "another site": {"site": "evil.example"},
    "another origin": {"origin": "https://evil.example"},
    "another port": {"origin": "http://localhost:9999"},
    "a name that begins like ours": {"origin": "http://localhost.evil.example"},
    "nobody touched it": {"verified": False},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_answer_that_does_not_hold(wrong: str, ada: Ada, visitor: Client, world: World) -> None:
    """A passkey of another site, or one that the phone gave away without finger, face or code."""
    slots = world.rows("slot")
    page = first_touch(ada.client, Authenticator(), status=422, **WRONG[wrong])
    assert "Telefonen klarade det inte." in page.text
    assert world.rows("slot") == slots
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    page = open_with(visitor, authenticator, status=422, **WRONG[wrong])
    assert "Den passnyckeln öppnar inget här." in page.text
    assert not reads(visitor)


def test_another_key_behind_the_same_name(ada: Ada, visitor: Client) -> None:
    """The credential id is no secret; the signature is what counts."""
    authenticator, thief = Authenticator(), Authenticator()
    make_passkey(ada.client, authenticator)
    thief.id, thief.kek = authenticator.id, authenticator.kek
    open_with(visitor, thief, status=422)
    assert not reads(visitor)


def test_the_right_touch_with_the_wrong_key_opens_nothing(ada: Ada, visitor: Client) -> None:
    """Who could write the database's rows cannot open; neither can the page with another derived key."""
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    authenticator.kek = Authenticator().kek
    open_with(visitor, authenticator, status=422)
    for kek in ("", "x", "A" * 43, "å", "A" * 5000):
        authenticator.kek = kek
        open_with(visitor, authenticator, status=422)
    assert not reads(visitor)


LEAKS: dict[str, dict[str, Any]] = {
    "as toJSON has it": {"clientExtensionResults": {"prf": {"results": {"first": "cmF3IHByZg"}}}},
    "both": {"clientExtensionResults": {"prf": {"results": {"first": "cmF3IHByZg", "second": "cmF3IHByZg"}}}},
    "enabled too": {"clientExtensionResults": {"prf": {"enabled": True, "results": {"first": "cmF3IHByZg"}}}},
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_body_with_the_raw_prf_output_is_refused(
    leak: str, ada: Ada, visitor: Client, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """vault.md: whoever had it could derive the key of every later version too. 400, and nothing of it is kept."""
    caplog.set_level(logging.DEBUG)
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    page = visitor.get("/nyckel")
    answer = json.dumps(authenticator.get(options_on(page)) | LEAKS[leak])
    form = page.form("Öppna med passnyckel")
    assert "cmF3IHByZg" not in visitor.send(form, status=400, credential=answer, kek=authenticator.kek).html
    for page, press in (
        (ada.client.get(f"{KEYS}/passnyckel"), "Gör en passnyckel"),
        (first_touch(ada.client, Authenticator()), "Prova passnyckeln"),
    ):
        assert "cmF3IHByZg" not in ada.client.send(page.form(press), status=400, credential=answer).html
    assert not reads(visitor)
    found = b"".join(file.read_bytes() for file in world.folder.iterdir()) + caplog.text.encode()
    assert b"cmF3IHByZg" not in found
    assert b"raw prf" not in found


def test_saying_that_prf_is_there_is_no_leak(ada: Ada) -> None:
    page = ada.client.get(f"{KEYS}/passnyckel")
    made = Authenticator().create(options_on(page)) | {"clientExtensionResults": {"prf": {"enabled": True}}}
    ada.client.send(page.form("Gör en passnyckel"), status=200, credential=json.dumps(made))


def junk(page: Page, authenticator: Authenticator) -> list[str]:
    """What only a hand-made request has: every part missing, of another type, or noise."""
    good = authenticator.create(options_on(page))
    answer = good["response"]
    others: list[Any] = [None, 5, "", "å", []]
    noise = ["AA", text(b"{}"), text(b"[]"), text(b"\xa0"), text(b"\xa1\x63fmt\x64none")]
    whole = [*others, {}, {"id": 5}, {"response": 5}, {"response": {}}, {"response": {"clientDataJSON": 5}}]
    parts = [good | {name: value} for name in good for value in others]
    inner = [good | {"response": answer | {name: one}} for name in answer for one in [*others, *noise]]
    more = [good | {"clientExtensionResults": one} for one in ("x", 5, [1], {"prf": "x"}, {"prf": [1]})]
    made = [json.dumps(one) for one in [*whole, *parts, *inner, *more]]
    return ["", "{", "\0", "[" * 3000, *made]


def test_junk_gets_a_sentence_and_never_a_fault(ada: Ada, visitor: Client, world: World) -> None:
    slots = world.rows("slot")
    page = ada.client.get(f"{KEYS}/passnyckel")
    faults = []
    for body in junk(page, Authenticator()):
        for client, path in ((ada.client, f"{KEYS}/passnyckel"), (visitor, "/nyckel/passnyckel")):
            answer = client.submit(path, [("credential", body)])
            if answer.status not in (200, 422):
                faults.append(f"{answer.status} at {path}: {body[:120]}")
    assert not faults, f"{len(faults)}: " + "\n".join(faults[:12])
    assert world.rows("slot") == slots


def test_junk_in_the_second_touch(ada: Ada, world: World) -> None:
    """The half that was signed by us cannot be made up, and is not taken from somebody else's page."""
    authenticator = Authenticator()
    second = first_touch(ada.client, authenticator)
    carried = dict(second.form("Prova passnyckeln").filled("", {}))["made"]
    for made in ("", "x", carried[:-3] + "AAA", carried.split(".")[0], "." * 3):
        tried = json.dumps(authenticator.get(options_on(second)))
        fields = {"credential": tried, "kek": authenticator.kek, "made": made}
        ada.client.post(f"{KEYS}/passnyckel/prova", fields, status=422)
    assert not [line for line in ways(ada.client) if "Passnyckel" in line]


def test_the_half_made_passkey_of_one_page_does_not_fit_in_anothers(ada: Ada, cleo: Client) -> None:
    """Cleo cannot be made to keep Ada's key as her own (a shared phone, a page left open)."""
    authenticator = Authenticator()
    second = first_touch(ada.client, authenticator)
    carried = dict(second.form("Prova passnyckeln").filled("", {}))["made"]
    mine = first_touch(cleo, Authenticator())
    tried = json.dumps(authenticator.get(options_on(mine)))
    fields = {"credential": tried, "kek": authenticator.kek, "made": carried}
    cleo.post(f"{KEYS}/passnyckel/prova", fields, status=422)
    assert not [line for line in ways(cleo) if "Passnyckel" in line]
