"""Retention: what is kept no longer goes, step by step."""

import asyncio
from collections.abc import AsyncGenerator

from core.domain.retention import cutoff
from core.observability import log
from core.services.deps import Deps
from core.store import retention

AT_ONCE = 20  # conversations of which something goes beside each other
REST = 50  # milliseconds between two pages: nobody waits for this walk


async def forget_text(deps: Deps, conversation: str, *, lease: int) -> None:
    """Its moment has come, and was put off by `lease`: the words of the conversation go, if nothing is owed."""
    word = await retention.forget_text(deps.store, conversation, lease=lease)
    if word == "bare":
        await retention.forget_obligations(deps.store, conversation, deps.clock.now() + 1)


async def forget_what_is_old(deps: Deps) -> AsyncGenerator[int, None]:
    """One walk through all ledgers. After each step it says for how many milliseconds it rests."""
    before = cutoff(deps.clock.now())
    looked_at = 0
    async for page in retention.old_conversations(deps.store, before):
        for start in range(0, len(page), AT_ONCE):
            some = page[start : start + AT_ONCE]
            await asyncio.gather(*(retention.forget_obligations(deps.store, each, before) for each in some))
        looked_at += len(page)
        yield REST
    log().info("old_obligations_forgotten", conversations=looked_at)
