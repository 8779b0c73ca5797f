"""A holding reply in both chats: turned on in one by buttons, sent by nobody, and told in each."""

import pytest

from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import plain as telegram_plain
from core.store.quick_responses import keep_quick_response, new_quick_response
from tests.fixtures.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")

AWAY = "Hi {{ buyer.name }}, we answer when we are back."


async def turn_on_in_slack(house: House) -> str:
    """What was asked before."""
    town = house.town
    await town.slack.command(town.sam, house.channel, "/shopbell", "quick show Away")
    shown = await house.heard(town.sam, "Away · all shops")
    await town.slack.click(town.sam, house.channel, shown.ts, "Send while away")
    asked = await house.heard(town.sam, "Shall it be?")
    text = slack_plain(asked)
    await town.slack.click(town.sam, house.channel, asked.ts, "Yes, send it while away")
    await house.heard(town.sam, "sent to buyers while away")
    return text


async def test_turned_on_in_slack_it_is_told_in_both(house: House) -> None:
    """The buyer reads it on the site while nobody is there; both chats hear so, and both cards go on asking."""
    town, market = house.town, house.town.market
    made = new_quick_response(house.seller, "away", "Away", AWAY)
    assert await keep_quick_response(house.deps.store, house.seller, made, anew=True) == "done"
    asked = await turn_on_in_slack(house)
    await town.slack.command(town.sam, house.channel, "/shopbell", "away 4h")
    preview = await house.heard(town.sam, "away from now until")
    foretold = slack_plain(preview)
    await town.slack.click(town.sam, house.channel, preview.ts, "Confirm: buyers may write")
    await house.read("Example Market is away until")
    await house.buyer_writes("Anybody there?", "c-holding")
    story = house.story("c-holding")
    [text] = await story.replied()
    in_thread = await story.thread_says("A holding reply was sent to Ann.")
    below = await story.below_says("A holding reply was sent to Ann.")
    slack, telegram = await story.both()

    assert "By the rules of Fiverr that is no answer" in asked
    assert "Whoever writes meanwhile is sent a holding reply" in foretold
    assert text == "Hi Ann, we answer when we are back."
    assert market.conversation(house.name, "c-holding")[-1].text == text
    assert below.silent
    assert "An answer is still owed." in slack_plain(in_thread)
    assert "Answer by" in slack_plain(slack)
    assert "Answer by" in telegram_plain(telegram)
