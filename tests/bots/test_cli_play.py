"""`shopbell play`: the first card in both chats, with nothing real in reach."""

import asyncio
import base64
import json
import signal
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bots.cli.play import clock_of
from bots.playground.people import SHOP
from core.errors import Misconfigured
from tests.fixtures.command import Prompt, finished, first_line, running
from tests.fixtures.waiting import wait_until

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
REAL = {
    "REDIS_URL": "redis://127.0.0.1:1",
    "SHOPBELL_SECRET": "a-secret-that-is-long-enough-for-tests-0123456789",
    "SLACK_BOT_TOKEN": "xoxb-of-a-real-workspace",
    "TELEGRAM_BOT_TOKEN": "1:real",
    "SHOPBELL_LISTEN": "127.0.0.1:1",
}


async def test_play_once(tmp_path: Path) -> None:
    """`play --once` ends with 0 and the times when the first card stands in both chats; a real setup is not touched."""
    said = await finished(tmp_path, "play", "--once", "--port", "0", TMPDIR=str(tmp_path), **REAL)

    assert (said.status, said.err) == (0, "")
    seconds = said.data["seconds"]
    assert seconds["ready"] <= seconds["linked"] <= seconds["message"] <= seconds["first_card"] < 15
    assert max(seconds["slack_card"], seconds["telegram_card"]) <= seconds["first_card"]
    assert left_in(tmp_path) == []


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_play_until_interrupted(tmp_path: Path) -> None:
    """`play` shows where to look, serves the page until Ctrl-C, and keeps its state only where it is told to."""
    to_play = ("play", "--port", "0", "--data", str(tmp_path / "kept"), "--json")
    async with running(tmp_path, *to_play) as process, aiohttp.ClientSession() as http:
        said = json.loads(await first_line(process))
        async with http.get(said["page"]) as page, http.get(f"{said['page']}page/wire") as wire:
            title, calls = await page.text(), await wire.json()
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()

    assert "Shopbell playground" in title
    assert calls["calls"]
    assert calls["problems"] == 0
    assert (process.returncode, out, err) == (0, b"", b"")
    assert (tmp_path / "kept" / "appendonlydir").is_dir()


async def test_a_day_of_play_is_a_press(tmp_path: Path) -> None:
    """The clock on the page is set forward: reminders and the breach come in both chats, and the rate has it."""
    async with running(tmp_path, "play", "--port", "0", "--json") as process:
        said = json.loads(await first_line(process))
        async with aiohttp.ClientSession(said["page"]) as page:
            soft = await shown_after(page, 12.1, "Best answered by ")
            near = await shown_after(page, 8, "still waits. Answer by ")
            over = await shown_after(page, 4, "counts as missed")
            await command(page, "rates")
            rates = await shown_after(page, 0, "Inquiries: 0 % of 1 message since ")

    assert soft == near == over == ["slack", "telegram"]
    assert rates == ["slack"]


async def test_the_clock_stays_where_it_was_set(tmp_path: Path) -> None:
    """With `--data`, a later `play` goes on as far ahead as the last was left: what is kept lies in its past."""
    to_play = ("play", "--port", "0", "--data", str(tmp_path / "kept"), "--json")
    ahead, shopbells = [], []
    for seconds in (61 * 86_400, 3600):
        async with running(tmp_path, *to_play) as process:
            said = json.loads(await first_line(process))
            async with aiohttp.ClientSession(said["page"]) as page:
                ahead.append((await pane(page, "clock"))["ahead"])
                async with page.post("/clock/move", json={"seconds": seconds}) as moved:
                    assert moved.status == 200
                shopbells.append(await ahead_of_this_machine(page))
            process.send_signal(signal.SIGINT)
            assert await process.wait() == 0

    assert ahead == [0, 61 * 86_400]
    assert shopbells == [timedelta(days=61), timedelta(days=61, hours=1)]


@pytest.mark.parametrize("spoilt", ["", "{}", '{"ahead": "far"}', '{"ahead": -5}', '{"ahead": null}', '{"ahead": NaN}'])
def test_a_clock_that_cannot_be_read_is_told(tmp_path: Path, spoilt: str) -> None:
    """Rather than start in the past of what is kept, `play` names the file."""
    (tmp_path / "clock.json").write_text(spoilt)

    with pytest.raises(Misconfigured, match=r"clock\.json"):
        clock_of(tmp_path)


async def test_the_other_rooms_are_linked_right_after(tmp_path: Path) -> None:
    """Max alone and the team's forum, in which the conversation that waits has its topic."""
    async with running(tmp_path, "play", "--port", "0", "--json") as process:
        said = json.loads(await first_line(process))
        async with aiohttp.ClientSession(said["page"]) as page:
            sees = await pane(page, "telegram")
            alone, forum = sees["people"][1]["id"], sees["chats"][1]["id"]

            async def topics() -> list[Any]:
                return list((await pane(page, "telegram", user=alone, chat=forum))["topics"])

            await wait_until(topics, "the topic of what waits")
            names = [topic["name"] for topic in await topics()]
            started = (await pane(page, "telegram", user=alone))["chats"][0]["started"]

    assert names == ["Ann · Playground Market"]
    assert started


async def test_pictures_go_both_ways(tmp_path: Path) -> None:
    """A buyer's stands below its card; a member's is fetched from Shopbell by the address that the marketplace has."""
    picture = {"name": "a.png", "type": "image/png", "data": base64.b64encode(PNG).decode()}
    asked = {"shop": SHOP, "buyer": "Ann", "text": "Like this?", "conversation": "c-9", "files": [picture]}
    async with running(tmp_path, "play", "--port", "0", "--json") as process:
        said = json.loads(await first_line(process))
        async with aiohttp.ClientSession(said["page"]) as page:
            eve = (await pane(page, "telegram"))["people"][0]["id"]

            async def seen(sign: str) -> list[Any]:
                async with page.get("/telegram/hands/messages", params={"chat": eve}) as answer:
                    return [each for each in await answer.json() if sign in each or sign in each.get("text", "")]

            async def brought() -> list[Any]:
                messages = (await pane(page, "marketplace", shop=SHOP, conversation="c-9"))["messages"]
                return [each for each in messages if each["by"] == "seller"]

            async with page.post("/marketplace/hands/write", json=asked) as written:
                assert written.status == 200
            await wait_until(lambda: seen("photo"), "the buyer's picture")
            card = (await seen("Like this?"))[0]["message_id"]
            mine = {"user": eve, "chat": eve, "caption": "Or this?", "reply_to": card, "data": picture["data"]}
            async with page.post("/telegram/hands/send_photo", json=mine) as sent:
                assert sent.status == 200
            await wait_until(brought, "the member's picture")
            (reply,) = await brought()
            async with page.get(reply["attachments"][0]["url"]) as fetched:
                data = await fetched.read()

    assert (reply["text"], data == PNG) == ("Or this?", True)


async def pane(page: aiohttp.ClientSession, name: str, **query: int | str) -> Any:
    async with page.get(f"/page/{name}", params=query) as answer:
        return await answer.json()


async def ahead_of_this_machine(page: aiohttp.ClientSession) -> timedelta:
    """How far Shopbell itself says that it is, to the hour."""
    async with page.get("/page/rates") as answer:
        now = datetime.fromisoformat((await answer.json())["rates"]["as_of"])
    return timedelta(hours=(now - datetime.now(tz=UTC) + timedelta(minutes=1)) // timedelta(hours=1))


async def shown_after(page: aiohttp.ClientSession, hours: float, words: str) -> list[str]:
    """The chats in which these words stand once that much time has passed; waits for all that will show them."""
    if hours:
        async with page.post("/clock/move", json={"seconds": hours * 3600}) as moved:
            assert moved.status == 200
    wanted = 2 if hours else 1
    async with asyncio.timeout(20):
        while True:
            seen = {"slack": await slack_with_threads(page), "telegram": await pane(page, "telegram")}
            found = [
                chat for chat, shown in seen.items() if words in json.dumps(shown, ensure_ascii=False).replace("*", "")
            ]
            if len(found) == wanted:
                return found
            await asyncio.sleep(0.1)


async def slack_with_threads(page: aiohttp.ClientSession) -> list[Any]:
    channel = await pane(page, "slack")
    parents = [message["ts"] for message in channel["messages"] if message["reply_count"]]
    return [channel, *[(await pane(page, "slack", thread=ts))["thread"] for ts in parents]]


async def command(page: aiohttp.ClientSession, words: str) -> None:
    slack = await pane(page, "slack")
    asked = {"user": slack["user"], "channel": slack["channel"], "command": "/shopbell", "text": words}
    async with page.post("/slack/hands/command", json=asked) as answer:
        assert answer.status == 200


def test_a_taken_port(shopbell: Prompt) -> None:
    """Where the port is taken, `play` names the option that takes another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = shopbell("play", "--port", str(taken.getsockname()[1]), "--once")

    assert said.status == 2
    assert "--port" in said.data["error"]
