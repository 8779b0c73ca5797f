"""The playground in one piece: the stand-ins side by side, its page, and who may reach them."""

import asyncio
import json
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bots.playground.app import Playground
from bots.playground.slack import BOT_TOKEN
from tests.fixtures.command import ROOT


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with Playground() as made:
        yield made


@pytest.fixture
async def http(playground: Playground) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(playground.url) as session:
        yield session


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.com", "::"])
def test_loopback_only(host: str) -> None:
    """Stand-ins without locks refuse to listen where others could reach them."""
    with pytest.raises(ValueError, match=re.escape(host)):
        Playground(host=host)


async def test_the_settings_fit(playground: Playground, http: aiohttp.ClientSession) -> None:
    """Each stand-in answers at the address and by the token that `settings` tells."""
    given = playground.settings()
    bearer = {"authorization": f"Bearer {given['SLACK_BOT_TOKEN']}"}

    async with http.post(f"{given['SLACK_API_URL']}auth.test", headers=bearer) as answer:
        slack = await answer.json()
    async with http.get(f"{given['TELEGRAM_API_URL']}/bot{given['TELEGRAM_BOT_TOKEN']}/getMe") as answer:
        telegram = await answer.json()
    async with http.post(playground.callback_url, data=b"{}") as answer:
        unsigned = answer.status

    assert slack["ok"] is True
    assert telegram["result"]["username"] == "shopbell_bot"
    assert unsigned == 401


async def test_no_start_is_like_another() -> None:
    """A Shopbell that remembers an earlier playground does not take this one's chats for the same."""
    first, second = Playground(), Playground()

    assert first.channel != second.channel
    assert first.bot_token.partition(":")[0] != second.bot_token.partition(":")[0]


async def test_the_clock_is_set_forward_by_hand(playground: Playground, http: aiohttp.ClientSession) -> None:
    """Whoever lives by it hears how far ahead it is; it never goes back, and moves for nobody who does not."""
    ahead: list[float] = []

    async def move(**asked: object) -> tuple[int, str]:
        async with http.post("/clock/move", json=asked) as answer:
            return answer.status, (await answer.json()).get("error", "")

    alone = await move(seconds=60)
    playground.clock.followers.append(ahead.append)
    moved = [await move(seconds=3600), await move(seconds=0.5)]
    wrong: tuple[object, ...] = (0, -1, 1e9, "nan", "much", None, [])
    refused = [await move(seconds=seconds) for seconds in wrong]
    async with http.post("/clock/move", data=b'{"seconds": 60}') as foreign:
        statuses = [foreign.status, (await move())[0]]

    assert alone == (400, "No Shopbell lives by this clock: `shopbell play` starts one that does.")
    assert moved == [(200, ""), (200, "")]
    assert ahead == [3600, 3600.5]
    assert [status for status, _ in refused] == [400] * 7
    assert statuses == [400, 400]
    assert playground.clock() - time.time() == pytest.approx(3600.5, abs=5)


async def test_all_live_by_one_clock(playground: Playground, http: aiohttp.ClientSession) -> None:
    """What is said in the chats and what goes over the wire bears the time that the page shows."""
    playground.clock.followers.append(lambda _: None)
    playground.clock.move(86_400)
    given, chat = playground.settings(), playground.eve
    post = {"channel": playground.channel, "text": "Hello"}
    async with http.post(
        f"{given['SLACK_API_URL']}chat.postMessage", json=post, headers={"authorization": f"Bearer {BOT_TOKEN}"}
    ) as answer:
        posted = await answer.json()
    started = await playground.telegram.hands.start(chat)
    async with http.post(
        f"{given['TELEGRAM_API_URL']}/bot{given['TELEGRAM_BOT_TOKEN']}/sendMessage",
        json={"chat_id": chat.id, "text": "Hi"},
    ) as answer:
        sent = await answer.json()
    async with http.post(playground.callback_url, data=b"{}") as answer:
        assert answer.status == 401

    said = {"slack": float(posted["message"]["ts"]), "started": started.date, "telegram": sent["result"]["date"]}
    wired = {f"wire to {call.side}": call.at for call in playground.wire.calls()}
    ahead = {name: at - time.time() for name, at in (said | wired).items()}
    assert ahead == dict.fromkeys([*said, *wired], pytest.approx(86_400, abs=5))
    assert len(wired) == 3


async def test_a_name_that_leads_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """`localhost` is what the machine's hosts file says: where that is no loopback, nothing is served."""
    real = asyncio.get_running_loop().getaddrinfo

    async def led_astray(host: str, *more: object, **named: object) -> object:
        return await real("0.0.0.0" if host == "localhost" else host, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", led_astray)
    with pytest.raises(ValueError, match=r"0\.0\.0\.0"):
        await Playground(host="localhost").__aenter__()


async def test_ipv6() -> None:
    """On ::1 the page is served at its own name, in brackets, and to no other."""
    async with Playground(host="::1") as made, aiohttp.ClientSession(made.url) as http:
        statuses = []
        for headers in ({}, {"origin": made.url}, {"host": "[::2]"}, {"origin": "http://[::1]:1"}):
            async with http.get("/page/clock", headers=headers) as answer:
                statuses.append(answer.status)

    assert made.url.startswith("http://[::1]:")
    assert statuses == [200, 200, 403, 403]


async def test_a_page_from_elsewhere_gets_nothing(playground: Playground, http: aiohttp.ClientSession) -> None:
    """Neither another origin nor another name for this address is answered."""
    say = {"user": playground.sam, "channel": playground.channel, "text": "Send my orders elsewhere"}
    foreign, rebound = {"origin": "https://evil.example"}, {"host": "evil.example"}

    statuses = []
    near = [{"host": host} for host in ("127.0.0.1.evil.example", "localhost.", "127.1", "0.0.0.0", "2130706433", "")]
    other_port = {"origin": "http://127.0.0.1:1"}
    for headers in (foreign, {"origin": "null"}, rebound, {"host": "[::"}, other_port, *near):
        async with http.post("/slack/hands/say", json=say, headers=headers) as answer:
            statuses.append(answer.status)
    async with http.get("/page/changes", headers=foreign) as answer:
        statuses.append(answer.status)

    assert set(statuses) == {403}
    assert playground.slack.world.messages(playground.channel) == []


async def test_its_own_page_may(playground: Playground, http: aiohttp.ClientSession) -> None:
    """The page's own requests, which name their origin, are served."""
    say = {"user": playground.sam, "channel": playground.channel, "text": "Hello"}

    async with http.post("/slack/hands/say", json=say, headers={"origin": playground.url}) as answer:
        status = answer.status

    assert status == 200
    assert len(playground.slack.world.messages(playground.channel)) == 1


@pytest.mark.parametrize("path", ["/", "/page/icon.svg", "/page/page.css", "/page/page.js"])
async def test_the_page_asks_nobody_else(http: aiohttp.ClientSession, path: str) -> None:
    """Its files come with a policy that allows nothing but themselves, and name no other address."""
    async with http.get(path) as answer:
        text, policy = await answer.text(), answer.headers["content-security-policy"]

    assert answer.status == 200
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"""(?:src|href|url|import)\s*[=(]\s*["']?(?:https?:)?//""", text) == []


async def test_the_stand_ins_alone(tmp_path: Path) -> None:
    """`python -m bots.playground` prints the settings for a Shopbell elsewhere, and ends on Ctrl-C."""
    command = [sys.executable, "-m", "bots.playground", "--port", "0"]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    shown = json.loads(await process.stdout.readuntil(b"\n}\n"))
    process.send_signal(signal.SIGINT)
    _, err = await process.communicate()

    assert shown["settings"]["SLACK_API_URL"] == f"{shown['url']}/slack/api/"
    assert (process.returncode, err) == (0, b"")


async def test_the_stand_ins_refuse_other_hosts() -> None:
    """`python -m bots.playground --host 0.0.0.0` says why not, and ends with status 2."""
    command = [sys.executable, "-m", "bots.playground", "--host", "0.0.0.0"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=asyncio.subprocess.PIPE)
    _, err = await process.communicate()

    assert process.returncode == 2
    assert b"127.0.0.1" in err
