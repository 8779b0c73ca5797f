"""The Telegram pane: what one person's app shows, in the shapes of the Bot API."""

from __future__ import annotations

import heapq
import json
from collections.abc import Mapping
from typing import Any

from bots.playground.page.doors import PAGE, Json, Query
from bots.playground.telegram import Chat, Message, TelegramWorld, User, asks
from bots.playground.telegram.things import Topic

TOPICS = 100
ZONE = "Europe/Paris"
Shape = dict[str, Any]


class TelegramPane:
    """`roles` says of each person what they were made; it may not say."""

    def __init__(self, world: TelegramWorld, roles: Mapping[int, str]) -> None:
        self._world, self._roles = world, roles

    def read(self, query: Query) -> Json:
        """`user`, `chat` and `thread` are wishes: where there is no such thing, the first stands in.

        In a forum, no thread is the General topic, which is not among the `topics`.
        """
        people = [user for user in self._world.users.values() if not user.is_bot]
        user = next((each for each in people if str(each.id) == query.get("user")), people[0])
        chats = self._chats(user)
        chat = next((each for each in chats if str(each.id) == query.get("chat")), chats[0])
        thread = _number(query.get("thread"))
        thread = thread if thread in chat.topics else None
        messages, older = chat.messages.newest(PAGE, thread)
        bot = self._world.bot
        return {
            "people": [self._person(each) for each in people],
            "user": user.id,
            "zone": ZONE,
            "chats": [self._chat(each, user) for each in chats],
            "chat": chat.id,
            "topics": self._topics(chat, thread) if chat.forum else None,
            "thread": thread,
            "messages": [_message(each, user) for each in messages],
            "older": older,
            "menu": self._menu(chat, user),
            "bot": {"id": bot.id, "username": bot.username, "first_name": bot.user.first_name},
        }

    def older(self, query: Query) -> Json:
        user = self._world.users[int(query["user"])]
        chat = next((each for each in self._chats(user) if str(each.id) == query["chat"]), None)
        if chat is None:
            raise ValueError("There is no such chat for this person.")
        messages, older = chat.messages.newest(PAGE, _number(query.get("thread")), int(query["before"]))
        return {"messages": [_message(each, user) for each in messages], "older": older}

    def _person(self, user: User) -> Shape:
        role = self._roles.get(user.id, "")
        return {"id": user.id, "first_name": user.first_name, "username": user.username, "role": role}

    def _chats(self, user: User) -> list[Chat]:
        """The one with the bot first, started or not, then the groups."""
        groups = [chat for chat in self._world.groups.values() if chat.member(user).present and not chat.upgraded_to]
        return [self._world.private(user), *groups]

    def _chat(self, chat: Chat, user: User) -> Shape:
        return {
            "id": chat.id,
            "title": chat.title or (chat.bot.user.first_name if chat.bot else ""),
            "type": chat.type,
            "forum": chat.forum,
            "blocked": chat.blocked,
            "started": chat.started or not chat.private,
            "manages": chat.member(user).may("can_manage_topics"),
        }

    def _topics(self, chat: Chat, thread: int | None) -> list[Shape]:
        """Those in which something was said last, newest first, and the one that is open."""
        newest = heapq.nlargest(TOPICS, chat.topics.values(), key=lambda topic: chat.messages.last(topic.id) or 0)
        shown = [*newest, *([chat.topics[thread]] if thread and chat.topics[thread] not in newest else [])]
        return [_topic(chat, topic) for topic in shown]

    def _menu(self, chat: Chat, user: User) -> list[Shape]:
        """The commands of the narrowest scope that has any, in the person's language or in none [BotCommandScope]."""
        commands = self._world.bot.commands
        for scope in _scopes(chat, user):
            for language in (user.language_code or "", ""):
                found = commands.get((json.dumps(scope, sort_keys=True), language))
                if found:
                    return found
        return []


def _scopes(chat: Chat, user: User) -> list[Shape]:
    if chat.private:
        return [{"type": "chat", "chat_id": chat.id}, {"type": "all_private_chats"}, {"type": "default"}]
    admins: list[Shape] = [{"type": "chat_administrators", "chat_id": chat.id}] if chat.member(user).admin else []
    all_admins: list[Shape] = [{"type": "all_chat_administrators"}] if admins else []
    return [
        {"type": "chat_member", "chat_id": chat.id, "user_id": user.id},
        *admins,
        {"type": "chat", "chat_id": chat.id},
        *all_admins,
        {"type": "all_group_chats"},
        {"type": "default"},
    ]


def _topic(chat: Chat, topic: Topic) -> Shape:
    return topic.shape() | {
        "id": topic.id,
        "closed": topic.closed,
        "deleted": bool(topic.deleted),
        "messages": chat.messages.count(topic.id),
    }


def _message(message: Message, user: User) -> Shape:
    return message.shape() | {
        "mine": message.sender is user,
        "deleted": message.deleted,
        "silent": message.silent,
        "reactions": [emoji for given in message.reactions.values() for emoji in given],
        "asks": asks(message, user),
        "placeholder": (message.markup or {}).get("input_field_placeholder"),
        "keyboard": message.markup if message.markup and "keyboard" in message.markup else None,
    }


def _number(text: str | None) -> int | None:
    return int(text) if text else None
