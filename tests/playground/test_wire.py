"""The wire keeps what was said, wakes those who wait and feeds those who watch."""

import asyncio

import pytest

from bots.playground.wire import Call, Wire


def call(method: str, *problems: str) -> Call:
    return Call(1.0, "slack", "to", method, {}, 200, None, problems)


def test_calls_are_kept_and_found() -> None:
    """By side, by method, by problem; the oldest leave first."""
    wire = Wire(kept=2)
    for made in (call("a"), call("b"), call("c", "wrong")):
        wire.record(made)

    assert [c.method for c in wire.calls()] == ["b", "c"]
    assert wire.calls("slack", "b") == [call("b")]
    assert wire.calls("telegram") == []
    assert wire.problems() == [call("c", "wrong")]


async def test_a_watcher_sees_what_comes_after() -> None:
    """A subscription starts at once and ends when closed."""
    wire = Wire()
    wire.record(call("before"))
    watcher = wire.subscribe()
    wire.record(call("after"))

    assert (await anext(watcher)).method == "after"
    watcher.close()
    wire.record(call("late"))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(watcher), 0.01)


async def test_waiting_ends_with_the_condition_or_a_story() -> None:
    """A wait returns the condition's value, or tells what it waited for and what was said."""
    wire = Wire()
    waiting = asyncio.create_task(wire.wait(lambda: wire.calls(method="b"), "b"))
    await asyncio.sleep(0)
    wire.record(call("b"))

    assert await waiting == [call("b")]
    with pytest.raises(AssertionError, match=r"(?s)for the moon.*slack b"):
        await wire.wait(lambda: False, "the moon", seconds=0.01)
