"""The playground's page: its built files, one door for each pane, and a stream that says which to look at again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from bots.playground.clock import HandSetClock
from bots.playground.faults import Faults
from bots.playground.hand_door import AskedWrongly, json_object
from bots.playground.page.changes import Changes
from bots.playground.page.doors import HEADERS, Json, door, shown
from bots.playground.page.faults import FaultMenu
from bots.playground.page.files import PageFiles
from bots.playground.page.marketplace import MarketplacePane
from bots.playground.page.rates import rates
from bots.playground.page.slack import SlackPane
from bots.playground.page.telegram import TelegramPane
from bots.playground.page.wire import WirePane
from bots.playground.page.worlds import Worlds
from bots.playground.people import People
from bots.playground.wire import Wire

BUILT = Path(__file__).parent / "built"  # by `make page`, from source/
FILES = {
    "/": ("index.html", "text/html"),
    "/page/icon.svg": ("icon.svg", "image/svg+xml"),
    "/page/page.css": ("page.css", "text/css"),
    "/page/page.js": ("page.js", "text/javascript"),
}


class Page:
    def __init__(self, wire: Wire, clock: HandSetClock, faults: Faults, people: People, worlds: Worlds) -> None:
        self._wire, self._clock, self._people = wire, clock, people
        self._menu = FaultMenu(faults, worlds)
        self._slack, self._telegram, self._marketplace = worlds.slack, worlds.telegram.world, worlds.marketplace

    def routes(self) -> list[web.RouteDef]:
        slack = SlackPane(self._slack, self._people.in_slack)
        telegram = TelegramPane(self._telegram, self._people.in_telegram)
        marketplace = MarketplacePane(self._marketplace, self._people.shops)
        return [
            *(web.get(path, self._file) for path in FILES),
            web.get("/page/changes", Changes(self._wire).stream),
            web.get("/page/slack", door(slack.read)),
            web.get("/page/slack/older", door(slack.older)),
            web.get("/page/telegram", door(telegram.read)),
            web.get("/page/telegram/older", door(telegram.older)),
            web.get("/page/marketplace", door(marketplace.read)),
            web.get("/page/marketplace/older", door(marketplace.older)),
            web.get("/page/rates", self._rates),
            web.get("/page/clock", door(lambda _: self._clock.read())),
            web.get("/page/wire", door(WirePane(self._wire).read)),
            web.get("/page/faults", door(self._menu.read)),
            web.post("/page/faults/{name}/on", self._fault_on),
            web.post("/page/faults/{name}/off", self._fault_off),
            *PageFiles(self._slack, self._telegram).routes(),
        ]

    async def _file(self, request: web.Request) -> web.Response:
        name, kind = FILES[request.path]
        text = (BUILT / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=kind, charset="utf-8", headers=HEADERS)

    async def _rates(self, request: web.Request) -> web.Response:
        return shown(await rates(self._marketplace, self._people.shops))

    async def _fault_on(self, request: web.Request) -> web.Response:
        return await self._switched(request, self._menu.turn_on)

    async def _fault_off(self, request: web.Request) -> web.Response:
        return await self._switched(request, lambda name, _: self._menu.turn_off(name))

    async def _switched(self, request: web.Request, switch: Callable[[str, Json], Awaitable[None]]) -> web.Response:
        try:
            await switch(request.match_info["name"], await json_object(request))
        except AskedWrongly as error:
            return shown({"error": str(error)}, 400)
        except KeyError as error:
            return shown({"error": f"There is no fault {error}."}, 404)
        except (ValueError, AssertionError) as error:
            return shown({"error": str(error)}, 409)
        self._wire.touch("faults")
        return shown(self._menu.read())


__all__ = ["Page", "Worlds"]
