"""Slack on 127.0.0.1: the routes of both doors, alone on a port of its own or mounted beside other stand-ins."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bots.playground.faults import Faults
from bots.playground.hand_door import use_hand
from bots.playground.slack.files import download, receive_upload
from bots.playground.slack.web_api import WebApi
from bots.playground.slack.world import SlackWorld
from bots.playground.wire import Wire

# What the page may ask for at /slack/hands/<name>, with the arguments as a JSON object.
HANDS = (
    "add_channel",
    "add_user",
    "archive",
    "click",
    "click_view",
    "close",
    "command",
    "delete_message",
    "dismiss",
    "edit_message",
    "ephemerals",
    "home_view",
    "join",
    "leave",
    "message_shortcut",
    "messages",
    "open_home",
    "remove_bot",
    "restore_token",
    "revoke_token",
    "say",
    "share",
    "shortcut",
    "submit",
    "unarchive",
    "upload",
    "view",
)


class SlackStandIn:
    """`SLACK_API_URL` is `url + "/slack/api/"`. Mounted on another application, `url` must be set before use."""

    def __init__(self, wire: Wire, faults: Faults, clock: Callable[[], float] = time.time) -> None:
        self.world = SlackWorld(wire, faults, clock)
        self._web_api = WebApi(self.world)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return self.world.url

    @url.setter
    def url(self, url: str) -> None:
        self.world.url = url

    @property
    def api_url(self) -> str:
        return f"{self.url}/slack/api/"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/slack/api/{method}", self._web_api.call),
            web.post("/slack/api/{method}", self._web_api.call),
            web.get("/slack/socket", self.world.sockets.serve),
            web.post("/slack/response/{key}", self.world.take_response),
            web.post("/slack/upload/{id}", self._upload),
            web.get("/slack/files/{id}/{name}", self._download),
            web.post("/slack/hands/{name}", self._hand),
        ]

    def mount(self, app: web.Application) -> None:
        app.add_routes(self.routes())
        app.on_shutdown.append(self._shutdown)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        self.mount(app)
        self._runner = web.AppRunner(app, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _shutdown(self, app: web.Application) -> None:
        await self.world.aclose()

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        return await receive_upload(self.world, request)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        return await download(self.world, request)

    async def _hand(self, request: web.Request) -> web.StreamResponse:
        return await use_hand(request, self.world, HANDS, lambda result: {"result": _as_json(result)})


def _as_json(result: Any) -> Any:
    if isinstance(result, list):
        return [_as_json(item) for item in result]
    return asdict(result) if is_dataclass(result) and not isinstance(result, type) else result
