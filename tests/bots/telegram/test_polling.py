"""Long polling: one process at a time, and nothing confirmed before it is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bots.playground.faults import Fault, Faults
from bots.playground.telegram import TelegramStandIn, User
from bots.playground.telegram.updates import Webhook
from bots.playground.wire import Wire
from bots.telegram.app import App
from bots.telegram.arrivals import Arrivals
from bots.telegram.config import read_config
from bots.telegram.inline import Inline
from bots.telegram.polling import Poller
from core.ports.chat import Mail
from tests.bots.telegram.conftest import TOKEN, at_work
from tests.fixtures.ports import Leases, Mailbox, RecordingAct, new_tools

ROLE = "telegram/7001/poll"


async def kept(telegram: TelegramStandIn, mailbox: Mailbox, count: int) -> None:
    await telegram.world.wait(lambda: len(mailbox.kept) >= count, f"{count} updates to be kept")


async def test_an_update_is_kept_before_it_is_confirmed(telegram: TelegramStandIn, ann: User) -> None:
    """While the store is away Telegram keeps what was typed, and hands it over once more."""
    async with at_work(telegram, "polling") as desk:
        desk.mailbox.down = True
        await telegram.hands.send(ann, ann, "Hello")
        await telegram.world.wait(lambda: telegram.world.bot.updates._poll is None, "the update to be fetched")
        assert len(telegram.world.bot.updates.waiting()) == 1
        desk.mailbox.down = False
        await kept(telegram, desk.mailbox, 1)

        await telegram.world.wait(lambda: not telegram.world.bot.updates.waiting(), "the update to be confirmed")


async def test_an_old_webhook_is_taken_away(telegram: TelegramStandIn, ann: User) -> None:
    """A bot that had a webhook before is polled without anybody's help, and what waited is not lost."""
    telegram.world.bot.updates.set_webhook(Webhook("http://127.0.0.1:1/"), drop=False)
    await telegram.hands.send(ann, ann, "Hello")

    async with at_work(telegram, "polling") as desk:
        await kept(telegram, desk.mailbox, 1)


async def test_trouble_on_the_way_is_waited_out(
    telegram: TelegramStandIn, faults: Faults, ann: User, wire: Wire
) -> None:
    """Errors, floods and a second poller are each followed by another try."""
    flood = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
    faults.add(Fault("telegram", "getUpdates", status=502, times=1))
    faults.add(Fault("telegram", "getUpdates", status=429, body=flood, times=1))
    await telegram.hands.send(ann, ann, "one")

    async with at_work(telegram, "polling") as desk:
        await kept(telegram, desk.mailbox, 1)

    assert {call.status for call in wire.calls("telegram", "getUpdates")} >= {200, 502, 429}


@pytest.fixture
async def app(telegram: TelegramStandIn) -> AsyncIterator[App]:
    config = read_config({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url})
    assert config is not None
    opened = App(config, {})
    yield opened
    await opened.aclose()


@asynccontextmanager
async def polled(app: App, leases: Leases, process: str) -> AsyncIterator[list[Mail]]:
    """A process that polls, and what it kept."""
    mail: list[Mail] = []

    async def keep(one: Mail) -> bool:
        mail.append(one)
        return True

    tools = new_tools()
    arrivals = Arrivals(app, keep, Inline(app, RecordingAct(), tools.memory), tools.voice)
    poller = Poller(app, arrivals, leases.of(process), renew_seconds=0.02)
    polling = asyncio.create_task(poller.run())
    yield mail
    polling.cancel()
    await asyncio.wait([polling])


async def test_one_process_polls_at_a_time(telegram: TelegramStandIn, app: App, ann: User, wire: Wire) -> None:
    """Two processes never fight over a bot: the second waits, and takes over when the first leaves."""
    leases = Leases()
    async with AsyncExitStack() as second:
        async with polled(app, leases, "a") as first_mail:
            await telegram.world.wait(lambda: telegram.world.bot.updates._poll, "the first to poll")
            second_mail = await second.enter_async_context(polled(app, leases, "b"))
            await telegram.hands.send(ann, ann, "one")
            await telegram.world.wait(lambda: first_mail, "the first to hear of it")
        await telegram.hands.send(ann, ann, "two")
        await telegram.world.wait(lambda: any(b"two" in mail.body for mail in second_mail), "the second to hear of it")

        assert leases.holders == {ROLE: "b"}
    assert leases.holders == {}
    assert 409 not in {call.status for call in wire.calls("telegram", "getUpdates")}


async def test_a_poller_that_lost_its_role_stops(telegram: TelegramStandIn, app: App) -> None:
    """A process that another has replaced asks for no more updates."""
    leases = Leases()
    async with polled(app, leases, "a"):
        await telegram.world.wait(lambda: telegram.world.bot.updates._poll, "somebody to poll")
        leases.holders[ROLE] = "b"
        await telegram.world.wait(lambda: not open_calls(app), "the poll to end")

    assert leases.holders == {ROLE: "b"}


def open_calls(app: App) -> int:
    session = app._transport._session
    return len(session.connector._acquired) if session and session.connector else 0


async def test_two_installations_of_one_bot_wait_for_each_other(
    telegram: TelegramStandIn, app: App, faults: Faults, ann: User
) -> None:
    """A second installation with the same token makes Telegram say 409; ours waits and goes on."""
    conflict = {"ok": False, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"}
    faults.add(Fault("telegram", "getUpdates", status=409, body=conflict, times=1))
    await telegram.hands.send(ann, ann, "Hello")

    async with polled(app, Leases(), "a") as mail:
        await telegram.world.wait(lambda: mail, "the text")
