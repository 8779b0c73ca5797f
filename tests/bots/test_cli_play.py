"""`shopbell play`: the first card in both chats, with nothing real in reach."""

import asyncio
import json
import signal
import socket
from pathlib import Path

import aiohttp

from tests.fixtures.command import Prompt, finished, first_line, running

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
        async with http.get(said["page"]) as page, http.get(f"{said['page']}page/state") as state:
            title, panes = await page.text(), await state.json()
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()

    assert "Shopbell playground" in title
    assert panes["wire"]["problems"] == 0
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


async def shown_after(page: aiohttp.ClientSession, hours: float, words: str) -> list[str]:
    """The chats in which these words stand once that much time has passed; waits for all that will show them."""
    if hours:
        async with page.post("/clock/move", json={"seconds": hours * 3600}) as moved:
            assert moved.status == 200
    wanted = 2 if hours else 1
    async with asyncio.timeout(20):
        while True:
            async with page.get("/page/state") as answer:
                panes = await answer.json()
            found = [chat for chat in ("slack", "telegram") if words in json.dumps(panes[chat], ensure_ascii=False)]
            if len(found) == wanted:
                return found
            await asyncio.sleep(0.1)


async def command(page: aiohttp.ClientSession, words: str) -> None:
    async with page.get("/page/state") as answer:
        slack = (await answer.json())["slack"]
    asked = {"user": slack["user"]["id"], "channel": slack["channels"][0]["id"], "command": "/shopbell", "text": words}
    async with page.post("/slack/hands/command", json=asked) as answer:
        assert answer.status == 200


def test_a_taken_port(shopbell: Prompt) -> None:
    """Where the port is taken, `play` names the option that takes another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = shopbell("play", "--port", str(taken.getsockname()[1]), "--once")

    assert said.status == 2
    assert "--port" in said.data["error"]
