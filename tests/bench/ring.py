"""The ring: with nothing queued, from a signed event at the door to the card at the chat."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bots.wiring import Shopbell, opened
from core.config import load as load_settings
from core.garbage import settle
from tests.bench.chats import chats
from tests.bench.child import child
from tests.bench.engine import own_valkey
from tests.bench.figures import Figure, Table
from tests.bench.load import load, percentile
from tests.bench.machine import ENGINE_CPU, PRODUCT_CPU, pinned
from tests.bench.plan import Plan
from tests.bench.scene import SECRET, SETTINGS, Scene, set_scene

BURST = 3  # what each chat takes at once; then it has a pace, and a card would wait for it
GAP = 0.04  # seconds: Telegram takes thirty messages a second from one bot
PATIENCE = 5.0

_CONVERSATION = re.compile(rb"c-[0-9]{8}")
_POSTS = {"chat.postMessage": "slack", "sendMessage": "telegram"}


async def bench(plan: Plan) -> Table:
    took: dict[str, list[list[float]]] = {"slack": [], "telegram": []}
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(own_valkey())
        arrivals = _Arrivals()
        outside = await stack.enter_async_context(chats(arrivals.seen))
        scene = await set_scene(server.engine)
        bell = await stack.enter_async_context(child(shopbell, server.url, outside, cpu=PRODUCT_CPU))
        for _ in plan.rounds("ring"):
            await scene.fill(-(-plan.samples // plan.runs // BURST))
            with pinned(ENGINE_CPU):
                samples = await _samples(scene, bell.url, arrivals, max(2, plan.samples // plan.runs))
            for platform, found in samples.items():
                took[platform].append(sorted(found))
    return Table(
        "ring",
        "a signed event → the card at the chat, nothing queued, appendfsync always",
        [
            figure
            for platform, runs in took.items()
            for figure in (
                Figure(f"{platform} p50", [percentile(run, 50) for run in runs], "ms", goal=10, ceiling=True),
                Figure(f"{platform} p99", [percentile(run, 99) for run in runs], "ms", goal=50, ceiling=True),
            )
        ],
        [
            f"From before the request is sent; {sum(map(len, took['slack']))} events one after the other.",
            "Each goes to both chats, through all of Shopbell in one process.",
        ],
    )


@asynccontextmanager
async def shopbell(redis_url: str, chats_url: str) -> AsyncIterator[str]:
    """All of it in one process, as `shopbell run` starts it."""
    settings, named = load_settings(
        {
            **SETTINGS,
            "REDIS_URL": redis_url,
            "SHOPBELL_SECRET": SECRET,
            "SHOPBELL_LISTEN": "127.0.0.1:0",
            "SLACK_API_URL": f"{chats_url}/api/",
            "TELEGRAM_API_URL": chats_url,
        },
        Path(__file__).parent,
    )
    async with opened(settings, named, chats=True) as inside:
        settle()
        # Nobody speaks to it from the chats here: Telegram is not polled.
        bell = Shopbell(inside, ("api", "slack", "worker"))
        running = asyncio.create_task(bell.run())
        ready = asyncio.create_task(bell.ready.wait())
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        try:
            if running.done():
                await running
            yield bell.url
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


class _Arrivals:
    """When a card of a conversation came to which chat."""

    def __init__(self) -> None:
        self._at: dict[tuple[str, bytes], float] = {}
        self._stirred = asyncio.Event()

    def seen(self, method: str, body: bytes) -> None:
        now = time.perf_counter()
        platform, conversation = _POSTS.get(method), _CONVERSATION.search(body)
        if platform and conversation:
            self._at.setdefault((platform, conversation[0]), now)
            self._stirred.set()

    async def wait(self, platform: str, conversation: bytes) -> float:
        async with asyncio.timeout(PATIENCE):
            while (platform, conversation) not in self._at:
                self._stirred.clear()
                await self._stirred.wait()
        return self._at[platform, conversation]


async def _samples(scene: Scene, url: str, arrivals: _Arrivals, count: int) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {"slack": [], "telegram": []}
    for index in range(count + 1):
        number, _ = next(scene.numbers), next(scene.numbers)  # of two: a conversation of its own
        conversation = scene.message(number).conversation.encode()
        shop = scene.shops[index % len(scene.shops)]
        request = scene.request(shop, f"wh_{number}", scene.body(number))
        since = time.perf_counter()
        await load(url, [request], callers=1)
        for platform, found in took.items():
            found.append(1000 * (await arrivals.wait(platform, conversation) - since))
        await asyncio.sleep(GAP)
    return {platform: found[1:] for platform, found in took.items()}  # the first one loads the scripts
