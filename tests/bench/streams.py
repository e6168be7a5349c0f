"""Idle event streams, as live messages will need them: one small process beside the pages (docs/server.md)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

HELD = 3600  # seconds

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def app(scope: dict[str, Any], _receive: object, send: Send) -> None:
    """ASGI: any address but /healthz is a stream that says one line and then keeps still."""
    if scope["type"] != "http":
        return
    health = scope["path"] == "/healthz"
    kind = b"text/plain" if health else b"text/event-stream"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
    await send(
        {"type": "http.response.body", "body": b"ok\n" if health else b": here\n\n", "more_body": not health}
    )
    if not health:
        await asyncio.sleep(HELD)
