"""What the page shows of each stand-in: only what people there have in front of them, as plain words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bots.playground.marketplace import MarketplaceStandIn
from bots.playground.slack import Message as SlackMessage
from bots.playground.slack import SlackWorld, View
from bots.playground.slack import plain as slack_plain
from bots.playground.slack.block_check import elements_of
from bots.playground.telegram import Chat, TelegramWorld, User, asks, buttons
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import plain as telegram_plain
from bots.playground.wire import Wire

Json = dict[str, Any]

CALLS = 30
FAILURES = 3


def marketplace_pane(marketplace: MarketplaceStandIn) -> Json:
    return {
        "shops": [
            {
                "shop": shop,
                "availability": front.availability.shown,
                "conversations": [
                    {
                        "conversation": key,
                        "messages": [
                            {"by": s.by, "text": s.text, "at": s.at, "deleted": s.deleted, "spam": s.spam}
                            for s in thread
                        ],
                    }
                    for key, thread in front.conversations.items()
                ],
            }
            for shop, front in marketplace.shops.items()
        ]
    }


def wire_pane(wire: Wire) -> Json:
    return {"calls": [str(call) for call in wire.calls()[-CALLS:]], "problems": len(wire.problems())}


def slack_pane(world: SlackWorld) -> Json:
    """As the first person of this Slack sees it: their channels, whispers, the form in front of them."""
    user = next(user for user in world.users.values() if not user.is_bot)
    channels = [channel for channel in world.channels.values() if user.id in channel.members]
    view = world.view(user.id)
    failures = [f"{failure.doing}: {failure.shown}" for failure in world.failures[-FAILURES:]]
    return {
        "user": {"id": user.id, "name": user.name},
        "channels": [
            {
                "id": channel.id,
                "name": f"#{channel.name}" if channel.kind != "im" else "Shopbell (direct)",
                "posts": [
                    _post(world, message) | {"replies": [_post(world, reply) for reply in _thread(world, message)]}
                    for message in world.messages(channel.id)
                ],
                "whispers": [_post(world, one) for one in world.ephemerals(user.id) if one.channel == channel.id],
            }
            for channel in channels
        ],
        "view": _view(view) if view else None,
        "failures": failures,
    }


def _thread(world: SlackWorld, message: SlackMessage) -> list[SlackMessage]:
    # A reply that was also sent to the channel stands there too, but its thread is its parent's.
    return world.replies(message.channel, message.ts) if message.thread_ts in (None, message.ts) else []


def _post(world: SlackWorld, message: SlackMessage) -> Json:
    worded = [block for block in message.blocks if block["type"] != "actions"]
    pressed = [element for block in message.blocks for element in elements_of(block) if element["type"] == "button"]
    return {
        "ts": message.ts,
        "channel": message.channel,
        "thread": message.thread_ts,
        "by": world.users[message.user].name,
        "text": _named(world, slack_plain(replace(message, blocks=worded))),
        "buttons": [
            {"label": button["text"]["text"], "action": button["action_id"], "url": button.get("url")}
            for button in pressed
        ],
    }


def _named(world: SlackWorld, text: str) -> str:
    """A mention by the name that Slack would draw."""
    for user in world.users.values():
        text = text.replace(f"@{user.id}", f"@{user.name}")
    return text


def _view(view: View) -> Json:
    worded = replace(view, given={"blocks": [block for block in view.blocks if block["type"] != "input"]})
    fields = [
        {
            "name": f"{block['block_id']}/{block['element']['action_id']}",
            "label": block["label"]["text"],
            "hint": block.get("hint", {}).get("text", ""),
            "value": block["element"].get("initial_value", ""),
            "most": block["element"].get("max_length", 3000),
        }
        for block in view.blocks
        if block["type"] == "input"
    ]
    title, submit = view.given["title"]["text"], view.given.get("submit", {}).get("text")
    return {"id": view.id, "title": title, "text": slack_plain(worded), "fields": fields, "submit": submit}


def telegram_pane(world: TelegramWorld) -> Json:
    """As the first person of this Telegram sees it."""
    user = next(user for user in world.users.values() if not user.is_bot)
    chats = [chat for chat in world.chats() if chat.user is user or chat.member(user).present]
    return {
        "user": {"id": user.id, "name": user.first_name},
        "chats": [_chat(world, chat, user) for chat in chats],
    }


def _chat(world: TelegramWorld, chat: Chat, user: User) -> Json:
    title = chat.title or f"{world.bot.user.first_name} (@{world.bot.username})"
    return {"id": chat.id, "title": title, "messages": [_message(message, user) for message in world.messages(chat)]}


def _message(message: TelegramMessage, user: User) -> Json:
    quoted = message.reply_to
    return {
        "id": message.id,
        "by": message.sender.first_name,
        "mine": message.sender is user,
        "text": telegram_plain(message),
        "buttons": [{"label": b.label, "row": b.row, "data": b.data, "url": b.url} for b in buttons(message)],
        "quoted": f"{quoted.sender.first_name}: {telegram_plain(quoted)[:80]}" if quoted else None,
        "asks": asks(message, user),
        "reactions": [emoji for given in message.reactions.values() for emoji in given],
    }
