"""Budgets of whole platforms: what a process has in hand was taken from them before."""

from dataclasses import replace
from pathlib import Path

from core.ports.chat import Budget
from core.store.budgets import IN_HAND, fill_purse, take_budget
from core.store.client import connect
from core.store.embedded import embedded
from core.store.scripts import Scripts
from core.store.store import Store
from tests.fixtures.core import Stage

BUDGET = Budget("test/all", 60_000, 5)


async def leave(store: Store, times: int) -> list[bool]:
    """Whether each call may be made at once."""
    return [await take_budget(store, BUDGET) <= store.clock.wall() for _ in range(times)]


async def test_what_is_in_hand_is_spent_without_asking(still: Stage) -> None:
    """A card that is ready waits for nobody's leave."""
    store = still.deps.store
    await fill_purse(store, [BUDGET])
    before = store.engine.round_trips

    spent = await leave(store, IN_HAND)

    assert spent == [True] * IN_HAND
    assert store.engine.round_trips == before


async def test_in_hand_or_not_no_more_is_spent_than_there_is(still: Stage) -> None:
    """What is in hand was taken from the budget when it was put there."""
    store = still.deps.store
    await fill_purse(store, [BUDGET])
    await fill_purse(store, [BUDGET])

    assert sum(await leave(store, 2 * BUDGET.burst)) == BUDGET.burst


async def test_an_empty_budget_fills_no_purse(still: Stage) -> None:
    """Then the next call is told when it may be made."""
    store = still.deps.store
    await leave(store, BUDGET.burst)

    await fill_purse(store, [BUDGET])

    assert await leave(store, 1) == [False]


async def test_a_redis_that_is_away_is_no_trouble_for_what_was_shown(still: Stage, tmp_path: Path) -> None:
    """The purse stays as it is, and the next call asks."""
    async with embedded(tmp_path, keep=False) as url:
        away = await connect(url)
    store = replace(still.deps.store, engine=away, scripts=Scripts(away))

    await fill_purse(store, [BUDGET])

    await away.aclose()

    assert store.purse == {}
