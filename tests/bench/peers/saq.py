"""SAQ: 50 jobs at once, a look at the schedule each second, its shortest.

It knows whole seconds only: a job is due at the next one, and its lateness counts, in its favour, from there.
"""

from collections.abc import Callable, Iterable
from typing import Any

from redis.asyncio import Redis
from saq import Job as SaqJob
from saq import Worker
from saq.queue.redis import RedisQueue

from tests.bench.peers.course import CALLERS, Job, Peer, by_callers, run

FOREVER, UNKEPT = 0, -1


async def schedule(url: str, jobs: Iterable[Job]) -> None:
    queue = _queue(url)

    async def enqueue(job: Job) -> None:
        whole = -(-job.due // 1000)
        await queue.enqueue("fire", key=job.name, scheduled=whole, timeout=FOREVER, ttl=UNKEPT, due=whole * 1000)

    await by_callers(enqueue, jobs)
    await queue.disconnect()


async def cancel(url: str, names: Iterable[str]) -> None:
    """As if the caller had kept each job, in its favour: it is not read first."""
    queue = _queue(url)

    async def abort(name: str) -> None:
        await SaqJob("fire", key=name, queue=queue, ttl=UNKEPT).abort("settled")

    await by_callers(abort, names)
    await queue.disconnect()


async def work(url: str, fired: Callable[[int], None]) -> None:
    async def fire(_: dict[str, Any], *, due: int) -> None:
        fired(due)

    queue = _queue(url)
    await queue.connect()
    try:
        await Worker(queue, [("fire", fire)], concurrency=50, timers={"schedule": 1}).start()
    finally:
        await queue.disconnect()


def _queue(url: str) -> Any:
    return RedisQueue(Redis.from_url(url), max_concurrent_ops=CALLERS)


if __name__ == "__main__":
    run(Peer(schedule, cancel, work))
