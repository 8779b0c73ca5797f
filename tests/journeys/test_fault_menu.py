"""The playground's fault menu before the real Shopbell: whatever was on, once it is off all has arrived, each once."""

import pytest

from bots.playground.page.faults import MENU, FaultMenu
from bots.playground.page.worlds import Worlds
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import plain as telegram_plain
from bots.telegram import polling
from tests.fixtures.house import House
from tests.fixtures.waiting import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

SWITCHES = [trouble for trouble in MENU if not (trouble.deed and trouble.deed.undo is None)]
OF_CHATS = [trouble.name for trouble in SWITCHES if trouble.side != "marketplace"]
OF_MARKETPLACE = [trouble.name for trouble in SWITCHES if trouble.side == "marketplace"]
# Telegram cannot be asked what has arrived: rather twice than not at all.
MAY_DOUBLE = {"telegram-lost-answer"}


def menu_of(house: House) -> FaultMenu:
    town = house.town
    return FaultMenu(town.faults, Worlds(town.slack, town.telegram_stand_in, town.market))


@pytest.mark.parametrize("name", OF_CHATS)
async def test_a_chat_heals(house: House, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What buyers wrote while a chat was in trouble stands in both once it is not, and what comes after too."""
    # News of a bot whose token was taken back is asked for again after a minute: other stories of this town need it.
    monkeypatch.setattr(polling, "LONGEST_PAUSE", 0.5)
    menu = menu_of(house)
    where = {"channel": house.channel, "user": house.eve.id}
    await menu.turn_on(name, where)
    await house.buyer_writes("Meanwhile?", "c-1")
    other = house.story("c-1")
    await (other.in_telegram() if name.startswith("slack") else other.in_slack())
    if name.endswith("lost-answer"):
        await wait_until(lambda: asked_in_vain(house, name), "an answer to be lost")

    await menu.turn_off(name)
    await house.buyer_writes("Afterwards?", "c-2", "Bea")
    for key in ("c-1", "c-2"):
        await house.story(key).in_slack()
        await house.story(key).in_telegram()

    for story in (house.story("c-1"), house.story("c-2")):
        assert len(story.slack_cards()) == 1
        assert len(story.telegram_cards()) == 1 or name in MAY_DOUBLE


def asked_in_vain(house: House, name: str) -> bool:
    calls = house.town.wire.calls("slack" if name.startswith("slack") else "telegram")
    return any(call.status is None for call in calls if call.direction == "to")


@pytest.mark.parametrize("name", OF_MARKETPLACE)
async def test_a_marketplace_heals(house: House, name: str) -> None:
    """A reply that was written while it was in trouble is there once; a refused one tells why, and is sent again."""
    menu, town = menu_of(house), house.town
    await house.buyer_writes("Is it blue?", "c-1")
    story = house.story("c-1")
    card, _ = await story.both()
    await menu.turn_on(name, {})
    await house.fill_in(town.sam, house.channel, card, "It is.")
    # What is refused, or slow, is not brought again.
    tries = 2 if name in ("marketplace-down", "marketplace-lost-answer") else 1
    await wait_until(lambda: brought(house) >= tries, "the reply to be brought")
    if name == "marketplace-refuses":
        await story.slack_says("This conversation is closed")

    await menu.turn_off(name)
    if name == "marketplace-refuses":
        await house.fill_in(town.sam, house.channel, story.slack_cards()[0], "It is.")
    replied = await story.replied()

    assert replied == ["It is."]
    await story.slack_says("Answered by Sam")
    await story.telegram_says("Answered by Sam")


def brought(house: House) -> int:
    calls = house.town.wire.calls("marketplace", "callback")
    return sum(call.request["shop"] == house.name and call.request["type"] == "reply.created" for call in calls)


async def test_a_deleted_topic_heals_by_itself(house: House) -> None:
    """The menu deletes the one that is named, or the newest; what is said next there comes in a new one."""
    hands, telegram = house.town.telegram_stand_in.hands, house.town.telegram
    chat = await house.group(title="Desk", linked=False, forum=True)
    await hands.make_admin(chat, telegram.bot)
    await hands.send(house.eve, chat, f"/link {await house.code()}")
    await house.read("Linked", chat)
    await house.buyer_writes("Is it red?", "c-1")
    await telegram.wait(lambda: any("Is it red?" in telegram_plain(m) for m in telegram.messages(chat)), "the card")
    (topic,) = chat.topics.values()

    await menu_of(house).turn_on("telegram-deleted-topic", {"chat": chat.id, "thread": topic.id})
    await house.buyer_writes("Hello?", "c-1")
    await telegram.wait(lambda: any("Hello?" in telegram_plain(m) for m in telegram.messages(chat)), "the message")

    assert len([each for each in chat.topics.values() if not each.deleted]) == 1
    assert not any("cannot be reached" in slack_plain(m) for m in house.town.slack.messages(house.channel))
