"""Listening for what is published, and its end."""

import asyncio

import pytest

from core.store.client import Engine
from core.store.listening import WAKE

STEPS = 40  # turns of the loop that a subscription takes, and some


@pytest.mark.parametrize("turns", range(0, STEPS, 2))
async def test_it_ends_when_told_at_any_step(engine: Engine, turns: int) -> None:
    """A listener that is cancelled while it connects, subscribes or waits is gone at once."""

    async def listen() -> None:
        async for _ in engine.subscribe(WAKE):
            pass

    listening = asyncio.create_task(listen())
    for _ in range(turns):
        await asyncio.sleep(0)
    listening.cancel()
    done, _ = await asyncio.wait({listening}, timeout=5)

    assert done == {listening}
