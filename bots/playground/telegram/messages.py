"""The Bot API's methods about messages: send, edit, delete, react, pin."""

from __future__ import annotations

from typing import Any

from bots.playground.telegram.calls import BotCall, Upload
from bots.playground.telegram.errors import bad_request
from bots.playground.telegram.things import Chat, Message, Shape

DELETABLE = 48 * 3600  # seconds
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
# ReactionTypeEmoji in the Bot API; there is no check mark among them.
REACTIONS = set(
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤️‍🔥 "
    "🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 "
    "🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂️ 🤷 🤷‍♀️ 😡".split()
)
ACTIONS = set(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)


def send_message(call: BotCall) -> Shape:
    chat = call.chat(to_write=True)
    text, entities = call.text("text", "entities")
    return _post(call, chat, text=text, entities=entities, link_preview=call.get("link_preview_options"))


def send_photo(call: BotCall) -> Shape:
    chat = call.chat(to_write=True)
    shape = _kept(call, "photo") | {"width": 800, "height": 600}
    return _captioned(call, chat, {"photo": [shape]})


def send_document(call: BotCall) -> Shape:
    chat = call.chat(to_write=True)
    return _captioned(call, chat, {"document": _kept(call, "document")})


def _captioned(call: BotCall, chat: Chat, media: Shape) -> Shape:
    text, entities = call.text("caption", "caption_entities")
    return _post(call, chat, media=media, text=text or None, entities=entities)


def _kept(call: BotCall, name: str) -> Shape:
    """The shape of an uploaded file, or of one named by file_id or URL."""
    given = call.get(name)
    upload = call.files.get(name) or call.files.get(str(given).removeprefix("attach://"))
    if upload is None and isinstance(given, str):
        if given in call.world.files:
            return _file_shape(name, given, call)
        if not given.startswith(("http://", "https://")):
            raise bad_request("wrong remote file identifier specified: can't unserialize it")
        # Nothing is fetched: the stand-in has no network.
        upload = Upload(given.rpartition("/")[2] or "file", "application/octet-stream", b"")
    if upload is None:
        raise bad_request(f"there is no {name} in the request")
    if not upload.data and given is None:
        raise bad_request("file must be non-empty")
    return _file_shape(name, call.world.keep(upload.name, upload.mime, upload.data).id, call)


def _file_shape(name: str, file_id: str, call: BotCall) -> Shape:
    file = call.world.files[file_id]
    named = {"file_name": file.name, "mime_type": file.mime} if name == "document" else {}
    return file.shape() | named


def _post(call: BotCall, chat: Chat, **fields: Any) -> Shape:
    thread, reply_to, markup = call.open_thread(chat), call.reply_to(chat), call.markup(chat)
    return call.world.post(
        chat,
        call.bot.user,
        thread=thread,
        reply_to=reply_to,
        markup=markup,
        silent=call.flag("disable_notification"),
        protected=call.flag("protect_content"),
        **fields,
    ).shape()


def edit_message_text(call: BotCall) -> Shape:
    chat, message = _editable(call)
    text, entities = call.text("text", "entities")
    if message.media or message.text is None:
        raise bad_request("there is no text in the message to edit")
    preview = call.get("link_preview_options")
    return _edit(call, message, text=text, entities=entities, markup=call.markup(chat), link_preview=preview)


def edit_message_reply_markup(call: BotCall) -> Shape:
    chat, message = _editable(call)
    return _edit(call, message, markup=call.markup(chat))


def _editable(call: BotCall) -> tuple[Chat, Message]:
    if call.get("inline_message_id"):
        raise bad_request("inline messages are not played here")
    chat = call.chat(to_write=True)
    message = call.message(chat, "message to edit not found")
    # Only messages without a keyboard or with an inline one can be edited, so not one that forced a reply.
    if message.sender is not call.bot.user or message.service or (message.markup and not message.keyboard):
        raise bad_request("message can't be edited")
    return chat, message


def _edit(call: BotCall, message: Message, **fields: Any) -> Shape:
    if all(getattr(message, name) == value for name, value in fields.items()):
        raise bad_request(NOT_MODIFIED)
    message.earlier.append(message.text or "")
    for name, value in fields.items():
        setattr(message, name, value)
    message.edited = int(call.world.clock())
    call.world.wire.touch("telegram")
    return message.shape()


def delete_message(call: BotCall) -> bool:
    """The bot's own, in private also the person's; others' with the right to; none after 48 h."""
    chat = call.chat()
    message = call.message(chat, "message to delete not found")
    mine = message.sender is call.bot.user or chat.private
    if not (mine or call.me_in(chat).may("can_delete_messages")):
        raise bad_request("message can't be deleted")
    if call.world.clock() - message.date >= DELETABLE or "supergroup_chat_created" in message.service:
        raise bad_request("message can't be deleted")
    call.world.remove(message)
    return True


def set_message_reaction(call: BotCall) -> bool:
    chat = call.chat(to_write=True)
    message = call.message(chat, "message to react not found")
    reactions = call.get("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(r.get("emoji") not in REACTIONS for r in reactions):
        raise bad_request("REACTION_INVALID")
    message.reactions[call.bot.id] = [r["emoji"] for r in reactions]
    call.world.wire.touch("telegram")
    return True


def send_chat_action(call: BotCall) -> bool:
    chat = call.chat(to_write=True)
    if call.get("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append((call.get("action"), call.open_thread(chat)))
    return True


def pin_chat_message(call: BotCall) -> bool:
    chat = call.chat(to_write=True)
    _may_pin(call, chat)
    message = call.message(chat, "message to pin not found")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        call.world.post(
            chat,
            call.bot.user,
            service={"pinned_message": message.shape(nested=True)},
            thread=message.thread,
            silent=call.flag("disable_notification"),
        )
    return True


def unpin_chat_message(call: BotCall) -> bool:
    chat = call.chat(to_write=True)
    _may_pin(call, chat)
    id = call.get("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(id)
    call.world.wire.touch("telegram")
    return True


def _may_pin(call: BotCall, chat: Chat) -> None:
    if not chat.private and not call.me_in(chat).may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
