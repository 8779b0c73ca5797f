"""Update → Action: what somebody did, or what the bot says at once because nobody did anything."""

import re
from dataclasses import dataclass, replace

from telegram import (
    CallbackQuery,
    Chat,
    ChatMemberRestricted,
    ChatMemberUpdated,
    MaybeInaccessibleMessage,
    Message,
    Update,
    User,
)
from telegram.constants import ChatMemberStatus, ChatType

from bots.telegram.app import Me
from bots.telegram.arrivals import typed_key
from bots.telegram.callbacks import carried, conversation_of
from bots.telegram.errors import reachable_no_more
from bots.telegram.files import attached, why_not
from bots.telegram.prompts import Prompt
from core.domain.actions import Action, Amend, Command, Move, Press, Reach, Submit, Write
from core.domain.cards import CardRef
from core.domain.commands import find
from core.domain.files import File
from core.domain.members import Identity
from core.domain.rooms import Address, Place, RoomKind

PLATFORM = "telegram"

_COMMAND = re.compile(r"/(?P<word>[A-Za-z0-9_]{1,64})(?:@(?P<bot>[A-Za-z0-9_]{3,64}))?(?:\s+(?P<rest>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heard:
    """`message` is what they typed or the message whose button they pressed; what is shown replies to it.

    Exactly one of `action`, `ask` (a prompt with its next question) and `say` is there. `say_once` names what is
    said once for several updates: an album comes as one update for each picture. What is said is named, by a block of
    `templates/telegram/phrases.txt.j2`. `on_card`: they pressed on a card, whose place no answer takes, whatever a
    forged button says.
    """

    place: Place
    by: Identity
    message: str | None
    action: Action | None = None
    ask: Prompt | None = None
    say: str = ""
    say_once: str = ""
    on_card: bool = False

    @property
    def alone(self) -> bool:
        return self.place.kind is RoomKind.DIRECT


def prompt_in_question(update: Update) -> tuple[str, str] | None:
    """The chat and the message that a text replies to: it may be a prompt of ours."""
    message = update.message
    if message is None or message.reply_to_message is None:
        return None
    return str(message.chat.id), str(message.reply_to_message.message_id)


def hear(update: Update, key: str, me: Me, prompt: Prompt | None = None) -> Heard | None:
    """None for what is not meant for us: people talking in a group."""
    if update.callback_query is not None:
        return _pressed(update.callback_query, key, me)
    if update.my_chat_member is not None:
        return _reached(update.my_chat_member, key, me)
    if update.edited_message is not None:
        return _edited(update.edited_message, key, me)
    if update.message is not None:
        return _typed(update.message, key, me, prompt)
    return None


def _pressed(query: CallbackQuery, key: str, me: Me) -> Heard | None:
    said, message = carried(query.data), query.message
    if said is None or message is None:
        return None
    place = _place(message.chat, me, message if isinstance(message, Message) else None)
    by = _person(query.from_user, me)
    ref = CardRef(place.address, str(message.message_id))
    action = Press(key, by, place, said.verb, said.target, said.choice, said.version, ref)
    return Heard(place, by, ref.message, action, on_card=_is_card(message))


def _is_card(message: MaybeInaccessibleMessage) -> bool:
    """By the buttons that stand on it: those of cards alone have a version, and no presser can change them."""
    keyboard = message.reply_markup.inline_keyboard if isinstance(message, Message) and message.reply_markup else ()
    found = (carried(str(button.callback_data)) for row in keyboard for button in row if button.callback_data)
    return any(each is not None and each.version for each in found)


def _reached(change: ChatMemberUpdated, key: str, me: Me) -> Heard | None:
    was, now = _may_write(change.old_chat_member), _may_write(change.new_chat_member)
    if was == now:
        return None
    place, by = _place(change.chat, me), _person(change.from_user, me)
    problem = "" if now else reachable_no_more(change.new_chat_member.status)
    return Heard(place, by, None, Reach(key, by, place, now, problem))


def _may_write(member: object) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    return getattr(member, "status", None) not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


def _edited(message: Message, key: str, me: Me) -> Heard | None:
    place, by = _place(message.chat, me, message), _author(message, me)
    said = message.text or message.caption
    if not said or not (place.kind is RoomKind.DIRECT or _answered(message, me)):
        return None
    first = f"{me.bot_id}/{typed_key(message.chat.id, message.message_id)}"
    return Heard(place, by, str(message.message_id), Amend(key, by, place, _without_name(said, me), first))


def _typed(message: Message, key: str, me: Me, prompt: Prompt | None) -> Heard | None:
    place, by, id = _place(message.chat, me, message), _author(message, me), str(message.message_id)
    if message.migrate_to_chat_id:
        return Heard(place, by, None, Move(key, by, place, str(message.migrate_to_chat_id)))
    if message.migrate_from_chat_id:  # the new chat says so too, before anybody writes there
        before = replace(place, address=replace(place.address, chat=str(message.migrate_from_chat_id)))
        return Heard(place, by, None, Move(key, by, before, str(message.chat.id)))
    said, heard = message.text or message.caption or "", Heard(place, by, id)
    answered, alone, text = _answered(message, me), heard.alone, _without_name(said, me)
    if command := _command(said, key, by, place, me):
        return replace(heard, action=_about(command, answered))
    if not (alone or answered or text != said) or not (message.text or message.effective_attachment):
        return None
    file = attached(message, me.bot_id)
    if not message.text and (file is None or message.media_group_id):
        return _not_taken(heard, message)
    files = (file,) if file else ()
    # Of those that we offered, a message says only by which bot it was found; its placeholders are still to be filled.
    chosen = message.via_bot is not None and str(message.via_bot.id) == me.bot_id
    if prompt is not None and prompt.by == by.user and prompt.questions and not chosen:
        return _filled(heard, prompt, said, files, key)
    ref = CardRef(place.address, str(answered.message_id)) if answered else None
    conversation = conversation_of(prompt.verb, prompt.target) if prompt else _conversation(answered)
    return replace(heard, action=Write(key, by, place, text, ref, conversation, alone, files, chosen))


def _not_taken(heard: Heard, message: Message) -> Heard:
    """An album is told of once, and nobody tells which of its pictures is the last."""
    if message.media_group_id:
        return replace(heard, say="album", say_once=f"{message.chat.id}/album/{message.media_group_id}")
    return replace(heard, say=why_not(message))


def _filled(heard: Heard, prompt: Prompt, said: str, files: tuple[File, ...], key: str) -> Heard:
    if files and (not prompt.files or len(prompt.questions) > 1):
        return replace(heard, say="words_only")
    filled = prompt.filled(said)
    if filled.questions:
        return replace(heard, ask=filled)
    told = Submit(key, heard.by, heard.place, filled.verb, filled.target, filled.values, files)
    return replace(heard, action=told)


def _command(text: str, key: str, by: Identity, place: Place, me: Me) -> Command | None:
    """In a group only what is ours by its word or by our name; a private chat is ours alone."""
    match = _COMMAND.fullmatch(text.strip())
    if match is None:
        return None
    word, rest, bot = match["word"].casefold(), (match["rest"] or "").strip(), (match["bot"] or "").casefold()
    if bot and bot != me.username:
        return None
    if not (bot or place.kind is RoomKind.DIRECT or find(word)):
        return None
    if word == "start":  # the button at the bottom of a new chat, and what a link of ours arrives as
        word = "link" if rest else "help"
    return Command(key, by, place, word, rest)


def _about(command: Command, answered: Message | None) -> Command:
    """With the message of ours that it was typed as an answer to."""
    if answered is None:
        return command
    ref = CardRef(command.place.address, str(answered.message_id))
    return replace(command, at=ref, conversation=_conversation(answered))


def _without_name(text: str, me: Me) -> str:
    """A text that calls the bot by its name, without that name."""
    called = re.match(r"\s*@([A-Za-z0-9_]{3,64})[\s,:]+", text)
    return text[called.end() :] if called and called[1].casefold() == me.username else text


def _answered(message: Message, me: Me) -> Message | None:
    """The message of ours that this one answers. In a topic everything "answers" the topic's creation."""
    target = message.reply_to_message
    if target is None or target.from_user is None or str(target.from_user.id) != me.bot_id:
        return None
    return None if target.forum_topic_created else target


def _conversation(message: Message | None) -> str | None:
    """What our message says of itself, should the core have lost where it was posted; not one that names several."""
    rows = message.reply_markup.inline_keyboard if message and message.reply_markup else ()
    said = (carried(str(button.callback_data)) for row in rows for button in row if button.callback_data)
    named = {name for one in said if one and (name := conversation_of(one.verb, one.target))}
    return named.pop() if len(named) == 1 else None


def _author(message: Message, me: Me) -> Identity:
    """Whoever writes in a chat's name could be anybody: an anonymous administrator, a linked channel."""
    if message.sender_chat is not None:
        name = message.sender_chat.effective_name or ""
        return Identity(PLATFORM, me.bot_id, str(message.sender_chat.id), name, outsider=True)
    return _person(message.from_user, me)


def _person(user: User | None, me: Me) -> Identity:
    if user is None:
        return Identity(PLATFORM, me.bot_id, "0", outsider=True)
    return Identity(PLATFORM, me.bot_id, str(user.id), user.full_name, outsider=user.is_bot)


def _place(chat: Chat, me: Me, message: Message | None = None) -> Place:
    alone = chat.type == ChatType.PRIVATE
    # A reply outside of topics carries a thread too, which cannot be posted to.
    topic = message is not None and message.is_topic_message and not alone
    thread = str(message.message_thread_id) if message and topic else None
    kind = RoomKind.DIRECT if alone else RoomKind.PUBLIC if chat.username else RoomKind.PRIVATE
    whole_forum = bool(chat.is_forum) and thread is None
    return Place(Address(PLATFORM, me.bot_id, str(chat.id), thread), kind, chat.effective_name or "", whole_forum)
