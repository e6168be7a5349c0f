"""A stolen database, session store or disk says nothing (product.md hard rule 3)."""

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from server.core.database import Database
from server.vault import open_page
from server.vault.cards import add_card
from server.vault.codes import add_code
from server.vault.drawer import Drawer
from server.vault.keyring import write_keyring
from server.vault.sealing import Secret, derive
from server.vault.sessions import Sessions
from server.vault.tray import leave, open_tray
from server.vault.ways_in import add_once, open_device, use_once

SHELF, NAME = "days/2026-11-pirol", "day/2026-11-22-sidensvans"


def canary(bird: str) -> str:
    """A word that nobody would write by chance, long enough to be found in pieces."""
    return f"kanariefågel-{bird}-orkade-nästan-ingenting-idag"


def forms(word: str | bytes) -> list[bytes]:
    """The ways a word could lie in a file."""
    raw = word.encode() if isinstance(word, str) else word
    coded = [raw, raw.hex().encode(), base64.b64encode(raw), base64.urlsafe_b64encode(raw).rstrip(b"=")]
    escaped = [word.encode("utf-16-le"), ascii(word)[1:-1].encode()] if isinstance(word, str) else []
    return coded + escaped


@pytest.fixture
def everything(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Any:
    """A function that gives every byte on the disk: database, write-ahead log, session store."""

    def read() -> bytes:
        if database.is_sqlite:
            assert (tmp_path / "vault.db-wal").stat().st_size > 0
            home = tmp_path
        else:
            with database.read() as db:
                db.execute(text("CHECKPOINT"))
            home = request.getfixturevalue("postgresql")["files"]
        return b"".join(file.read_bytes() for file in sorted(home.rglob("*")) if file.is_file())

    return read


def test_no_word_and_no_key_is_found_in_any_file(
    database: Database, sessions: Sessions, now: datetime, ada: Any, note: Any, everything: Any
) -> None:
    words = [canary("gulsparv"), canary("domherre"), canary("blåmes"), SHELF, NAME]
    words += [canary("steglits"), canary("grönsiska"), canary("rödhake"), canary("hornuggla")]
    with database.write() as db:
        first = ada.drawer(db).put(SHELF, NAME, note(words[0]))
        ada.drawer(db).replace(first, note(words[1] * 300))
        keyring = write_keyring(db, ada.keyring, ada.account_key, settings={"name": words[2]})
        keyring, card = add_card(db, keyring, ada.account_key, now=now, label=words[5])
        keyring = add_code(db, keyring, ada.account_key, ada.half, "975310", now=now, label=words[6])
        tray = open_tray(db, keyring)
        leave(db, tray, note(words[7]))
        open_page.show(Drawer(db, keyring), tray, note(words[8]))
        token = add_once(db, keyring, ada.account_key, now=now)
    with database.write() as db:
        keyring, account_key, half = use_once(db, token, now=now)
        open_device(db, half, now=now)
    cookie = sessions.start(keyring.account, account_key, now)
    assert sessions.resume(cookie, now) == (keyring.account, account_key)

    words += [card.text, card.text.replace("-", ""), "975310"]
    secrets = [
        tray,
        derive(tray, "open page key"),
        card.unlock,
        account_key,
        half,
        ada.half,
        token,
        cookie,
        keyring.own_secret,
        keyring.index_key,
    ]
    secrets += [
        *keyring.keys.values(),
        *[info.voucher for info in keyring.slots.values()],
        Secret(b"pepper" * 6),
    ]
    files = everything()
    assert keyring.account in files  # the files that were read are the right ones
    for word in [*words, *[secret.reveal() for secret in secrets]]:
        for form in forms(word):
            assert form not in files


def test_the_words_are_there_for_the_one_who_holds_the_half(
    database: Database, now: datetime, ada: Any, note: Any
) -> None:
    with database.write() as db:
        ada.drawer(db).put(SHELF, NAME, note(canary("gulsparv")))
        keyring, _ = open_device(db, ada.half, now=now)
        assert type(ada)(keyring, None, None).drawer(db).find(NAME)[NAME].payload.text == canary("gulsparv")


def test_what_was_removed_leaves_the_files_of_sqlite(
    database: Database, ada: Any, note: Any, everything: Any
) -> None:
    """Even the sealed bytes go. (On PostgreSQL they go with vacuum: docs for operators.)"""
    with database.write() as db:
        record = ada.drawer(db).put(SHELF, NAME, note(canary("gulsparv")))
        blob = db.execute(text("SELECT blob FROM record")).scalar_one()
    assert blob in everything()
    with database.write() as db:
        ada.drawer(db).remove(record)
        assert db.execute(text("SELECT count(*) FROM record")).scalar_one() == 0
    if database.is_sqlite:
        assert database.forget_deleted()
        with database.write() as db:
            ada.drawer(db).put("other", "other", note("x"))
        assert blob not in everything()
        assert blob[65:165] not in everything()
