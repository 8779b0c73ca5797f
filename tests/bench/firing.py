"""A worker of Shopbell that does nothing but fire what falls due, in a process of its own; it says one JSON object."""

import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import uvloop

from core.clock import SystemClock
from core.domain.deadlines import Hours
from core.domain.policies import Policy
from core.observability import set_up_logging
from core.policies import load
from core.services.deps import Deps
from core.store import keys
from core.store.client import Engine, connect
from core.store.keys import Tag
from core.store.scripts import Scripts
from core.store.store import Store
from core.store.vault import Vault
from core.workers.agenda import agenda_visit
from core.workers.loop import Crew, Rounds
from tests.bench.machine import peak_memory

SECRET = "a-secret-of-the-bench-that-guards-nothing-0123456789"
WAKE = "sb:wake"
HOUR = 3_600_000
FIRST = 48 * HOUR  # after a message its first reminder falls due


def bench_policies() -> Mapping[str, Policy]:
    """`fiverr` with longer hours, and as many reminders: so that a message of today is due tomorrow or later."""
    policies = load()
    given = policies["fiverr"]
    inbox = replace(given.inbox, limit=Hours(FIRST / HOUR + 24), soft=(FIRST,))
    return {**policies, "fiverr": replace(given, inbox=inbox)}


async def _fire(url: str, due: int, last: int, seconds: float) -> dict[str, Any]:
    """Until all that falls due from `due` to `last` stands on its lane, or for so long."""
    engine = await connect(url)
    clock = SystemClock()
    clock.follow(await engine.now_ms())
    scripts = _Timed(engine, clock, due)
    store = Store(engine, scripts, Vault([SECRET]), clock, keys.SHARDS)
    deps = Deps(store, clock, bench_policies(), {}, {})
    crew, fired = Crew(200), asyncio.Event()
    agenda = agenda_visit(deps, crew)
    tags = [keys.tag(shard) for shard in range(store.shards)]
    left = set(tags)

    async def visit(tag: Tag) -> int | None:
        since = clock.now()
        next_at = await agenda(tag)
        if since >= last and (next_at is None or next_at > since):
            left.discard(tag)
        if not left:
            fired.set()
        return next_at

    rounds = Rounds(clock, tags, visit, breath=deps.patience.breath, name="agenda")
    tasks = [asyncio.create_task(rounds.run(crew.spawn)), asyncio.create_task(_listen(engine, rounds))]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await fired.wait()
    memory = peak_memory(os.getpid())
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await crew.drain(1)
    await engine.aclose()
    return {"replied": scripts.replied, "used": scripts.used, "memory": memory, "unfired": len(left)}


async def _listen(engine: Engine, rounds: Rounds) -> None:
    async for payload in engine.subscribe(WAKE):
        rounds.wake(Tag(payload.decode()))


class _Timed(Scripts):
    """Keeps when each script that fires was answered: what it fired stood on its lane by then.

    By tag and by the `now` that it was called with, which the obligation bears as the instant of its firing.
    """

    def __init__(self, engine: Engine, clock: SystemClock, due: int) -> None:
        super().__init__(engine)
        self.replied: list[tuple[str, int, float]] = []
        self._clock, self._due, self._since = clock, due, 0.0
        self.used = 0.0  # processor time from when they began to fall due, to the last answer

    async def run(self, name: str, tag: Tag, /, **arguments: Any) -> Any:
        if not self._since and self._clock.now() >= self._due:
            self._since = time.process_time()
        reply = await super().run(name, tag, **arguments)
        if name == "claim_due":
            self.replied.append((tag, arguments["now"], time.time() * 1000 + self._clock.skew))
            self.used = time.process_time() - self._since
        return reply


if __name__ == "__main__":
    set_up_logging(as_json=False, level=logging.WARNING)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(_fire(**json.loads(sys.argv[1])))))
