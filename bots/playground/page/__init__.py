"""The playground's page: its built files, the state as JSON, and a stream that says when to look again."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from aiohttp import web

from bots.playground.clock import HandSetClock
from bots.playground.marketplace import MarketplaceStandIn
from bots.playground.page.panes import marketplace_pane, slack_pane, telegram_pane, wire_pane
from bots.playground.slack import SlackWorld
from bots.playground.telegram import TelegramWorld
from bots.playground.wire import Wire

BUILT = Path(__file__).parent / "built"  # by `make page`, from source/
FILES = {
    "/": ("index.html", "text/html"),
    "/page/icon.svg": ("icon.svg", "image/svg+xml"),
    "/page/page.css": ("page.css", "text/css"),
    "/page/page.js": ("page.js", "text/javascript"),
}
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
CALM_SECONDS = 0.1  # what happens in one breath is told once
BEAT_SECONDS = 15  # so that a stream nobody reads any more is noticed


class Page:
    def __init__(
        self,
        wire: Wire,
        clock: HandSetClock,
        slack: SlackWorld,
        telegram: TelegramWorld,
        marketplace: MarketplaceStandIn,
    ) -> None:
        self._clock = clock
        self._wire, self._slack, self._telegram, self._marketplace = wire, slack, telegram, marketplace

    def routes(self) -> list[web.RouteDef]:
        files = [web.get(path, self._file) for path in FILES]
        return [*files, web.get("/page/state", self._state), web.get("/page/changes", self._changes)]

    async def _file(self, request: web.Request) -> web.Response:
        name, kind = FILES[request.path]
        text = (BUILT / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=kind, charset="utf-8", headers=HEADERS)

    async def _state(self, request: web.Request) -> web.Response:
        panes = {
            "marketplace": marketplace_pane(self._marketplace),
            "slack": slack_pane(self._slack),
            "telegram": telegram_pane(self._telegram),
            "wire": wire_pane(self._wire),
            "clock": {"now": self._clock.text(), "ahead": self._clock.ahead},
        }
        return web.json_response(panes, headers=HEADERS)

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """A server-sent event for every breath in which something went over the wire."""
        response = web.StreamResponse(headers={**HEADERS, "content-type": "text/event-stream"})
        await response.prepare(request)
        calls = self._wire.subscribe()
        try:
            while True:
                await response.write(b"data: changed\n\n")
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(BEAT_SECONDS):
                        await anext(calls)
                await asyncio.sleep(CALM_SECONDS)
                calls.skip()
        except ConnectionError:
            return response  # the page was closed
        finally:
            calls.close()
