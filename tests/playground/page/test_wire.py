"""The wire on the page: numbered, cut, and only what is new."""

from collections.abc import Awaitable, Callable
from typing import Any

from bots.playground.app import Playground
from bots.playground.wire import Call

Look = Callable[..., Awaitable[Any]]


def call(number: int, *problems: str, size: int = 10) -> Call:
    return Call(1.0, "slack", "to", f"m{number}", {"text": "x" * size}, 200, {"ok": True}, problems)


async def test_only_what_is_new(playground: Playground, look: Look) -> None:
    """The newest two hundred with their numbers; with `after`, those that came later; problems are counted for good."""
    for number in range(1, 251):
        playground.wire.record(call(number, *(["wrong"] if number == 3 else [])))
    pane = await look("wire")
    playground.wire.record(call(251))
    news = await look("wire", after=pane["last"])

    assert [each["n"] for each in pane["calls"]] == list(range(51, 251))
    assert [each["method"] for each in pane["calls"]][-1] == "m250"
    assert (pane["last"], pane["problems"]) == (250, 1)
    assert [(each["n"], each["method"]) for each in news["calls"]] == [(251, "m251")]
    assert (await look("wire", after=251))["calls"] == []


async def test_a_long_body_is_cut(playground: Playground, look: Look) -> None:
    """What nobody would read is not sent to the page; what is short comes as it was."""
    playground.wire.record(call(1))
    playground.wire.record(call(2, size=10_000))

    short, long = (await look("wire"))["calls"]

    assert (short["request"], short["cut"]) == ({"text": "x" * 10}, False)
    assert (len(long["request"]), long["cut"]) == (4096, True)
