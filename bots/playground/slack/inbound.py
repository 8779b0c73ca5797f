"""What Slack sends to the app, with the same payloads over signed HTTP or Socket Mode, and its retries."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp

from bots.playground.slack.sockets import Sockets
from bots.playground.slack.state import APP, CHANNEL_TYPES, Channel, Json, Message, State, Workspace
from bots.playground.wire import PATIENCE, Call

Type = Literal["events_api", "interactive", "slash_commands"]
Echo = Literal["after", "before", "never", "twice"]

ACK_SECONDS = 3.0
# docs.slack.dev/apis/events-api: at once, after one minute, after five.
RETRY_SECONDS = (0.0, 60.0, 300.0)

SUBSCRIPTIONS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_left",
    "channel_unarchive",
    "group_archive",
    "group_left",
    "group_unarchive",
    "member_left_channel",
    "message_metadata_posted",
    "tokens_revoked",
)


@dataclass(frozen=True, slots=True)
class Ack:
    """What the app answered; `failure` is Slack's word for why it did not, `final` that it wants no retry."""

    body: Any = None
    status: int | None = None
    failure: str | None = None
    final: bool = False


class Inbound(State):
    """Deliveries to the app. `retry_scale` multiplies the waits between tries, `echo` is how metadata returns."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.subscriptions: set[str] = set(SUBSCRIPTIONS)
        self.sockets = Sockets()
        self.retry_scale = 1.0
        self.ack_seconds = ACK_SECONDS
        self.echo: Echo = "after"
        self._http: tuple[str, str] | None = None
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def connect_http(self, url: str, signing_secret: str) -> None:
        """Sends payloads to `url` from now on; raises ConnectionError if it fails Slack's url_verification."""
        self._http = (url, signing_secret)
        challenge = secrets.token_hex(8)
        ack = await self.deliver(
            "events_api", "url_verification", {"type": "url_verification", "token": "", "challenge": challenge}
        )
        answered = ack.body.get("challenge") if isinstance(ack.body, dict) else ack.body
        if answered != challenge:
            self._http = None
            raise ConnectionError(f"{url} did not answer the challenge: {ack}")

    def disconnect_http(self) -> None:
        self._http = None

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Asks every Socket Mode connection to go; the app is to come back by itself."""
        await self.sockets.disconnect(reason)

    def emit(self, team: str, event: Json, *, kind: str | None = None) -> asyncio.Task[None] | None:
        """Starts the delivery of an event if it is subscribed to, by its type or, where they differ, its `kind`."""
        if (kind or event["type"]) not in self.subscriptions:
            return None
        workspace = self.workspaces[team]
        payload = {
            "token": "playground",
            "team_id": team,
            "api_app_id": APP,
            "event": {"event_ts": self.new_ts(), **event},
            "type": "event_callback",
            "event_id": self.new_id("Ev"),
            "event_time": int(self.clock()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team,
                    "user_id": workspace.bot,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": secrets.token_hex(8),
        }
        return self._start(self._deliver_event(payload))

    def emit_message(self, channel: Channel, event: Json) -> None:
        """The `message` event of a channel, for those who subscribe to that kind of channel."""
        kind = {"public": "message.channels", "private": "message.groups", "im": "message.im"}[channel.kind]
        if self.workspaces[channel.team].bot in channel.members:
            self.emit(
                channel.team,
                {"type": "message", "channel": channel.id, "channel_type": CHANNEL_TYPES[channel.kind], **event},
                kind=kind,
            )

    async def echo_metadata(self, workspace: Workspace, message: Message) -> None:
        """`message_metadata_posted` for the app's own post; with `before`, the post's response waits for it."""
        if message.metadata is None or message.only_for or self.echo == "never":
            return
        event = {
            "type": "message_metadata_posted",
            "app_id": APP,
            "bot_id": workspace.bot_id,
            "user_id": workspace.bot,
            "team_id": workspace.id,
            "channel_id": message.channel,
            "metadata": message.metadata,
            "message_ts": message.ts,
        }
        first = self.emit(workspace.id, event)
        if self.echo == "twice":
            self.emit(workspace.id, event)
        if self.echo == "before" and first is not None:
            await asyncio.wait({first}, timeout=self.ack_seconds)

    async def deliver(self, type: Type, name: str, payload: Json, retry: tuple[int, str] | None = None) -> Ack:
        """One try over the transport in use: HTTP if a URL is set, else a Socket Mode connection."""
        if self._http:
            ack = await self._over_http(self._http[0], self._http[1], type, payload, retry)
        else:
            ack = await self._over_socket(type, payload, retry)
        answer = ack.failure if ack.status is None else ack.body
        self.wire.record(Call(self.clock(), "slack", "from", name, payload, ack.status, answer))
        return ack

    async def delivered(self, seconds: float = PATIENCE) -> None:
        """Waits until no event is under way, retries included."""
        await self.wire.wait(lambda: not self._tasks, "all events to be delivered", seconds)

    async def aclose(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.disconnect("link_disabled")
        if self._session is not None:
            await self._session.close()

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.wire.touch("slack")

    async def _deliver_event(self, payload: Json) -> None:
        retry: tuple[int, str] | None = None
        for number, wait in enumerate((*RETRY_SECONDS, None), start=1):
            ack = await self.deliver("events_api", f"event.{payload['event']['type']}", payload, retry)
            if ack.failure is None or ack.final or wait is None:
                return
            retry = (number, ack.failure)
            await asyncio.sleep(wait * self.retry_scale)

    async def _over_http(self, url: str, secret: str, type: Type, payload: Json, retry: tuple[int, str] | None) -> Ack:
        body, content_type = _encoded(type, payload)
        stamp = str(int(self.clock()))
        signature = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        timeout = aiohttp.ClientTimeout(total=self.ack_seconds)
        self._session = self._session or aiohttp.ClientSession()
        try:
            async with self._session.post(
                url, data=body.encode(), headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                answer: Any = await response.text()
                with contextlib.suppress(ValueError):
                    answer = json.loads(answer)
                final = response.headers.get("x-slack-no-retry") == "1"
                failure = None if 200 <= response.status < 300 else "http_error"
                return Ack(answer or None, response.status, failure, final)
        except TimeoutError:
            return Ack(failure="http_timeout")
        except aiohttp.ClientError:
            return Ack(failure="connection_failed")

    async def _over_socket(self, type: Type, payload: Json, retry: tuple[int, str] | None) -> Ack:
        try:
            return Ack(await self.sockets.send(type, payload, self.ack_seconds, retry), 200)
        except TimeoutError:
            return Ack(failure="timeout")
        except ConnectionError:
            return Ack(failure="connection_failed")


def _encoded(type: Type, payload: Json) -> tuple[str, str]:
    """Events travel as JSON, interactions as JSON inside a form, commands as a form."""
    if type == "events_api":
        return json.dumps(payload), "application/json"
    form = payload if type == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"
