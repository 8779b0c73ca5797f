"""A room that cannot be reached is told of where people still read; what waited arrives when it can be."""

import pytest

from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import plain as telegram_plain
from tests.fixtures.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("how", ["archived", "removed"])
async def test_a_lost_channel_is_told_of_in_the_other_chat(house: House, how: str) -> None:
    """At once, with why; new messages come there; when the bot is back, what waited is delivered, in order."""
    town = house.town
    await house.buyer_writes("One", "c-1")
    await house.story("c-1").both()

    await (town.slack.archive(house.channel) if how == "archived" else town.slack.remove_bot(house.channel))
    await house.read("cannot be reached")
    await house.buyer_writes("Two", "c-2", "Bea")
    await house.story("c-2").in_telegram()
    await house.buyer_writes("Three", "c-2", "Bea")
    await house.story("c-2").below_says("Three")
    lost = next(said for said in house.said() if "cannot be reached" in said)
    before = house.story("c-2").slack_cards()
    town.slack.channels[house.channel].archived = False
    await town.slack.join(town.slack.bot, house.channel)
    await house.story("c-2").in_slack()
    await house.story("c-2").thread_says("Three")

    assert f"Slack sales-{house.name.removeprefix('shop-')}" in lost
    assert ("archived" if how == "archived" else "taken out") in lost
    assert before == []
    assert sum("cannot be reached" in said for said in house.said()) == 1


async def test_a_person_who_blocks_the_bot_is_told_of_in_the_other_chat(house: House) -> None:
    """And finds everything there after coming back."""
    town, hands = house.town, house.town.telegram_stand_in.hands

    await hands.block(house.eve)
    await house.heard(town.sam, "Telegram Eve cannot be reached: The bot was blocked or removed.")
    await house.buyer_writes("Two", "c-2", "Bea")
    await house.story("c-2").in_slack()
    before = house.story("c-2").telegram_cards()
    await hands.unblock(house.eve)
    await house.story("c-2").in_telegram()

    assert before == []


async def test_a_group_that_removes_the_bot_is_told_of_in_the_other_chats(house: House) -> None:
    """The group's own members cannot be told: everybody else is."""
    town, hands = house.town, house.town.telegram_stand_in.hands
    group = await house.group(title="Night shift")

    await hands.kick_bot(group)
    await house.heard(town.sam, "Telegram Night shift cannot be reached")
    await house.read("Telegram Night shift cannot be reached")
    await house.buyer_writes("Two", "c-2", "Bea")
    await house.story("c-2").both()
    await hands.add_bot(group, house.eve)
    await house.story("c-2").in_telegram(group)


@pytest.mark.parametrize("uninstall", [False, True])
async def test_a_workspace_that_shuts_shopbell_out_is_told_of_in_the_other_chat(house: House, uninstall: bool) -> None:
    """At once and in one sentence for all of its channels, also where two events say so."""
    town = house.town
    second = town.slack.add_channel(f"more-{house.name}", town.sam, town.kim, kind="private")
    await house.link_slack(second)

    await town.slack.revoke_token(uninstall=uninstall)
    await house.read("cannot be reached any more")
    await house.buyer_writes("Two", "c-2", "Bea")
    await house.story("c-2").in_telegram()
    told = [said for said in house.said() if "cannot be reached" in said]
    town.slack.workspace.revoked = False
    for channel in (house.channel, second):
        await house.story("c-2").in_slack(channel)

    assert len(told) == 1
    assert "Slack cannot be reached any more: The Slack token was revoked. Install the app again" in told[0]


async def test_a_group_that_becomes_a_supergroup_is_followed(house: House) -> None:
    """Telegram gives it a new id and other messages: the card stands there anew, and a swipe answers it."""
    town, hands = house.town, house.town.telegram_stand_in.hands
    group = await house.group(title="Night shift")
    await house.buyer_writes("One", "c-1")
    await house.story("c-1").in_telegram(group)

    big = await hands.upgrade_group(group)
    card = await house.story("c-1").in_telegram(big)
    await house.swipe(card, "Yes")
    asked = await town.telegram.wait(
        lambda: next((m for m in town.telegram.messages(big) if "To Ann" in telegram_plain(m)), None), "the question"
    )
    assert asked is not None
    await house.press(asked, "Send to Ann")

    assert await house.story("c-1").replied() == ["Yes"]
    assert not any("not linked" in said for said in house.said(big))
    assert not any("cannot be reached" in said for said in (*house.said(), *house.told(town.sam)))


async def test_when_no_room_is_left_the_owner_and_the_marketplace_are_told(house: House) -> None:
    """The owner in a direct message where that chat still works; the marketplace with the deadlines that are open."""
    town = house.town
    await house.buyer_writes("One", "c-1")
    await house.story("c-1").both()

    await town.telegram_stand_in.hands.block(house.eve)
    await house.heard(town.sam, "cannot be reached")
    await town.slack.archive(house.channel)
    front = town.market.front(house.name)
    await town.market.wait(lambda: front.unreachable, "the marketplace to be told")
    direct = town.slack.direct(town.sam).id
    await town.slack.wait(
        lambda: any("None of your rooms" in slack_plain(m) for m in town.slack.messages(direct)), "the owner to be told"
    )

    (told,) = front.unreachable
    assert [owed["conversation"] for owed in told["owed"]] == ["c-1"]
    assert told["owed"][0]["deadline"] is not None
    assert "archived" in told["problem"]
