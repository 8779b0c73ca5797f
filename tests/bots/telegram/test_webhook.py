"""The webhook's door: who may come in, how much they may carry, and when they are told it was taken."""

import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bots.playground.faults import Fault, Faults
from bots.playground.telegram import TelegramStandIn, User
from bots.playground.wire import Wire
from bots.telegram.webhook import BODY_LIMIT
from tests.bots.telegram.conftest import SECRET, TOKEN, Desk, at_work

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def hooked(telegram: TelegramStandIn) -> AsyncIterator[Desk]:
    async with at_work(telegram, "webhook") as desk:
        yield desk


async def knock(desk: Desk, body: bytes, secret: str | None = SECRET, method: str = "POST") -> tuple[int, str]:
    (path,) = desk.web.mounted
    headers = {HEADER: secret} if secret is not None else {}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, desk.web.url + path, data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def test_telegram_is_told_where_and_how(hooked: Desk, telegram: TelegramStandIn) -> None:
    """The address cannot be guessed, holds neither secret nor token, and only what we read is asked for."""
    webhook = telegram.world.bot.updates.webhook
    (path,) = hooked.web.mounted

    assert webhook is not None
    assert (webhook.url, webhook.secret) == (hooked.web.url + path, SECRET)
    assert path.startswith("/telegram/")
    assert len(path) > 40
    assert SECRET not in path
    assert TOKEN.partition(":")[2] not in path
    wanted = {"message", "edited_message", "callback_query", "my_chat_member", "inline_query"}
    assert set(telegram.world.bot.updates.allowed) == wanted


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "schlüssel"])
async def test_a_stranger_is_turned_away(hooked: Desk, secret: str | None, caplog: pytest.LogCaptureFixture) -> None:
    """Without the secret nothing is kept, and the answer says nothing of why; the log does."""
    caplog.set_level(logging.INFO, "bots.telegram")

    assert await knock(hooked, b'{"update_id": 1}', secret) == (401, "unauthorized\n")
    assert hooked.mailbox.kept == []
    assert ["TELEGRAM_WEBHOOK_SECRET" in line.message for line in caplog.records] == [True]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"\xff", 400),
        (b'{"update_id": ' + b"[" * 200_000, 400),
        (b"{}", 200),
        (b'{"update_id": 1, "message": 5, "callback_query": "x"}', 200),
        (b'{"update_id": 1, "some_new_kind": {"chat": {"id": 1}}}', 200),
        (b" " * (BODY_LIMIT + 1), 413),
    ],
)
async def test_odd_bodies_never_break_the_door(hooked: Desk, body: bytes, status: int) -> None:
    """What is no update is refused, what is a new kind of update is taken and left alone."""
    assert (await knock(hooked, body))[0] == status
    assert hooked.mailbox.kept == []


async def test_only_posts_are_taken(hooked: Desk) -> None:
    """A browser that finds the address sees nothing."""
    assert (await knock(hooked, b"", method="GET"))[0] == 405


async def test_a_body_without_end_is_cut_off(hooked: Desk) -> None:
    """A body that does not say its length is counted as it comes."""
    (path,) = hooked.web.mounted

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b" " * 50_000

    async with (
        aiohttp.ClientSession() as session,
        session.post(hooked.web.url + path, data=endless(), headers={HEADER: SECRET}) as answer,
    ):
        assert answer.status == 413


async def test_nothing_is_confirmed_before_it_is_kept(
    hooked: Desk, telegram: TelegramStandIn, ann: User, wire: Wire
) -> None:
    """While the store is away Telegram hears 503 and tells it again; what was typed is kept once."""
    hooked.mailbox.down = True
    await telegram.hands.send(ann, ann, "Hello")
    await telegram.world.wait(lambda: [c for c in wire.calls("telegram", "message") if c.status == 503], "a 503")
    hooked.mailbox.down = False

    await telegram.world.wait(lambda: hooked.mailbox.kept, "the text to be kept")
    assert len(hooked.mailbox.kept) == 1


async def test_an_update_told_twice_is_taken_once(
    hooked: Desk, telegram: TelegramStandIn, faults: Faults, ann: User, wire: Wire
) -> None:
    """An answer that Telegram did not see makes it tell again, with no second effect."""
    faults.add(Fault("telegram", "webhook", kind="drop_after", times=1))
    await telegram.hands.send(ann, ann, "Hello")
    await telegram.world.wait(lambda: len(wire.calls("telegram", "message")) == 2, "the second telling")
    await telegram.world.wait(lambda: hooked.act.actions, "the text to be read")

    assert len(hooked.act.actions) == 1


async def test_an_address_that_somebody_changed_is_set_again(
    telegram: TelegramStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another installation that took the bot away does not keep it unnoticed."""
    monkeypatch.setattr("bots.telegram.webhook.CHECK_SECONDS", 0.02)
    async with at_work(telegram, "webhook") as desk:
        telegram.world.bot.updates.set_webhook(None, drop=False)

        await telegram.world.wait(lambda: telegram.world.bot.updates.webhook is not None, "the webhook to be set again")
        assert desk.mailbox.errors == []
