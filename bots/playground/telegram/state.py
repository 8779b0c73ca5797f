"""The world behind the stand-in: who is there, what was said, and who is told."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bots.playground.faults import Faults
from bots.playground.telegram.limits import Limits
from bots.playground.telegram.privacy import hears
from bots.playground.telegram.things import RIGHTS, Bot, Chat, Member, Message, Shape, Topic, User
from bots.playground.telegram.updates import CALLBACK_LIVES, DAY, INLINE_QUERY_LIVES, Order, Updates
from bots.playground.wire import PATIENCE, Wire

T = TypeVar("T")
Whose = User | int
Where = Chat | User | int

BLUE = 7322096
SUPERGROUPS = -1_000_000_000_000


@dataclass(slots=True, eq=False)
class Press:
    """A button pressed, and what the bot answered, if it did."""

    id: str
    bot: Bot
    at: float
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    answer: Shape = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Question:
    """An inline query, and the results the bot offered."""

    id: str
    bot: Bot
    user: User
    at: float
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    results: list[Shape] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class File:
    id: str
    name: str
    mime: str
    data: bytes

    @property
    def path(self) -> str:
        return f"documents/{self.id}_{self.name}"

    def shape(self) -> Shape:
        return {"file_id": self.id, "file_unique_id": self.id[-10:], "file_size": len(self.data)}


class TelegramWorld:
    """`clock` is wall time in seconds; a test that needs two days to pass gives its own."""

    def __init__(self, wire: Wire, faults: Faults, clock: Callable[[], float] = time.time) -> None:
        self.wire = wire
        self.clock = clock
        self.limits: Limits | None = None  # `world.limits = Limits(world.clock)` switches them on
        self.bots: dict[str, Bot] = {}
        self.users: dict[int, User] = {}
        self.groups: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.questions: dict[str, Question] = {}
        self.files: dict[str, File] = {}
        self._private: dict[tuple[int, int], Chat] = {}
        self._faults = faults
        self._last_id = 1000

    def new_bot(
        self, token: str, username: str = "shopbell_bot", *, name: str = "Shopbell", privacy: bool = True
    ) -> Bot:
        """`token` as BotFather gives it, "<id>:<secret>"."""
        user = User(int(token.partition(":")[0]), name, username, is_bot=True)
        bot = Bot(token, user, Updates(self.wire, self._faults, self.clock), privacy)
        self.bots[token] = bot
        self.users[user.id] = user
        return bot

    def new_user(self, first_name: str, username: str | None = None, *, language_code: str | None = "en") -> User:
        user = User(self.new_id(), first_name, username, language_code)
        self.users[user.id] = user
        return user

    def new_group(self, title: str, members: Sequence[User], *, supergroup: bool = False, forum: bool = False) -> Chat:
        """The first of `members` created it. A forum is a supergroup. Bots join by `hands.add_bot`."""
        big = supergroup or forum
        id = SUPERGROUPS - self.new_id() if big else -self.new_id()
        chat = Chat(id, "supergroup" if big else "group", title, forum=forum)
        for user in members:
            chat.members[user.id] = Member(user, "member" if chat.members else "creator")
        self.groups[chat.id] = chat
        service = "supergroup_chat_created" if big else "group_chat_created"
        self.post(chat, members[0], service={service: True})
        return chat

    @property
    def bot(self) -> Bot:
        """The first bot: in most stories there is one."""
        return next(iter(self.bots.values()))

    def user(self, whose: Whose) -> User:
        return self.users[whose] if isinstance(whose, int) else whose

    def private(self, whose: Whose, bot: Bot | None = None) -> Chat:
        user, bot = self.user(whose), bot or self.bot
        key = bot.id, user.id
        if key not in self._private:
            self._private[key] = Chat(user.id, "private", bot=bot, user=user)
        return self._private[key]

    def chat(self, where: Where, bot: Bot | None = None) -> Chat:
        if isinstance(where, Chat):
            return where
        if isinstance(where, User) or where > 0:
            return self.private(where, bot)
        return self.groups[where]

    def chats(self) -> list[Chat]:
        return [*self._private.values(), *self.groups.values()]

    def messages(self, where: Where, thread: int | None = None) -> list[Message]:
        """What stands in the chat now, service messages included; of one topic with `thread`."""
        kept = self.chat(where).messages
        return list(kept.values()) if thread is None else kept.at(thread)

    def last(self, where: Where, thread: int | None = None) -> Message:
        return self.messages(where, thread)[-1]

    async def wait(self, condition: Callable[[], T], description: str, seconds: float = PATIENCE) -> T:
        """The condition's first true value; AssertionError with the last calls when there is none in time."""
        return await self.wire.wait(condition, description, seconds)

    def post(self, chat: Chat, sender: User, **fields: Any) -> Message:
        """Puts a message into a chat and tells the bots that may hear it. `fields` are those of Message."""
        chat.last_id += 1
        message = Message(chat, chat.last_id, int(self.clock()), sender, **fields)
        if message.thread is not None and message.reply_to is None:
            message.reply_to = chat.messages.get(message.thread)
        chat.messages[message.id] = message
        self.tell_of(message, "message")
        if sender.is_bot:
            chat.last_bot = sender.id
        return message

    def open_topic(self, chat: Chat, by: User, name: str, color: int = BLUE, icon: str | None = None) -> Topic:
        topic = Topic(chat.last_id + 1, name, color, icon)
        chat.topics[topic.id] = topic
        self.post(chat, by, service={"forum_topic_created": topic.shape()}, thread=topic.id)
        return topic

    def remove_topic(self, chat: Chat, topic: Topic, says: str = "message thread not found") -> None:
        topic.deleted = "TOPIC_DELETED" if says == "TOPIC_DELETED" else "message thread not found"
        for message in self.messages(chat, topic.id):
            self.remove(message)

    def remove(self, message: Message) -> None:
        message.deleted = True
        message.chat.messages.pop(message.id, None)
        if message.id in message.chat.pinned:
            message.chat.pinned.remove(message.id)
        self.wire.touch("telegram")

    def tell_of(self, message: Message, kind: str) -> None:
        """`kind` is "message" or "edited_message"."""
        for bot in self.bots.values():
            if hears(bot, message):
                bot.updates.add(kind, message.shape(), ("chat", message.chat.id))
        self.wire.touch("telegram")

    def tell(self, bot: Bot, kind: str, body: Shape, order: Order) -> None:
        lives = {"callback_query": CALLBACK_LIVES, "inline_query": INLINE_QUERY_LIVES, "chosen_inline_result": 600.0}
        bot.updates.add(kind, body, order, lives.get(kind, DAY))
        self.wire.touch("telegram")

    def set_member(self, chat: Chat, by: User, member: Member) -> None:
        """Changes somebody's standing in a chat and tells who may know: the bot of itself, admin bots of others."""
        before = chat.member(member.user)
        chat.members[member.user.id] = member
        body = {
            "chat": chat.shape(),
            "from": by.shape(),
            "date": int(self.clock()),
            "old_chat_member": before.shape(),
            "new_chat_member": member.shape(),
        }
        for bot in self.bots.values():
            if bot.user is member.user:
                self.tell(bot, "my_chat_member", body, ("member", chat.id))
            elif chat.member(bot.user).admin:
                self.tell(bot, "chat_member", body, ("member", chat.id))

    def admin(self, user: User, *, anonymous: bool = False, rights: frozenset[str] = RIGHTS) -> Member:
        return Member(user, "administrator", anonymous, rights)

    def keep(self, name: str, mime: str, data: bytes) -> File:
        file = File(f"file{self.new_id()}x{random.randrange(10**9, 10**10)}", name, mime, data)
        self.files[file.id] = file
        return file

    def upgrade(self, chat: Chat, by: User) -> Chat:
        """A group becomes a supergroup: a new id, no old messages, and two service messages that say so."""
        new = Chat(SUPERGROUPS - self.new_id(), "supergroup", chat.title, members=dict(chat.members))
        self.groups[new.id] = new
        self.post(chat, by, service={"migrate_to_chat_id": new.id})
        chat.upgraded_to = new.id
        self.post(new, by, service={"migrate_from_chat_id": chat.id})
        return new

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id
