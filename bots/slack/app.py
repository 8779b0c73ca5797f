"""The Bolt app, and the door by which Slack's signed HTTP requests reach it."""

import asyncio
import hashlib
import hmac
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bots.slack.client import Client
from bots.slack.listeners import Listeners

PATH = "/slack/events"
MOST_BODY = 1024 * 1024
BODY_SECONDS = 10
TOLERANCE = 300  # seconds; docs.slack.dev/authentication/verifying-requests-from-slack
# Before any HMAC: Slack's own verifier raises on what is not of this shape, and Bolt then answers 500.
TIMESTAMP = re.compile(rb"[0-9]{10}")
SIGNATURE = re.compile(rb"v0=[0-9a-f]{64}")

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def build_app(client: Client, listeners: Listeners) -> AsyncApp:
    """Bolt reads payloads, answers Slack's probes and speaks Socket Mode; `Listeners` does the rest."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # One workspace and one token: no call to Slack stands between an event and its acknowledgement.
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=client.web.token)

    bolt = logging.getLogger("bots.slack.bolt")
    bolt.setLevel(logging.ERROR)  # it warns of SLACK_BOT_TOKEN in the environment beside `authorize`
    app = AsyncApp(
        logger=bolt,
        name="shopbell",
        client=client.web,
        signing_secret="",
        authorize=authorize,
        request_verification_enabled=False,  # done at the door, before the body is parsed
        ignoring_self_events_enabled=False,  # it also drops the echoes of our own posts
        attaching_function_token_enabled=False,
    )

    async def arrive(body: dict[str, Any]) -> BoltResponse:
        return await listeners.arrive(body)

    app.use(arrive)
    return app


@dataclass(frozen=True, slots=True)
class Door:
    """An ASGI application: a signature of ours within five minutes, or 401 and not a word more.

    `wall` is the time in milliseconds.
    """

    app: AsyncApp
    secret: str
    wall: Callable[[], int]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _answer(send, await self._admit(scope, receive))

    async def _admit(self, scope: Scope, receive: Receive) -> BoltResponse:
        if scope["method"] != "POST":
            return BoltResponse(status=405, headers={"allow": "POST"})
        stamp, signature = (_header(scope, name) for name in (b"x-slack-request-timestamp", b"x-slack-signature"))
        if not (TIMESTAMP.fullmatch(stamp) and SIGNATURE.fullmatch(signature)):
            log.info("A request was refused: it bears no signature of Slack's.")
            return _unsigned()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(scope, receive)
        except TimeoutError:
            return BoltResponse(status=408)
        if body is None:
            return BoltResponse(status=413)
        ours = hmac.new(self.secret.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(b"v0=" + ours.encode(), signature):
            log.info("A request was refused: it was not signed with SLACK_SIGNING_SECRET.")
            return _unsigned()
        if (apart := abs(self.wall() // 1000 - int(stamp))) > TOLERANCE:
            log.info("A request was refused: it was signed %d s from our clock.", apart)
            return _unsigned()
        return await self._dispatch(scope, body)

    async def _dispatch(self, scope: Scope, body: bytes) -> BoltResponse:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            request = AsyncBoltRequest(body=body.decode(), headers={**headers})
        except (ValueError, RecursionError, AttributeError, TypeError):  # no UTF-8, no JSON, or no object
            return BoltResponse(status=400)
        return await self.app.async_dispatch(request)


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body; None as soon as it is too large."""
    told = _header(scope, b"content-length")
    if told.isdigit() and int(told) > MOST_BODY:
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > MOST_BODY:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _header(scope: Scope, name: bytes) -> bytes:
    """The header's only value; nothing when it is missing or said twice."""
    found = [value for key, value in scope["headers"] if key.lower() == name]
    return bytes(found[0]) if len(found) == 1 else b""


def _unsigned() -> BoltResponse:
    """Whoever asks is told nothing of why: the log says it, for whoever sets Slack up."""
    return BoltResponse(status=401, body="unauthorized")


async def _answer(send: Send, response: BoltResponse) -> None:
    body = response.body.encode()
    headers = [(name.encode(), value.encode()) for name, values in response.headers.items() for value in values]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
