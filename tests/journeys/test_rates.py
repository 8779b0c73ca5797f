"""The rates in both chats: asked for, taken apart, at risk, and beside the marketplace's own number."""

import pytest

from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from tests.fixtures.house import House, ago

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES = ("Ann", "<!channel> & co", "*Bob* `x`", "@everyone")


async def told(house: House) -> None:
    """One missed, one answered in time, and others waiting."""
    await house.buyer_writes("Anybody?", "c-missed", "Zed", sent_at=ago(hours=30))
    for number, name in enumerate(NAMES):
        await house.buyer_writes("Is it blue?", f"c-{number}", name)
    story = house.story("c-0")
    await house.swipe(await story.in_telegram(), "Yes.")
    await story.slack_says("Answered by")  # Telegram has five cards to post before, one a second


async def test_in_slack_a_member_asks_and_takes_the_rate_apart(house: House) -> None:
    """The rates for who asked, then what cost them and what is at risk by a button; the marketplace's number beside."""
    town = house.town
    await told(house)

    await town.slack.command(town.sam, house.channel, "/shopbell", "rates")
    shown = await house.heard(town.sam, "by the rules of Fiverr")
    assert await town.slack.click(town.sam, house.channel, shown.ts, "What cost it")
    cost = await house.heard(town.sam, "What cost it, the newest first")
    assert await town.slack.click(town.sam, house.channel, shown.ts, "What is at risk")
    risk = await house.heard(town.sam, "the nearest deadline first")
    await town.slack.command(town.kim, house.channel, "/shopbell", "rates 92%")
    noted = await house.heard(town.kim, "Noted: the marketplace shows 92 %")

    assert "Inquiries: 50 % of 2 messages since " in slack_plain(shown)
    assert "3 wait; if the next 3 are missed: 20 %." in slack_plain(shown)
    assert "Zed" in slack_plain(cost)
    assert all(name.split()[0].strip("*<") in slack_plain(risk) for name in NAMES[1:])
    assert "Ours is 50 %, 42 points less" in slack_plain(noted)
    assert all(message.only_for for message in (shown, cost, risk, noted))


async def test_in_telegram_the_same_is_said(house: House) -> None:
    """By the command and by its other name, with the same buttons and the same lists."""
    hands = house.town.telegram_stand_in.hands
    await told(house)

    await hands.send(house.eve, house.eve, "/rates")
    await house.read("by the rules of Fiverr")
    shown = last(house, "by the rules of Fiverr")
    await house.press(shown, "What cost it")
    await house.read("What cost it, the newest first")
    await house.press(shown, "What is at risk")
    await house.read("the nearest deadline first")
    await hands.send(house.eve, house.eve, "/rate order 88")
    await house.read("Noted: the marketplace shows 88 % for Example Market")

    assert labels(shown) == ["What cost it", "What is at risk"]
    assert "Inquiries: 50 % of 2 messages since " in telegram_plain(shown)
    assert "Zed" in telegram_plain(last(house, "What cost it, the newest first"))
    assert all(name in telegram_plain(last(house, "the nearest deadline first")) for name in NAMES[1:])


def last(house: House, words: str) -> TelegramMessage:
    shown = house.town.telegram.messages(house.eve)
    return next(m for m in reversed(shown) if m.sender.is_bot and words in telegram_plain(m))
