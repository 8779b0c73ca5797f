"""What people do in Telegram, and what they are shown for it; by polling and by webhook alike."""

import json
from dataclasses import replace
from typing import TypeVar

import pytest

from bots.playground.faults import Fault, Faults
from bots.playground.telegram import TelegramStandIn, User, asks, labels, links, plain
from bots.playground.telegram.things import Chat, Message
from bots.playground.wire import Wire
from core.domain import texts as parts
from core.domain.actions import Action, Amend, Command, Press, Reach, Submit, Write
from core.domain.cards import Answer, Button, CardRef, Field, Form, Verb
from core.domain.commands import COMMANDS
from core.domain.rooms import RoomKind
from core.domain.texts import Quote, Words
from core.errors import to_keep
from core.ids import new_id
from core.rendering import in_english, say
from core.services.help import menus
from tests.bots.telegram.conftest import BOT_ID, Desk, at_work, room_of
from tests.bots.telegram.test_messages import CONVERSATION, card
from tests.fixtures.ports import new_tools

DRAFT = new_id("draft", 3)
FORM = Form(
    Verb.REPLY,
    CONVERSATION,
    title=(Words("Reply to "), Quote("Ann B.")),
    submit=(Words("Send to "), Quote("Ann B.")),
    fields=(Field("text", (Words("Your reply"),), 2000, hint=(Words("At most 2,000 characters."),)),),
)
SAID = Answer((Words("Noted."),))
Done = TypeVar("Done", bound=Action)


async def done(desk: Desk, telegram: TelegramStandIn, kind: type[Done], number: int = 1) -> Done:
    """The first, second … action of a kind."""

    def found() -> list[Done]:
        return [action for action in desk.act.actions if isinstance(action, kind)]

    await telegram.world.wait(lambda: len(found()) >= number, f"{number} × {kind.__name__}")
    return found()[number - 1]


async def said(telegram: TelegramStandIn, chat: User | Chat, text: str) -> Message:
    def found() -> Message | None:
        return next((m for m in telegram.world.messages(chat) if text in plain(m) and m.sender.is_bot), None)

    message = await telegram.world.wait(found, f"the bot to say {text!r}")
    assert message is not None
    return message


async def post(desk: Desk, chat: User | Chat, thread: int | None = None) -> CardRef:
    return await desk.platform.post(room_of(chat, thread), card(), delivery="d1")


async def test_a_swipe_in_private_answers_the_buyer(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """A reply to a card is for the buyer: it names its card, says its conversation, and is nodded at."""
    ref = await post(desk, ann)
    typed = await telegram.hands.send(ann, ann, "Yes, it is blue.", reply_to=int(ref.message))

    wrote = await done(desk, telegram, Write)
    assert (wrote.text, wrote.at, wrote.conversation, wrote.alone) == ("Yes, it is blue.", ref, CONVERSATION, True)
    assert (wrote.by.platform, wrote.by.workspace, wrote.by.user, wrote.by.name, wrote.by.outsider) == (
        "telegram",
        BOT_ID,
        str(ann.id),
        "Ann",
        False,
    )
    assert wrote.place.kind is RoomKind.DIRECT
    await telegram.world.wait(lambda: ["👀"] in typed.reactions.values(), "👀 on what Ann typed")


async def test_a_text_without_a_target_is_asked_about(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """A plain text in private aims at nothing; what the core asks about it stands beside it, with its buttons."""
    desk.act.answer = Answer(
        (Words("Send to "), Quote("Ann B."), Words("?")), Quote("Hello"), (Button((Words("Send"),), Verb.SEND, DRAFT),)
    )
    typed = await telegram.hands.send(ann, ann, "Hello")

    wrote = await done(desk, telegram, Write)
    shown = await said(telegram, ann, "Send to Ann B.?")
    assert (wrote.at, wrote.alone) == (None, True)
    assert shown.reply_to is typed
    assert (labels(shown), shown.silent) == (["Send"], True)


async def test_a_button_asks_for_the_reply(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """Reply opens the reply box of whoever pressed, named for the buyer; the text comes back as the form's."""
    ref = await post(desk, ann)
    desk.act.answer = lambda action: Answer(form=FORM) if isinstance(action, Press) else Answer()

    pressed = await telegram.hands.press(ann, ann, int(ref.message), "Reply to Ann")
    prompt = await said(telegram, ann, "Reply to Ann B.")
    await telegram.hands.send(ann, ann, "It is blue.", reply_to=prompt)

    press, submit = await done(desk, telegram, Press), await done(desk, telegram, Submit)
    assert not pressed.spinning
    assert pressed.text is None
    assert (press.verb, press.target, press.ref) == (Verb.REPLY, CONVERSATION, ref)
    assert asks(prompt, ann)
    assert prompt.reply_to is not None
    assert str(prompt.reply_to.id) == ref.message
    assert (prompt.markup or {})["input_field_placeholder"] == "Reply to Ann B."
    assert (submit.verb, submit.target, dict(submit.values)) == (Verb.REPLY, CONVERSATION, {"text": "It is blue."})


async def test_a_form_of_two_fields_asks_twice(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """Each question is a prompt of its own, and only the last answer hands the form in."""
    fields = (Field("name", (Words("Name"),), 20), Field("text", (Words("Text"),), 200))
    form = Form(Verb.REPLY, CONVERSATION, (Words("New"),), (Words("Save"),), fields)
    desk.act.answer = lambda action: Answer(form=form) if isinstance(action, Command) else Answer()

    await telegram.hands.send(ann, ann, "/status")
    first = await said(telegram, ann, "New\nName")
    await telegram.hands.send(ann, ann, "Hi", reply_to=first)
    second = await said(telegram, ann, "New\nText")
    await telegram.hands.send(ann, ann, "Hello there", reply_to=second)

    submit = await done(desk, telegram, Submit)
    assert dict(submit.values) == {"name": "Hi", "text": "Hello there"}


async def test_what_may_stay_empty_is_left_so_by_a_hyphen(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """The question says so; where a word is wanted, a hyphen is one."""
    fields = (Field("note", (Words("Note"),), 20, optional=True), Field("text", (Words("Text"),), 200))
    form = Form(Verb.REPLY, CONVERSATION, (Words("New"),), (Words("Save"),), fields)
    desk.act.answer = lambda action: Answer(form=form) if isinstance(action, Command) else Answer()

    await telegram.hands.send(ann, ann, "/status")
    first = await said(telegram, ann, "New\nNote\nSend - to leave this empty.")
    await telegram.hands.send(ann, ann, "-", reply_to=first)
    second = await said(telegram, ann, "New\nText")
    await telegram.hands.send(ann, ann, "-", reply_to=second)

    submit = await done(desk, telegram, Submit)
    assert dict(submit.values) == {"note": "", "text": "-"}


@pytest.mark.parametrize(
    ("typed", "word", "rest"),
    [
        ("/start", "help", ""),
        ("/start l_0Abc-_9", "link", "l_0Abc-_9"),
        ("/link ABC", "link", "ABC"),
        ("/LINK@Shopbell_Bot ABC", "link", "ABC"),
        ("/status all of it", "status", "all of it"),
        ("/dance", "dance", ""),
    ],
)
async def test_commands_are_words_and_what_follows(
    desk: Desk, telegram: TelegramStandIn, ann: User, typed: str, word: str, rest: str
) -> None:
    """A command comes as its word; unknown ones too, so that the core can say what there is."""
    desk.act.answer = SAID
    await telegram.hands.send(ann, ann, typed)

    command = await done(desk, telegram, Command)
    assert (command.word, command.rest) == (word, rest)
    await said(telegram, ann, "Noted.")


async def test_a_command_is_never_sent_to_a_buyer(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """A command typed while the app proposes a reply is still a command; what merely looks like one is not."""
    ref = await post(desk, ann)
    await telegram.hands.send(ann, ann, "/status", reply_to=int(ref.message))
    await telegram.hands.send(ann, ann, "/usr/bin is the folder", reply_to=int(ref.message))

    assert (await done(desk, telegram, Command)).word == "status"
    assert (await done(desk, telegram, Write)).text == "/usr/bin is the folder"


async def test_a_picture_comes_with_its_words(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """The largest of its sizes, and the caption as what was written."""
    await telegram.hands.send_photo(ann, ann, "with words", data=b"picture")

    write = await done(desk, telegram, Write)
    (file,) = write.files
    assert (write.text, file.name, file.type, file.size) == ("with words", "photo.jpg", "image/jpeg", 7)


async def test_a_file_comes_without_words(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """By the name that its sender gave it."""
    await telegram.hands.send_document(ann, ann, "a.pdf", b"%PDF")

    write = await done(desk, telegram, Write)
    assert [(file.name, file.type, file.size) for file in write.files] == [("a.pdf", "application/pdf", 4)]


@pytest.mark.parametrize(("kind", "why"), [("sticker", "no_file"), ("voice", "recording")])
async def test_what_is_no_file_is_answered(
    desk: Desk, telegram: TelegramStandIn, ann: User, kind: str, why: str
) -> None:
    """What cannot be sent on is said to be so, and no part of it is sent."""
    hands = telegram.hands
    await (hands.send_sticker(ann, ann) if kind == "sticker" else hands.send_voice(ann, ann))

    await said(telegram, ann, parts.plain(say(f"telegram/phrases#{why}")))
    assert desk.act.actions == []


async def test_an_edit_is_told_under_the_name_of_what_was_typed(
    desk: Desk, telegram: TelegramStandIn, ann: User
) -> None:
    """Whether it still counts is for the core to say."""
    typed = await telegram.hands.send(ann, ann, "Helo")
    first = await done(desk, telegram, Write)
    await telegram.hands.edit(ann, ann, typed.id, "Hello")

    changed = await done(desk, telegram, Amend)
    assert isinstance(changed, Amend)
    assert (changed.of, changed.text) == (first.key, "Hello")
    assert changed.key != first.key


async def test_an_answer_takes_the_buttons_place(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """What was asked is replaced by what was decided, so that nobody presses twice; a deleted one is said anew."""
    ref = await post(desk, ann)
    desk.act.answer = Answer((Words("Sent."),), replaces=True)
    await telegram.hands.press(ann, ann, int(ref.message), "Reply to Ann")
    await telegram.world.wait(lambda: plain(telegram.world.last(ann)) == "Sent.", "the card to be replaced")
    await telegram.hands.delete_message(ann, int(ref.message))
    await telegram.hands.press_raw(ann, ann, int(ref.message), f"v1:reply:o:{CONVERSATION}::0")

    shown = await said(telegram, ann, "Sent.")
    assert str(shown.id) != ref.message


async def test_a_forged_button_does_no_harm(desk: Desk, telegram: TelegramStandIn, ann: User, wire: Wire) -> None:
    """Data that no button of ours carries is answered with a sentence, and goes no further."""
    ref = await post(desk, ann)

    for data in ("v1:destroy:o:x::0", "hello", "v2:reply:o:x::0", "v1:reply:o:" + "x" * 53):
        pressed = await telegram.hands.press_raw(ann, ann, int(ref.message), data)
        assert pressed.text == parts.plain(say("telegram/phrases#old_button"))
    assert desk.mailbox.kept == []
    assert len(wire.calls("telegram", "answerCallbackQuery")) == 4


async def test_a_blocked_bot_says_so_at_once(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """Blocking and unblocking reach the core without a send that fails first."""
    await telegram.hands.block(ann)
    lost = await done(desk, telegram, Reach)
    telegram.world.clock = lambda: 4e9  # another second: the same change twice is one
    await telegram.hands.unblock(ann)
    back = await done(desk, telegram, Reach, 2)

    assert (lost.reachable, back.reachable) == (False, True)
    assert "blocked" in in_english(to_keep(lost.problem))


async def test_mail_read_twice_is_shown_once(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """A process that died after showing does not show again."""
    desk.act.answer = SAID
    await telegram.hands.send(ann, ann, "Hello")
    await said(telegram, ann, "Noted.")
    await telegram.world.wait(lambda: any("shown" in key for key in desk.tools.memory.kept), "the mark")  # type: ignore[attr-defined]
    await desk.inbound.read(replace(desk.mailbox.kept[0], again=True))

    assert [plain(m) for m in telegram.world.messages(ann)] == ["Hello", "Noted."]


async def test_an_answer_is_shown_although_telegram_pauses(
    desk: Desk, telegram: TelegramStandIn, faults: Faults, ann: User
) -> None:
    """A flood limit or a lost answer delays what a member is shown, and does not swallow it."""
    desk.act.answer = SAID
    faults.add(
        Fault("telegram", "sendMessage", status=429, body={"ok": False, "parameters": {"retry_after": 1}}, times=1)
    )
    await telegram.hands.send(ann, ann, "Hello")

    await said(telegram, ann, "Noted.")
    assert len(desk.act.actions) == 1


async def test_texts_of_a_chat_keep_their_order(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """What one person types is taken in the order in which it was typed."""
    for number in range(20):
        await telegram.hands.send(ann, ann, f"{number}")

    await done(desk, telegram, Write, 20)
    assert [action.text for action in desk.act.actions if isinstance(action, Write)] == [str(n) for n in range(20)]


async def test_a_buyers_words_shown_back_stay_words(desk: Desk, telegram: TelegramStandIn, ann: User) -> None:
    """Also in an answer, what somebody else wrote can be read and not tapped."""
    desk.act.answer = Answer((Words("Their words:"),), Quote("@ann_sells /start https://evil.com"))
    await telegram.hands.send(ann, ann, "Hello")

    assert links(await said(telegram, ann, "Their words:")) == []


async def test_the_menu_is_set(telegram: TelegramStandIn) -> None:
    """Telegram offers the commands in the reader's language: all in private chats, in groups what suits several."""
    tools = replace(new_tools(), menus=menus())
    async with at_work(telegram, "polling", tools):
        menus_now = telegram.world.bot.commands.items()
        shown = {(json.loads(scope)["type"], language): offered for (scope, language), offered in menus_now}

    for language in ("", "de"):
        alone, grouped = shown["all_private_chats", language], shown["all_group_chats", language]
        assert [c["command"] for c in alone] == [known.word for known in COMMANDS]
        assert [c["command"] for c in grouped] == [known.word for known in COMMANDS if known.grouped]
    assert {"command": "help", "description": "What can be done here"} in shown["all_group_chats", ""]
    assert {"command": "help", "description": "Was hier möglich ist"} in shown["all_group_chats", "de"]
