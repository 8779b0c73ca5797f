"""The auditor goes round in the midst of every story, and finds nothing: all is right, though not all at rest."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable

import pytest

from tests.contract import test_bell, test_claims, test_clock, test_reminders
from tests.fixtures.audits import plain, walk
from tests.fixtures.core import Stage

pytestmark = pytest.mark.long

Story = Callable[[Stage], Awaitable[None]]
STORIES: list[Story] = [
    told
    for module in (test_bell, test_claims, test_clock, test_reminders)
    for name, told in vars(module).items()
    if name.startswith("test_") and [*inspect.signature(told).parameters] == ["stage"]
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.removeprefix("test_"))
async def test_it_finds_nothing_amiss(stage: Stage, story: Story) -> None:
    """Neither while the story is told, nor after it."""
    found = []

    async def walk_on() -> None:
        while True:
            found.append((await walk(stage, second_look=600)).last.found)

    walking = asyncio.create_task(walk_on())
    await story(stage)
    walking.cancel()
    await asyncio.gather(walking, return_exceptions=True)
    found.append((await walk(stage, second_look=600)).last.found)

    assert [plain(each) for each in found if each] == []
