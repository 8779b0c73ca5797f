"""The Bot API's methods about chats, their members and their topics."""

from __future__ import annotations

from bots.playground.telegram.calls import BotCall
from bots.playground.telegram.errors import bad_request
from bots.playground.telegram.state import BLUE
from bots.playground.telegram.things import Chat, Member, Shape, Topic

ICON_COLORS = {BLUE, 16766590, 13338331, 9367192, 16749490, 16478047}
GIFTS = "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels".split()


def get_chat(call: BotCall) -> Shape:
    chat = call.chat()
    full: Shape = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(GIFTS, False)}
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]].shape(nested=True)
    return chat.shape() | full


def get_chat_member(call: BotCall) -> Shape:
    chat = call.chat()
    user = call.world.users.get(call.get("user_id"))
    if user is None:
        raise bad_request("user not found")
    return _member(chat, user.id) if chat.private else chat.member(user).shape()


def _member(chat: Chat, user_id: int) -> Shape:
    people = [person for person in (chat.user, chat.bot and chat.bot.user) if person and person.id == user_id]
    if not people:
        raise bad_request("user not found")
    return Member(people[0]).shape()


def get_chat_administrators(call: BotCall) -> list[Shape]:
    """Other bots are not among them."""
    chat = call.chat()
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    admins = [m for m in chat.members.values() if m.admin]
    return [m.shape() for m in admins if not m.user.is_bot or m.user is call.bot.user]


def get_chat_member_count(call: BotCall) -> int:
    chat = call.chat()
    return 2 if chat.private else sum(member.present for member in chat.members.values())


def leave_chat(call: BotCall) -> bool:
    chat = call.chat()
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    call.world.set_member(chat, call.bot.user, Member(call.bot.user, "left"))
    return True


def create_forum_topic(call: BotCall) -> Shape:
    chat = _forum(call)
    if not call.me_in(chat).may("can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    color = call.get("icon_color", BLUE)
    if color not in ICON_COLORS:
        raise bad_request("wrong topic icon color specified")
    name, icon = _topic_name(call.get("name")), call.get("icon_custom_emoji_id")
    topic = call.world.open_topic(chat, call.bot.user, name, color, icon)
    return {"message_thread_id": topic.id} | topic.shape()


def edit_forum_topic(call: BotCall) -> bool:
    chat, topic = _managed(call)
    name = _topic_name(call.get("name")) if call.get("name") else topic.name
    icon = call.get("icon_custom_emoji_id", topic.icon)
    if (name, icon) == (topic.name, topic.icon):
        raise bad_request("TOPIC_NOT_MODIFIED")
    changed = {"name": name} if name != topic.name else {}
    changed |= {"icon_custom_emoji_id": icon or ""} if icon != topic.icon else {}
    topic.name, topic.icon = name, icon or None
    call.world.post(chat, call.bot.user, service={"forum_topic_edited": changed}, thread=topic.id)
    return True


def close_forum_topic(call: BotCall) -> bool:
    return _set_closed(call, closed=True)


def reopen_forum_topic(call: BotCall) -> bool:
    return _set_closed(call, closed=False)


def _set_closed(call: BotCall, *, closed: bool) -> bool:
    chat, topic = _managed(call)
    if topic.closed is closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    service = "forum_topic_closed" if closed else "forum_topic_reopened"
    call.world.post(chat, call.bot.user, service={service: {}}, thread=topic.id)
    return True


def delete_forum_topic(call: BotCall) -> bool:
    chat, topic = _managed(call, right="can_delete_messages")
    call.world.remove_topic(chat, topic)
    return True


def _forum(call: BotCall) -> Chat:
    chat = call.chat(to_write=True)
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    return chat


def _managed(call: BotCall, right: str = "can_manage_topics") -> tuple[Chat, Topic]:
    chat = _forum(call)
    topic = call.topic(chat, missing="TOPIC_ID_INVALID")
    if topic is None:
        raise bad_request("message thread identifier is not specified")
    created_by_me = topic.id in chat.messages and chat.messages[topic.id].sender is call.bot.user
    if not (created_by_me or call.me_in(chat).may(right)):
        raise bad_request("not enough rights to manage the topic")
    return chat, topic


def _topic_name(name: str) -> str:
    if not 1 <= len(name.strip()) <= 128:
        raise bad_request("topic name must be 1-128 characters long")
    return name.strip()
