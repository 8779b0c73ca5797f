"""What has happened outside and must not be forgotten: it is recorded, however long Redis is away."""

import asyncio
from collections.abc import Awaitable, Callable

from core.errors import StoreDown

PAUSE_SECONDS = 1.0


async def until_recorded(record: Callable[[], Awaitable[object]]) -> None:
    """Again and again, until Redis answers: what was sent must not be sent again."""
    while True:
        try:
            await record()
        except StoreDown:
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            return
