"""Quick responses found by typing the bot's name and words in Telegram, and taken as an answer to a card."""

from typing import Any

import pytest

from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import User, labels, plain
from core.domain.members import Role
from core.store.quick_responses import keep_quick_response, new_quick_response
from tests.fixtures.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELLO = "Hi {{ buyer.name }}, this is {{ member.name|upper }}."
READY = "{{ order.title }} is ready, {{ buyer.name }}!"


async def prepared(house: House, **sources: str) -> None:
    for title, source in sources.items():
        made = new_quick_response(house.seller, f"made/{title}", title, source)
        assert await keep_quick_response(house.deps.store, house.seller, made, anew=True) == "done"


async def typed(house: House, words: str, who: User | None = None) -> list[dict[str, Any]]:
    return await house.town.telegram_stand_in.hands.ask(who or house.eve, words)


async def take(
    house: House, result: dict[str, Any], at: TelegramMessage | None = None, who: User | None = None
) -> TelegramMessage:
    """Taken from the list, while answering `at`."""
    hands, person = house.town.telegram_stand_in.hands, who or house.eve
    return await hands.choose(person, at.chat if at else house.eve, result, reply_to=at)


async def last(house: House, words: str, where: Any = None) -> TelegramMessage:
    def found() -> TelegramMessage | None:
        shown = house.town.telegram.messages(where or house.eve)
        return next((m for m in reversed(shown) if m.sender.is_bot and words in plain(m)), None)

    message = await house.town.telegram.wait(found, f"{words!r} in Telegram")
    assert message is not None
    return message


async def test_words_find_what_the_seller_prepared(house: House) -> None:
    """By title or text, whatever case; no words find all, and nobody's phone keeps the list."""
    await prepared(house, Hello=HELLO, Ready=READY)

    every, by_title, by_text = await typed(house, ""), await typed(house, "hELLo"), await typed(house, "order ready")
    nothing = await typed(house, "refund")

    assert sorted(found["title"] for found in every) == ["Hello", "Ready"]
    assert [found["title"] for found in by_title] == ["Hello"]
    assert [found["title"] for found in by_text] == ["Ready"]
    assert nothing == []
    answers = house.town.wire.calls("telegram", "answerInlineQuery")
    assert all(call.request["cache_time"] == 0 and call.request["is_personal"] for call in answers)


async def test_one_taken_as_an_answer_to_a_card_goes_filled_in(house: House) -> None:
    """As a typed reply does: at once where nobody else reads, once, and counted as used."""
    await prepared(house, Hello=HELLO)
    await house.buyer_writes("Is it blue?", "c-inline")
    story = house.story("c-inline")
    card = await story.in_telegram()

    said = await take(house, (await typed(house, "hello"))[0], card)
    [text] = await story.replied()
    await story.both_say("Answered by Eve")

    assert said.via is house.town.telegram.bot.user
    assert plain(said) == "Hi ‹buyer name›, this is ‹member name›."
    assert text == "Hi Ann, this is EVE."
    used = house.replies()[0].quick_response
    assert used is not None
    assert used["title"] == "Hello"


async def test_one_taken_into_the_reply_box_goes_filled_in(house: House) -> None:
    """Whoever pressed Reply first may still type the bot's name there: no placeholder ever leaves."""
    await prepared(house, Hello=HELLO)
    await house.buyer_writes("Is it red?", "c-box")
    story = house.story("c-box")
    await house.press(await story.in_telegram(), "Reply")

    await take(house, (await typed(house, "hello"))[0], await last(house, "Reply to"))
    texts = await story.replied()

    assert texts == ["Hi Ann, this is EVE."]


async def test_what_has_no_value_is_asked_for(house: House) -> None:
    """An inquiry has no order: its title is asked for, and the whole is shown before it goes."""
    await prepared(house, Ready=READY)
    await house.buyer_writes("Is it ready?", "c-blank")
    story = house.story("c-blank")

    await take(house, (await typed(house, "ready"))[0], await story.in_telegram())
    await house.swipe(await last(house, "What is missing"), "The poster")
    question = await last(house, "The poster is ready, Ann!")
    before = house.replies()
    await house.press(question, labels(question)[0])
    texts = await story.replied()

    assert before == []
    assert texts == ["The poster is ready, Ann!"]


async def test_without_a_card_it_is_asked_whom_it_is_for(house: House) -> None:
    """With one buyer who waits it is shown back for them; with two the member picks."""
    await prepared(house, Hello=HELLO)
    await house.buyer_writes("One?", "c-one")
    await house.story("c-one").in_telegram()
    [found] = await typed(house, "hello")
    await take(house, found)
    first = await last(house, "Hi Ann, this is EVE.")
    await house.buyer_writes("Two?", "c-two", "Bob")
    story = house.story("c-two")
    await story.in_telegram()

    await take(house, found)
    await house.press(await last(house, "Whom is this"), "Bob")
    second = await last(house, "Hi Bob, this is EVE.")
    await house.press(second, labels(second)[0])
    texts = await story.replied()

    assert labels(first)[0] == "Send to Ann"
    assert texts == ["Hi Bob, this is EVE."]


async def test_in_a_group_it_is_shown_back_before_it_goes(house: House) -> None:
    """What others read is never sent by a swipe alone; who works in the group only finds its seller's."""
    town = house.town
    await prepared(house, Hello=HELLO)
    max_ = town.telegram.new_user("Max")
    group = await house.group(max_)
    await town.telegram_stand_in.hands.send(max_, group, f"/link {await house.code(Role.AGENT)}")
    await house.read("agent", group)
    await house.buyer_writes("In the group?", "c-group")
    story = house.story("c-group")
    [card] = await town.telegram.wait(lambda: story.telegram_cards(group), "the card in the group")

    await take(house, (await typed(house, "hello", max_))[0], card, max_)
    question = await last(house, "Hi Ann, this is MAX.", group)
    before = house.replies()
    await house.press(question, labels(question)[0], max_)
    texts = await story.replied()

    assert before == []
    assert texts == ["Hi Ann, this is MAX."]


async def test_who_may_not_answer_finds_nothing(house: House) -> None:
    """A stranger to the seller and one who only looks on are offered nothing of it."""
    town = house.town
    await prepared(house, Hello=HELLO)
    stranger, viewer = town.telegram.new_user("Stan"), town.telegram.new_user("Vera")
    await town.telegram_stand_in.hands.start(viewer, await house.code(Role.VIEWER))
    await house.read("Linked", viewer)

    assert await typed(house, "hello", stranger) == []
    assert await typed(house, "hello", viewer) == []


async def test_one_that_was_changed_meanwhile_is_refused(house: House) -> None:
    """What stands in the chat is no quick response any more: nothing of it leaves."""
    await prepared(house, Hello=HELLO)
    await house.buyer_writes("Late?", "c-late")
    story = house.story("c-late")
    card = await story.in_telegram()
    [found] = await typed(house, "hello")
    made = new_quick_response(house.seller, "made/Hello", "Hello", "Good day, {{ buyer.name }}.")
    await keep_quick_response(house.deps.store, house.seller, made, anew=False)

    await take(house, found, card)
    refusal = await last(house, "quick response")

    assert "does not find that quick response" in plain(refusal)
    assert house.replies() == []
