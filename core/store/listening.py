"""Hear what is published on a channel, through lost connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

WAKE = "sb:wake"
"""The channel on which a shard's tag is published when something in it falls due at once."""


async def listen(connect: Callable[[], Redis], channel: str) -> AsyncIterator[bytes]:
    """Payloads as they come, for ever; an empty one after each (new) subscription: something may have been missed."""
    delay = 0.05
    while True:
        try:
            async with connect() as client, client.pubsub() as pubsub:
                await pubsub.subscribe(channel)
                async for message in pubsub.listen():
                    if message["type"] == "message":
                        yield message["data"]
                    elif message["type"] == "subscribe":
                        _end_if_told()
                        delay = 0.05
                        yield b""
        except (RedisError, OSError):
            await asyncio.sleep(delay)
            delay = min(delay * 2, 1.0)


def _end_if_told() -> None:
    """redis-py sends within `asyncio.wait_for`, which on Python 3.11 can swallow a cancellation for good."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
