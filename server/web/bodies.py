"""Bodies of requests, awaited on the event loop: whoever sends slowly holds no thread (docs/server.md).

What cannot be taken is a body all the same: reading it raises why, so that the app says it in its own words.
"""

import asyncio
from io import BytesIO, RawIOBase
from typing import IO, Any

from granian.rsgi import HTTPProtocol, Scope
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, RequestTimeout, ServiceUnavailable

MOST = 20_100_000  # bytes; the app's own limits lie below (server/mine/inputs.py has the highest)
ROOM = 64_000_000  # bytes that all bodies of a process hold at once
_MOST_UNREAD = 64_000_000  # bytes; whoever sends more may as well be cut off
_PATIENCE = 30  # seconds for a body …
_LEAST_RATE = 20_000  # … and one more for so many bytes that have come


class BrokenOff(Exception):
    """The sender went before the end."""


class Refused(RawIOBase):
    """A body that was not taken."""

    def __init__(self, why: type[HTTPException]) -> None:
        self._why = why

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any) -> int:
        raise self._why


class Room:
    """What bodies share. One may grow while as much as it holds is still free: large ones are refused first."""

    def __init__(self, size: int = ROOM) -> None:
        self._size, self._held = size, 0

    def take(self, more: int, whole: int) -> bool:
        """Room for `more` bytes of a body that then holds `whole`; False when there is none."""
        if self._size - self._held - more < whole:
            return False
        self._held += more
        return True

    def give_back(self, number: int) -> None:
        self._held -= number


class Coming:
    """One body on its way. What it holds is given back by `let_go`."""

    def __init__(self, room: Room, length: int | None) -> None:
        self._room, self._length = room, length
        self._kept, self._holds = BytesIO(), 0
        self._why: type[HTTPException] | None = RequestEntityTooLarge if length and length > MOST else None

    async def whole(self, protocol: HTTPProtocol) -> IO[bytes]:
        """When all of it has come, or it is refused. Raises BrokenOff."""
        if self._length is None or self._length <= _MOST_UNREAD:
            try:
                await self._read(protocol)
            except TimeoutError:
                self._refuse(self._why or RequestTimeout)
        if self._why:
            return Refused(self._why)  # type: ignore[return-value]
        self._kept.seek(0)
        return self._kept

    def let_go(self) -> None:
        self._room.give_back(self._holds)
        self._kept, self._holds = BytesIO(), 0

    async def _read(self, protocol: HTTPProtocol) -> None:
        """A browser that is still sending shows no answer, so what is not taken is read for nothing."""
        came, begun = 0, asyncio.get_running_loop().time()
        async with asyncio.timeout(_PATIENCE) as deadline:
            async for part in protocol:
                came += len(part)
                self._keep(part)
                if came == self._length or came > _MOST_UNREAD:
                    return
                if not part:  # so granian says that it has ended, or broken off
                    break
                deadline.reschedule(begun + _PATIENCE + came / _LEAST_RATE)
        if self._length is not None:
            raise BrokenOff

    def _keep(self, part: bytes) -> None:
        if self._why:
            return
        more, whole = len(part), self._holds + len(part)
        if whole > MOST:
            self._refuse(RequestEntityTooLarge)
        elif self._room.take(more, whole):
            self._kept.write(part)
            self._holds = whole
        else:
            self._refuse(ServiceUnavailable)

    def _refuse(self, why: type[HTTPException]) -> None:
        self._why = why
        self.let_go()


def length_of(scope: Scope) -> int | None:
    """The bytes that the body will have; None when only its end will tell."""
    headers = scope.headers
    return None if "transfer-encoding" in headers else int(headers.get("content-length", "0"))
