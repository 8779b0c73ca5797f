"""The bot and what it says to Telegram; every call raises `core.errors.OutsideError` and nothing of PTB's."""

import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import aiohttp
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    ForceReply,
    InlineQueryResult,
    MessageEntity,
    ReplyParameters,
)

from bots.telegram.config import Config
from bots.telegram.errors import Unshowable, border, unless_same
from bots.telegram.messages import Drawn, Keyboard
from bots.telegram.transport import READ_SECONDS, AiohttpRequest, Upload
from core.domain.commands import MenuItem
from core.errors import OutsideError
from core.ports.chat import Picture

POLL_SECONDS = 25  # Telegram allows 50; shorter, so that a connection cut on the way is noticed sooner
WEBHOOK_CONNECTIONS = 40
MOVING = "image/gif"
ENGLISH = "en"  # for whoever reads no other language that Shopbell speaks
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as people address it; `username` casefolded. `inline`: it may offer something while they type."""

    bot_id: str
    username: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is to be said; `reply_to` is a message there."""

    chat: str
    thread: str | None = None
    reply_to: str | None = None


class RawBot(Bot):
    """PTB's bot, and updates as they came: what we keep is what Telegram said."""

    async def raw_updates(self, offset: int, seconds: int) -> list[dict[str, Any]]:
        asked = {"offset": offset, "timeout": seconds, "allowed_updates": list(ALLOWED_UPDATES)}
        updates: list[dict[str, Any]] = await self._post("getUpdates", asked, read_timeout=seconds + READ_SECONDS)
        return updates

    async def raw_message(self, **asked: Any) -> int:
        """Says something; the new message's id. To build PTB's `Message` takes as long as all the rest."""
        sent: dict[str, Any] = await self._post("sendMessage", asked)
        return int(sent["message_id"])

    async def raw_file_path(self, file: str) -> str:
        found: dict[str, Any] = await self._post("getFile", {"file_id": file})
        return str(found.get("file_path") or "")


class App:
    def __init__(self, config: Config, menus: Mapping[str, Sequence[MenuItem]]) -> None:
        self._menus = menus
        self.bot_id = config.bot_id
        self._transport = AiohttpRequest()
        self.bot = RawBot(
            config.token,
            base_url=f"{config.api_url}/bot",
            base_file_url=f"{config.api_url}/file/bot",
            request=self._transport,
            get_updates_request=self._transport,
        )
        self._files = f"{config.api_url}/file/bot{config.token}"
        self._me: Me | None = None

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def me(self) -> Me:
        """Asked once: a bot's name changes with a restart or not at all."""
        return self._me or await self.introduce()

    async def introduce(self) -> Me:
        """Raises AccessLost or TryLater with what to do."""
        with border(sends=False):
            user = await self.bot.get_me()
        self._me = Me(self.bot_id, (user.username or "").casefold(), bool(user.supports_inline_queries))
        return self._me

    async def send(self, spot: Spot, drawn: Drawn, *, silent: bool = False, force: ForceReply | None = None) -> str:
        """The new message's id. What Telegram cannot draw is said once more in plain words."""
        where: dict[str, Any] = {
            "chat_id": int(spot.chat),
            "message_thread_id": int(spot.thread) if spot.thread else None,
            "disable_notification": silent,
            "reply_parameters": _reply(spot),
        }
        try:
            with border(sends=True):
                sent = await self.bot.raw_message(**where, **_html(drawn, force))
        except Unshowable as error:
            log.warning("Telegram did not take a message as drawn: %s", error)
            with border(sends=True):
                sent = await self.bot.raw_message(**where, **_plainly(drawn, force))
        return str(sent)

    async def show(self, spot: Spot, picture: Picture, caption: Drawn) -> str:
        """The new message's id. What moves is a document here: as a photo it would stand still."""
        method, part = ("sendDocument", "document") if picture.type == MOVING else ("sendPhoto", "photo")
        fields = {"chat_id": spot.chat, "disable_notification": "true", "caption": caption.html, "parse_mode": "HTML"}
        if spot.thread:
            fields["message_thread_id"] = spot.thread
        if spot.reply_to:
            reply = {"message_id": int(spot.reply_to), "allow_sending_without_reply": True}
            fields["reply_parameters"] = json.dumps(reply)
        upload: Any = Upload(fields, part, picture)
        with border(sends=True):
            sent = await self._transport.post(f"{self.bot.base_url}/{method}", upload)
        return str(sent["message_id"]) if isinstance(sent, dict) else ""

    async def edit(self, chat: str, message: str, drawn: Drawn) -> None:
        where: dict[str, Any] = {"chat_id": int(chat), "message_id": int(message)}
        try:
            with border(sends=False), unless_same():
                await self.bot.edit_message_text(**where, **_html(drawn))
        except Unshowable as error:
            log.warning("Telegram did not take an edit as drawn: %s", error)
            with border(sends=False), unless_same():
                await self.bot.edit_message_text(**where, **_plainly(drawn))

    async def open_topic(self, chat: str, name: str) -> str:
        """Rejected where the bot may not manage topics, or the chat has none any more."""
        with border(sends=True):
            return str((await self.bot.create_forum_topic(int(chat), name)).message_thread_id)

    async def close_topic(self, chat: str, topic: str) -> None:
        with border(sends=False), unless_same():
            await self.bot.close_forum_topic(int(chat), int(topic))

    async def reopen_topic(self, chat: str, topic: str) -> None:
        with border(sends=False), unless_same():
            await self.bot.reopen_forum_topic(int(chat), int(topic))

    async def acknowledge(self, callback: str, text: str = "") -> None:
        """Stops the button's waiting sign. Too late is late: the press itself counts."""
        try:
            with border(sends=False):
                await self.bot.answer_callback_query(callback, text=text or None)
        except OutsideError as error:
            log.info("A press was not acknowledged: %s", error)

    async def offer(self, query: str, results: Sequence[InlineQueryResult]) -> None:
        """For this person alone, and never from Telegram's memory: what fits changes with every quick response."""
        with border(sends=False):
            await self.bot.answer_inline_query(query, results, cache_time=0, is_personal=True)

    async def nod(self, chat: str, message: str) -> None:
        """👀 on what somebody typed: it is on its way. A chat may forbid reactions; the card says the rest."""
        try:
            with border(sends=False):
                await self.bot.set_message_reaction(int(chat), int(message), reaction="👀")
        except OutsideError as error:
            log.info("No reaction was set: %s", error)

    async def file_path(self, file: str) -> str:
        """Where Telegram has a file, for an hour from now. Raises Gone, and Rejected for one over 20 MB."""
        with border(sends=False):
            return await self.bot.raw_file_path(file)

    def download(self, path: str) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        return self._transport.download(f"{self._files}/{path}")

    async def updates(self, offset: int) -> list[dict[str, Any]]:
        with border(sends=False):
            return await self.bot.raw_updates(offset, POLL_SECONDS)

    async def delete_webhook(self) -> None:
        with border(sends=False):
            await self.bot.delete_webhook()

    async def webhook_url(self) -> str:
        with border(sends=False):
            return (await self.bot.get_webhook_info()).url

    async def set_webhook(self, url: str, secret: str) -> None:
        with border(sends=False):
            await self.bot.set_webhook(
                url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=WEBHOOK_CONNECTIONS
            )

    async def announce(self) -> None:
        """Telegram's menu of commands: all of them where one person reads, and what suits several in groups.

        Without it people can still type them.
        """
        try:
            for language, menu in self._menus.items():
                await self._offer(menu, None if language == ENGLISH else language)
        except OutsideError as error:
            log.warning("The menu of commands was not set: %s", error)

    async def _offer(self, menu: Sequence[MenuItem], language: str | None) -> None:
        every = [BotCommand(item.word, item.about) for item in menu]
        grouped = [BotCommand(item.word, item.about) for item in menu if item.grouped]
        scopes = ((BotCommandScopeAllPrivateChats(), every), (BotCommandScopeAllGroupChats(), grouped))
        for scope, offered in scopes:
            with border(sends=False):
                await self.bot.set_my_commands(offered, scope=scope, language_code=language)


def _reply(spot: Spot) -> ReplyParameters | None:
    """A card deleted meanwhile must not swallow what is said beside it."""
    return ReplyParameters(int(spot.reply_to), allow_sending_without_reply=True) if spot.reply_to else None


def _html(drawn: Drawn, force: ForceReply | None = None) -> dict[str, Any]:
    return _text(drawn.html, drawn.keyboard, force) | {"parse_mode": "HTML"}


def _plainly(drawn: Drawn, force: ForceReply | None = None) -> dict[str, Any]:
    """No markup to be wrong, and all of it in one block of code, where Telegram makes no links."""
    text = drawn.plain
    size = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return _text(text, drawn.safe_keyboard, force) | {"entities": [MessageEntity(MessageEntity.CODE, 0, size)]}


def _text(text: str, keyboard: Keyboard | None, force: ForceReply | None) -> dict[str, Any]:
    return {
        "text": text,
        "reply_markup": force or keyboard,
        "link_preview_options": {"is_disabled": True},
    }
