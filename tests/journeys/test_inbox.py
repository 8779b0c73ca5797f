"""The inbox in both chats: listed, turned, searched, opened, and answered from there."""

import pytest

from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from tests.fixtures.house import House, ago

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES = ("Ann", "<!channel> & co", "*Bob* `x`", "@everyone", "Cy", "Di", "Ed", "Flo", "Gus")


async def told(house: House) -> None:
    """Nine buyers wait, the first of them the longest."""
    for number, name in enumerate(NAMES):
        await house.buyer_writes(f"Is number {number} blue?", f"c-{number}", name, sent_at=ago(hours=9 - number))


async def test_in_slack_the_inbox_is_read_searched_and_answered(house: House) -> None:
    """By the command, its buttons, and the form that the opened conversation gives; all for who asked alone."""
    town = house.town
    await told(house)

    await town.slack.command(town.sam, house.channel, "/shopbell", "inbox")
    first = await house.heard(town.sam, "9 conversations wait for an answer, page 1 of 2")
    assert await town.slack.click(town.sam, house.channel, first.ts, "Next")
    second = await house.heard(town.sam, "9 conversations wait for an answer, page 2 of 2")
    await town.slack.command(town.sam, house.channel, "/shopbell", "inbox blue cy")
    found = await house.heard(town.sam, "1 found")
    assert await town.slack.click(town.sam, house.channel, found.ts, "1 Cy")
    opened = await house.heard(town.sam, "Cy · Example Market")
    await house.fill_in(town.sam, house.channel, opened, "Yes, number 4.")

    assert await house.story("c-4").replied() == ["Yes, number 4."]
    assert "9. Gus (Example Market)" in slack_plain(second)
    assert all(message.only_for for message in (first, second, found, opened))


async def test_in_telegram_the_same_is_done(house: House) -> None:
    """A page takes the place of the one before, and a swipe on an opened conversation answers its buyer."""
    hands = house.town.telegram_stand_in.hands
    await told(house)

    await hands.send(house.eve, house.eve, "/open")
    await house.read("9 conversations wait for an answer, page 1 of 2")
    shown = last(house, "9 conversations wait")
    listed = labels(shown)
    await house.press(shown, "Next")
    await house.read("page 2 of 2")
    await hands.send(house.eve, house.eve, "/inbox everyone")
    await house.read("1 found")
    await house.press(last(house, "1 found"), "1 @everyone")
    await house.read("@everyone · Example Market\nAnswer by")
    opened = last(house, "@everyone · Example Market\nAnswer by")
    await house.press(opened, "What was said")
    await house.read("what was said, 1 to 1 of 1")
    await house.swipe(opened, "Yes, number 3.")

    assert await house.story("c-3").replied() == ["Yes, number 3."]
    assert listed[:2] == ["1 Ann", "2 <!channel> & co"]
    assert labels(shown) == ["9 Gus", "Previous", "Select several…"]


def last(house: House, words: str) -> TelegramMessage:
    shown = house.town.telegram.messages(house.eve)
    return next(m for m in reversed(shown) if m.sender.is_bot and words in telegram_plain(m))
