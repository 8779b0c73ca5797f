"""One conversation, room or shop that fails, holds or is unknown delays no other."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bots.playground.faults import Fault
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from tests.fixtures.town import Town, a_town, shopbell

SOON = 2.0  # seconds


@pytest.fixture
async def town(engine_url: str, engine: object) -> AsyncIterator[Town]:
    async with a_town() as town, shopbell(town, town.settings(REDIS_URL=engine_url)) as inside:
        await town.open_shop(inside.deps)
        await town.receive()
        await town.link_slack(inside.deps)
        await town.link_telegram(inside.deps)
        yield town


def card_in_telegram(town: Town, words: str) -> int | None:
    found = [m for m in town.telegram.messages(town.eve) if words in telegram_plain(m) and labels(m)]
    return found[0].id if found else None


def in_slack(town: Town, words: str) -> bool:
    return any(words in slack_plain(m) for m in town.slack.messages(town.channel))


async def answer(town: Town, words: str, text: str) -> None:
    """Eve swipes the card that quotes these words."""
    card = await town.telegram.wait(lambda: card_in_telegram(town, words), f"the card of {words}")
    await town.telegram_stand_in.hands.send(town.eve, town.eve, text, reply_to=card)


async def test_a_conversation_that_the_marketplace_answers_with_500_delays_no_other(town: Town) -> None:
    """While it is tried again and again, every other conversation of the shop is served at once."""
    town.faults.add(Fault("marketplace", "callback", where={"conversation": "c-bad"}, kind="status", status=500))
    await town.buyer_writes("The bad one", conversation="c-bad")
    await answer(town, "The bad one", "Never arrives.")
    await town.slack.wait(lambda: in_slack(town, "tries again by itself"), "the bad card to say why")

    took = []
    for number in range(5):
        await town.buyer_writes(f"Good one {number}", conversation=f"c-{number}")
        await answer(town, f"Good one {number}", f"Yes {number}.")
        since = time.monotonic()
        await town.market.wait(
            lambda number=number: [r for r in town.market.replies("bell") if r.text == f"Yes {number}."],  # type: ignore[misc]
            f"reply {number}",
        )
        took.append(time.monotonic() - since)

    assert max(took) < SOON
    assert [r.conversation for r in town.market.replies("bell")] == [f"c-{number}" for number in range(5)]


async def test_replies_that_the_marketplace_leaves_hanging_delay_no_other(town: Town) -> None:
    """Its answer is waited for in one conversation alone."""
    town.faults.add(Fault("marketplace", "callback", where={"conversation": "c-slow"}, kind="delay", seconds=4))
    await town.buyer_writes("The slow one", conversation="c-slow")
    await answer(town, "The slow one", "At last.")
    await town.buyer_writes("The quick one", conversation="c-quick")
    await answer(town, "The quick one", "At once.")

    since = time.monotonic()
    await town.market.wait(lambda: town.market.replies("bell"), "a reply")

    assert time.monotonic() - since < SOON
    assert [r.text for r in town.market.replies("bell")] == ["At once."]


async def test_a_slack_channel_that_is_limited_delays_no_telegram_chat(town: Town) -> None:
    """429 with half a minute pauses that channel alone; it gets its card when the time has come."""
    town.faults.add(
        Fault("slack", "chat.postMessage", kind="status", status=429, headers={"Retry-After": "2"}, times=1)
    )
    since = time.monotonic()
    await town.buyer_writes("Is it blue?")

    await town.telegram.wait(lambda: card_in_telegram(town, "Is it blue?"), "the card in Telegram")
    in_telegram = time.monotonic() - since
    await asyncio.sleep(0)
    early = in_slack(town, "Is it blue?")
    await town.slack.wait(lambda: in_slack(town, "Is it blue?"), "the card in Slack", 8)

    assert in_telegram < SOON
    assert not early
    assert time.monotonic() - since >= SOON
