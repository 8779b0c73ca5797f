"""What each peer is asked to do: schedule, fire, cancel; a step is a process, and says one line of JSON.

It is run by the peer's own Python, where nothing is installed but the peer and uvloop.
"""

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import uvloop

from tests.bench.machine import peak_memory

CALLERS = 50
HOUR = 3_600_000
HEADROOM = 1_500  # milliseconds that a worker still has to start in when the last job is scheduled
TOLD_EACH = 1_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Job:
    """`due` in milliseconds."""

    name: str
    due: int


@dataclass(frozen=True, slots=True)
class Peer:
    """`work` runs a worker until it is cancelled, and tells `fired` the due time of each job as it begins."""

    schedule: Callable[[str, Iterable[Job]], Awaitable[None]]
    cancel: Callable[[str, Iterable[str]], Awaitable[None]]
    work: Callable[[str, Callable[[int], None]], Coroutine[Any, Any, None]]


def run(peer: Peer) -> None:
    """The step that the command line names, with its numbers: `schedule {"url": …, "far": 900}`.

    How many more are done is told on stderr, now and then, by a bare number.
    """
    step, given = sys.argv[1], json.loads(sys.argv[2])
    steps: dict[str, Callable[..., Coroutine[Any, Any, dict[str, float]]]] = {
        "schedule": _schedule,
        "near": _near,
        "work": _work,
        "cancel": _cancel,
    }
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(steps[step](peer, **given)) | {"memory": peak_memory(os.getpid())}))


async def by_callers(call: Callable[[Item], Awaitable[object]], items: Iterable[Item]) -> None:
    """Fifty callers, each of which waits for one before it begins the next."""
    left = iter(items)

    async def caller() -> None:
        for item in left:
            await call(item)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


async def _schedule(peer: Peer, url: str, far: int) -> dict[str, float]:
    """Jobs that are due in 24 to 48 hours."""
    now, chance = _now(), random.Random(1)
    watch = _Watch()
    await peer.schedule(url, _told(Job(f"far-{n}", now + chance.randrange(24 * HOUR, 48 * HOUR)) for n in range(far)))
    return watch.stopped(far)


async def _near(peer: Peer, url: str, count: int, spread: int, pace: float, patience: int) -> dict[str, float]:
    """Jobs that are due in one instant, or over `spread` milliseconds of it.

    That instant is a whole second by which a worker can be ready, `patience` milliseconds after the last is scheduled;
    one takes `pace` seconds.
    """
    due = -(-int(_now() + 1500 * pace * count + patience) // 1000) * 1000
    watch = _Watch()
    await peer.schedule(url, _told(Job(f"near-{spread}-{n}", due + spread * n // count) for n in range(count)))
    if _now() + HEADROOM > due:
        raise SystemExit(f"{count} jobs fell due while they were still being scheduled")
    return watch.stopped(count) | {"due": due}


async def _work(peer: Peer, url: str, count: int, seconds: float) -> dict[str, float]:
    """Until so many jobs have begun, or for so long."""
    late: list[float] = []
    begun = used = 0.0
    all_fired = asyncio.Event()

    def fired(due: int) -> None:
        nonlocal begun, used
        used = time.process_time()
        begun = begun or used
        late.append(time.time() * 1000 - due)
        if len(late) % TOLD_EACH == 0:
            _tell(TOLD_EACH)
        if len(late) == count:
            all_fired.set()

    working = asyncio.create_task(peer.work(url, fired))
    waiting = asyncio.create_task(all_fired.wait())
    await asyncio.wait({working, waiting}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    if not late:
        raise SystemExit(f"no job had begun after {seconds:.0f} s: {working}")
    late.sort()
    return {
        "done": len(late),
        "p50": late[len(late) * 50 // 100],
        "p99": late[len(late) * 99 // 100],
        "max": late[-1],
        "micros": (used - begun) / len(late) * 1e6,
    }


async def _cancel(peer: Peer, url: str, far: int, most: int) -> dict[str, float]:
    """At most so many of the jobs that are far off, in random order."""
    chosen = random.Random(2).sample(range(far), min(far, most))
    watch = _Watch()
    await peer.cancel(url, _told(f"far-{n}" for n in chosen))
    return watch.stopped(len(chosen))


def _told(items: Iterable[Item]) -> Iterator[Item]:
    for number, item in enumerate(items, 1):
        yield item
        if number % TOLD_EACH == 0:
            _tell(TOLD_EACH)


def _tell(done: int) -> None:
    print(done, file=sys.stderr, flush=True)


class _Watch:
    def __init__(self) -> None:
        self._since, self._used = time.perf_counter(), time.process_time()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._since

    def stopped(self, count: int) -> dict[str, float]:
        micros = (time.process_time() - self._used) / count * 1e6
        return {"done": count, "rate": count / self.seconds, "micros": micros}


def _now() -> int:
    return int(time.time() * 1000)
