"""A playground with nobody at the other end, and a browser's way to ask for a pane."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bots.playground.app import Playground

Look = Callable[..., Awaitable[Any]]


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with Playground() as made:
        yield made


@pytest.fixture
async def http(playground: Playground) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(playground.url) as session:
        yield session


@pytest.fixture
def look(http: aiohttp.ClientSession) -> Look:
    """`await look("slack", user="U1")` is what the pane shows."""

    async def ask(pane: str, **query: object) -> Any:
        async with http.get(f"/page/{pane}", params={name: str(value) for name, value in query.items()}) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    return ask
