"""Chores: what must run once in the whole deployment, done step by step by the process that holds its role."""

from collections.abc import AsyncGenerator, Callable

from core.clock import Clock
from core.ports.chat import Lease
from core.store.keys import Tag

Steps = Callable[[], AsyncGenerator[int, None]]
"""Begins a walk. It hands back after each short step, with how many milliseconds it rests."""

TOGETHER = 50  # milliseconds


class Chore:
    """One walk after the other, `every` so many milliseconds by `time`, the first of them after `first`.

    Each step begins with the lease of the role in hand: a process that lost it leaves its walk where it is, and the
    next holder begins anew. A step that was still under way then does no harm: all that it writes bears doing twice.
    """

    def __init__(
        self, role: str, lease: Lease, clock: Clock, steps: Steps, *, time: Callable[[], int], every: int, first: int
    ) -> None:
        self._role, self._lease, self._clock, self._begin = role, lease, clock, steps
        self._time, self._every, self._next = time, every, time() + first
        self._steps: AsyncGenerator[int, None] | None = None

    async def visit(self, tag: Tag) -> int | None:
        """The next steps, if it is time; the wall instant of those after. None: look again when you like."""
        if not await self._lease.hold(self._role):
            await self._leave()
            return None
        if self._steps is None:
            if self._time() < self._next:
                return None
            self._steps = self._begin()
        try:
            return self._clock.wall() + await self._go_on(self._steps)
        except StopAsyncIteration:
            await self._leave()
            return None
        except BaseException:
            await self._leave()
            raise

    async def _go_on(self, steps: AsyncGenerator[int, None]) -> int:
        """Steps that ask for no rest are done together, for a moment."""
        until = self._clock.wall() + TOGETHER
        rest = await anext(steps)
        while not rest and self._clock.wall() < until:
            rest = await anext(steps)
        return rest

    async def _leave(self) -> None:
        if self._steps is not None:
            await self._steps.aclose()
            self._steps = None
            self._next = self._time() + self._every
