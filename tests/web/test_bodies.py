"""What becomes of a body: taken, refused in words, or broken off; and what it holds is given back."""

import asyncio
from collections.abc import AsyncIterator
from typing import IO, Any

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, RequestTimeout, ServiceUnavailable

import server.mine.inputs
from server.mine.bundle import MOST_PACKED
from server.web import bodies
from server.web.bodies import MOST, BrokenOff, Coming, Room


class Sender:
    """Sends the parts, then ends, or keeps still for ever."""

    def __init__(self, *parts: bytes, stays: bool = False) -> None:
        self._parts, self._stays = parts, stays

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part
        if self._stays:
            await asyncio.Event().wait()


def arrive(coming: Coming, sender: Sender) -> IO[bytes]:
    async def whole() -> IO[bytes]:
        return await coming.whole(sender)  # type: ignore[arg-type]

    return asyncio.run(whole())


def held(room: Room) -> int:
    return room._held


@pytest.mark.parametrize("length", [6, None])
def test_a_body_comes_in_parts(length: int | None) -> None:
    room = Room()
    coming = Coming(room, length)
    assert arrive(coming, Sender(b"abc", b"def")).read() == b"abcdef"
    assert held(room) == 6
    coming.let_go()
    coming.let_go()
    assert held(room) == 0


def test_after_its_last_byte_nothing_is_waited_for() -> None:
    for coming, sender in (
        (Coming(Room(), 3), Sender(b"abc", stays=True)),
        (Coming(Room(), None), Sender(b"abc", b"", stays=True)),
    ):
        assert arrive(coming, sender).read() == b"abc"


@pytest.mark.parametrize("sender", [Sender(b"abc"), Sender(b"abc", b"")])
def test_what_breaks_off_is_no_body(sender: Sender) -> None:
    with pytest.raises(BrokenOff):
        arrive(Coming(Room(), 6), sender)


@pytest.mark.parametrize("length", [MOST + 1, None])
def test_too_much_is_read_and_not_kept(length: int | None) -> None:
    room = Room()
    body = arrive(Coming(room, length), Sender(*[b"a" * 100_000] * (MOST // 100_000), b"a"))
    assert held(room) == 0
    with pytest.raises(RequestEntityTooLarge):
        body.read(1)


def test_far_too_much_is_not_even_read() -> None:
    with pytest.raises(RequestEntityTooLarge):
        arrive(Coming(Room(), 10**12), Sender(stays=True)).read(1)


@pytest.mark.parametrize("length", [6, None])
def test_who_is_too_slow_is_told_so(length: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_PATIENCE", 0.01)
    room = Room()
    with pytest.raises(RequestTimeout):
        arrive(Coming(room, length), Sender(b"a", stays=True)).read(1)
    assert held(room) == 0


def test_the_deadline_moves_only_with_what_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part is punctual; together they are too few."""
    monkeypatch.setattr(bodies, "_PATIENCE", 0.2)

    class Dripping(Sender):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                await asyncio.sleep(0.01)
                yield b"a"

    with pytest.raises(RequestTimeout):
        arrive(Coming(Room(), 1_000_000), Dripping()).read(1)


def test_large_bodies_are_refused_first() -> None:
    room = Room(100)
    large = Coming(room, None)
    assert arrive(large, Sender(b"a" * 50)).read() == b"a" * 50
    with pytest.raises(ServiceUnavailable):
        arrive(Coming(room, None), Sender(b"a" * 20, b"a" * 10)).read(1)
    assert held(room) == 50
    assert arrive(Coming(room, None), Sender(b"a" * 25)).read() == b"a" * 25
    large.let_go()
    assert arrive(Coming(room, None), Sender(b"a" * 30)).read() == b"a" * 30


def test_the_largest_form_of_the_app_fits() -> None:
    assert MOST >= MOST_PACKED + server.mine.inputs._AROUND


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (RequestEntityTooLarge, "Det var mer än vad som får plats"),
        (RequestTimeout, "Det hann inte komma fram"),
        (ServiceUnavailable, "Det är många som skickar just nu"),
    ],
)
def test_a_refused_body_is_said_in_words(why: type[HTTPException], words: str, world: Any) -> None:
    app: Flask = world.app
    environ = {
        "wsgi.input": bodies.Refused(why),
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }
    with app.test_client() as client:
        answer = client.post("/svara", environ_overrides=environ, headers={"Cookie": "__Host-h=1"})
    assert answer.status_code == why.code
    assert words in answer.text
    assert "Prova igen" not in answer.text
