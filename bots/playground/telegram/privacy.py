"""Which bots hear a message: privacy mode, as core.telegram.org/bots/features#privacy-mode has it."""

from __future__ import annotations

from bots.playground.telegram.formatting import cut
from bots.playground.telegram.things import Bot, Message


def hears(bot: Bot, message: Message) -> bool:
    chat = message.chat
    if message.sender is bot.user:
        # A bot gets no updates of what it wrote, but of its own service messages it does.
        return bool(message.service) and chat.member(bot.user).present
    if message.sender.is_bot:
        return False
    if chat.private:
        return chat.bot is bot
    member = chat.member(bot.user)
    if not member.present:
        return False
    return member.admin or not bot.privacy or bool(message.service) or _meant_for(bot, message)


def _meant_for(bot: Bot, message: Message) -> bool:
    replied = message.reply_to
    # In a topic every message has a reply_to_message, which is meant for nobody.
    if replied and replied.sender is bot.user and "forum_topic_created" not in replied.service:
        return True
    return message.via is bot.user or any(_calls(bot, message, entity["type"], entity) for entity in message.entities)


def _calls(bot: Bot, message: Message, kind: str, entity: dict[str, int]) -> bool:
    word = cut(message.text or "", entity).casefold()
    name = bot.username.casefold()
    if kind == "mention":
        return word == f"@{name}"
    if kind == "bot_command":
        _, at, target = word.partition("@")
        # A command without a name goes to the bot that spoke last in the group.
        return target == name if at else message.chat.last_bot in (None, bot.id)
    return False
