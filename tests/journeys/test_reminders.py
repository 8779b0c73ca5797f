"""Reminders in both chats: what falls due together is one note, from which each buyer can be answered."""

from collections.abc import Iterator

import pytest

from bots.playground.faults import Fault
from bots.playground.slack import Message as SlackMessage
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import buttons, labels
from bots.playground.telegram import plain as telegram_plain
from core.clock import SystemClock
from tests.fixtures.house import House, Street, ago

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECOND = 1_000
WAIT = "2 conversations wait for an answer:"


@pytest.fixture
def clock(street: Street) -> Iterator[SystemClock]:
    """The clock of deadlines, moved by hand and set right again."""
    clock = street.inside.clock
    yield clock
    clock.shift = 0


async def two_due(house: House, clock: SystemClock) -> tuple[SlackMessage, TelegramMessage]:
    """Ann and Bob wait since nearly 23 of their 24 hours; then the note of both."""
    for buyer, seconds in (("Ann", 55), ("Bob", 50)):
        sent_at = ago(hours=22, minutes=59, seconds=seconds)
        await house.buyer_writes("Is it blue?", f"c-{buyer}", buyer, sent_at=sent_at)
        await house.story(f"c-{buyer}").both()
    clock.shift = 15 * SECOND
    slack = await house.heard(house.town.sam, WAIT)
    await house.read(WAIT)
    return slack, next(m for m in house.town.telegram.messages(house.eve) if WAIT in telegram_plain(m))


async def test_what_falls_due_together_is_one_note_in_both_chats(house: House, clock: SystemClock) -> None:
    """With a line and a button each; it rings, and calls who linked the room."""
    slack, telegram = await two_due(house, clock)

    assert [line[:20] for line in slack_plain(slack).splitlines() if "Example Market" in line][:2] == [
        "• Ann (Example Marke",
        "• Bob (Example Marke",
    ]
    assert f"<@{house.town.sam}>" in str(slack.blocks)
    assert [label for label in labels(telegram) if label.startswith("Reply to")] == ["Reply to Ann", "Reply to Bob"]
    assert not telegram.silent
    assert slack.thread_ts is None
    assert telegram.reply_to is None


async def test_each_buyer_is_answered_from_the_note(house: House, clock: SystemClock) -> None:
    """In Slack by the form behind the button, in Telegram by the prompt; the cards say so, and the note stays."""
    slack, telegram = await two_due(house, clock)

    await house.fill_in(house.town.sam, house.channel, slack, "Yes, Ann.", "open:reply:0")
    await house.story("c-Ann").both_say("Answered by Sam")
    await house.press(telegram, "Reply to Bob")
    await house.town.telegram.wait(lambda: prompts(house, "Bob"), "the prompt")
    await house.swipe(prompts(house, "Bob")[-1], "Yes, Bob.")
    await house.story("c-Bob").both_say("Answered by Eve")

    assert [(r.conversation, r.text) for r in house.replies()] == [("c-Ann", "Yes, Ann."), ("c-Bob", "Yes, Bob.")]
    assert WAIT in telegram_plain(telegram)


async def test_a_swipe_at_the_note_is_asked_about(house: House, clock: SystemClock) -> None:
    """It names two buyers: nobody is guessed."""
    _, telegram = await two_due(house, clock)

    await house.swipe(telegram, "Yes!")
    await house.town.telegram.wait(
        lambda: [m for m in house.town.telegram.messages(house.eve) if {"Ann", "Bob"} <= set(labels(m))], "the question"
    )

    assert house.replies() == []


def prompts(house: House, buyer: str) -> list[TelegramMessage]:
    shown = house.town.telegram.messages(house.eve)
    return [m for m in shown if m.sender.is_bot and f"To {buyer} ·" in telegram_plain(m)]


async def test_a_reply_that_is_stuck_is_said_with_its_text_to_copy(house: House, clock: SystemClock) -> None:
    """In place of the reminder, in both chats: one tap copies it, another opens the site."""
    event = house.message("c-stuck", "Is it blue?")
    event["data"]["url"] = "https://market.example/inbox/c-stuck"
    event["data"]["message"]["sent_at"] = ago(hours=22, minutes=59, seconds=50)
    await house.town.market.post(house.name, event)
    story = house.story("c-stuck")
    slack, _ = await story.both()
    house.town.faults.add(Fault("marketplace", "callback", kind="status", status=503, times=50))
    await house.fill_in(house.town.sam, house.channel, slack, "Yes, *sky* blue.")
    await story.slack_says("tries again by itself")

    clock.shift = 15 * SECOND
    in_thread = await story.thread_says("has not arrived, 1 h left")
    below = await story.below_says("has not arrived, 1 h left")
    house.town.faults.clear()

    assert "```\nYes, *sky* blue.\n```" in [block["text"]["text"] for block in in_thread.blocks if "text" in block]
    assert "Yes, *sky* blue." in telegram_plain(below)
    copies = [found.copy for found in buttons(below) if found.copy]
    assert copies == ["Yes, *sky* blue."]
    assert "Open on the site" in labels(below)
