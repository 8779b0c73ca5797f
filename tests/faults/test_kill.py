"""Kill any process at any moment: nothing accepted is lost, and what the marketplace gets is not doubled."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bots.playground.slack import plain as slack_plain
from bots.playground.telegram import Message as TelegramMessage
from bots.playground.telegram import plain as telegram_plain
from core.services.terms import set_terms
from tests.fixtures.town import Town, a_town, shopbell
from tests.fixtures.waiting import wait_until

pytestmark = pytest.mark.long

# Every point of the flow, in its order: mail taken and read, card and notes posted, the reply sent and receipted.
POINTS = ("before-read", "after-read", "before-post", "after-post", "before-send", "after-send", "after-receipt")


@asynccontextmanager
async def process(town: Town, data: Path, point: str = "") -> AsyncIterator[Process]:
    """Shopbell as a process of its own, with its own embedded Valkey."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(data), **town.settings(SHOPBELL_DATA=str(data))}
    with (data.parent / f"log-{point or 'healthy'}").open("ab") as log:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.faults.victim", point, env=environment, stdout=log, stderr=log
        )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.wait(), 15)
        if child.returncode is None:
            child.kill()
            await child.wait()


async def up(town: Town) -> None:
    """Wait until it answers and both chats reach it."""

    async def healthy() -> bool:
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{town.url}/health") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    await wait_until(healthy, "Shopbell to be ready", 25)
    await town.receive()


async def write_until_taken(town: Town) -> None:
    """A marketplace tries again until it gets a 2xx: the same event, the same id."""

    async def taken() -> bool:
        try:
            answered = await town.buyer_writes("Is it blue?", event_id="evt-blue", message_id="m-blue")
        except aiohttp.ClientError:
            return False
        return bool(answered.status == 202)

    await wait_until(taken, "the event to be taken", 20)


def cards(town: Town) -> tuple[list[str], list[str]]:
    slack = [slack_plain(m) for m in town.slack.messages(town.channel) if "Is it blue?" in slack_plain(m)]
    telegram = [telegram_plain(m) for m in town.telegram.messages(town.eve) if "Is it blue?" in telegram_plain(m)]
    return slack, telegram


async def swipe_until_sent(town: Town) -> None:
    """Eve answers the card in Telegram once; what she typed is hers to lose no more."""
    card = next(m for m in town.telegram.messages(town.eve) if "Is it blue?" in telegram_plain(m))
    await town.telegram_stand_in.hands.send(town.eve, town.eve, "Yes.", reply_to=card.id)


async def prepare(town: Town, data: Path, hold: int = 0) -> None:
    """A seller, a shop, and two linked rooms, before anything goes wrong."""
    async with shopbell(town, town.settings(SHOPBELL_DATA=str(data))) as inside:
        await town.open_shop(inside.deps)
        await set_terms(inside.deps, town.seller, hold=hold)
        await town.receive()
        await town.link_slack(inside.deps)
        await town.link_telegram(inside.deps)


@pytest.mark.parametrize("point", POINTS)
async def test_killed_between_two_steps_the_flow_completes_after_a_restart(point: str, tmp_path: Path) -> None:
    """The reply reaches the marketplace once, and both cards say so; a chat may show a card twice, never none."""
    data = tmp_path / "data"
    async with a_town("socket", "webhook") as town:
        await prepare(town, data)
        async with process(town, data, point) as victim:
            await up(town)
            await write_until_taken(town)
            story = asyncio.ensure_future(_answer(town))
            assert await asyncio.wait_for(victim.wait(), 15) == -signal.SIGKILL
            async with process(town, data):
                await up(town)
                await story
                await wait_until(lambda: town.market.replies("bell"), "the reply", 15)
                await wait_until(lambda: _answered(town), f"both cards answered: {cards(town)}", 15)

        assert [reply.text for reply in town.market.replies("bell")] == ["Yes."]
        slack, telegram = cards(town)
        assert len(slack) <= 2
        assert len(telegram) <= 2


async def test_killed_while_a_reply_is_held_it_leaves_once_after_a_restart(tmp_path: Path) -> None:
    """The seconds in which it can be taken back are kept where the reply is, and not in the process."""
    data = tmp_path / "data"
    async with a_town("socket", "webhook") as town:
        await prepare(town, data, hold=1_500)
        async with process(town, data, "after-read") as victim:
            await up(town)
            await write_until_taken(town)
            story = asyncio.ensure_future(_answer(town))
            assert await asyncio.wait_for(victim.wait(), 15) == -signal.SIGKILL
            held = town.market.replies("bell")
            async with process(town, data):
                await up(town)
                await story
                await wait_until(lambda: town.market.replies("bell"), "the reply", 15)
                await wait_until(lambda: _answered(town), f"both cards answered: {cards(town)}", 15)

        assert held == []
        assert [reply.text for reply in town.market.replies("bell")] == ["Yes."]


@pytest.mark.parametrize("point", ["before-send", "after-send", "after-receipt"])
async def test_killed_around_a_spam_report_it_is_made_once(point: str, tmp_path: Path) -> None:
    """The marketplace has one, and both cards say so after a restart."""
    data = tmp_path / "data"
    async with a_town("socket", "webhook") as town:
        await prepare(town, data)
        async with process(town, data, point) as victim:
            await up(town)
            await write_until_taken(town)
            story = asyncio.ensure_future(_report(town))
            assert await asyncio.wait_for(victim.wait(), 15) == -signal.SIGKILL
            async with process(town, data):
                await up(town)
                await story
                await wait_until(lambda: town.market.reports("bell"), "the report", 15)
                await wait_until(lambda: _shown(town, "Reported as spam by Eve"), f"both cards: {cards(town)}", 15)

        assert [(report.message, report.withdrawn) for report in town.market.reports("bell")] == [("m-blue", False)]


async def test_the_server_killed_under_it_loses_nothing(tmp_path: Path) -> None:
    """Valkey dies with a reply on its way; it comes back, and so does everything."""
    data = tmp_path / "data"
    async with a_town("socket", "webhook") as town:
        await prepare(town, data)
        async with process(town, data) as child:
            await up(town)
            await write_until_taken(town)
            _kill_server(child.pid)
            await _answer(town)
            await wait_until(lambda: _answered(town), f"both cards answered: {cards(town)}", 20)

        assert [reply.text for reply in town.market.replies("bell")] == ["Yes."]


async def _answer(town: Town) -> None:
    await wait_until(lambda: cards(town)[1], "a card in Telegram", 20)
    await swipe_until_sent(town)


def _answered(town: Town) -> bool:
    slack, telegram = cards(town)
    return any("Answered by Eve" in said for said in slack) and any("Answered by Eve" in said for said in telegram)


def _kill_server(pid: int) -> None:
    """SIGKILL for the Valkey that this Shopbell started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    servers = [int(child) for child in children if "valkey" in Path(f"/proc/{child}/cmdline").read_text()]
    assert len(servers) == 1
    os.kill(servers[0], signal.SIGKILL)


async def _report(town: Town) -> None:
    """By three presses, the last of which is Eve's to lose no more."""
    hands, shown = town.telegram_stand_in.hands, partial(_said, town)
    for words, label in (("Is it blue?", "More…"), ("What shall become", "Report spam"), ("Why is", "Something else")):
        await wait_until(partial(shown, words), words, 20)
        found = shown(words)
        assert found is not None
        await hands.press(town.eve, found.chat, found.id, label)


def _said(town: Town, words: str) -> TelegramMessage | None:
    return next((m for m in town.telegram.messages(town.eve) if words in telegram_plain(m)), None)


def _shown(town: Town, words: str) -> bool:
    return all(any(words in card for card in where) for where in cards(town))
