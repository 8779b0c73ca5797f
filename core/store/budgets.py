"""Budgets of whole platforms, kept in slots of their own; and the few tokens of them that a process has in hand.

Whoever shows something would wait twice: for what to show, and for leave to show it. A token in hand is leave that was
asked for when the last one was spent. So after a rest a budget may be overdrawn by what the processes have in hand; the
platforms' limits are further away than that.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from core.errors import StoreDown
from core.ports.chat import Budget
from core.store import keys
from core.store.store import Store

LIFETIME = 3600
IN_HAND = 2  # a line and the repaint of its card


async def take_budget(store: Store, budget: Budget) -> int:
    """The wall instant from which the call may be made; nothing is taken when it lies ahead."""
    if in_hand := store.purse.get(budget.name, 0):
        store.purse[budget.name] = in_hand - 1
        return store.clock.wall()
    return await _take(store, budget)


async def fill_purse(store: Store, budgets: Sequence[Budget]) -> None:
    """Take what is missing of them, as far as there is any now. A Redis that is away is asked when it is needed."""
    wanted = [each for each in budgets for _ in range(IN_HAND - store.purse.get(each.name, 0))]
    with suppress(StoreDown):
        await asyncio.gather(*(_put_in(store, each) for each in wanted))


async def _put_in(store: Store, budget: Budget) -> None:
    wall = store.clock.wall()
    at = await _take(store, budget)
    held = store.purse.get(budget.name, 0)
    if at <= wall and held < IN_HAND:
        store.purse[budget.name] = held + 1


async def _take(store: Store, budget: Budget) -> int:
    at: int = await store.scripts.run(
        "take_token",
        keys.bucket_tag(budget.name),
        wall=store.clock.wall(),
        refill=budget.refill_ms,
        burst=budget.burst,
        lifetime=LIFETIME,
    )
    return at
