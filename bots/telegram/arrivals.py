"""What Telegram hands over: kept as mail before it is confirmed, and a press acknowledged at once."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from bots.telegram.app import App
from bots.telegram.callbacks import carried
from bots.telegram.inline import Inline
from core.domain.rooms import Address
from core.domain.texts import plain
from core.ports.chat import Keep, Mail, Voice

PLATFORM = "telegram"


class Arrivals:
    """Both ways in end here: polling and the webhook."""

    def __init__(self, app: App, keep: Keep, inline: Inline, voice: Voice) -> None:
        self._app = app
        self._keep = keep
        self._inline = inline
        self._voice = voice
        self._acknowledging: set[asyncio.Task[None]] = set()

    async def take(self, update: Mapping[str, Any], body: bytes | None = None) -> None:
        """Returns once the update is safe; raises StoreDown where it is not, and Telegram is to tell it again."""
        mail = to_mail(update, self._app.bot_id, body)
        if mail is not None:
            await self._keep(mail)
        press = update.get("callback_query")
        if isinstance(press, dict):
            self._acknowledge(press)
        query = update.get("inline_query")
        if isinstance(query, dict):
            self._inline.take(query)

    def _acknowledge(self, press: Mapping[str, Any]) -> None:
        """Beside the way in: Telegram's answer may take its time, and the next update waits for nobody."""
        task = asyncio.create_task(self._answer(press))
        self._acknowledging.add(task)
        task.add_done_callback(self._acknowledging.discard)

    async def _answer(self, press: Mapping[str, Any]) -> None:
        said, message = "", press.get("message")
        if message is None or carried(press.get("data")) is None:
            chat = ((message or {}).get("chat") or {}).get("id", "")
            await self._voice.speak_to(
                Address(PLATFORM, self._app.bot_id, str(chat), _topic({"callback_query": press}))
            )
            said = plain(self._voice.say("telegram/phrases#old_button"))
        await self._app.acknowledge(str(press.get("id", "")), said)

    async def aclose(self) -> None:
        for task in list(self._acknowledging):
            task.cancel()
        await asyncio.gather(*self._acknowledging, return_exceptions=True)
        await self._inline.aclose()


def to_mail(update: Mapping[str, Any], bot_id: str, body: bytes | None = None) -> Mail | None:
    """None for what is not for us: talk in a group, a press on what was never a button of ours, an unknown kind."""
    said = update.get("message") or update.get("edited_message")
    if isinstance(said, dict) and _overheard(said, bot_id):
        return None
    named = _named(update)
    if named is None:
        return None
    chat, key = named
    address = Address(PLATFORM, bot_id, str(chat), _topic(update))
    return Mail(PLATFORM, f"{bot_id}/{chat}", f"{bot_id}/{key}", body or json.dumps(update).encode(), address)


def _topic(update: Mapping[str, Any]) -> str | None:
    said = update.get("message") or update.get("edited_message") or (update.get("callback_query") or {}).get("message")
    match said:
        case {"is_topic_message": True, "message_thread_id": int(thread), "chat": {"type": "supergroup"}}:
            return str(thread)
    return None


def _named(update: Mapping[str, Any]) -> tuple[int, str] | None:
    """The chat and what happened there. A telling's own number says nothing: one press can be told under two."""
    match update:
        case {"message": {"chat": {"id": int(chat)}, "message_id": int(message)}}:
            return chat, typed_key(chat, message)
        case {"edited_message": {"chat": {"id": int(chat)}, "message_id": int(message), **rest}}:
            return chat, f"edited_message/{chat}/{message}/{rest.get('edit_date', 0)}"
        case {"callback_query": {"id": str(press), "message": {"chat": {"id": int(chat)}}, "data": str(data)}}:
            return (chat, f"callback_query/{press}") if carried(data) else None
        case {"my_chat_member": {"chat": {"id": int(chat)}, "date": int(date), "new_chat_member": {"status": status}}}:
            return chat, f"my_chat_member/{chat}/{date}/{status}"
    return None


def typed_key(chat: int, message: int) -> str:
    """What names a text that somebody typed, also when it is changed later."""
    return f"message/{chat}/{message}"


def _overheard(message: Mapping[str, Any], bot_id: str) -> bool:
    """Talk among members, which an administrator's bot is shown: it is not even written down."""
    match message:
        case {"chat": {"type": "private"}} | {"migrate_to_chat_id": _} | {"migrate_from_chat_id": _}:
            return False
        case {"reply_to_message": {"from": {"id": author}, **target}} if str(author) == bot_id:
            # In a topic that we opened everything "answers" its creation.
            if "forum_topic_created" not in target:
                return False
    return not str(message.get("text") or message.get("caption") or "").startswith(("/", "@"))
