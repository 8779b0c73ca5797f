"""The workers' loop: visit a tag when it is woken, when its next thing falls due, and now and then in any case.

The only place where any exception is caught: it is logged once with its context, and the loop goes on.
"""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from core.clock import Clock
from core.errors import StoreDown
from core.observability import log
from core.store.keys import Tag

Visit = Callable[[Tag], Awaitable[int | None]]
"""Do what is due under a tag; the wall instant of the next thing there, None when nothing waits."""

SOON = 50  # milliseconds: the least time between two visits that nobody woke us for


class Rounds:
    """The tags of one kind, each with the wall instant of its next visit. Workers begin at a random one."""

    def __init__(self, clock: Clock, tags: Sequence[Tag], visit: Visit, *, breath: int, name: str) -> None:
        start = random.randrange(len(tags))  # noqa: S311 - spreads processes over the shards
        self._next = dict.fromkeys([*tags[start:], *tags[:start]], 0)
        self._clock, self._visit, self._breath, self._name = clock, visit, breath, name
        self._stirred = asyncio.Event()
        self._down = False
        self._running: set[Tag] = set()
        self._again: set[Tag] = set()

    def wake(self, tag: Tag) -> None:
        """Something fell due under this tag just now; tags of other rounds are ignored.

        An empty tag means that wake-ups may have been missed: then every tag is looked at.
        """
        if not tag:
            for known in self._next:
                self.wake(known)
            return
        if tag not in self._next:
            return
        if tag in self._running:
            self._again.add(tag)
            return
        self._next[tag] = 0
        self._stirred.set()

    async def run(self, spawn: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        """Until cancelled. `spawn` starts a visit beside the others: one slow tag holds up no other."""
        while True:
            self._stirred.clear()
            wall = self._clock.wall()
            for tag, at in self._next.items():
                if at <= wall and tag not in self._running:
                    self._running.add(tag)
                    spawn(self._round(tag))
            idle = [at for tag, at in self._next.items() if tag not in self._running]
            soonest = min(idle, default=wall + self._breath)
            # Not wait_for: in Python 3.11 it swallows a cancellation that comes with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, (soonest - wall) / 1000)):
                    await self._stirred.wait()

    async def _round(self, tag: Tag) -> None:
        due: int | None = None
        try:
            due = await self._visit(tag)
            self._note_store(None)
        except StoreDown as error:
            self._note_store(error)
        except Exception:  # noqa: BLE001 - see above
            log().exception("worker_failed", worker=self._name, tag=tag)
        wall = self._clock.wall()
        latest = wall + self._breath
        self._next[tag] = latest if due is None else min(latest, max(due, wall + SOON))
        self._running.discard(tag)
        if tag in self._again:
            self._again.discard(tag)
            self._next[tag] = 0
        self._stirred.set()

    def _note_store(self, trouble: StoreDown | None) -> None:
        """Once for all its tags: they all see the same Redis."""
        if trouble and not self._down:
            log().warning("store_down", worker=self._name, why=str(trouble))
        elif self._down and not trouble:
            log().info("store_back", worker=self._name)
        self._down = trouble is not None


class Crew:
    """The tasks of a process: kept by reference, bounded in number, ended together."""

    def __init__(self, most: int) -> None:
        self._most, self._begun = most, 0
        self._slots = asyncio.Semaphore(most)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def room(self) -> int:
        """How many more pieces of work would find a slot at once."""
        return max(0, self._most - self._begun)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def start(self, work: Callable[[], Awaitable[None]], **context: object) -> None:
        """Run one piece of work when there is a slot; what goes wrong in it is logged with `context`."""
        self._begun += 1
        self.spawn(self._guarded(work, context))

    async def drain(self, seconds: float) -> None:
        """Let what is under way finish, then end the rest: its leases pass to another worker."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _guarded(self, work: Callable[[], Awaitable[None]], context: dict[str, object]) -> None:
        try:
            async with self._slots:
                await work()
        except StoreDown as error:
            log().warning("store_down", why=str(error), **context)
        except Exception:  # noqa: BLE001 - see above
            log().exception("work_failed", **context)
        finally:
            self._begun -= 1
