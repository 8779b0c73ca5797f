"""What has happened outside and must not be forgotten: it is held until Redis has it."""

import asyncio
from collections.abc import Awaitable, Callable

from core.errors import StoreDown

HELD_SECONDS = 1.0


async def hold(record: Callable[[], Awaitable[object]]) -> None:
    """Record it as soon as Redis answers: what was sent must not be sent again."""
    while True:
        try:
            await record()
        except StoreDown:
            await asyncio.sleep(HELD_SECONDS)
        else:
            return
