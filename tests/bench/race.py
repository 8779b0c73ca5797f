"""A race: the same jobs for each peer, one step after the other, each step in a process of its own."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.store.client import Engine
from tests.bench.engine import own_valkey
from tests.bench.load import percentile
from tests.bench.machine import PRODUCT_CPU, pin
from tests.bench.peers.environments import python_of
from tests.bench.plan import Plan, progress

ROOT = Path(__file__).parents[2]
PATIENCE = 3_000  # milliseconds that a worker has to start in before the first job falls due
FIRING = 30  # seconds for which jobs that fell due are waited for


@dataclass(frozen=True, slots=True)
class Lateness:
    """In milliseconds; `count` of those that fell due."""

    p50: float
    p99: float
    most: float
    count: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of processor time for one: of the process that asks for it, and of the engine."""

    own: float
    engine: float


@dataclass(frozen=True, slots=True)
class Score:
    """Rates a second; memory in bytes."""

    name: str
    scheduled: float
    cancelled: float
    schedule: Cost
    fire: Cost
    cancel: Cost
    late: Lateness
    trickled: Lateness
    bytes_each: float
    producer: float
    worker: float

    @property
    def fired(self) -> float:
        """From the instant at which all fell due until the last of them was brought."""
        return self.late.count / self.late.most * 1000


def lateness(late: list[float]) -> Lateness:
    late = sorted(late)
    return Lateness(percentile(late, 50), percentile(late, 99), late[-1], len(late))


async def race(peer: str, plan: Plan) -> Score:
    """This peer alone, on an engine of its own with `appendfsync everysec`."""
    python = await asyncio.to_thread(python_of, peer)
    soon = plan.pending // 10
    far = plan.pending - soon

    async def run(what: str, total: int, **given: object) -> tuple[dict[str, Any], Cost]:
        used = await used_processor(server.engine)
        with progress(f"obligations: {peer}: {what}", total) as told:
            said = await step(python, f"tests.bench.peers.{peer}", what, url=server.url, told=told, **given)
        return said, Cost(said["micros"], (await used_processor(server.engine) - used) / said["done"] * 1e6)

    async def fire(count: int, spread: int) -> tuple[Lateness, Cost, float]:
        near, _ = await run("near", count, count=count, spread=spread, pace=1 / made["rate"], patience=PATIENCE)
        seconds = (near["due"] + spread) / 1000 - time.time() + FIRING
        fired, cost = await run("work", count, count=count, seconds=seconds)
        return Lateness(fired["p50"], fired["p99"], fired["max"], fired["done"]), cost, fired["memory"]

    async with own_valkey() as server:
        await server.sync("everysec")
        before = await used_memory(server.engine)
        made, schedule = await run("schedule", far, far=far)
        after = await used_memory(server.engine)
        trickled, _, memory = await fire(plan.trickle, plan.trickle_ms)
        ended, cancel = await run("cancel", min(far, plan.settled), far=far, most=plan.settled)
        # Last: what one of them has not fired by the end of our patience is in the way of nothing.
        late, firing, again = await fire(soon, 0)
    return Score(
        name=peer,
        scheduled=made["rate"],
        cancelled=ended["rate"],
        schedule=schedule,
        fire=firing,
        cancel=cancel,
        late=late,
        trickled=trickled,
        bytes_each=(after - before) / far,
        producer=made["memory"],
        worker=max(memory, again),
    )


async def used_memory(engine: Engine) -> int:
    """Bytes that the engine uses for what it keeps, without the buffers of its clients and of its file."""
    info = await _info(engine, "memory")
    return int(info["used_memory"]) - int(info["mem_clients_normal"]) - int(info["mem_aof_buffer"])


async def used_processor(engine: Engine) -> float:
    """Seconds of processor time, to the microsecond."""
    info = await _info(engine, "cpu")
    return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])


async def _info(engine: Engine, section: str) -> dict[str, str]:
    told: str = (await engine.call("INFO", section)).decode()
    return dict(line.split(":", 1) for line in told.split() if ":" in line)


async def step(
    python: Path | str, module: str, *words: str, told: Callable[[int], None] = lambda _: None, **given: object
) -> dict[str, Any]:
    """Run a module to its end, with the processor to itself; what it says is one JSON object."""
    process = await asyncio.create_subprocess_exec(
        str(python), "-m", module, *words, json.dumps(given), cwd=ROOT, stdout=PIPE, stderr=PIPE
    )
    pin(PRODUCT_CPU, process.pid)
    try:
        said, complaint = await asyncio.gather(_read(process), _listen(process, told))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    if process.returncode:
        sys.stderr.write(complaint)
        raise AssertionError(f"{module} {' '.join(words)} ended with {process.returncode}")
    answer: dict[str, Any] = json.loads(said)
    return answer


async def _read(process: Process) -> bytes:
    assert process.stdout is not None
    said = await process.stdout.read()
    await process.wait()
    return said


async def _listen(process: Process, told: Callable[[int], None]) -> str:
    assert process.stderr is not None
    complaint = []
    async for line in process.stderr:
        if line.strip().isdigit():
            told(int(line))
        else:
            complaint.append(line.decode(errors="replace"))
    return "".join(complaint)
