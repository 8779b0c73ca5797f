"""Sending, editing and deleting through python-telegram-bot, with Telegram's refusals in its own words."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from telegram import (
    Bot,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bots.playground.faults import Fault, Faults
from bots.playground.telegram import (
    Limits,
    TelegramStandIn,
    User,
    asks,
    buttons,
    labels,
    links,
    pings,
    plain,
    times,
)
from bots.playground.telegram.schema import load
from bots.playground.wire import Wire
from tests.playground.telegram.conftest import TOKEN, Clock

CARD = (
    "💬 <b>Zoë &lt;b&gt;</b> · Example\n<blockquote expandable>@ann_sells see evil.example.com</blockquote>\n"
    '⏳ Reply <tg-time unix="1795003600" format="r">in 1 h</tg-time>'
)
KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Reply", callback_data="v1:reply:abc", api_kwargs={"style": "primary"})],
        [
            InlineKeyboardButton("Open", url="https://market.example/c/7"),
            InlineKeyboardButton("Copy", copy_text=CopyTextButton("hi")),
        ],
    ]
)


@pytest.fixture
async def chat(telegram: TelegramStandIn, ann: User) -> int:
    await telegram.hands.start(ann)
    return ann.id


async def test_a_card_arrives_as_sent(bot: Bot, telegram: TelegramStandIn, wire: Wire, chat: int) -> None:
    """A card with HTML, a countdown and buttons is read by the person and comes back to the bot in the API's shape."""
    sent = await bot.send_message(
        chat,
        CARD,
        parse_mode="HTML",
        reply_markup=KEYBOARD,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
    )

    card = telegram.world.last(chat)
    assert sent.text == plain(card) == "💬 Zoë <b> · Example\n@ann_sells see evil.example.com\n⏳ Reply in 1 h"
    assert sent.parse_entities([MessageEntity.BOLD]) == {sent.entities[0]: "Zoë <b>"}
    assert times(card) == [(1795003600, "r")]
    assert (pings(card), links(card)) == (["@ann_sells"], ["evil.example.com"])
    assert [(b.label, b.row, b.style) for b in buttons(card)] == [
        ("Reply", 0, "primary"),
        ("Open", 1, None),
        ("Copy", 1, None),
    ]
    assert card.silent
    assert sent.reply_markup is not None
    assert wire.problems() == []
    assert load().faults(card.shape(), "Message") == []


async def test_an_edit_replaces_words_and_buttons(bot: Bot, telegram: TelegramStandIn, chat: int) -> None:
    """An edited message keeps its place, remembers what it said, and loses the buttons that were not given again."""
    sent = await bot.send_message(chat, "open", reply_markup=KEYBOARD)

    await bot.edit_message_text("answered", chat, sent.message_id)

    card = telegram.world.last(chat)
    assert (card.id, plain(card), card.earlier, labels(card)) == (sent.message_id, "answered", ["open"], [])


def button(**does: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("a", **does)]])


UNENDED = "can't parse entities: can't find end tag corresponding to start tag \"b\""
TEXT_BUTTON = "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"
REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("send_message", {"text": ""}, "message text is empty"),
    ("send_message", {"text": " \n "}, "text must be non-empty"),
    ("send_message", {"text": "x" * 4097}, "message is too long"),
    ("send_message", {"text": "<b>a", "parse_mode": "HTML"}, UNENDED),
    ("send_message", {"text": "a", "message_thread_id": 1}, "message thread not found"),
    ("send_message", {"text": "a", "reply_parameters": ReplyParameters(99)}, "message to be replied not found"),
    ("send_message", {"reply_markup": button(callback_data="ж" * 33)}, "BUTTON_DATA_INVALID"),
    ("send_message", {"reply_markup": button(copy_text=CopyTextButton("x" * 257))}, "BUTTON_COPY_TEXT_INVALID"),
    ("send_message", {"reply_markup": button(url="-")}, "inline keyboard button URL '-' is invalid: Wrong HTTP URL"),
    ("send_message", {"reply_markup": button()}, TEXT_BUTTON),
    (
        "send_message",
        {"reply_markup": button(callback_data="a", style="pink")},
        "button style must be one of danger, primary, success",
    ),
    (
        "send_message",
        {"reply_markup": ForceReply(input_field_placeholder="x" * 65)},
        "input field placeholder must be 1-64 characters long",
    ),
    ("send_photo", {"photo": b"x", "caption": "x" * 1025}, "message caption is too long"),
    ("edit_message_text", {"text": "a", "message_id": 99}, "message to edit not found"),
    ("edit_message_text", {"text": "a", "message_id": 1}, "message can't be edited"),
    ("delete_message", {"message_id": 99}, "message to delete not found"),
    ("set_message_reaction", {"message_id": 1, "reaction": "✅"}, "REACTION_INVALID"),
    ("send_chat_action", {"action": "juggling"}, "wrong parameter action in request"),
]


@pytest.mark.parametrize(("method", "arguments", "reason"), REFUSALS)
async def test_refusals(bot: Bot, chat: int, method: str, arguments: dict[str, Any], reason: str) -> None:
    """A bad call gets 400 and Telegram's words, as PTB capitalises them."""
    with pytest.raises(BadRequest) as refused:
        await getattr(bot, method)(chat_id=chat, **({"text": "a"} if method == "send_message" else {}) | arguments)

    assert refused.value.message.casefold() == reason.casefold()


async def test_4096_characters_count_after_parsing(bot: Bot, chat: int) -> None:
    """The limit is in code points of the text, not in bytes, UTF-16 units or markup."""
    sent = await bot.send_message(chat, f"<b>{'😀' * 4096}</b>", parse_mode="HTML")

    assert sent.text == "😀" * 4096


async def test_the_same_edit_again_is_refused(bot: Bot, chat: int) -> None:
    """An edit that changes nothing is "not modified", by text and by keyboard."""
    sent = await bot.send_message(chat, "a", reply_markup=KEYBOARD)

    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await bot.edit_message_text("a", chat, sent.message_id, reply_markup=KEYBOARD)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(chat, sent.message_id, reply_markup=KEYBOARD)


async def test_a_prompt_asks_for_a_reply_and_cannot_be_edited(
    bot: Bot, telegram: TelegramStandIn, ann: User, chat: int
) -> None:
    """ForceReply opens the person's reply box; such a message is not one that can be edited."""
    sent = await bot.send_message(
        chat, "Your answer?", reply_markup=ForceReply(input_field_placeholder="Answer to Zoë")
    )

    assert asks(telegram.world.last(chat), ann)
    assert sent.reply_markup is None
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("a", chat, sent.message_id)


async def test_a_reply_to_a_deleted_message_may_go_without_it(bot: Bot, chat: int) -> None:
    """With allow_sending_without_reply the message is sent alone."""
    sent = await bot.send_message(chat, "a", reply_parameters=ReplyParameters(99, allow_sending_without_reply=True))

    assert sent.reply_to_message is None


async def test_messages_older_than_two_days_stay(bot: Bot, clock: Clock, chat: int) -> None:
    """After 48 h a message can be edited but no longer deleted."""
    sent = await bot.send_message(chat, "a")

    clock.now += 48 * 3600
    await bot.edit_message_text("b", chat, sent.message_id)

    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(chat, sent.message_id)


async def test_reactions_and_files(bot: Bot, telegram: TelegramStandIn, wire: Wire, ann: User, chat: int) -> None:
    """A reaction stands on the person's message; their photo can be fetched and a document sent by upload and by id."""
    photo = await telegram.hands.send_photo(ann, ann, "look", data=b"jpeg")

    await bot.set_message_reaction(chat, photo.id, "👀")
    file = await bot.get_file(photo.media["photo"][-1]["file_id"])
    sent = await bot.send_document(chat, b"hello", filename="a.txt", caption="here")

    assert sent.document is not None
    again = await bot.send_document(chat, sent.document.file_id)
    assert photo.reactions == {telegram.world.bot.id: ["👀"]}
    assert bytes(await file.download_as_bytearray()) == b"jpeg"
    assert (sent.document.file_name, sent.caption) == ("a.txt", "here")
    assert again.document is not None
    assert again.document.file_id == sent.document.file_id
    assert wire.problems() == []


async def test_people_out_of_reach(bot: Bot, telegram: TelegramStandIn, ann: User, bob: User) -> None:
    """Unknown, not started, blocked and deleted accounts are told apart."""
    group = telegram.world.new_group("Team", [ann])
    await telegram.hands.add_bot(group, ann)

    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(bob.id, "a")
    with pytest.raises(Forbidden, match="Forbidden: bot can't initiate conversation with a user"):
        await bot.send_message(ann.id, "a")
    await telegram.hands.start(ann)
    await telegram.hands.block(ann)
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(ann.id, "a")
    await telegram.hands.unblock(ann)
    await telegram.hands.deactivate(ann)
    with pytest.raises(Forbidden, match="Forbidden: user is deactivated"):
        await bot.send_message(ann.id, "a")


async def test_the_schema_catches_what_is_not_in_the_api(telegram: TelegramStandIn, wire: Wire, chat: int) -> None:
    """Unknown fields are ignored but noted; missing and mistyped ones are refused and noted."""
    calls: list[tuple[str, dict[str, Any], int, str]] = [
        ("sendMessage", {"text": "a", "ring": True}, 200, "sendMessage has no parameter ring"),
        ("sendMessage", {}, 400, "sendMessage needs text"),
        ("sendMessage", {"text": 5}, 400, "text must be String, is int 5"),
        (
            "sendMessage",
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": 1}]]}},
            400,
            "reply_markup.inline_keyboard[0][0].callback_data must be String, is int 1",
        ),
        (
            "sendMessage",
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "1", "icon": "x"}]]}},
            200,
            "reply_markup.inline_keyboard[0][0] (InlineKeyboardButton) has no field icon",
        ),
        (
            "setMessageReaction",
            {"message_id": 1, "reaction": [{"type": "emoji"}]},
            400,
            "reaction[0].emoji is missing",
        ),
        ("sendDice", {}, 404, "sendDice is not played here"),
        ("ring", {}, 404, "ring is no method of the Bot API"),
        (
            "sendMessage",
            {"text": "a", "parse_mode": "MarkdownV2"},
            400,
            "Bad Request: MarkdownV2 is not played here; HTML needs no escaping rules",
        ),
    ]
    async with ClientSession() as http:
        for method, body, status, _ in calls:
            async with http.post(f"{telegram.url}/bot{TOKEN}/{method}", json={"chat_id": chat} | body) as answer:
                assert answer.status == status, await answer.text()

    assert [call.problems[0] for call in wire.problems()] == [problem for *_, problem in calls]


async def test_nobodys_token(telegram: TelegramStandIn) -> None:
    """A token the stand-in does not know is unauthorised."""
    with pytest.raises(InvalidToken):
        async with Bot("1:nobody", base_url=f"{telegram.url}/bot"):
            pass


async def test_flood_limits(
    bot: Bot, telegram: TelegramStandIn, clock: Clock, chat: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chat takes a short burst, then 429 says how long to wait, and after that it goes on."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it PTB warns of a change to come
    telegram.world.limits = Limits(clock)
    for _ in range(3):
        await bot.send_message(chat, "a")

    with pytest.raises(RetryAfter) as slow:
        await bot.send_message(chat, "a")
    clock.now += 1

    assert slow.value.retry_after == timedelta(seconds=1)
    await bot.send_message(chat, "a")


async def test_faults(bot: Bot, telegram: TelegramStandIn, faults: Faults, wire: Wire, chat: int) -> None:
    """Any status, a slow answer, and a connection lost before or after the message was accepted."""
    faults.add(Fault("telegram", "sendMessage", {"chat_id": chat}, "status", 502, times=1))
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(chat, "one")
    faults.add(Fault("telegram", "sendMessage", kind="drop_before", times=1))
    with pytest.raises(NetworkError):
        await bot.send_message(chat, "two")
    faults.add(Fault("telegram", "sendMessage", kind="drop_after", times=1))
    with pytest.raises(NetworkError):
        await bot.send_message(chat, "three")
    faults.add(Fault("telegram", "sendMessage", kind="delay", seconds=0.3, times=1))
    with pytest.raises(TimedOut):
        await bot.send_message(chat, "four", read_timeout=0.05)

    await telegram.world.wait(lambda: len(wire.calls("telegram", "sendMessage")) == 4, "all four calls")
    assert [plain(m) for m in telegram.world.messages(chat)] == ["/start", "three", "four"]
    assert [c.status for c in wire.calls("telegram", "sendMessage")] == [502, None, None, 200]
