"""The stream: which panes to fetch again, and never more often than a page can draw."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bots.playground.app import Playground
from bots.playground.page.changes import PANES


@pytest.fixture
async def stream(http: aiohttp.ClientSession) -> AsyncIterator[aiohttp.ClientResponse]:
    async with http.get("/page/changes") as answer:
        yield answer


async def panes(stream: aiohttp.ClientResponse) -> set[str]:
    line = await stream.content.readline()
    await stream.content.readline()
    return set(json.loads(line.removeprefix(b"data: "))["panes"])


async def test_it_names_what_changed(playground: Playground, stream: aiohttp.ClientResponse) -> None:
    """All at first; then the side that something happened at, and the rates a moment later."""
    first = await panes(stream)
    await playground.slack.world.say(playground.sam, playground.channel, "Hello")
    second = await panes(stream)
    after = second if "rates" in second else await panes(stream)

    assert first == set(PANES)
    assert second - {"rates"} == {"slack"}
    assert "rates" in after


async def test_what_happens_in_one_breath_is_told_once(playground: Playground, stream: aiohttp.ClientResponse) -> None:
    """At most ten events a second, however much goes on; the last change is always told."""
    await panes(stream)
    told, began = 0, time.monotonic()
    talking = asyncio.create_task(talk(playground, 1.0))
    seen: set[str] = set()
    while not talking.done():
        seen = await panes(stream)
        told += 1
    took = time.monotonic() - began
    await playground.telegram.hands.start(playground.eve)
    last = await panes(stream)

    assert told <= 10 * took + 2
    assert seen
    assert "telegram" in last or "telegram" in await panes(stream)


async def talk(playground: Playground, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await playground.slack.world.say(playground.sam, playground.channel, "Hello")
        await asyncio.sleep(0.005)


async def test_the_clock_and_the_faults_are_told_too(
    playground: Playground, stream: aiohttp.ClientResponse, http: aiohttp.ClientSession
) -> None:
    """Whoever turns a fault on in one window sees it on in the other."""
    playground.clock.followers.append(lambda _: None)
    await panes(stream)
    async with http.post("/page/faults/slack-slow/on", json={}) as answer:
        assert answer.status == 200
    fault = await panes(stream)
    async with http.post("/clock/move", json={"seconds": 60}) as answer:
        assert answer.status == 200
    clock = await panes(stream)

    assert fault == {"faults"}
    assert clock - {"rates"} == {"clock"}
