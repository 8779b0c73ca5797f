"""Ten thousand messages cost the page what two hundred cost: a door answers with one page, and walks no further."""

import time
from collections.abc import Callable

import pytest

from bots.playground.app import Playground
from bots.playground.marketplace.state import Said
from bots.playground.page.marketplace import MarketplacePane
from bots.playground.page.slack import SlackPane
from bots.playground.page.telegram import TelegramPane
from bots.playground.page.wire import WirePane
from bots.playground.people import SHOP
from bots.playground.wire import Call

SHORT, LONG = 200, 10_000
BLOCK = {"type": "section", "text": {"type": "mrkdwn", "text": "Is it blue? " * 20}}
Look = Callable[[], object]


def with_history(count: int) -> dict[str, Look]:
    """How each pane is looked at where so much was said; in Slack every fifth in one thread, in Telegram in a topic."""
    playground = Playground()
    slack, telegram, market = playground.slack.world, playground.telegram.world, playground.marketplace
    channel = slack.channels[playground.channel]
    parent = slack.post(channel, slack.bot, "parent")
    for number in range(count):
        thread = parent.ts if number % 5 == 0 else None
        slack.post(channel, slack.bot, f"{number}", blocks=[BLOCK], thread_ts=thread)
        slack.post(channel, slack.bot, f"{number}", only_for=playground.sam)
    topic = telegram.open_topic(playground.team, playground.eve, "Topic")
    for number in range(count):
        telegram.post(playground.team, playground.eve, text=f"{number}", thread=topic.id if number % 5 == 0 else None)
    said = [Said(f"m-{number}", "buyer", f"{number}", "2026-11-26T00:00:00Z") for number in range(count)]
    market.front(SHOP).conversations["c-1"] = said
    for number in range(count):
        playground.wire.record(Call(1.0, "slack", "to", f"{number}", {"text": "x"}, 200, {}))
    team = {"chat": str(playground.team.id)}
    before = {"user": playground.sam, "channel": channel.id, "before": "9"}
    slack_pane, telegram_pane = SlackPane(slack, {}), TelegramPane(telegram, {})
    return {
        "slack": lambda: slack_pane.read({"thread": parent.ts}),
        "slack/older": lambda: slack_pane.older(before),
        "telegram": lambda: telegram_pane.read(team),
        "telegram topic": lambda: telegram_pane.read({**team, "thread": str(topic.id)}),
        "marketplace": lambda: MarketplacePane(market, {}).read({}),
        "wire": lambda: WirePane(playground.wire).read({}),
    }


def cost(look: Look) -> float:
    """Seconds of the processor, by the fastest of several."""
    spent = []
    for _ in range(7):
        began = time.process_time()
        for _ in range(5):
            look()
        spent.append((time.process_time() - began) / 5)
    return min(spent)


@pytest.fixture(scope="module")
def looks() -> dict[int, dict[str, Look]]:
    return {count: with_history(count) for count in (SHORT, LONG)}


@pytest.mark.parametrize("pane", ["slack", "slack/older", "telegram", "telegram topic", "marketplace", "wire"])
def test_a_long_history_costs_what_a_short_one_does(looks: dict[int, dict[str, Look]], pane: str) -> None:
    """Twice as much at most, and a few milliseconds in all."""
    short, long = cost(looks[SHORT][pane]), cost(looks[LONG][pane])

    assert long < 2 * short + 0.001
    assert long < 0.02
