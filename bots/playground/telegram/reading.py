"""What a person sees of a message: words, buttons, what would ping or link, and whether the app asks for a reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bots.playground.telegram.formatting import cut
from bots.playground.telegram.things import Message, User

MEDIA = {"photo": "photo", "document": "document", "sticker": "sticker", "voice": "voice message"}


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    row: int
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None


def buttons(message: Message) -> list[Button]:
    """In reading order."""
    rows = message.keyboard["inline_keyboard"] if message.keyboard else []
    return [
        Button(b["text"], row, b.get("callback_data"), b.get("url"), b.get("copy_text", {}).get("text"), b.get("style"))
        for row, buttons_ in enumerate(rows)
        for b in buttons_
    ]


def labels(message: Message) -> list[str]:
    return [button.label for button in buttons(message)]


def plain(message: Message) -> str:
    """What a person reads, with a time as its fallback text; a picture or a service message in brackets."""
    kinds = [f"[{name}]" for kind, name in MEDIA.items() if kind in message.media]
    kinds += [f"[{name}]" for name in message.service]
    return " ".join([*kinds, message.text or ""]).strip()


def pings(message: Message) -> list[str]:
    """Whom the message mentions: "@name", or the first name of somebody mentioned without a username."""
    spans = [e for e in message.entities if e["type"] in ("mention", "text_mention")]
    return [e["user"]["first_name"] if "user" in e else cut(message.text or "", e) for e in spans]


def links(message: Message) -> list[str]:
    """Everything else that can be tapped in the text: where a link goes, commands, hashtags, addresses."""
    kinds = ("url", "text_link", "email", "bot_command", "hashtag", "cashtag")
    return [e.get("url") or cut(message.text or "", e) for e in message.entities if e["type"] in kinds]


def times(message: Message) -> list[tuple[int, str]]:
    """The instants that a viewer sees in their own zone, with how: (unix time, format)."""
    spans = [e for e in message.entities if e["type"] == "date_time"]
    return [(e["unix_time"], e.get("date_time_format", "")) for e in spans]


def asks(message: Message, person: User) -> bool:
    """Whether the person's app opens a reply to this message."""
    markup = message.markup or {}
    if not markup.get("force_reply"):
        return False
    if not markup.get("selective"):
        return True
    mentioned = f"@{person.username}" in pings(message) or any(
        e.get("user", {}).get("id") == person.id for e in message.entities
    )
    return mentioned or bool(message.reply_to and message.reply_to.sender is person)


def shown(message: Message) -> dict[str, Any]:
    """For a page: the Bot API's shape, and what the API does not tell."""
    return message.shape() | {
        "silent": message.silent,
        "reactions": [emoji for given in message.reactions.values() for emoji in given],
        "asks_for_reply": bool((message.markup or {}).get("force_reply")),
        "placeholder": (message.markup or {}).get("input_field_placeholder"),
    }
