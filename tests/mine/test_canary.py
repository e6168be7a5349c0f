"""A file that is read in lies sealed from the first moment: no word of it is found in the stores (hard rule 3)."""

import logging

import pytest

from server.core import ids
from tests.client import Client
from tests.mine.test_daylio import NEW, row
from tests.mine.test_pages import download, read_in, upload
from tests.world import World


@pytest.fixture
def word() -> str:
    """A word that is found nowhere else."""
    return f"kanarie{ids.token()}"


def stored(world: World) -> bytes:
    """Every byte of both stores and their logs."""
    return b"".join(file.read_bytes() for file in sorted(world.folder.iterdir()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_while_it_waits(encoding: str, word: str, someone: Client, world: World) -> None:
    page = upload(someone, f"{NEW}\n{row(word, mood=word + 'humör')}".encode(encoding))
    assert word in page.text
    assert not found(word, stored(world))


def test_when_it_has_been_read_in(
    word: str, someone: Client, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    read_in(someone, f"{NEW}\n{row(word)}".encode())
    assert word in someone.get("/dagar/2026-11-17").text
    assert not found(word, stored(world) + caplog.text.encode())


def test_when_it_has_been_thrown_away(word: str, someone: Client, world: World) -> None:
    page = upload(someone, f"{NEW}\n{row(word)}".encode())
    someone.send(page.form("Släng filen"))
    assert not found(word, stored(world))


def test_a_file_that_cannot_be_read_is_not_kept(
    word: str, someone: Client, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    upload(someone, f"PK\x03\x04{word}".encode(), status=422)
    upload(someone, f"{word};{word}\n{word};{word}".encode(), status=422)
    assert not found(word, stored(world) + caplog.text.encode())


def test_what_is_taken_along_is_not_kept_here(word: str, someone: Client, world: World) -> None:
    read_in(someone, f"{NEW}\n{row(word)}".encode())
    assert download(someone)
    assert not found(word, stored(world))


def found(word: str, data: bytes) -> bool:
    return any(way in data for way in (word.encode(), word.encode("utf-16-le"), word.encode().hex().encode()))
