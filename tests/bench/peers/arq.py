"""arq: 100 jobs at once, a poll each 50 ms, no results kept."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from arq.connections import RedisSettings, create_pool
from arq.constants import default_queue_name, job_key_prefix
from arq.worker import Worker, func

from tests.bench.peers.course import Job, Peer, by_callers, run


async def schedule(url: str, jobs: Iterable[Job]) -> None:
    pool = await create_pool(RedisSettings.from_dsn(url))

    async def enqueue(job: Job) -> None:
        due = datetime.fromtimestamp(job.due / 1000, UTC)
        await pool.enqueue_job("fire", job.due, _job_id=job.name, _defer_until=due)

    await by_callers(enqueue, jobs)
    await pool.aclose()


async def cancel(url: str, names: Iterable[str]) -> None:
    """By taking its keys away, in its favour: `Job.abort` waits for a worker's round."""
    pool = await create_pool(RedisSettings.from_dsn(url))

    async def remove(name: str) -> None:
        async with pool.pipeline(transaction=False) as pipe:
            await pipe.zrem(default_queue_name, name).delete(job_key_prefix + name).execute()

    await by_callers(remove, names)
    await pool.aclose()


async def work(url: str, fired: Callable[[int], None]) -> None:
    async def fire(_: dict[str, Any], due: int) -> None:
        fired(due)

    worker = Worker(
        [func(fire, name="fire")],
        redis_settings=RedisSettings.from_dsn(url),
        handle_signals=False,
        max_jobs=100,
        poll_delay=0.05,
        keep_result=0,
        log_results=False,
    )
    try:
        await worker.async_run()
    finally:
        await worker.close()


if __name__ == "__main__":
    run(Peer(schedule, cancel, work))
