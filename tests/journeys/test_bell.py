"""The bell rings: a buyer writes, both chats show it, a member answers from either, the marketplace has it once."""

from collections.abc import AsyncIterator

import pytest

from bots.playground.faults import Fault
from bots.playground.slack import Message as SlackMessage
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import labels
from bots.playground.telegram import plain as telegram_plain
from bots.wiring import Opened
from tests.fixtures.town import SlackBy, TelegramBy, Town, a_town, shopbell

WAYS: list[tuple[SlackBy, TelegramBy]] = [("http", "polling"), ("socket", "webhook")]


@pytest.fixture(params=WAYS, ids=["slack by http, telegram by polling", "slack by socket, telegram by webhook"])
async def town(request: pytest.FixtureRequest, engine_url: str, engine: object) -> AsyncIterator[Town]:
    """Everything up and linked: a Slack channel with Sam and Kim, and Eve's private Telegram chat."""
    async with a_town(*request.param) as town, shopbell(town, town.settings(REDIS_URL=engine_url)) as inside:
        await settle_in(town, inside)
        yield town
    assert [str(call) for call in town.wire.problems()] == []


async def settle_in(town: Town, inside: Opened) -> None:
    await town.open_shop(inside.deps)
    await town.receive()
    await town.link_slack(inside.deps)
    await town.link_telegram(inside.deps)


def slack_cards(town: Town) -> list[SlackMessage]:
    return [
        m for m in town.slack.messages(town.channel) if "Reply to" in slack_plain(m) or "Send Ann" in slack_plain(m)
    ]


def telegram_cards(town: Town) -> list[TelegramMessage]:
    return [m for m in town.telegram.messages(town.eve) if any("Ann" in label for label in labels(m))]


async def both_cards(town: Town) -> tuple[SlackMessage, TelegramMessage]:
    await town.slack.wait(lambda: slack_cards(town), "a card in Slack")
    await town.telegram.wait(lambda: telegram_cards(town), "a card in Telegram")
    return slack_cards(town)[0], telegram_cards(town)[0]


async def both_say(town: Town, words: str) -> None:
    await town.slack.wait(lambda: words in slack_plain(slack_cards(town)[0]), f"Slack's card to say {words}")
    await town.telegram.wait(
        lambda: words in telegram_plain(telegram_cards(town)[0]), f"Telegram's card to say {words}", 8
    )


async def reply_in_slack(town: Town, text: str) -> None:
    """Sam presses Reply, writes into the form, and sends."""
    card = slack_cards(town)[0]
    assert await town.slack.click(town.sam, town.channel, card.ts, "Reply to Ann")
    await town.slack.wait(lambda: town.slack.view(town.sam), "the form")
    await town.slack.submit(town.sam, None, {"text/typed": text})


async def test_a_reply_from_slack_reaches_the_buyer_once_and_both_chats_say_so(town: Town) -> None:
    """Buyer writes → both cards → reply from the form → the marketplace has it, signed → both cards, both receipts."""
    answered = await town.buyer_writes("Is it blue?")
    slack, telegram = await both_cards(town)

    await reply_in_slack(town, "Yes, sky blue.")
    await both_say(town, "Answered by Sam")
    await town.slack.wait(
        lambda: any("Sent to Ann by Sam" in slack_plain(m) for m in town.slack.messages(town.channel, slack.ts)),
        "the receipt in Slack's thread",
    )
    await town.telegram.wait(
        lambda: any("Sent to Ann by Sam" in telegram_plain(m) for m in town.telegram.messages(town.eve)),
        "the receipt in Telegram",
    )

    assert (answered.status, answered.results) == (202, ["accepted"])
    assert "Is it blue?" in slack_plain(slack)
    assert "Is it blue?" in telegram_plain(telegram)
    assert [(r.text, r.tries, r.conversation) for r in town.market.replies("bell")] == [("Yes, sky blue.", 1, "c-1")]
    assert town.market.replies("bell")[0].in_reply_to == "m-1"


async def test_a_swipe_in_telegram_reaches_the_buyer_and_both_chats_say_so(town: Town) -> None:
    """In a private chat an answer to the card is meant for its buyer, and is sent."""
    await town.buyer_writes("Is it blue?")
    _, card = await both_cards(town)

    await town.telegram_stand_in.hands.send(town.eve, town.eve, "Yes, navy.", reply_to=card.id)
    await both_say(town, "Answered by Eve")

    assert [(r.text, r.tries) for r in town.market.replies("bell")] == [("Yes, navy.", 1)]


async def test_the_reply_button_in_telegram_asks_and_sends_what_is_typed(town: Town) -> None:
    """The button opens a reply box that names the buyer."""
    await town.buyer_writes("Is it blue?")
    _, card = await both_cards(town)

    await town.telegram_stand_in.hands.press(town.eve, town.eve, card.id, next(x for x in labels(card) if "Reply" in x))
    prompt = await town.telegram.wait(
        lambda: next((m for m in town.telegram.messages(town.eve) if m.id > card.id and "Ann" in (m.text or "")), None),
        "the prompt",
    )
    assert prompt is not None
    await town.telegram_stand_in.hands.send(town.eve, town.eve, "Yes, teal.", reply_to=prompt.id)
    await both_say(town, "Answered by Eve")

    assert [r.text for r in town.market.replies("bell")] == ["Yes, teal."]


async def test_a_mention_in_the_thread_is_shown_back_before_it_is_sent(town: Town) -> None:
    """To Ann: … [Send] [Keep as note]; other talk in the thread never leaves."""
    await town.buyer_writes("Is it blue?")
    card, _ = await both_cards(town)

    await town.slack.say(town.kim, town.channel, "what a question", thread_ts=card.ts)
    await town.slack.say(town.kim, town.channel, "@shopbell Yes, it is", thread_ts=card.ts)
    shown = await town.slack.wait(
        lambda: next((m for m in town.slack.messages(town.channel, card.ts) if "To Ann" in slack_plain(m)), None),
        "the question",
    )
    before = town.market.replies("bell")
    assert await town.slack.click(town.kim, town.channel, shown.ts, "Send to Ann")
    await both_say(town, "Answered by Kim")

    assert before == []
    assert [r.text for r in town.market.replies("bell")] == ["Yes, it is"]


async def test_a_second_message_stands_below_the_first_in_both_chats(town: Town) -> None:
    """In Slack in the card's thread, in Telegram as an answer to the card; neither rings."""
    await town.buyer_writes("Is it blue?")
    slack, telegram = await both_cards(town)

    await town.buyer_writes("Or green?")
    thread = await town.slack.wait(
        lambda: [m for m in town.slack.messages(town.channel, slack.ts) if "Or green?" in slack_plain(m)],
        "the second message in Slack's thread",
    )
    below = await town.telegram.wait(
        lambda: [
            m for m in town.telegram.messages(town.eve) if m.id != telegram.id and "Or green?" in telegram_plain(m)
        ],
        "the second message in Telegram",
    )

    assert len(slack_cards(town)) == len(telegram_cards(town)) == 1
    assert len(thread) == len(below) == 1
    assert below[0].silent


async def test_a_refused_reply_shows_the_marketplaces_words_where_it_was_typed(town: Town) -> None:
    """422: nothing was sent, and the writer reads why."""
    await town.buyer_writes("Is it blue?")
    card, _ = await both_cards(town)
    town.faults.add(
        Fault("marketplace", "callback", kind="status", status=422, body={"detail": "No phone numbers, please."})
    )

    await reply_in_slack(town, "Call 555")
    await both_say(town, "No phone numbers, please.")
    await town.slack.wait(
        lambda: any("No phone numbers" in slack_plain(m) for m in town.slack.messages(town.channel, card.ts)),
        "the words in Slack's thread",
    )

    assert town.market.replies("bell") == []


async def test_a_marketplace_that_was_down_has_the_reply_once_when_it_is_back(town: Town) -> None:
    """Both cards say that it is not there yet; a lost answer is not a second reply."""
    await town.buyer_writes("Is it blue?")
    await both_cards(town)
    town.faults.add(Fault("marketplace", "callback", kind="drop_after", times=1))
    town.faults.add(Fault("marketplace", "callback", kind="status", status=503, headers={"Retry-After": "1"}, times=1))

    await reply_in_slack(town, "Yes.")
    await town.slack.wait(lambda: "tries again by itself" in slack_plain(slack_cards(town)[0]), "the card to say so")
    await town.slack.wait(lambda: "Answered by Sam" in slack_plain(slack_cards(town)[0]), "the card answered")

    assert [(r.text, r.tries) for r in town.market.replies("bell")] == [("Yes.", 2)]  # the 503 never saw it
