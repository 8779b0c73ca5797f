"""One call of a bot: its parameters, and whom and what they name, or Telegram's refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bots.playground.telegram import keyboards
from bots.playground.telegram.errors import ApiError, bad_request, forbidden
from bots.playground.telegram.formatting import CAPTION_LIMIT, TEXT_LIMIT, compose
from bots.playground.telegram.html import Entity
from bots.playground.telegram.state import TelegramWorld
from bots.playground.telegram.things import Bot, Chat, Member, Message, Shape, Topic


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class BotCall:
    world: TelegramWorld
    bot: Bot
    method: str
    values: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def flag(self, name: str) -> bool:
        return bool(self.values.get(name))

    def chat(self, name: str = "chat_id", *, to_write: bool = False) -> Chat:
        """`to_write` also asks whether the bot may speak there."""
        wanted = self.get(name)
        if wanted in (None, ""):
            raise bad_request("chat_id is empty")
        chat = self._private(wanted) if isinstance(wanted, int) and wanted > 0 else self._group(wanted)
        if to_write and chat.private:
            self._may_write_to_person(chat)
        return chat

    def _private(self, user_id: int) -> Chat:
        user = self.world.users.get(user_id)
        if user is None:
            raise bad_request("chat not found")
        if user.is_bot:
            raise forbidden("bots can't send messages to bots")
        chat = self.world.private(user, self.bot)
        if not chat.started:
            # A person whom the bot never met is not found; one from a common group has not started it.
            if any(user.id in g.members and self.bot.id in g.members for g in self.world.groups.values()):
                raise forbidden("bot can't initiate conversation with a user")
            raise bad_request("chat not found")
        return chat

    def _may_write_to_person(self, chat: Chat) -> None:
        if chat.user and chat.user.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")

    def _group(self, wanted: int | str) -> Chat:
        chat = self._by_name(wanted) if isinstance(wanted, str) else self.world.groups.get(wanted)
        if chat is None or self.bot.id not in chat.members:
            raise bad_request("chat not found")
        if chat.upgraded_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.upgraded_to)
        status = chat.members[self.bot.id].status
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if status == "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def _by_name(self, name: str) -> Chat | None:
        named = [c for c in self.world.groups.values() if c.username and f"@{c.username}" == name]
        return named[0] if named else None

    def me_in(self, chat: Chat) -> Member:
        return chat.member(self.bot.user)

    def message(self, chat: Chat, missing: str) -> Message:
        id = self.get("message_id")
        if id is None:
            raise bad_request("message identifier is not specified")
        if id not in chat.messages:
            raise bad_request(missing)
        return chat.messages[id]

    def topic(self, chat: Chat, *, missing: str = "message thread not found") -> Topic | None:
        """None without `message_thread_id`; 1, the General topic, is not found either [Client.cpp]."""
        id = self.get("message_thread_id")
        if id is None:
            return None
        topic = chat.topics.get(id)
        if topic is None:
            raise bad_request(missing)
        if topic.deleted:
            raise bad_request(topic.deleted)
        return topic

    def open_thread(self, chat: Chat) -> int | None:
        """Where to post. A closed topic refuses every bot here, also those that real Telegram might let through."""
        topic = self.topic(chat)
        if topic and topic.closed:
            raise bad_request("TOPIC_CLOSED")
        return topic.id if topic else None

    def text(self, name: str, entities: str) -> tuple[str, list[Entity]]:
        """A message's text or a caption as Telegram keeps it."""
        raw, limit, what = self.get(name, ""), TEXT_LIMIT, "message"
        if entities == "caption_entities":
            limit, what = CAPTION_LIMIT, "message caption"
        elif not raw:
            raise bad_request("message text is empty")
        try:
            text, spans = compose(raw, self.get("parse_mode"), self.get(entities))
        except ApiError as error:
            self.problems.append(error.description)
            raise
        if what == "message" and not text:
            raise bad_request("text must be non-empty")
        if len(text) > limit:
            raise bad_request(f"{what} is too long")
        return text, [self._shown(span) for span in spans]

    def _shown(self, span: Entity) -> Entity:
        shown = {key: value for key, value in span.items() if key != "user_id"}
        user = self.world.users.get(span.get("user_id", 0))
        return shown | ({"user": user.shape()} if user else {})

    def reply_to(self, chat: Chat) -> Message | None:
        wanted = self.get("reply_parameters")
        if not wanted:
            return None
        if wanted.get("chat_id", chat.id) != chat.id:
            raise bad_request("replies to another chat are not played here")
        found = chat.messages.get(wanted.get("message_id", 0))
        if found is None and not wanted.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
        return found

    def markup(self, chat: Chat) -> Shape | None:
        """The checked `reply_markup`; an empty inline keyboard is none."""
        markup: Shape | None = self.get("reply_markup")
        if not markup:
            return None
        keyboards.check(markup, private=chat.private)
        return None if markup.get("inline_keyboard") == [] else markup
