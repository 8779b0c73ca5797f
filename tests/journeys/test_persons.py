"""Members in both chats: an owner gives roles by buttons, and one human's Slack and Telegram become one person."""

import pytest

from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from tests.fixtures.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_owner_makes_somebody_a_manager_in_slack(house: House) -> None:
    """Sam linked the first room, so Sam is the owner; Eve came by a code."""
    town, slack = house.town, house.town.slack
    await slack.command(town.sam, house.channel, "/shopbell", "members")
    listed = await house.heard(town.sam, "2 people work for this seller:")
    told = slack_plain(listed)

    assert await slack.click(town.sam, house.channel, listed.ts, "Eve")
    await house.heard(town.sam, "Eve (Telegram) is agent.")
    assert await slack.click(town.sam, house.channel, listed.ts, "Manager")
    await house.heard(town.sam, "Make Eve a manager?")
    assert await slack.click(town.sam, house.channel, listed.ts, "Yes, change it")
    await house.heard(town.sam, "Eve is a manager now.")
    await town.telegram_stand_in.hands.send(house.eve, house.eve, "/members")
    await house.read("Eve: manager, Telegram")

    assert "Sam: owner, Slack" in told
    assert "Eve: agent, Telegram" in told


async def test_one_human_in_both_chats_becomes_one_person(house: House) -> None:
    """The code is asked for in Slack, where only Sam reads it, and typed in Telegram; a claim is then known in both."""
    town, slack, hands = house.town, house.town.slack, house.town.telegram_stand_in.hands
    await slack.command(town.sam, house.channel, "/shopbell", "members")
    listed = await house.heard(town.sam, "2 people work for this seller:")
    assert await slack.click(town.sam, house.channel, listed.ts, "I am in another chat too")
    offered = await house.heard(town.sam, "Type this in Telegram")
    code = next(word for word in slack_plain(offered).split() if len(word) == 28 and word[:2].isdigit())

    await hands.send(house.eve, house.eve, f"/link {code}")
    await house.read("Sam made this code in Slack. Is that you?")
    question = next(m for m in town.telegram.messages(house.eve) if "Is that you?" in telegram_plain(m))
    await house.press(question, "Yes, that is me")
    await house.read("You are one person in both chats now.")
    await hands.send(house.eve, house.eve, "/members")
    await house.read("One person works for this seller:")
    await house.buyer_writes("Is it blue?", "c-joined")
    story = house.story("c-joined")
    in_slack, in_telegram = await story.both()
    assert await slack.click(town.sam, house.channel, in_slack.ts, "Claim")
    await story.both_say("Sam is on it.")
    await house.press(in_telegram, "Let go")
    await town.wire.wait(lambda: "Claim" in labels(in_telegram), "the card to be free")

    assert not any("Type this in Telegram" in said for said in house.told(town.kim))


async def test_a_code_is_not_shown_to_a_telegram_group(house: House) -> None:
    """There everybody would read it."""
    hands = house.town.telegram_stand_in.hands
    group = await house.group(house.town.telegram.new_user("Ben"))

    await hands.send(house.eve, group, "/members")
    await house.read("work for this seller:", group)
    listed = next(m for m in house.town.telegram.messages(group) if "for this seller:" in telegram_plain(m))
    await hands.press(house.eve, group, listed.id, "I am in another chat too")
    await house.read("A code would be read by everybody here.", group)

    assert not any("/shopbell link" in said for said in house.said(group))
