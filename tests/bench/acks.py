"""Acknowledgements: with a Redis that takes 200 ms, from what a member does to the platform's word that we have it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import plain as telegram_plain
from core.services.deps import Patience
from tests.bench.engine import own_valkey
from tests.bench.figures import Figure, Table
from tests.bench.load import percentile
from tests.bench.plan import Plan
from tests.bench.slowly import slowly
from tests.fixtures.house import House, Story, Street
from tests.fixtures.town import a_town, shopbell

SECONDS = 300.0  # at most
GOAL = 500  # milliseconds; the whole way to both cards has two seconds
CARDS = 2_000


async def bench(plan: Plan) -> Table:
    took: dict[str, list[float]] = {}
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(own_valkey())
        slow = await stack.enter_async_context(slowly(server.url, plan.redis_seconds))
        town = await stack.enter_async_context(a_town("http", "webhook"))
        inside = await stack.enter_async_context(shopbell(town, town.settings(REDIS_URL=slow), Patience()))
        await town.receive()
        house = await Street(town, inside).build()
        for number, _ in enumerate(plan.rounds("acks")):
            await _round(house, number, took, plan.rest)
    acks = sorted(found for what, all_found in took.items() if what != "cards" for found in all_found)
    cards = sorted(took["cards"])
    return Table(
        "acks",
        f"what a member does, with a Redis that takes {1000 * plan.redis_seconds:g} ms",
        [
            *(
                Figure(f"{what}, p50", [percentile(sorted(found), 50)], "ms")
                for what, found in took.items()
                if what != "cards"
            ),
            Figure("every acknowledgement, p99", [percentile(acks, 99)], "ms", goal=GOAL, ceiling=True),
            Figure("from Send to both cards, p50", [percentile(cards, 50)], "ms", goal=CARDS, ceiling=True),
            Figure("from Send to both cards, p99", [percentile(cards, 99)], "ms", goal=CARDS, ceiling=True),
        ],
        [
            f"{len(acks)} acknowledgements, one after the other; Slack by HTTP, Telegram by webhook.",
            "The cards are given a rest before, so that they are redrawn within the chats' own budgets.",
            "Both chats and the marketplace are the stand-ins, in the same process as Shopbell.",
        ],
    )


async def _round(house: House, number: int, took: dict[str, list[float]], rest: float) -> None:
    """One conversation: looked at, claimed and answered from both chats; `rest` seconds fill their budgets again."""
    town, story = house.town, house.story(f"c-{number}")
    hands, slack = town.telegram_stand_in.hands, town.slack

    async def timed(what: str, do: Callable[[], Awaitable[object]]) -> None:
        since = time.perf_counter()
        await do()
        took.setdefault(what, []).append(1000 * (time.perf_counter() - since))

    await house.buyer_writes("Is it blue?", story.key)
    card = await story.in_slack(seconds=20)
    shown = await story.in_telegram(seconds=20)
    await timed("a command in Slack", lambda: slack.command(town.sam, house.channel, "/shopbell", "status"))
    await timed("a button in Slack", lambda: slack.click(town.sam, house.channel, card.ts, "Claim"))
    await timed("a shortcut in Slack", lambda: slack.shortcut(town.kim, "inbox"))
    await timed("a message's shortcut", lambda: slack.message_shortcut(town.kim, house.channel, card.ts, "spam"))
    await timed("a button in Telegram", lambda: hands.press(house.eve, shown.chat, shown.id, "Reply to Ann"))
    await timed("a form's button in Slack", lambda: slack.click(town.sam, house.channel, card.ts, "Reply to Ann"))
    await slack.wait(lambda: slack.view(town.sam), "the form", 20)
    await asyncio.sleep(rest)
    sent = time.perf_counter()
    await timed("a form in Slack", lambda: slack.submit(town.sam, None, {"text/typed": "It is."}))
    await town.wire.wait(lambda: _answered(story), "both cards to say that it was answered", 30)
    took.setdefault("cards", []).append(1000 * (time.perf_counter() - sent))


def _answered(story: Story) -> bool:
    return "Answered by" in slack_plain(story.slack_cards()[0]) and "Answered by" in telegram_plain(
        story.telegram_cards()[0]
    )
