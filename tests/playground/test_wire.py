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


async def test_a_wait_can_be_given_up_at_any_moment() -> None:
    """Also in the very turn in which something changed: whoever presses Ctrl-C has pressed it."""
    wire = Wire()
    for turns in range(6):
        waiting = asyncio.create_task(wire.wait(lambda: False, "the moon"))
        for _ in range(3 + turns % 3):
            await asyncio.sleep(0)
        wire.touch()
        for _ in range(turns // 3):
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_a_watch_hears_names() -> None:
    """What changed since the last look, once each; nothing after it was closed."""
    wire = Wire()
    watch = wire.watch()
    wire.record(call("a"))
    wire.touch("clock")
    wire.touch("slack")

    assert await watch.changed() == {"wire", "slack", "clock"}
    watch.close()
    wire.touch("clock")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await watch.changed()


def test_calls_are_numbered() -> None:
    """From 1, over those that have left; a reader asks for those after the last that it saw."""
    wire = Wire(kept=2)
    for name in "abc":
        wire.record(call(name, *(["wrong"] if name == "a" else [])))

    assert [(number, c.method) for number, c in wire.newest(10)] == [(2, "b"), (3, "c")]
    assert [(number, c.method) for number, c in wire.newest(1)] == [(3, "c")]
    assert [(number, c.method) for number, c in wire.newest(10, after=2)] == [(3, "c")]
    assert wire.newest(10, after=3) == []
    assert (wire.last, wire.wrong) == (3, 1)
