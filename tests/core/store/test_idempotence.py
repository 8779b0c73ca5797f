"""A connection that breaks sends what was under way again: everything is executed twice, and is one thing."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.store.client import Engine
from tests.fixtures.core import Stage, make_stage, working
from tests.fixtures.doubling import Doubling
from tests.fixtures.stories import Story, named, stories

pytestmark = pytest.mark.long

LEASE = 3_000  # milliseconds: a story waits for some


@pytest.fixture
async def doubled(engine: Engine) -> AsyncIterator[Stage]:
    made = await make_stage(Doubling(engine))
    # What the second execution claims comes back only when its lease has passed.
    made.deps = replace(made.deps, patience=replace(made.deps.patience, lease=LEASE))
    async with working(made.deps, made.board):
        yield made


@pytest.mark.parametrize("story", stories(), ids=named)
async def test_the_bell_rings_once_though_everything_is_executed_twice(doubled: Stage, story: Story) -> None:
    """One card, one reply, one receipt, and the same answers."""
    await story(doubled)
