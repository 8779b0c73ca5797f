"""Help in both chats: with the words of each, and within the limits of each."""

import pytest

from bots.playground.slack import plain as slack_plain
from tests.fixtures.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_help_speaks_the_words_of_each_chat(house: House) -> None:
    """Slack's own commands are told apart, and where to read on is a link that can be pressed."""
    town = house.town

    await town.slack.command(town.kim, house.channel, "/shopbell", "helb")
    in_slack = slack_plain(await house.heard(town.kim, "Did you mean /shopbell help?"))
    await town.telegram_stand_in.hands.send(house.eve, house.eve, "/help")
    await house.read("To read on, Fiverr: rates")
    in_telegram = next(said for said in house.said() if "To read on, Fiverr" in said)

    assert "• /shopbell inbox [WORDS]: What waits" in in_slack
    assert "/away, /status by themselves are this chat's own, not Shopbell's." in in_slack
    assert "A thread takes buttons and a mention of Shopbell, no commands." in in_slack
    assert "• /inbox [WORDS]: What waits" in in_telegram
    assert "this chat's own" not in in_telegram
