"""`shopbell play`: the first card in both chats, with nothing real in reach."""

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


def test_a_taken_port(shopbell: Prompt) -> None:
    """Where the port is taken, `play` names the option that takes another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = shopbell("play", "--port", str(taken.getsockname()[1]), "--once")

    assert said.status == 2
    assert "--port" in said.data["error"]
