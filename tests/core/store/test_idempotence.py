"""A connection that breaks sends what was under way again: everything is executed twice, and is one thing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from inspect import signature

import pytest

from core.store.client import Engine
from tests.contract import (
    test_absences,
    test_availability,
    test_availability_told,
    test_bell,
    test_claims,
    test_clock,
    test_digests,
    test_hints,
    test_quick_responses,
    test_reminders,
    test_spam_reports,
    test_threads,
    test_unreachable,
    test_waivers,
)
from tests.fixtures.core import Stage, make_stage, working
from tests.fixtures.doubling import Doubling

pytestmark = pytest.mark.long

Story = Callable[[Stage], Awaitable[None]]
TOLD = (
    test_absences,
    test_availability,
    test_availability_told,
    test_bell,
    test_claims,
    test_clock,
    test_digests,
    test_hints,
    test_quick_responses,
    test_reminders,
    test_spam_reports,
    test_threads,
    test_unreachable,
    test_waivers,
)
# Some need more than a stage: a stage where nobody works, or one trouble after the other.
STORIES: list[Story] = [
    told
    for module in TOLD
    for name, told in vars(module).items()
    if name.startswith("test_") and list(signature(told).parameters) == ["stage"]
]


@pytest.fixture
async def doubled(engine: Engine) -> AsyncIterator[Stage]:
    made = await make_stage(Doubling(engine))
    made.seconds = 20.0  # what the second execution claims comes back only when its lease has passed
    async with working(made.deps, made.board):
        yield made


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.removeprefix("test_"))
async def test_the_bell_rings_once_though_everything_is_executed_twice(doubled: Stage, story: Story) -> None:
    """One card, one reply, one receipt, and the same answers."""
    await story(doubled)
