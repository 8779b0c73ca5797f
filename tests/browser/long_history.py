"""`python -m tests.browser.long_history`: the stand-ins alone, ten thousand messages in each; prints the address."""

import asyncio
import json
import sys

from bots.playground.app import Playground
from bots.playground.marketplace.state import Said
from bots.playground.people import SHOP

COUNT = 10_000


def card(number: int) -> list[dict[str, object]]:
    """As large as those of Shopbell."""
    words = f"*Buyer {number}* · Playground Market"
    button = {"type": "button", "action_id": "reply", "text": {"type": "plain_text", "text": f"Reply to {number}"}}
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}},
        {"type": "section", "text": {"type": "mrkdwn", "text": f"> Is it blue, number {number}?", "verbatim": True}},
        {"type": "actions", "elements": [button, button | {"action_id": "more"}]},
    ]


def fill(playground: Playground) -> None:
    slack, telegram = playground.slack.world, playground.telegram.world
    channel, chat = slack.channels[playground.channel], telegram.private(playground.eve)
    chat.started = True
    keyboard = {"inline_keyboard": [[{"text": "Reply", "callback_data": "reply"}]]}
    thread = playground.marketplace.front(SHOP).conversations.setdefault("c-1", [])
    for number in range(1, COUNT + 1):
        slack.post(channel, slack.bot, f"Message {number}", blocks=card(number), bot_id=slack.workspace.bot_id)
        telegram.post(chat, telegram.bot.user, text=f"Message {number}", markup=keyboard)
        thread.append(Said(f"m-{number}", "buyer", f"Message {number}", playground.marketplace.now()))


async def serve() -> None:
    async with Playground() as playground:
        fill(playground)
        sys.stdout.write(json.dumps({"page": f"{playground.url}/"}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
