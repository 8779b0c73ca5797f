"""The auditor: goes round and checks that nothing owed and nothing on its way was forgotten, and mends what was."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from core.domain.auditor import Audit, Flaw, Found
from core.observability import log
from core.services.deps import Deps
from core.services.histories import fold
from core.store import auditor

EVERY = 60_000  # milliseconds between two walks, by `wall`
SWEEP_EVERY = 3_600_000  # between two that look at every key
SWEEP_FOR = 30_000  # of each round, at most
SWEEP_REST = 20  # after each step of a sweep: nobody waits for it
SECOND_LOOK = 5_000  # what is found is looked at again so much later: it may have been just about to be done
MANY = 500  # suspects at once
TOLD = 20  # of each walk, by name
AT_ONCE = 20

Beat = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Auditor:
    """`process` holds the role; `beat` is called after each walk that left nothing amiss."""

    deps: Deps
    process: str
    beat: Beat | None = None
    second_look: int = SECOND_LOOK
    _sweep: AsyncIterator[auditor.Glance] | None = None
    _audit: Audit = field(default_factory=Audit)
    _suspects: list[Found] = field(default_factory=list)

    async def walk(self) -> AsyncGenerator[int, None]:
        """One round. After each step it says for how many milliseconds it rests."""
        store = self.deps.store
        self._audit, self._suspects = Audit(), []
        async for glance in auditor.glances(store):
            self._take(glance)
            if len(self._suspects) >= MANY:
                async for rest in self._judge():
                    yield rest
            yield 0
        async for rest in self._go_on_sweeping():
            yield rest
        async for rest in self._judge():
            yield rest
        self._audit.walked_at = self.deps.clock.wall()
        if await auditor.keep_audit(store, self.process, self._audit):
            await self._tell(self._audit)

    async def _go_on_sweeping(self) -> AsyncGenerator[int, None]:
        """For a while: a sweep of many keys goes on in the next rounds, so that none of them is late."""
        store, clock = self.deps.store, self.deps.clock
        until = clock.wall() + SWEEP_FOR
        if self._sweep is None:
            before = await auditor.read_audits(store)
            if before and clock.wall() - before.swept_at < SWEEP_EVERY:
                return
            self._sweep = auditor.sweep(store)
        while clock.wall() < until:
            glance = await anext(self._sweep, None)
            if glance is None:
                self._sweep, self._audit.swept = None, True
                return
            self._take(glance)
            if len(self._suspects) >= MANY:
                async for rest in self._judge():
                    yield rest
            yield SWEEP_REST

    def _take(self, glance: auditor.Glance) -> None:
        self._suspects += glance.found
        self._audit.paused += glance.paused
        self._audit.late = max(self._audit.late, glance.late)

    async def _judge(self) -> AsyncGenerator[int, None]:
        """Look at the suspects again, mend what is still found, and look once more."""
        suspects, self._suspects = list(dict.fromkeys(self._suspects)), []
        if not suspects:
            return
        yield self.second_look
        found = await auditor.look_again(self.deps.store, suspects)
        for each in islice(found, TOLD):
            log().error("audit_found", flaw=each.flaw, subject=each.subject, about=each.about, room=each.room)
        await _mend(self.deps, found)
        left = {*await auditor.look_again(self.deps.store, found)}
        self._audit.found.update(each.flaw for each in found)
        self._audit.mended.update(each.flaw for each in found if each not in left)

    async def _tell(self, audit: Audit) -> None:
        if audit.found:
            log().error("audit_done", found=_plain(audit.found), mended=_plain(audit.mended), left=_plain(audit.left))
        if audit.is_healthy and self.beat:
            await self.beat()


async def _mend(deps: Deps, found: Sequence[Found]) -> None:
    """By the scripts that write it otherwise. What is late is not mended by waiting for it."""
    conversations: dict[str, None] = {}
    for each in found:
        match each.flaw:
            case Flaw.MOMENT_LATE | Flaw.LANE_LATE:
                pass
            case Flaw.DELIVERY_STRAY | Flaw.STRAND_EMPTY | Flaw.LANE_MISSING:
                await auditor.mend_lane(deps.store, each)
            case Flaw.CARD_MISSING:
                await auditor.mend_card(deps.store, each)
            case Flaw.REMINDER_STRAY:
                await auditor.mend_reminder(deps.store, each)
            case Flaw.OWED_STRAY if auditor.is_unknown(each):
                await auditor.mend_owed(deps.store, each)
            case _:
                conversations[each.about] = None
    every = list(conversations)
    for start in range(0, len(every), AT_ONCE):
        await asyncio.gather(*(fold(deps, each, anew=True) for each in every[start : start + AT_ONCE]))


def _plain(counted: dict[Flaw, int]) -> dict[str, int]:
    return {flaw.value: many for flaw, many in counted.items() if many}
