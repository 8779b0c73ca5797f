"""A Telegram forum as a team's room: a topic for each conversation, closed with its card and opened again."""

import pytest

from bots.playground.telegram import Chat, User, plain
from bots.playground.telegram.hands import Hands
from bots.playground.telegram.things import Topic
from tests.fixtures.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOPICS = frozenset({"can_manage_topics"})


async def forum(house: House, *members: User, topics: bool = True) -> Chat:
    """A forum that Eve made and linked, in which the bot may manage topics."""
    chat = await house.group(*members, title="Desk", linked=False, forum=True)
    if topics:
        await house.town.telegram_stand_in.hands.make_admin(chat, house.town.telegram.bot, rights=TOPICS)
    await house.town.telegram_stand_in.hands.send(house.eve, chat, f"/link {await house.code()}")
    await house.read("Linked", chat)
    return chat


def said(chat: Chat, topic: Topic | None) -> list[str]:
    """What the bot says in a topic, or in the group beside all topics."""
    thread = topic.id if topic else None
    found = [m for m in chat.messages.values() if m.thread == thread and m.sender.is_bot and not m.deleted]
    return [plain(m) for m in found if m.text]


async def topics(house: House, chat: Chat, count: int) -> list[Topic]:
    await house.town.telegram.wait(lambda: len(chat.topics) >= count, f"{count} topics")
    return list(chat.topics.values())


async def test_a_conversation_has_a_topic_of_its_own_that_closes_with_it(house: House) -> None:
    """Answered by a swipe in the topic and a press on Send; the buyer writes again, and it is open again."""
    chat, telegram = await forum(house), house.town.telegram
    await house.buyer_writes("Is it blue?", "c-topic")
    (topic,) = await topics(house, chat, 1)
    await telegram.wait(lambda: any("Is it blue?" in text for text in said(chat, topic)), "the card in its topic")
    card = next(m for m in chat.messages.values() if m.thread == topic.id and "Is it blue?" in plain(m))

    await house.swipe(card, "It is.")
    await telegram.wait(lambda: any("To Ann" in text for text in said(chat, topic)), "the text shown back")
    shown = next(m for m in chat.messages.values() if m.thread == topic.id and "To Ann" in plain(m))
    await house.press(shown, "Send to Ann")
    assert await house.story("c-topic").replied() == ["It is."]
    await telegram.wait(lambda: topic.closed, "the topic to be closed")
    await house.buyer_writes("And green?", "c-topic")
    await telegram.wait(lambda: any("And green?" in text for text in said(chat, topic)), "the next message")
    await telegram.wait(lambda: not topic.closed, "the topic to be open again")

    assert topic.name == "Ann · Example Market"
    assert not any("blue" in text or "green" in text for text in said(chat, None))
    assert len(chat.topics) == 1


async def test_a_topic_that_an_order_opens_is_called_by_its_buyer(house: House) -> None:
    """The order is news for a day; the topic stands for as long as the buyer comes back."""
    chat = await forum(house)
    await house.town.market.order_started(house.name, "Lena", {"id": "o-7", "title": "Logo"}, conversation="c-order")
    (topic,) = await topics(house, chat, 1)
    await house.town.telegram.wait(lambda: any("New order from Lena" in text for text in said(chat, topic)), "the card")

    assert topic.name == "Lena · Example Market"


async def test_a_topic_that_was_deleted_comes_again_with_its_card(house: House) -> None:
    """No bot is told of it: it shows when something is to be said there."""
    chat, telegram = await forum(house), house.town.telegram
    await house.buyer_writes("Is it red?", "c-deleted")
    (topic,) = await topics(house, chat, 1)
    await telegram.wait(lambda: said(chat, topic), "the card in its topic")

    await telegram_hands(house).delete_topic(chat, topic.id)
    await house.buyer_writes("Hello?", "c-deleted")
    fresh = (await topics(house, chat, 2))[1]
    await telegram.wait(lambda: len(said(chat, fresh)) >= 2, "the card and the message")

    card, message = said(chat, fresh)[:2]
    assert "Ann" in card
    assert "Hello?" in message


async def test_where_the_bot_may_not_manage_topics_it_says_so_and_posts_in_the_group(house: House) -> None:
    """Nothing is lost by a right that was not given."""
    chat, telegram = await forum(house, topics=False), house.town.telegram
    await house.buyer_writes("Is it white?", "c-no-right")
    await telegram.wait(lambda: any("Is it white?" in text for text in said(chat, None)), "the card in the group")
    await house.read("Cards stand in this chat itself", chat)

    assert not chat.topics


def telegram_hands(house: House) -> Hands:
    return house.town.telegram_stand_in.hands
