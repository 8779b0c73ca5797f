"""Bots, people, chats, topics and messages, and the shapes in which the Bot API shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bots.playground.paged import Paged
from bots.playground.telegram.html import Entity
from bots.playground.telegram.updates import Updates

Shape = dict[str, Any]
Status = Literal["creator", "administrator", "member", "left", "kicked"]

RIGHTS = frozenset(
    "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members "
    "can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories can_pin_messages "
    "can_manage_topics can_send_welcome_messages".split()
)


@dataclass(slots=True, eq=False)
class User:
    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    deactivated: bool = False

    def shape(self) -> Shape:
        shape: Shape = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        named = {"username": self.username, "language_code": self.language_code}
        return shape | {name: value for name, value in named.items() if value}


# Whose name an anonymous administrator's message carries [core.telegram.org/bots/api#message, sender_chat].
ANONYMOUS = User(1087968824, "Group", "GroupAnonymousBot", is_bot=True)


@dataclass(slots=True, eq=False)
class Bot:
    token: str
    user: User
    updates: Updates
    privacy: bool = True
    revoked: bool = False
    inline: bool = True  # what /setinline at @BotFather switches on
    commands: dict[tuple[str, str], list[Shape]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def username(self) -> str:
        return self.user.username or ""


@dataclass(slots=True, eq=False)
class Member:
    user: User
    status: Status = "member"
    anonymous: bool = False
    rights: frozenset[str] = frozenset()

    @property
    def present(self) -> bool:
        return self.status not in ("left", "kicked")

    @property
    def admin(self) -> bool:
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def shape(self) -> Shape:
        shape: Shape = {"status": self.status, "user": self.user.shape()}
        if self.status == "creator":
            shape["is_anonymous"] = self.anonymous
        elif self.status == "administrator":
            shape |= {"can_be_edited": False, "is_anonymous": self.anonymous}
            shape |= {right: right in self.rights for right in sorted(RIGHTS)}
        elif self.status == "kicked":
            shape["until_date"] = 0
        return shape


@dataclass(slots=True, eq=False)
class Topic:
    id: int
    name: str
    icon_color: int
    icon: str | None = None
    closed: bool = False
    # What Telegram says of a deleted one; both answers occur (facts A6).
    deleted: Literal["", "message thread not found", "TOPIC_DELETED"] = ""

    def shape(self) -> Shape:
        shape: Shape = {"name": self.name, "icon_color": self.icon_color}
        return shape | ({"icon_custom_emoji_id": self.icon} if self.icon else {})


@dataclass(slots=True, eq=False)
class Chat:
    id: int
    type: Literal["private", "group", "supergroup"]
    title: str = ""
    username: str | None = None
    forum: bool = False
    bot: Bot | None = None  # whose private chat it is
    user: User | None = None  # with whom
    started: bool = False
    blocked: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: Paged[int, Message] = field(default_factory=lambda: Paged(lambda message: (message.thread,)))
    pinned: list[int] = field(default_factory=list)
    actions: list[tuple[str, int | None]] = field(default_factory=list)
    upgraded_to: int | None = None
    last_bot: int | None = None
    last_id: int = 0

    @property
    def private(self) -> bool:
        return self.type == "private"

    def member(self, user: User) -> Member:
        return self.members.get(user.id) or Member(user, "left")

    def shape(self) -> Shape:
        shape: Shape = {"id": self.id, "type": self.type}
        if self.user:
            shape["first_name"] = self.user.first_name
        else:
            shape["title"] = self.title
        username = self.user.username if self.user else self.username
        return shape | ({"username": username} if username else {}) | ({"is_forum": True} if self.forum else {})


@dataclass(slots=True, eq=False)
class Message:
    """`text` is also a caption; `media` and `service` hold fields as the Bot API names them."""

    chat: Chat
    id: int
    date: int
    sender: User
    text: str | None = None
    entities: list[Entity] = field(default_factory=list)
    media: Shape = field(default_factory=dict)
    service: Shape = field(default_factory=dict)
    thread: int | None = None
    reply_to: Message | None = None
    markup: Shape | None = None
    link_preview: Shape | None = None
    silent: bool = False
    protected: bool = False
    edited: int | None = None
    anonymous: bool = False
    via: User | None = None
    deleted: bool = False
    reactions: dict[int, list[str]] = field(default_factory=dict)
    earlier: list[str] = field(default_factory=list)

    @property
    def keyboard(self) -> Shape | None:
        return self.markup if self.markup and "inline_keyboard" in self.markup else None

    def root(self) -> int:
        """The message that a thread of replies began with."""
        message = self
        while message.reply_to and not message.reply_to.service:
            message = message.reply_to
        return message.id

    def shape(self, *, nested: bool = False) -> Shape:
        shape: Shape = {"message_id": self.id, "date": self.date, "chat": self.chat.shape()}
        shape["from"] = self.sender.shape()
        if self.anonymous:
            shape |= {"from": ANONYMOUS.shape(), "sender_chat": self.chat.shape()}
        if self.text is not None:
            words, spans = ("caption", "caption_entities") if self.media else ("text", "entities")
            shape |= {words: self.text} | ({spans: self.entities} if self.entities else {})
        shape |= self.media | self.service | self._thread_shape()
        if self.reply_to and not self.reply_to.deleted and not nested:
            shape["reply_to_message"] = self.reply_to.shape(nested=True)
        optional = {
            "reply_markup": self.keyboard,
            "link_preview_options": self.link_preview,
            "edit_date": self.edited,
            "via_bot": self.via and self.via.shape(),
            "has_protected_content": self.protected or None,
        }
        return shape | {name: value for name, value in optional.items() if value is not None}

    def _thread_shape(self) -> Shape:
        if self.thread is not None:
            return {"message_thread_id": self.thread, "is_topic_message": True}
        if self.chat.type == "supergroup" and self.reply_to and not self.service:
            # A reply outside of topics carries its thread too: sending it back there is "message thread not found".
            return {"message_thread_id": self.root()}
        return {}
