"""Transitions: what 50 callers of one process get out of the engine, beside L."""

import asyncio
import time
from collections.abc import Iterator

from tests.bench.engine import Fsync, own_valkey
from tests.bench.figures import Figure, Table, compare
from tests.bench.limit import measure_limit
from tests.bench.machine import PRODUCT_CPU, pinned
from tests.bench.plan import Plan
from tests.bench.scene import Scene, set_scene

CALLERS = 50


async def bench(plan: Plan) -> Table:
    rates: dict[Fsync, list[float]] = {"everysec": [], "always": []}
    limits: dict[Fsync, list[float]] = {"everysec": [], "always": []}
    cost: list[float] = []
    async with own_valkey() as server:
        scene = await set_scene(server.engine)
        for _ in plan.rounds("store"):
            for how, measured in rates.items():
                await server.sync(how)
                limits[how].append(await measure_limit(server, scene, plan.scripts))
                rate, micros = await _transitions(scene, plan.scripts)
                measured.append(rate)
                cost.append(micros)
    return Table(
        "store",
        "transitions (accept_messages of one, two rooms) from 50 callers of one process",
        [
            compare("appendfsync everysec", rates["everysec"], "L", limits["everysec"], goal=0.45),
            compare("appendfsync always", rates["always"], "L", limits["always"], goal=0.45),
            compare("always beside everysec", rates["always"], "everysec", rates["everysec"], goal=0.55),
            Figure("L, everysec", limits["everysec"]),
            Figure("L, always", limits["always"]),
            Figure("our processor time for one", cost, "µs"),
        ],
        ["L: the same calls through a bare hiredis client, packed beforehand; 1 connection, 100 at a time."],
    )


async def _transitions(scene: Scene, count: int) -> tuple[float, float]:
    """Transitions a second, and microseconds of processor time for each."""
    await scene.fill()
    numbers = iter([next(scene.numbers) for _ in range(count)])
    with pinned(PRODUCT_CPU):
        used, since = time.process_time(), time.perf_counter()
        await asyncio.gather(*(_call(scene, numbers) for _ in range(CALLERS)))
        elapsed, used = time.perf_counter() - since, time.process_time() - used
    return count / elapsed, used / count * 1e6


async def _call(scene: Scene, numbers: Iterator[int]) -> None:
    for number in numbers:
        await scene.accept(number)
