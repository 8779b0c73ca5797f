"""The workers' loop: woken, due, or now and then; no failure and no slow tag holds up another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import structlog

from core.clock import SystemClock
from core.errors import StoreDown
from core.store.keys import Tag
from core.workers.loop import Crew, Rounds
from tests.fixtures.waiting import wait_until

ONE, TWO = Tag("{sb:01}"), Tag("{sb:02}")
LONG = 60_000


@asynccontextmanager
async def running(visit: Callable[[Tag], Awaitable[int | None]], breath: int = LONG) -> AsyncIterator[Rounds]:
    crew = Crew(10)
    rounds = Rounds(SystemClock(), [ONE, TWO], visit, breath=breath, name="test")
    task = asyncio.create_task(rounds.run(crew.spawn))
    try:
        yield rounds
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await crew.drain(1)


async def test_a_tag_that_is_woken_is_visited_at_once(seen: list[Tag]) -> None:
    """The others sleep on."""

    async def visit(tag: Tag) -> None:
        seen.append(tag)

    async with running(visit) as rounds:
        await wait_until(lambda: sorted(seen) == [ONE, TWO], "the first visits")
        rounds.wake(TWO)
        await wait_until(lambda: len(seen) == 3, "the visit of the one that was woken")

    assert seen[2] == TWO


async def test_a_wake_during_a_visit_is_not_lost(seen: list[Tag]) -> None:
    """What fell due after the visit looked is looked at again."""
    hold = asyncio.Event()

    async def visit(tag: Tag) -> None:
        seen.append(tag)
        if tag == ONE and seen.count(ONE) == 1:
            await hold.wait()

    async with running(visit) as rounds:
        await wait_until(lambda: ONE in seen, "the first visit")
        rounds.wake(ONE)
        hold.set()
        await wait_until(lambda: seen.count(ONE) == 2, "the second visit")


async def test_what_falls_due_is_visited_then_and_not_before(seen: list[Tag]) -> None:
    """A visit says when its tag is next worth a look."""
    clock = SystemClock()
    instants: list[int] = []

    async def visit(tag: Tag) -> int | None:
        if tag == TWO:
            return None
        instants.append(clock.wall())
        return clock.wall() + 200 if len(instants) == 1 else None

    async with running(visit):
        await wait_until(lambda: len(instants) == 2, "the visit when it is due, long before the next breath")

    assert instants[1] - instants[0] >= 190


async def test_wakes_that_may_have_been_missed_wake_every_tag(seen: list[Tag]) -> None:
    """After a broken subscription nobody knows what was said meanwhile."""

    async def visit(tag: Tag) -> None:
        seen.append(tag)

    async with running(visit) as rounds:
        await wait_until(lambda: len(seen) == 2, "the first visits")
        rounds.wake(Tag(""))
        rounds.wake(Tag("{sb:99}"))
        await wait_until(lambda: len(seen) == 4, "a second visit of each")


async def test_a_tag_that_fails_or_hangs_holds_up_no_other(seen: list[Tag]) -> None:
    """The failure is logged once, with its worker, and the loop goes on."""

    async def visit(tag: Tag) -> None:
        seen.append(tag)
        if tag == ONE:
            raise ZeroDivisionError
        await asyncio.Event().wait() if seen.count(TWO) == 2 else None

    with structlog.testing.capture_logs() as logs:
        async with running(visit, breath=20):
            await wait_until(lambda: seen.count(ONE) >= 4, "further visits of the one that fails")

    assert {(line["event"], line["worker"]) for line in logs} == {("worker_failed", "test")}


async def test_a_redis_that_is_away_is_said_once_and_not_by_every_shard(seen: list[Tag]) -> None:
    """With why, until it is back, which is said too; then the next outage is said again."""
    down = True

    async def visit(tag: Tag) -> None:
        seen.append(tag)
        if down:
            raise StoreDown("away")

    with structlog.testing.capture_logs() as logs:
        async with running(visit, breath=20):
            await wait_until(lambda: len(seen) >= 6, "several visits")
            said = len(logs)
            down = False
            before = len(seen)
            await wait_until(lambda: len(seen) >= before + 4, "visits that succeed")
            down = True
            await wait_until(lambda: len(logs) > said + 1, "the second outage")

    assert said == 1
    assert [(line["event"], line.get("why")) for line in logs] == [
        ("store_down", "away"),
        ("store_back", None),
        ("store_down", "away"),
    ]


async def test_a_crew_runs_no_more_than_it_has_hands() -> None:
    """What is over waits, and counts as begun, so that nobody claims more."""
    crew, gate, begun = Crew(2), asyncio.Event(), 0

    async def work() -> None:
        nonlocal begun
        begun += 1
        await gate.wait()

    for _ in range(3):
        crew.start(work)
    await wait_until(lambda: begun == 2, "two at work")
    room = crew.room
    gate.set()
    await wait_until(lambda: begun == 3 and crew.room == 2, "the third, and all done")

    assert room == 0


async def test_a_crew_that_ends_lets_finish_what_is_under_way_and_cancels_what_hangs() -> None:
    """Its leases pass to another worker."""
    crew, finished, cancelled = Crew(5), [], []

    async def quick() -> None:
        await asyncio.sleep(0.01)
        finished.append(True)

    async def hanging() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    crew.start(quick)
    crew.start(hanging)

    await crew.drain(0.1)

    assert (finished, cancelled) == ([True], [True])


async def test_work_that_fails_is_logged_with_its_context_and_frees_its_hand() -> None:
    """Nothing is swallowed, nothing ends the process."""
    crew = Crew(1)

    async def work() -> None:
        raise ZeroDivisionError

    with structlog.testing.capture_logs() as logs:
        crew.start(work, delivery="d-1")
        await wait_until(lambda: crew.room == 1, "the hand is free")

    assert [(line["event"], line["delivery"]) for line in logs] == [("work_failed", "d-1")]


@pytest.fixture
def seen() -> list[Tag]:
    return []
