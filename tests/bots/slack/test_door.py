"""Only what Slack signed, within five minutes, comes through the HTTP door; nothing makes it answer 5xx."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Iterator, MutableMapping
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.playground.slack import SlackWorld
from bots.slack.adapter import SlackPlatform
from bots.slack.app import MOST_BODY
from core.ports.chat import Asgi
from tests.bots.slack.conftest import SECRET, over_http
from tests.fixtures.ports import HandClock, Mailbox, RecordingAct

CLOCK = HandClock()
NOW = str(CLOCK.at // 1000).encode()
BODY = json.dumps({"type": "event_callback", "team_id": "T", "event": {"type": "nothing"}}).encode()


def signed(stamp: bytes, body: bytes, secret: str = SECRET) -> bytes:
    return b"v0=" + hmac.new(secret.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest().encode()


def headers(stamp: bytes, signature: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", b"application/json"),
        (b"x-slack-request-timestamp", stamp),
        (b"x-slack-signature", signature),
    ]


@pytest.fixture
def door(platform: SlackPlatform, act: RecordingAct, mailbox: Mailbox) -> Asgi:
    # The door reads the same moment that the requests below were signed at, however late they are sent.
    platform._tools.clock.at = CLOCK.at  # type: ignore[attr-defined]
    mounted: dict[str, Asgi] = {}
    platform.inbound(act, mailbox.keep, mounted.__setitem__)
    return mounted["/slack/events"]


async def knock(door: Asgi, sent: list[tuple[bytes, bytes]], *parts: bytes, method: str = "POST") -> tuple[int, bytes]:
    """Status and body that the door answers to a body that comes in parts."""
    waiting: Iterator[MutableMapping[str, Any]] = iter(
        [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        + [{"type": "http.request", "body": b"", "more_body": False}]
    )
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return next(waiting)

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    await door({"type": "http", "method": method, "path": "/slack/events", "headers": sent}, receive, send)
    return said[0]["status"], said[1]["body"]


async def test_what_slack_signed_comes_in(door: Asgi) -> None:
    """A payload with a fresh signature is acknowledged, whatever it is."""
    assert await knock(door, headers(NOW, signed(NOW, BODY)), BODY[:7], BODY[7:]) == (200, b"")


HOSTILE = [
    headers(NOW, signed(NOW, BODY, "another secret")),
    headers(NOW, signed(NOW, BODY + b" ")),
    headers(NOW, signed(NOW, BODY).upper()),
    headers(NOW, b"v0=" + b"\xff" * 64),
    headers(NOW, b""),
    headers(b"abc", signed(b"abc", BODY)),
    headers(NOW + b".5", signed(NOW + b".5", BODY)),
    headers(b" " + NOW, signed(NOW, BODY)),
    headers("１７００００００００".encode(), signed(NOW, BODY)),
    headers(b"1" * 400, signed(b"1" * 400, BODY)),
    headers(str(int(NOW) - 320).encode(), signed(str(int(NOW) - 320).encode(), BODY)),
    headers(str(int(NOW) + 320).encode(), signed(str(int(NOW) + 320).encode(), BODY)),
    [*headers(NOW, signed(NOW, BODY)), (b"x-slack-signature", b"v0=" + b"0" * 64)],
    [],
]


@pytest.mark.parametrize("sent", HOSTILE)
async def test_everything_else_is_401_and_not_a_word_more(
    door: Asgi, sent: list[tuple[bytes, bytes]], caplog: pytest.LogCaptureFixture
) -> None:
    """Forged, altered, stale, doubled and malformed signatures all get the same answer; the log says what it was."""
    caplog.set_level(logging.INFO, "bots.slack")

    assert await knock(door, sent, BODY) == (401, b"unauthorized")
    assert [line.message.startswith("A request was refused: it ") for line in caplog.records] == [True]


@pytest.mark.parametrize("body", [b"\xff\xfe", b"{", b"[]", b"7", b'"x"', b"{" * 5000, b"payload=%7B"])
async def test_what_slack_signed_and_nobody_can_read_is_400(door: Asgi, body: bytes) -> None:
    """A signed body that is no payload is refused by itself."""
    assert await knock(door, headers(NOW, signed(NOW, body)), body) == (400, b"")


async def test_a_body_that_is_too_large_is_not_read(door: Asgi) -> None:
    """A megabyte is the most: announced or not, more is turned away before it is kept in memory."""
    part = b" " * (MOST_BODY // 2 + 1)
    announced = [*headers(NOW, b"v0=" + b"0" * 64), (b"content-length", b"300000000")]

    assert (await knock(door, headers(NOW, b"v0=" + b"0" * 64), part, part))[0] == 413
    assert (await knock(door, announced))[0] == 413
    assert (await knock(door, headers(NOW, b""), method="GET"))[0] == 405


@given(st.binary(max_size=40), st.binary(max_size=80), st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_no_header_makes_it_fail(door: Asgi, stamp: bytes, signature: bytes, body: bytes) -> None:
    """Any bytes at all in the headers get an answer of 401, never 5xx."""
    assert asyncio.run(knock(door, headers(stamp, signature), body))[0] == 401


@pytest.fixture
async def url(platform: SlackPlatform, act: RecordingAct, mailbox: Mailbox, world: SlackWorld) -> AsyncIterator[str]:
    async for address in over_http(platform, act, mailbox, world):
        yield address


async def test_slack_may_look_whether_somebody_is_there(url: str) -> None:
    """Slack's own probe of the address is answered with its challenge, and only when it is signed."""
    body = json.dumps({"type": "url_verification", "token": "x", "challenge": "c-1"}).encode()
    sent = {name.decode(): value.decode() for name, value in headers(NOW, signed(NOW, body))}

    async with aiohttp.ClientSession() as session:
        async with session.post(url, data=body, headers=sent) as answer:
            assert (answer.status, await answer.json()) == (200, {"challenge": "c-1"})
        async with session.post(url, data=body) as answer:
            assert answer.status == 401
