"""The Home tab, its windows and the shortcuts where Slack speaks to Shopbell by HTTP."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fixtures.house import House, a_street
from tests.journeys.test_home import alone, opened, window

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def house(engine_url: str) -> AsyncIterator[House]:
    async with a_street(engine_url, "http", "polling") as street:
        yield await alone(street)


async def test_what_is_done_outside_of_channels_is_done_by_http_too(house: House) -> None:
    """The tab, a window with a command's answer, a form that is put right, and a shortcut."""
    town, slack = house.town, house.town.slack
    await house.buyer_writes("Is it blue?", "c-1")
    await house.story("c-1").in_slack()
    shown = await opened(house, "Is it blue?")
    assert await slack.click_view(town.sam, "Rates", view=shown.id)
    await window(house, "by the rules of Fiverr")
    assert await slack.click_view(town.sam, "Go away…", view=shown.id)
    await window(house, "Nothing is set before you have seen what buyers are told")
    await slack.submit(town.sam, None, {"until/typed": "whenever"})
    await window(house, "No time could be read in “whenever”.")
    await slack.submit(town.sam, None, {"until/typed": "4h"})
    await window(house, "away from now until")
    assert await slack.shortcut(town.sam, "inbox")
    await window(house, "1 conversation waits")

    assert slack.failures == []
