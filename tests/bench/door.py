"""The door: signed single events over HTTP, beside an endpoint that does nothing and one built the usual way."""

from collections import defaultdict
from contextlib import AsyncExitStack

from tests.bench.child import Child, child
from tests.bench.doors import bare_starlette, fastapi_and_pool, ours
from tests.bench.engine import Server, own_valkey
from tests.bench.figures import Figure, Table, compare
from tests.bench.load import Outcome, load
from tests.bench.machine import ENGINE_CPU, PRODUCT_CPU, cpu_seconds, pinned
from tests.bench.plan import Plan
from tests.bench.scene import Scene, set_scene

CALLERS = 64
SLOWER = 4  # the usual way needs fewer requests to fill its time


async def bench(plan: Plan) -> Table:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(own_valkey())
        scene = await set_scene(server.engine)
        await scene.fill()
        bare = await stack.enter_async_context(child(bare_starlette, cpu=PRODUCT_CPU))
        usual = await stack.enter_async_context(child(fastapi_and_pool, server.url, scene.secret, cpu=PRODUCT_CPU))
        door = await stack.enter_async_context(child(ours, server.url, cpu=PRODUCT_CPU))
        measured = _Measured(server, scene, plan)
        for _ in plan.rounds("door"):
            await measured.take("bare", bare, plan.requests)
            await measured.take("ours", door, plan.requests)
            await measured.take("usual", usual, plan.requests // SLOWER)
    return measured.table()


class _Measured:
    def __init__(self, server: Server, scene: Scene, plan: Plan) -> None:
        self._server, self._scene, self._plan = server, scene, plan
        self._outcomes: dict[str, list[Outcome]] = defaultdict(list)
        self._micros: dict[str, list[float]] = defaultdict(list)
        self._engine_busy: list[float] = []

    async def take(self, name: str, child: Child, count: int) -> None:
        scene, engine = self._scene, self._server.pid
        await scene.fill()
        await load(child.url, scene.requests(CALLERS), callers=CALLERS)  # connections, scripts, the shops
        requests = scene.requests(count)
        if name == "bare":
            requests *= 4
        before, engine_before = cpu_seconds(child.pid), cpu_seconds(engine)
        with pinned(ENGINE_CPU):
            outcome = await load(child.url, requests, callers=CALLERS, seconds=self._plan.seconds)
        self._outcomes[name].append(outcome)
        self._micros[name].append((cpu_seconds(child.pid) - before) / outcome.done * 1e6)
        if name == "ours":
            self._engine_busy.append((cpu_seconds(engine) - engine_before) / outcome.done * outcome.rate)

    def table(self) -> Table:
        rates = {name: [outcome.rate for outcome in found] for name, found in self._outcomes.items()}
        ours = self._outcomes["ours"]
        busy = {name: max(outcome.busy for outcome in found) for name, found in self._outcomes.items()}
        cost, bare = self._micros["ours"], self._micros["bare"]
        return Table(
            "door",
            "signed single events over HTTP, appendfsync always, 64 connections",
            [
                compare("ours", rates["ours"], "bare Starlette", rates["bare"], goal=0.5),
                compare("ours", rates["ours"], "FastAPI + pydantic + pool", rates["usual"], goal=4),
                Figure("p50", [outcome.p50 for outcome in ours], "ms"),
                Figure("p99", [outcome.p99 for outcome in ours], "ms", goal=10, ceiling=True),
                Figure("bare Starlette", rates["bare"]),
                Figure("FastAPI + pydantic + pool", rates["usual"]),
                Figure("processor time of our door for one", cost, "µs"),
                Figure("processor time of bare Starlette for one", bare, "µs"),
            ],
            [
                f"The load took {busy['ours']:.0%} of its processor at ours, {busy['bare']:.0%} at bare Starlette.",
                f"The engine, on the same one, took {max(self._engine_busy):.0%} at ours.",
                "Where load and engine come near 100 % together, they are the limit and not the door.",
            ],
        )
