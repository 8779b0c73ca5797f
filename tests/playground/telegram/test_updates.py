"""What reaches the bot: long polling, webhooks, their order, their expiry, and python-telegram-bot's handlers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryResultArticle, Update
from telegram import InputTextMessageContent as Content
from telegram.error import BadRequest, Conflict
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, InlineQueryHandler

from bots.playground.faults import Fault, Faults
from bots.playground.telegram import TelegramStandIn, User, plain
from bots.playground.telegram.schema import load
from bots.playground.wire import Wire
from tests.playground.telegram.conftest import Clock

SEND = InlineKeyboardMarkup([[InlineKeyboardButton("Send to Zoë", callback_data="v1:send:abc")]])


class Receiver:
    """A webhook that answers as `status` says."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.secrets: set[str | None] = set()
        self.status: Callable[[dict[str, Any]], int] = lambda _: 200
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        update = json.loads(await request.text())
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.got.append(update)
        return web.Response(status=self.status(update))

    @asynccontextmanager
    async def served(self) -> AsyncIterator["Receiver"]:
        app = web.Application()
        app.router.add_post("/hook", self.take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        yield self
        await runner.cleanup()


@pytest.fixture
async def receiver(telegram: TelegramStandIn) -> AsyncIterator[Receiver]:
    telegram.world.bot.updates.retry_scale = 0.01
    async with Receiver().served() as served:
        yield served
        await telegram.close()


async def test_polling_confirms_by_offset(bot: Bot, telegram: TelegramStandIn, ann: User) -> None:
    """Updates come again until a higher offset confirms them; their ids grow by one."""
    await telegram.hands.start(ann, "link_code-1")
    await telegram.hands.send(ann, ann, "hello")

    first = await bot.get_updates()
    again = await bot.get_updates(limit=1)
    rest = await bot.get_updates(offset=first[0].update_id + 1)

    assert [u.message.text for u in first if u.message] == ["/start link_code-1", "hello"]
    assert [u.update_id for u in first] == [again[0].update_id, rest[0].update_id]
    assert rest[0].update_id == again[0].update_id + 1


async def test_a_long_poll_wakes_up(bot: Bot, telegram: TelegramStandIn, ann: User) -> None:
    """A waiting poll answers as soon as somebody writes."""
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await telegram.world.wait(lambda: telegram.world.bot.updates.polled, "the poll")

    await telegram.hands.start(ann)

    assert [u.message.text for u in await asyncio.wait_for(poll, 2) if u.message] == ["/start"]


async def test_two_pollers_and_a_webhook_exclude_each_other(bot: Bot, telegram: TelegramStandIn) -> None:
    """A second poller ends the first with 409, and so does a webhook; with one set, nobody polls."""
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await telegram.world.wait(lambda: telegram.world.bot.updates.polled, "the first poll")
    second = asyncio.create_task(bot.get_updates(timeout=20))

    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    await bot.set_webhook("https://shopbell.example/telegram/x")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await second
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_a_webhook_gets_everything_with_its_secret(
    bot: Bot, telegram: TelegramStandIn, receiver: Receiver, ann: User, wire: Wire
) -> None:
    """Each update is posted with the secret, in the shape of the Bot API, in order."""
    await bot.set_webhook(receiver.url, secret_token="s3cret")
    await telegram.hands.start(ann)
    for number in range(5):
        await telegram.hands.send(ann, ann, str(number))

    await telegram.world.wait(lambda: len(receiver.got) == 6, "six updates")
    assert [u["message"]["text"] for u in receiver.got] == ["/start", "0", "1", "2", "3", "4"]
    assert receiver.secrets == {"s3cret"}
    assert [load().faults(update, "Update") for update in receiver.got] == [[]] * 6
    assert (await bot.get_webhook_info()).pending_update_count == 0
    assert [c.direction for c in wire.calls("telegram", "message")] == ["from"] * 6


async def test_a_failing_webhook_gets_the_same_update_again(
    bot: Bot, telegram: TelegramStandIn, receiver: Receiver, ann: User, bob: User
) -> None:
    """An update that is not taken comes again and holds back its own chat only."""
    await bot.set_webhook(receiver.url)
    receiver.status = lambda update: 500 if update["message"]["chat"]["id"] == ann.id else 200
    await telegram.hands.start(ann)
    await telegram.hands.send(ann, ann, "later")
    await telegram.hands.start(bob)

    def texts(user: User) -> list[str]:
        return [u["message"]["text"] for u in receiver.got if u["message"]["chat"]["id"] == user.id]

    await telegram.world.wait(lambda: len(texts(ann)) >= 3 and texts(bob), "three tries and the other chat")
    assert set(texts(ann)) == {"/start"}
    assert texts(bob) == ["/start"]
    assert "500" in str((await bot.get_webhook_info()).last_error_message)
    receiver.status = lambda _: 200
    await telegram.world.wait(lambda: texts(ann)[-1] == "later", "the update held back")


async def test_an_answer_lost_on_the_way_brings_the_update_twice(
    bot: Bot, telegram: TelegramStandIn, receiver: Receiver, ann: User, faults: Faults
) -> None:
    """A fault on "webhook" after delivery makes Telegram send the same update again."""
    faults.add(Fault("telegram", "webhook", kind="drop_after", times=1))
    await bot.set_webhook(receiver.url)

    await telegram.hands.start(ann)

    await telegram.world.wait(lambda: len(receiver.got) == 2, "the update twice")
    assert receiver.got[0] == receiver.got[1]


async def test_only_allowed_updates_come(bot: Bot, telegram: TelegramStandIn, ann: User) -> None:
    """Reactions and others' memberships come only when asked for; the choice sticks until it is changed."""
    message = await telegram.hands.start(ann)
    await telegram.hands.react(ann, ann, message.id, "👍")
    await telegram.hands.block(ann)
    assert [kind_of(u) for u in await bot.get_updates(offset=0)] == ["message", "my_chat_member"]

    await bot.get_updates(offset=-1, allowed_updates=["message_reaction"])
    await telegram.hands.unblock(ann)
    await telegram.hands.react(ann, ann, message.id, "❤")

    assert [kind_of(u) for u in await bot.get_updates()][1:] == ["message_reaction"]


def kind_of(update: Update) -> str:
    return next(name for name in update.to_dict() if name != "update_id")


async def test_a_press_lives_150_seconds(bot: Bot, telegram: TelegramStandIn, clock: Clock, ann: User) -> None:
    """An unanswered press spins; after 150 s its update is gone and it can no longer be answered."""
    await telegram.hands.start(ann)
    card = await bot.send_message(ann.id, "card", reply_markup=SEND)

    pressed = await telegram.hands.press(ann, ann, card.message_id, "Send to Zoë", seconds=0)
    heard = [u.callback_query for u in await bot.get_updates() if u.callback_query]
    clock.now += 150

    assert pressed.spinning
    assert [q.data for q in heard] == ["v1:send:abc"]
    assert [u for u in await bot.get_updates() if u.callback_query] == []
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query(heard[0].id)


async def test_a_story_through_an_application(bot: Bot, telegram: TelegramStandIn, wire: Wire, ann: User) -> None:
    """PTB's handlers, fed by our own poll, answer /start, a press with an alert, and an inline query."""

    async def started(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(
            f"Linked with {(context.args or ['nothing'])[0]}", reply_markup=SEND, do_quote=True
        )

    async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer(f"Got {update.callback_query.data}", show_alert=True)
        await update.callback_query.edit_message_text("Sent")

    async def asked(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.inline_query is not None
        await update.inline_query.answer(
            [InlineQueryResultArticle("c1:q1", "Thanks", Content("Thank you!"))], cache_time=0
        )

    application = Application.builder().bot(bot).updater(None).build()
    application.add_handlers(
        [CommandHandler("start", started), CallbackQueryHandler(pressed), InlineQueryHandler(asked)]
    )
    async with application:
        polling = asyncio.create_task(poll(application))
        await telegram.hands.start(ann, "CODE")
        await telegram.world.wait(lambda: plain(telegram.world.last(ann)) == "Linked with CODE", "the answer to /start")
        card = telegram.world.last(ann)
        answer = await telegram.hands.press(ann, ann, card.id, "Send to Zoë")
        forged = await telegram.hands.press_raw(ann, ann, 999, "v1:send:../../etc")
        results = await telegram.hands.ask(ann, "#c1 thanks")
        chosen = await telegram.hands.choose(ann, ann, results[0])
        polling.cancel()

    assert card.reply_to is not None
    assert card.reply_to.sender is ann
    assert (answer.text, answer.alert, answer.spinning) == ("Got v1:send:abc", True, False)
    assert forged.text == "Got v1:send:../../etc"
    assert plain(card) == "Sent"
    assert (plain(chosen), chosen.via) == ("Thank you!", telegram.world.bot.user)
    assert wire.problems() == []


async def poll(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    offset = 0
    while True:
        for update in await application.bot.get_updates(offset=offset, timeout=10, allowed_updates=Update.ALL_TYPES):
            offset = update.update_id + 1
            # The press of a message that is gone cannot be edited; PTB logs the handler's error.
            await application.process_update(update)
