"""Batches: a hundred events in one request, beside L."""

import itertools
from contextlib import AsyncExitStack

from tests.bench.child import Child, child
from tests.bench.doors import ours
from tests.bench.engine import own_valkey
from tests.bench.figures import Figure, Table, compare
from tests.bench.limit import measure_limit
from tests.bench.load import load
from tests.bench.machine import ENGINE_CPU, PRODUCT_CPU, cpu_seconds, pinned
from tests.bench.plan import Plan
from tests.bench.scene import Scene, set_scene

SIZE, CALLERS = 100, 8


async def bench(plan: Plan) -> Table:
    rates: list[float] = []
    limits: list[float] = []
    cost: list[float] = []
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(own_valkey())
        scene = await set_scene(server.engine)
        door = await stack.enter_async_context(child(ours, server.url, cpu=PRODUCT_CPU))
        for _ in plan.rounds("batch"):
            limits.append(await measure_limit(server, scene, plan.scripts))
            rate, micros = await _batches(scene, door, plan.scripts)
            rates.append(rate)
            cost.append(micros)
    return Table(
        "batch",
        "events in signed batches of 100 over HTTP, appendfsync always, 8 connections",
        [
            compare("events", rates, "L", limits, goal=0.4),
            Figure("L", limits),
            Figure("processor time of our door for an event", cost, "µs"),
        ],
    )


async def _batches(scene: Scene, door: Child, count: int) -> tuple[float, float]:
    await scene.fill()
    await load(door.url, [_batch(scene) for _ in range(CALLERS)], callers=CALLERS)
    requests = [_batch(scene) for _ in range(max(CALLERS, count // SIZE))]
    before = cpu_seconds(door.pid)
    with pinned(ENGINE_CPU):
        outcome = await load(door.url, requests, callers=CALLERS)
    events = outcome.done * SIZE
    return outcome.rate * SIZE, (cpu_seconds(door.pid) - before) / events * 1e6


def _batch(scene: Scene) -> bytes:
    numbers = list(itertools.islice(scene.numbers, SIZE))
    return scene.request(scene.shop(numbers[0]), f"wh_{numbers[0]}", scene.body(*numbers))
