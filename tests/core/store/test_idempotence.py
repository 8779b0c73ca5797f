"""A connection that breaks sends what was under way again: everything is executed twice, and is one thing."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from core.store.client import Engine
from tests.contract import test_bell
from tests.fixtures.core import Stage, make_stage, working
from tests.fixtures.doubling import Doubling

Story = Callable[[Stage], Awaitable[None]]
STORIES: list[Story] = [told for name, told in vars(test_bell).items() if name.startswith("test_")]


@pytest.fixture
async def doubled(engine: Engine) -> AsyncIterator[Stage]:
    made = await make_stage(Doubling(engine))
    async with working(made.deps, made.board):
        yield made


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.removeprefix("test_"))
async def test_the_bell_rings_once_though_everything_is_executed_twice(doubled: Stage, story: Story) -> None:
    """One card, one reply, one receipt, and the same answers."""
    await story(doubled)
