"""One town for all stories of a file; each story has a seller of its own, as a chat takes but one message a second."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.fixtures.command import shopbell as shopbell
from tests.fixtures.house import House, Street, a_street


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(engine_url: str) -> AsyncIterator[Street]:
    """Slack by Socket Mode, Telegram by polling; tests/journeys/test_bell.py tells of the other ways."""
    async with a_street(engine_url, "socket", "polling") as street:
        yield street


@pytest_asyncio.fixture(loop_scope="module")
async def house(street: Street) -> House:
    """A seller whose channel and whose chat are linked."""
    await street.rest()
    return await street.build()
