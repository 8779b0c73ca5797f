"""Several conversations at once, in both chats: chosen by buttons in one message, confirmed, and undone."""

import pytest

from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from tests.fixtures.house import House, ago

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def told(house: House) -> None:
    for number, name in enumerate(("Ann", "Bob", "Cy")):
        await house.buyer_writes(f"Is number {number} blue?", f"c-{number}", name, sent_at=ago(hours=9 - number))


async def test_in_slack_several_are_hidden_and_brought_back(house: House) -> None:
    """All in the one message that only its asker sees; the cards say what was done."""
    town, slack = house.town, house.town.slack
    await told(house)
    await slack.command(town.sam, house.channel, "/shopbell", "inbox")
    shown = await house.heard(town.sam, "3 conversations wait")

    async def press(label: str, words: str) -> None:
        message = await house.heard(town.sam, last[0])
        assert await slack.click(town.sam, house.channel, message.ts, label)
        await house.heard(town.sam, words)
        last[0] = words

    last = ["3 conversations wait"]
    await press("Select several…", "0 are chosen")
    await press("☐ 1 Ann", "1 is chosen")
    await press("☐ 3 Cy", "2 are chosen")
    await press("Go on (2)", "What is to be done about 2 conversations?")
    await press("No answer needed", "No answer is needed to 2:")
    await press("Yes, all 2", "Hidden: 2 of 2.")
    await house.story("c-0").both_say("Sam says that no answer is needed")
    await house.story("c-2").both_say("Sam says that no answer is needed")
    await press("Undo all", "Taken back: 2 of 2.")
    await house.story("c-0").both_say("Answer by")

    assert shown.only_for


async def test_in_telegram_several_are_reported(house: House) -> None:
    """One message is drawn anew with each press; the marketplace hears of both."""
    hands = house.town.telegram_stand_in.hands
    await told(house)
    await hands.send(house.eve, house.eve, "/inbox")
    await house.read("3 conversations wait")
    shown = last_said(house, "3 conversations wait")

    async def press(label: str, words: str) -> None:
        await house.press(shown, label)
        await house.town.telegram.wait(lambda: words in telegram_plain(shown), words)

    await press("Select several…", "0 are chosen")
    await press("☐ 1 Ann", "1 is chosen")
    chosen = labels(shown)
    await press("☐ 2 Bob", "2 are chosen")
    await press("Go on (2)", "What is to be done")
    await press("Report spam", "Why are these 2 spam?")
    await press("Scam or phishing", "Report 2 as spam (Scam or phishing):")
    await press("Yes, all 2", "Reported: 2 of 2.")
    await house.story("c-0").both_say("pam")
    await house.story("c-1").both_say("pam")

    assert chosen[:3] == ["☑ 1 Ann", "☐ 2 Bob", "☐ 3 Cy"]
    assert labels(shown) == ["Undo all"]


def last_said(house: House, words: str) -> TelegramMessage:
    shown = house.town.telegram.messages(house.eve)
    return next(m for m in reversed(shown) if m.sender.is_bot and words in telegram_plain(m))
