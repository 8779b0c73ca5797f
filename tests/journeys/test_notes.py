"""Notes among members: what is not plainly addressed to a buyer never leaves, whatever it looks like."""

import pytest

from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Chat, User
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import plain as telegram_plain
from tests.fixtures.house import House, Story

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEST = "what a pest, do not answer him"


async def asked(house: House, conversation: str) -> Story:
    await house.buyer_writes("Is it blue?", conversation)
    story = house.story(conversation)
    await story.both()
    return story


async def nothing_left(house: House, story: Story) -> None:
    """A reply that is plainly meant goes out, and nothing else did before it."""
    await house.fill_in(house.town.sam, house.channel, await story.in_slack(), "The answer.")
    assert await story.replied() == ["The answer."]
    assert [reply.text for reply in house.replies()] == ["The answer."]


@pytest.mark.parametrize(
    "typed",
    [
        PEST,
        "Reply: yes it is blue",
        "/reply yes it is blue",
        "> Is it blue?\nYes",
        "to Ann: yes",
        "@kim ask @sam whether it is blue",
    ],
)
async def test_talk_in_the_thread_in_slack_is_talk(house: House, typed: str) -> None:
    """No prefix, no quoting and no name makes a reply of it."""
    story, town = await asked(house, "c-1"), house.town
    card = await story.in_slack()

    await town.slack.say(town.kim, house.channel, typed, thread_ts=card.ts)
    await town.slack.say(town.kim, house.channel, typed)

    await nothing_left(house, story)
    assert not any("To Ann:" in slack_plain(said) for said in story.thread())


@pytest.mark.parametrize("typed", [f"@shopbell {PEST}", f"hey @shopbell, {PEST}", f"{PEST} @shopbell"])
async def test_a_mention_in_the_thread_is_shown_back_and_kept(house: House, typed: str) -> None:
    """Wherever the name stands; once it is kept it cannot be sent any more."""
    story, town = await asked(house, "c-1"), house.town
    card = await story.in_slack()
    await town.slack.say(town.kim, house.channel, typed, thread_ts=card.ts)
    shown = await story.thread_says("To Ann:")
    assert PEST in slack_plain(shown)

    assert await town.slack.click(town.kim, house.channel, shown.ts, "Keep as note")
    await story.thread_says("Kept as a note. Nothing was sent to Ann.")

    await nothing_left(house, story)


async def test_a_mention_outside_a_thread_is_asked_about(house: House) -> None:
    """With one buyer waiting it is shown back with that name, and nothing leaves by itself."""
    story, town = await asked(house, "c-1"), house.town

    await town.slack.say(town.kim, house.channel, f"@shopbell {PEST}")
    await house.heard(town.kim, "To Ann:")

    await nothing_left(house, story)


async def test_talk_in_a_telegram_group_is_talk(house: House) -> None:
    """To a colleague who answered the card, beside it, and to a prompt that asked somebody else."""
    story, town = await asked(house, "c-1"), house.town
    hands, ben = town.telegram_stand_in.hands, town.telegram.new_user("Ben", "ben")
    group = await house.group(ben)
    card = await story.in_telegram(group)

    swiped = await hands.send(house.eve, group, PEST, reply_to=card)
    await house.read("To Ann:", group)
    await hands.send(ben, group, f"{PEST}, says Ben", reply_to=swiped)
    await hands.send(ben, group, PEST)
    await hands.press(house.eve, group, card.id, "Reply to Ann")
    prompt = await found(house, "Your reply to Ann", "Reply to buyer", where=group)
    await hands.send(ben, group, f"{PEST}, says Ben to the prompt", reply_to=prompt)
    await house.read("says Ben to the prompt", group)

    await nothing_left(house, story)
    assert sum("To Ann:" in said for said in house.said(group)) == 2


async def found(house: House, *words: str, where: Chat | User | None = None) -> TelegramMessage:
    """The newest message of the bot with one of these words."""
    town = house.town

    def newest() -> TelegramMessage | None:
        shown = town.telegram.messages(where or house.eve)
        return next(
            (m for m in reversed(shown) if m.sender.is_bot and any(each in telegram_plain(m) for each in words)), None
        )

    message = await town.telegram.wait(newest, f"one of {words} in Telegram")
    assert message is not None
    return message


async def test_a_text_alone_in_private_is_asked_about(house: House) -> None:
    """In a chat with the bot alone too: only an answer to a card is plainly meant for its buyer."""
    story, hands = await asked(house, "c-1"), house.town.telegram_stand_in.hands

    typed = await hands.send(house.eve, house.eve, PEST)
    question = await found(house, "To Ann:")
    await hands.edit(house.eve, house.eve, typed.id, f"{PEST}, ever")
    await house.read(f"{PEST}, ever")
    await hands.send(house.eve, house.eve, f"{PEST}, to the question", reply_to=question)
    await house.read("to the question")
    await hands.send(house.eve, house.eve, "/rely yes it is blue")
    await house.read("Shopbell does not know rely.")

    await nothing_left(house, story)


async def test_stickers_and_recordings_are_no_replies(house: House) -> None:
    """As an answer to the card: the member is told, and nothing leaves."""
    story, hands = await asked(house, "c-1"), house.town.telegram_stand_in.hands
    card = await story.in_telegram()

    await hands.send_voice(house.eve, house.eve, reply_to=card)
    await hands.send_sticker(house.eve, house.eve, reply_to=card)
    await house.read("a recording cannot go to a buyer")
    await house.read("only words, pictures, videos and files can go to a buyer")

    await nothing_left(house, story)
