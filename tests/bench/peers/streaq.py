"""streaq: 100 jobs at once, enqueued in bulk, no results kept."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from streaq import Worker

from tests.bench.peers.course import Job, Peer, batches, by_callers, run

BULK = 100


async def schedule(url: str, jobs: Iterable[Job]) -> None:
    async def never(_: int) -> None:
        raise AssertionError("who schedules fires nothing")

    worker, fire = _worker(url, never)
    async with worker:
        for batch in batches(jobs, BULK):
            tasks = []
            for job in batch:
                task = fire.enqueue(job.due).start(schedule=datetime.fromtimestamp(job.due / 1000, UTC))
                task.id = job.name
                tasks.append(task)
            await worker.enqueue_many(tasks)


async def cancel(url: str, names: Iterable[str]) -> None:
    """By taking its keys away, in its favour: `abort_by_id` waits for a worker's round."""
    worker = Worker(redis_url=url)

    async def remove(name: str) -> None:
        async with worker.redis.pipeline(transaction=False) as pipe:
            pipe.zrem(worker.queue_key + worker.priorities[-1], [name])
            pipe.delete([worker.task_key + name])

    async with worker:
        await by_callers(remove, names)


async def work(url: str, fired: Callable[[int], None]) -> None:
    async def fire(due: int) -> None:
        fired(due)

    worker, _ = _worker(url, fire)
    await worker.run_async()


def _worker(url: str, fire: Callable[[int], Any]) -> tuple[Any, Any]:
    worker = Worker(redis_url=url, concurrency=100, handle_signals=False)
    return worker, worker.task(name="fire", silent=True, ttl=0)(fire)


if __name__ == "__main__":
    run(Peer(schedule, cancel, work))
