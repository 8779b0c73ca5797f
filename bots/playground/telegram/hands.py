"""The person's hands: what people do in Telegram, with nothing known of the bot but what they see."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from typing import Any

from bots.playground.telegram.formatting import TEXT_LIMIT, typed
from bots.playground.telegram.reading import Button, buttons
from bots.playground.telegram.state import Press, Question, TelegramWorld, Where, Whose
from bots.playground.telegram.things import RIGHTS, Bot, Chat, Member, Message, Shape, Topic, User

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "5a4ba1d60000000049454e44ae426082"
)


class Impossible(AssertionError):
    """The app would not let this person do this."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a press did: the bot's answer, an opened link, copied text, or a button that never stopped spinning."""

    text: str | None = None
    alert: bool = False
    url: str | None = None
    copied: str | None = None
    spinning: bool = False


class Hands:
    """`user` and `chat` may be ids; a person's private chat with the bot is named by the person.

    What the app would not let a person do raises Impossible.
    """

    def __init__(self, world: TelegramWorld) -> None:
        self.world = world

    async def start(self, user: Whose, payload: str = "", *, bot: Bot | None = None) -> Message:
        """Opens the private chat with `t.me/<bot>?start=<payload>` and the Start button."""
        chat = self.world.private(user, bot)
        if chat.blocked:
            await self.unblock(user, bot=bot)
        chat.started = True
        return await self.send(user, chat, f"/start {payload}".strip())

    async def send(
        self, user: Whose, chat: Where, text: str, *, reply_to: Message | int | None = None, thread: int | None = None
    ) -> Message:
        words, entities = typed(text)
        _sure(bool(words), "an empty message cannot be sent")
        _sure(len(words) <= TEXT_LIMIT, f"the app would cut this into several: {len(words)} characters")
        return self._post(user, chat, reply_to, thread, text=words, entities=entities)

    async def send_photo(
        self, user: Whose, chat: Where, caption: str = "", *, reply_to: Message | int | None = None,
        thread: int | None = None, data: bytes | str = PIXEL, mime: str = "image/png", album: str | None = None,
    ) -> Message:  # fmt: skip
        """`data` is bytes, or base64 as the page sends it. `album`: what is sent together bears the same one."""
        sizes = [self.world.keep("photo", mime, _bytes(data)).shape() | {"width": w, "height": w} for w in (90, 800)]
        words, entities = typed(caption)
        media: Shape = {"photo": sizes} | ({"media_group_id": album} if album else {})
        return self._post(user, chat, reply_to, thread, media=media, text=words or None, entities=entities)

    async def send_document(
        self, user: Whose, chat: Where, name: str, data: bytes | str = b"%PDF", *, mime: str = "application/pdf",
        caption: str = "", reply_to: Message | int | None = None, thread: int | None = None,
    ) -> Message:  # fmt: skip
        """`data` is bytes, or base64 as the page sends it."""
        shape = self.world.keep(name, mime, _bytes(data)).shape() | {"file_name": name, "mime_type": mime}
        words, entities = typed(caption)
        return self._post(
            user, chat, reply_to, thread, media={"document": shape}, text=words or None, entities=entities
        )

    async def send_sticker(
        self, user: Whose, chat: Where, emoji: str = "👍", *, reply_to: Message | int | None = None,
        thread: int | None = None,
    ) -> Message:  # fmt: skip
        shape = self.world.keep("sticker.webp", "image/webp", PIXEL).shape() | {"type": "regular", "emoji": emoji}
        shape |= {"width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._post(user, chat, reply_to, thread, media={"sticker": shape})

    async def send_voice(
        self, user: Whose, chat: Where, seconds: int = 3, *, reply_to: Message | int | None = None,
        thread: int | None = None,
    ) -> Message:  # fmt: skip
        shape = self.world.keep("voice.oga", "audio/ogg", b"OggS").shape() | {"duration": seconds}
        return self._post(user, chat, reply_to, thread, media={"voice": shape})

    async def edit(self, user: Whose, chat: Where, message_id: int, text: str) -> Message:
        message = self._message(chat, message_id)
        _sure(message.sender is self.world.user(user), "people edit their own messages only")
        message.earlier.append(message.text or "")
        message.text, message.entities = typed(text)
        message.edited = int(self.world.clock())
        self.world.tell_of(message, "edited_message")
        return message

    async def delete_message(self, chat: Where, message_id: int) -> None:
        """No bot is told."""
        self.world.remove(self._message(chat, message_id))

    async def press(self, user: Whose, chat: Where, message_id: int, button: str, *, seconds: float = 5.0) -> Pressed:
        """`button` is its label, else its callback data, else a part of one label."""
        message, person = self._message(chat, message_id), self.world.user(user)
        self._may_write(message.chat, person)
        found = _pick(buttons(message), button)
        if found.data is None:
            return Pressed(url=found.url, copied=found.copy)
        return await self.press_raw(person, message.chat, message_id, found.data, seconds=seconds)

    async def press_raw(self, user: Whose, chat: Where, message_id: int, data: str, *, seconds: float = 5.0) -> Pressed:
        """A press with any data and message, as a forged client sends it."""
        person, place = self.world.user(user), self.world.chat(chat)
        message = place.messages.get(message_id)
        bot = self._bot_in(place, message)
        press = Press(str(self.world.new_id() * 10**12), bot, self.world.clock())
        self.world.presses[press.id] = press
        gone: Shape = {"chat": place.shape(), "message_id": message_id, "date": 0}
        body = {"id": press.id, "from": person.shape(), "message": message.shape() if message else gone, "data": data}
        self.world.tell(bot, "callback_query", body | {"chat_instance": str(-place.id)}, ("callback", person.id))
        if not await _within(press.answered, seconds):
            return Pressed(spinning=True)
        answer = press.answer
        return Pressed(answer.get("text"), bool(answer.get("show_alert")), answer.get("url"))

    async def ask(self, user: Whose, query: str, *, seconds: float = 5.0) -> list[Shape]:
        """Types "@bot query" and waits for the inline results."""
        person, bot = self.world.user(user), self.world.bot
        _sure(bot.inline, f"@{bot.username} has no inline mode")
        question = Question(str(self.world.new_id() * 10**12), bot, person, self.world.clock())
        self.world.questions[question.id] = question
        body = {"id": question.id, "from": person.shape(), "query": query, "offset": ""}
        self.world.tell(bot, "inline_query", body, ("inline", person.id))
        return question.results if await _within(question.answered, seconds) else []

    async def choose(
        self, user: Whose, chat: Where, result: Shape, query: str = "", *,
        reply_to: Message | int | None = None, thread: int | None = None,
    ) -> Message:  # fmt: skip
        """Sends an inline result: the person's message, by way of the bot."""
        person, bot = self.world.user(user), self.world.bot
        words, entities = typed(result.get("input_message_content", {}).get("message_text", result.get("title", "")))
        message = self._post(person, chat, reply_to, thread, text=words, entities=entities, via=bot.user)
        chosen = {"result_id": result["id"], "from": person.shape(), "query": query}
        self.world.tell(bot, "chosen_inline_result", chosen, ("chosen", person.id))
        return message

    async def react(self, user: Whose, chat: Where, message_id: int, emoji: str | None) -> None:
        """None takes the reaction back."""
        message, person = self._message(chat, message_id), self.world.user(user)
        old, new = message.reactions.get(person.id, []), [emoji] if emoji else []
        message.reactions[person.id] = new
        body: Shape = {"chat": message.chat.shape(), "message_id": message_id, "user": person.shape()}
        body |= {"date": int(self.world.clock()), "old_reaction": _reactions(old), "new_reaction": _reactions(new)}
        for bot in self.world.bots.values():
            if message.chat.bot is bot or message.chat.member(bot.user).admin:
                self.world.tell(bot, "message_reaction", body, ("reaction", message.chat.id))
        self.world.wire.touch("telegram")

    async def block(self, user: Whose, *, bot: Bot | None = None) -> None:
        self._set_blocked(self.world.private(user, bot), blocked=True)

    async def unblock(self, user: Whose, *, bot: Bot | None = None) -> None:
        self._set_blocked(self.world.private(user, bot), blocked=False)

    def _set_blocked(self, chat: Chat, *, blocked: bool) -> None:
        if chat.user is None or chat.bot is None:
            raise Impossible("only private chats can be blocked")
        member, kicked = Member(chat.bot.user).shape(), Member(chat.bot.user, "kicked").shape()
        chat.blocked = blocked
        body: Shape = {"chat": chat.shape(), "from": chat.user.shape(), "date": int(self.world.clock())}
        body |= {"old_chat_member": member if blocked else kicked, "new_chat_member": kicked if blocked else member}
        self.world.tell(chat.bot, "my_chat_member", body, ("member", chat.id))

    async def revoke_token(self, *, bot: Bot | None = None) -> None:
        """BotFather takes it back: 401 to everything, also to a poll that is waiting."""
        whose = bot or self.world.bot
        whose.revoked = True
        whose.updates.end_poll("the token was taken back")
        self.world.wire.touch("telegram")

    async def restore_token(self, *, bot: Bot | None = None) -> None:
        """As if the operator had set the new one."""
        (bot or self.world.bot).revoked = False
        self.world.wire.touch("telegram")

    async def deactivate(self, user: Whose) -> None:
        """The person deletes their account."""
        self.world.user(user).deactivated = True

    async def add_bot(
        self, chat: Where, by: Whose, *, payload: str | None = None, bot: Bot | None = None, admin: bool = False
    ) -> None:
        """`payload` is that of a `?startgroup=` link: the group gets "/start@bot payload"."""
        place, person, new = self.world.chat(chat), self.world.user(by), bot or self.world.bot
        self.world.set_member(place, person, self.world.admin(new.user) if admin else Member(new.user))
        self.world.post(place, person, service={"new_chat_members": [new.user.shape()]})
        if payload is not None:
            await self.send(person, place, f"/start@{new.username} {payload}".strip())

    async def kick_bot(self, chat: Where, *, by: Whose | None = None, bot: Bot | None = None) -> None:
        place, gone = self.world.chat(chat), (bot or self.world.bot).user
        person = self.world.user(by) if by is not None else _creator(place)
        self.world.post(place, person, service={"left_chat_member": gone.shape()})
        self.world.set_member(place, person, Member(gone, "kicked"))

    async def join(self, user: Whose, chat: Where) -> None:
        place, person = self.world.chat(chat), self.world.user(user)
        self.world.set_member(place, person, Member(person))
        self.world.post(place, person, service={"new_chat_members": [person.shape()]})

    async def leave(self, user: Whose, chat: Where) -> None:
        place, person = self.world.chat(chat), self.world.user(user)
        self.world.post(place, person, service={"left_chat_member": person.shape()})
        self.world.set_member(place, person, Member(person, "left"))

    async def make_admin(
        self, chat: Where, who: Whose | Bot, *, anonymous: bool = False, rights: frozenset[str] = RIGHTS
    ) -> None:
        """Of a member or of the bot; the creator stays the creator, and may become anonymous."""
        place = self.world.chat(chat)
        user = who.user if isinstance(who, Bot) else self.world.user(who)
        member = self.world.admin(user, anonymous=anonymous, rights=frozenset(rights))
        if place.member(user).status == "creator":
            member = Member(user, "creator", anonymous)
        self.world.set_member(place, _creator(place), member)

    async def open_topic(self, user: Whose, chat: Where, name: str) -> Topic:
        return self.world.open_topic(self.world.chat(chat), self.world.user(user), name)

    async def close_topic(self, chat: Where, thread: int, *, closed: bool = True) -> None:
        place = self.world.chat(chat)
        place.topics[thread].closed = closed
        service = "forum_topic_closed" if closed else "forum_topic_reopened"
        self.world.post(place, _creator(place), service={service: {}}, thread=thread)

    async def delete_topic(self, chat: Where, thread: int, *, says: str = "message thread not found") -> None:
        """No bot is told. `says` is what it hears when it writes there; "TOPIC_DELETED" is the other."""
        place = self.world.chat(chat)
        self.world.remove_topic(place, place.topics[thread], says)

    async def upgrade_group(self, chat: Where, *, by: Whose | None = None) -> Chat:
        place = self.world.chat(chat)
        _sure(place.type == "group", "only a basic group becomes a supergroup")
        return self.world.upgrade(place, self.world.user(by) if by is not None else _creator(place))

    def _post(
        self, user: Whose, chat: Where, reply_to: Message | int | None, thread: int | None, **fields: Any
    ) -> Message:
        place, person = self.world.chat(chat), self.world.user(user)
        self._may_write(place, person)
        target = self._message(place, reply_to) if isinstance(reply_to, int) else reply_to
        _sure(target is None or not target.deleted, "the message to reply to was deleted")
        thread = target.thread if target and thread is None else thread
        if thread is not None:
            topic = place.topics[thread]
            _sure(not topic.deleted, "the topic was deleted")
            _sure(not topic.closed or place.member(person).may("can_manage_topics"), "the topic is closed")
        anonymous = place.member(person).anonymous
        return self.world.post(place, person, reply_to=target, thread=thread, anonymous=anonymous, **fields)

    def _may_write(self, place: Chat, person: User) -> None:
        _sure(not person.deactivated, f"{person.first_name} has no account any more")
        _sure(place.upgraded_to is None, "the group became a supergroup")
        if place.private:
            _sure(place.user is person, "this is somebody else's chat with the bot")
            _sure(place.started, f"{person.first_name} has not started the bot")
            _sure(not place.blocked, f"{person.first_name} has blocked the bot")
        else:
            _sure(place.member(person).present, f"{person.first_name} is not in {place.title}")

    def _message(self, chat: Where, message_id: int) -> Message:
        place = self.world.chat(chat)
        _sure(message_id in place.messages, f"there is no message {message_id} in the chat")
        return place.messages[message_id]

    def _bot_in(self, place: Chat, message: Message | None) -> Bot:
        if place.bot:
            return place.bot
        sender = message.sender if message else None
        here = [bot for bot in self.world.bots.values() if place.member(bot.user).present]
        _sure(bool(here), f"no bot is in {place.title}")
        return next((bot for bot in here if bot.user is sender), here[0])


def _sure(so: bool, otherwise: str) -> None:
    if not so:
        raise Impossible(otherwise)


def _bytes(data: bytes | str) -> bytes:
    return data if isinstance(data, bytes) else base64.b64decode(data, validate=True)


def _creator(place: Chat) -> User:
    _sure(not place.private, "this is no group")
    return next(member.user for member in place.members.values() if member.status == "creator")


def _pick(shown: list[Button], wanted: str) -> Button:
    by_label = [b for b in shown if b.label == wanted]
    by_data = [b for b in shown if b.data == wanted]
    by_part = [b for b in shown if wanted.casefold() in b.label.casefold()]
    found = by_label or by_data or by_part
    _sure(len(found) == 1, f"{len(found)} buttons are {wanted!r}; there are {[b.label for b in shown]}")
    return found[0]


def _reactions(emoji: list[str]) -> list[Shape]:
    return [{"type": "emoji", "emoji": one} for one in emoji]


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
