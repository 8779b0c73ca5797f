"""One conversation, room or shop that fails, holds or is unknown delays no other."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bots.playground.faults import Fault
from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import plain as telegram_plain
from tests.fixtures.house import House, Street

pytestmark = pytest.mark.asyncio(loop_scope="module")

HANGING = 60.0  # seconds: longer than anybody waits
SOON = 8.0  # seconds; whoever waited for a call that hangs would wait the ten that it is given


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def mended(street: Street) -> AsyncIterator[None]:
    yield
    street.town.faults.clear()


async def served(house: House, conversation: str, buyer: str) -> None:
    """From the buyer's message to the reply at the marketplace and the receipts, each step soon."""
    story = house.story(conversation)
    await house.buyer_writes("Is it blue?", conversation, buyer)
    card = await story.in_slack(seconds=SOON)
    await story.in_telegram(seconds=SOON)
    await house.fill_in(house.town.kim, house.channel, card, "Yes")
    await story.replied(seconds=SOON)
    await story.thread_says(f"Sent to {buyer} by Kim", SOON)
    await story.below_says(f"Sent to {buyer} by Kim", SOON)


async def refusals(house: House, number: int) -> None:
    """The marketplace was asked so often for this shop."""
    wire = house.town.wire
    await wire.wait(
        lambda: sum(call.request["shop"] == house.name for call in wire.calls("marketplace", "callback")) >= number,
        f"{number} tries",
    )


async def test_a_conversation_that_the_marketplace_answers_with_500_delays_no_other(
    street: Street, house: House
) -> None:
    """Without end: its card says so, and every other one of the shop, and of another, is served at once."""
    town, other = street.town, await street.build()
    await house.buyer_writes("Is it red?", "c-bad", "Bea")
    bad = house.story("c-bad")
    card, _ = await bad.both()
    town.faults.add(Fault("marketplace", "callback", where={"conversation": "c-bad"}, status=500))

    await house.fill_in(town.kim, house.channel, card, "No")
    await bad.slack_says("tries again by itself")
    await served(house, "c-good", "Ann")
    await served(other, "c-other", "Cleo")
    await house.buyer_writes("Hello?", "c-bad", "Bea")
    await bad.below_says("Hello?", SOON)

    assert house.replies("c-bad") == []


async def test_replies_that_the_marketplace_leaves_hanging_delay_no_other(street: Street, house: House) -> None:
    """Its answer is waited for in one conversation alone."""
    await house.buyer_writes("Is it red?", "c-slow", "Bea")
    slow = Fault("marketplace", "callback", where={"conversation": "c-slow"}, kind="delay", seconds=HANGING)
    street.town.faults.add(slow)

    await house.swipe(await house.story("c-slow").in_telegram(), "At last")
    await served(house, "c-quick", "Ann")

    assert [reply.conversation for reply in house.replies()] == ["c-quick"]


async def test_a_shop_whose_marketplace_is_down_delays_no_other(street: Street, house: House) -> None:
    """Three conversations that fail pause their shop; a shop of another seller is served."""
    other = await street.build()
    street.town.faults.add(Fault("marketplace", "callback", where={"shop": house.name}, status=503))

    for number in range(3):
        await house.buyer_writes("Hi", f"c-{number}")
        await house.swipe(await house.story(f"c-{number}").in_telegram(), "Yes")
    await refusals(house, 3)
    await served(other, "c-other", "Cleo")

    assert house.replies() == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("slack", "chat.postMessage", status=429, headers={"Retry-After": "30"}),
        Fault("slack", "chat.postMessage", kind="delay", seconds=HANGING),
        Fault("slack", "chat.postMessage", status=500),
        Fault("slack", "chat.postMessage", kind="drop_before"),
    ],
    ids=["429", "hanging", "500", "cut off"],
)
async def test_a_channel_that_takes_nothing_delays_no_other(street: Street, house: House, fault: Fault) -> None:
    """Neither the seller's other channel, nor its Telegram chat, nor another seller."""
    town, other = street.town, await street.build()
    second = town.slack.add_channel(f"second-{house.name}", town.sam, town.kim, kind="private")
    await house.link_slack(second)
    town.faults.add(replace(fault, where={"channel": house.channel}))

    for number in range(3):
        await house.buyer_writes("Is it blue?", f"c-{number}")
    for number in range(3):
        await house.story(f"c-{number}").in_telegram(seconds=SOON)
        await house.story(f"c-{number}").in_slack(second, SOON)
    await served(other, "c-other", "Cleo")

    assert house.story("c-0").slack_cards() == []


async def test_a_channel_that_is_asked_to_wait_gets_its_card_when_the_time_has_come(house: House) -> None:
    """Retry-After is obeyed to the second; Telegram has the card meanwhile."""
    limited = Fault("slack", "chat.postMessage", {"channel": house.channel}, status=429, headers={"Retry-After": "3"})
    house.town.faults.add(replace(limited, times=1))

    await house.buyer_writes("Is it blue?", "c-1")
    await house.story("c-1").both()

    calls = house.town.wire.calls
    asked = [call for call in calls("slack", "chat.postMessage") if call.request["channel"] == house.channel]
    sent = [call for call in calls("telegram", "sendMessage") if str(call.request["chat_id"]) == str(house.eve.id)]
    refused, taken = asked[-2:]
    assert (refused.status, taken.status) == (429, 200)
    assert taken.at - refused.at >= 3
    assert sent[-1].at < taken.at


async def test_a_chat_that_telegram_slows_down_delays_no_other(street: Street, house: House) -> None:
    """429 with retry_after for one chat: Slack shows the card, and other chats of the same bot theirs."""
    town, other = street.town, await street.build()
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 30}}
    town.faults.add(Fault("telegram", "sendMessage", {"chat_id": house.eve.id}, status=429, body=body))

    await house.buyer_writes("Is it blue?", "c-1")
    card = await house.story("c-1").in_slack(seconds=SOON)
    await house.fill_in(town.kim, house.channel, card, "Yes")
    await house.story("c-1").thread_says("Sent to Ann", SOON)
    await served(other, "c-other", "Cleo")

    assert await house.story("c-1").replied() == ["Yes"]
    assert house.story("c-1").telegram_cards() == []


async def test_a_card_that_slack_cannot_redraw_still_gets_its_words(street: Street, house: House) -> None:
    """chat.update fails for the channel: the thread and Telegram say all there is to say."""
    town = street.town
    town.faults.add(Fault("slack", "chat.update", {"channel": house.channel}, status=500))
    await house.buyer_writes("Is it blue?", "c-1")
    story = house.story("c-1")
    card, _ = await story.both()

    await house.fill_in(town.kim, house.channel, card, "Yes")
    await story.thread_says("Sent to Ann by Kim", SOON)
    await house.buyer_writes("And green?", "c-1")
    again = await story.thread_says("And green?", SOON)
    below = await story.below_says("And green?", SOON)

    assert "wrote again" in slack_plain(again)
    assert again.broadcast
    assert "wrote again" in telegram_plain(below)
