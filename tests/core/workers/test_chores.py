"""Chores: what must run once is done by one process, step by step, and taken over when that one is gone."""

from collections.abc import AsyncGenerator

import pytest

from core.store import keys
from core.store.roles import StoredLease
from core.workers.chores import Chore
from tests.fixtures.core import Stage

TAG = keys.role_tag("sweep")
EVERY = 60_000


class Sweep:
    """Notes each step, and whether a walk was left before its end."""

    def __init__(self, stage: Stage, process: str, steps: int = 2) -> None:
        self.done: list[int] = []
        self.left = 0
        self._steps = steps
        clock = stage.clock
        lease = StoredLease(stage.deps.store, process)
        self.visit = Chore("sweep", lease, clock, self._walk, time=clock.now, every=EVERY, first=0).visit

    async def _walk(self) -> AsyncGenerator[int, None]:
        try:
            for step in range(self._steps):
                self.done.append(step)
                yield 100
        except GeneratorExit:
            self.left += 1
            raise


async def test_one_process_walks_while_another_waits(still: Stage) -> None:
    """A step for each visit, and the next walk only when it is time."""
    first, second = Sweep(still, "a"), Sweep(still, "b")

    for _ in range(4):
        await first.visit(TAG)
        await second.visit(TAG)
    once = list(first.done)
    still.clock.shift = EVERY
    await first.visit(TAG)

    assert (once, first.done, second.done) == ([0, 1], [0, 1, 0], [])


async def test_a_process_that_lost_its_role_leaves_its_walk_and_the_next_begins_anew(still: Stage) -> None:
    """The other one's lease is fresh: nothing of the old walk goes on beside it."""
    first, second = Sweep(still, "a"), Sweep(still, "b")
    await first.visit(TAG)
    await still.deps.store.engine.call("DEL", keys.holder(TAG))

    for _ in range(3):
        await second.visit(TAG)
        await first.visit(TAG)

    assert (first.done, first.left, second.done) == ([0], 1, [0, 1])


async def test_a_walk_that_fails_is_begun_again_in_its_time(still: Stage) -> None:
    """What went wrong is the loop's to log; it does not come again at once."""
    lease = StoredLease(still.deps.store, "a")

    async def fail() -> AsyncGenerator[int, None]:
        tries.append(1)
        yield 100
        raise RuntimeError("the disk is on fire")

    tries: list[int] = []
    chore = Chore("sweep", lease, still.clock, fail, time=still.clock.now, every=EVERY, first=0)
    await chore.visit(TAG)
    with pytest.raises(RuntimeError):
        await chore.visit(TAG)
    await chore.visit(TAG)
    soon = len(tries)
    still.clock.shift = EVERY
    await chore.visit(TAG)

    assert (soon, len(tries)) == (1, 2)


async def test_steps_that_ask_for_no_rest_are_done_together(still: Stage) -> None:
    """A walk of many small steps is not held up by the pause between two visits."""
    done = []

    async def steps() -> AsyncGenerator[int, None]:
        for step in range(5):
            done.append(step)
            yield 100 if step == 2 else 0

    lease = StoredLease(still.deps.store, "a")
    chore = Chore("sweep", lease, still.clock, steps, time=still.clock.now, every=EVERY, first=0)

    await chore.visit(TAG)
    at_once = len(done)
    await chore.visit(TAG)

    assert (at_once, len(done)) == (3, 5)
