"""Claims across chats: who is on it in one is seen in the other, and taken over there."""

import pytest

from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from tests.fixtures.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_claim_in_slack_is_seen_and_taken_over_in_telegram(house: House) -> None:
    """Both cards say who is on it; whoever presses there is told first, and asked."""
    await house.buyer_writes("Is it blue?", "c-claim")
    story = house.story("c-claim")
    slack, telegram = await story.both()

    assert await house.town.slack.click(house.town.sam, house.channel, slack.ts, "Claim")
    await story.both_say("Sam is on it.")
    await house.press(telegram, "Let go")
    await house.read("Sam is on it since")
    shown = house.town.telegram.messages(house.eve)
    question = next(m for m in shown if "Sam is on it since" in telegram_plain(m))
    asked = labels(question)
    await house.press(question, "Take over")
    await story.both_say("Eve is on it.")

    assert asked == ["Take over"]
    assert "Let go" in labels(telegram)


async def test_a_claim_is_let_go_where_it_was_made(house: House) -> None:
    """Nothing is said beside the card: it says all."""
    await house.buyer_writes("Is it blue?", "c-free")
    story = house.story("c-free")
    _, telegram = await story.both()

    await house.press(telegram, "Claim")
    await story.both_say("Eve is on it.")
    await house.press(telegram, "Let go")
    await house.town.wire.wait(lambda: "Claim" in labels(telegram), "the card to be free")

    assert "on it" not in telegram_plain(telegram)
    assert story.below() == []
