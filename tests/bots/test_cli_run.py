"""The command line where Shopbell runs: it says where, takes a test event, hands out codes, and drains."""

import json
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bots.playground.app import Playground
from bots.playground.slack import plain
from tests.fixtures.command import Prompt, first_line, running
from tests.fixtures.engine import free_port


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with Playground() as made:
        yield made


@pytest.fixture
def settings(playground: Playground, tmp_path: Path) -> dict[str, str]:
    """Those of a Shopbell that plays along, with a data folder and a port of its own."""
    own = {"SHOPBELL_DATA": str(tmp_path / "data"), "SHOPBELL_LISTEN": f"127.0.0.1:{free_port()}"}
    return {**playground.settings(), **own}


async def test_run_says_where_and_drains(tmp_path: Path, settings: dict[str, str]) -> None:
    """`run` prints one line of where it listens and which Redis, is well, and on SIGTERM says so and ends with 0."""
    async with running(tmp_path, "run", "--json", **settings) as process, aiohttp.ClientSession() as http:
        said = json.loads(await first_line(process))
        async with http.get(f"{said['url']}/health") as answer:
            health = await answer.json()
        process.send_signal(signal.SIGTERM)
        out, err = await process.communicate()

    assert said["url"] == f"http://{settings['SHOPBELL_LISTEN']}"
    assert str(tmp_path / "data") in said["redis"]
    assert said["parts"] == ["api", "slack", "telegram", "worker"]
    assert health["ready"] is True
    assert (process.returncode, out) == (0, b"")
    assert b"Traceback" not in err
    assert b"stopping" in err
    assert all(settings[name] not in err.decode() for name in ("SLACK_APP_TOKEN", "TELEGRAM_BOT_TOKEN"))


def test_a_taken_port(shopbell: Prompt) -> None:
    """Where another listens already, `run` names the setting and ends with status 2."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        shopbell.set(SHOPBELL_LISTEN=f"127.0.0.1:{taken.getsockname()[1]}")
        said = shopbell("run", "--json")

    assert said.status == 2
    assert "SHOPBELL_LISTEN" in said.data["error"]


async def test_the_first_five_minutes(
    tmp_path: Path, settings: dict[str, str], playground: Playground, shopbell: Prompt
) -> None:
    """Beside a running Shopbell: seller, shop, code, test and doctor, as the README tells it."""
    shopbell.set(**settings)
    async with running(tmp_path, "run", **settings) as process:
        started = await first_line(process)
        seller = (await shopbell.beside("seller", "add", "Ann", "--json")).data["seller"]
        to_add = ("shop", "add", "--seller", seller, "--name", "Market", "--callback-url", playground.callback_url)
        shop = (await shopbell.beside(*to_add, "--json")).data
        link = (await shopbell.beside("link", "--seller", seller, "--json")).data
        shopbell.set(FORCE_COLOR="1")  # as on a terminal
        seen = await shopbell.beside("link", "--seller", seller)
        strange = await shopbell.beside("doctor", "--json")
        connection = {name: shop[name] for name in ("events_url", "secret_in", "secret_out")}
        playground.marketplace.connect("bell", **connection)
        tried = await shopbell.beside("shop", "test", shop["shop"], "--json")
        well = await shopbell.beside("doctor", "--json")

    assert started.startswith(f"Shopbell listens at http://{settings['SHOPBELL_LISTEN']} ")
    assert link["telegram"] == f"https://t.me/shopbell_bot?start={link['code']}"
    assert link["slack"] == f"/shopbell link {link['code']}"
    assert "(in a group: /link " in seen.out
    assert "▀" in seen.out  # the QR code of Telegram's link
    assert (strange.status, strange.data["ok"]) == (1, False)  # the marketplace did not know our secret yet
    assert any("signature (401)" in finding["what"] for finding in strange.data["findings"])
    assert (tried.status, tried.data["event"]["ok"], tried.data["callback"]["ok"]) == (0, True, True)
    assert (well.status, {finding["level"] for finding in well.data["findings"]}) == (0, {"good"})
    assert playground.slack.world.messages(playground.channel) == []


async def test_the_first_card_needs_no_marketplace(
    playground: Playground, settings: dict[str, str], tmp_path: Path, shopbell: Prompt
) -> None:
    """`shop test --ring` is a buyer's message: it stands in the linked chat, says it is a test, and can be answered."""
    shopbell.set(**settings)
    world = playground.slack.world
    async with running(tmp_path, "run", **settings) as process:
        await first_line(process)
        seller = (await shopbell.beside("seller", "add", "Ann", "--json")).data["seller"]
        shop = (await shopbell.beside("shop", "add", "--seller", seller, "--name", "Try", "--json")).data["shop"]
        link = (await shopbell.beside("link", "--seller", seller, "--json")).data
        await world.wait(lambda: world.sockets, "a socket to Slack")
        await world.command(playground.sam, playground.channel, "/shopbell", f"link {link['code']}")
        tried = await shopbell.beside("shop", "test", shop, "--ring")
        await world.wait(lambda: any("Test buyer" in plain(it) for it in world.messages(playground.channel)), "a card")

    (card,) = [plain(it) for it in world.messages(playground.channel) if "Test buyer" in plain(it)]
    assert tried.status == 0
    assert "nobody but you wrote this" in card
    assert "Reply" in card


def test_a_shop_test_where_nothing_runs(shopbell: Prompt) -> None:
    """`shop test` says what to start when nobody takes its event."""
    shopbell.set(SHOPBELL_LISTEN=f"127.0.0.1:{free_port()}")
    seller = shopbell("seller", "add", "Ann", "--json").data["seller"]
    shop = shopbell("shop", "add", "--seller", seller, "--name", "Market", "--json").data["shop"]

    said = shopbell("shop", "test", shop, "--json")

    assert said.status == 1
    assert said.data["event"]["ok"] is False
    assert "shopbell run" in said.data["event"]["cure"]
    assert said.data["callback"]["ok"] is True
