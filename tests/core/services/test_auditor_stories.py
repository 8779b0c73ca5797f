"""The auditor goes round in the midst of every story, and finds nothing: all is right, though not all at rest."""

import asyncio

import pytest

from tests.fixtures.audits import plain, walk
from tests.fixtures.core import Stage
from tests.fixtures.stories import Story, named, stories

pytestmark = pytest.mark.long


@pytest.mark.parametrize("story", stories(), ids=named)
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
