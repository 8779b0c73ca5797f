"""All three stand-ins in one application on loopback, with people in them and a page to look at them."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from aiohttp import web

from bots.playground.clock import HandSetClock
from bots.playground.faults import Faults
from bots.playground.marketplace import MarketplaceStandIn
from bots.playground.page import Page, Worlds
from bots.playground.people import SHOP, People, let_in_buyers
from bots.playground.slack import APP_TOKEN, BOT_TOKEN, SlackStandIn
from bots.playground.telegram import TelegramStandIn
from bots.playground.telegram.stand_in import UPLOAD_LIMIT
from bots.playground.wire import Wire

LOOPBACK = ("127.0.0.1", "localhost", "::1")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Playground:
    """`async with Playground(port=8090) as playground:` serves at `playground.url`; port 0 takes a free one.

    Sam and Kim work in Slack's private channel `channel`; Eve and Max write with the bot in Telegram, each alone and
    in the forum `team`. Raises ValueError for a host that others could reach: these stand-ins let anybody do anything.
    Their ids differ from one start to the next, so that a Shopbell which remembers an earlier one does not take them
    for the same people. All of it lives by `clock`, which is set forward by hand.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, clock: HandSetClock | None = None) -> None:
        if host not in LOOPBACK:
            raise ValueError(
                f"The playground has no locks, so it listens on {', '.join(LOOPBACK)} only, not on {host}."
            )
        self._host, self._port = host, port
        self.url = ""
        self.wire, self.faults, self.clock = Wire(), Faults(), clock or HandSetClock()
        self.clock.watchers.append(partial(self.wire.touch, "clock"))
        self.slack = SlackStandIn(self.wire, self.faults, self.clock)
        self.telegram = TelegramStandIn(self.wire, self.faults, clock=self.clock)
        self.marketplace = MarketplaceStandIn(self.wire, self.faults, self.clock)
        self.people = People()
        self._let_in_slack()
        self._let_in_telegram()
        let_in_buyers(self.marketplace)
        self._runner: web.AppRunner | None = None

    def _let_in_slack(self) -> None:
        world = self.slack.world
        self.sam, self.kim = world.add_user("Sam"), world.add_user("Kim")
        self.people.in_slack |= {self.sam: "owner", self.kim: "agent"}
        self.channel = world.add_channel("sales", self.sam, self.kim, kind="private", id=_fresh("C"))
        for person in (self.sam, self.kim):
            world.add_channel(f"dm-{person}", person, kind="im", id=_fresh("D"))

    def _let_in_telegram(self) -> None:
        world = self.telegram.world
        self.bot_token = f"{10**9 + secrets.randbelow(10**9)}:playground-{secrets.token_hex(12)}"
        world.new_bot(self.bot_token)
        self.eve, self.max = world.new_user("Eve", "eve_sells"), world.new_user("Max", "max_sells")
        self.people.in_telegram |= {self.eve.id: "owner", self.max.id: "agent"}
        self.team = world.new_group("Bell team", [self.eve, self.max], forum=True)

    def settings(self) -> dict[str, str]:
        """The environment of a Shopbell that plays along."""
        return {
            "SHOPBELL_ALLOW_LOCAL_CALLBACKS": "1",
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "TELEGRAM_API_URL": self.telegram.url,
            "TELEGRAM_BOT_TOKEN": self.bot_token,
        }

    @property
    def callback_url(self) -> str:
        return self.marketplace.callback_url(SHOP)

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[_only_from_here], client_max_size=UPLOAD_LIMIT)
        for stand_in in (self.slack, self.telegram, self.marketplace):
            stand_in.mount(app)
        app.add_routes([*self.faults.routes(), *self.clock.routes()])
        worlds = Worlds(self.slack.world, self.telegram, self.marketplace)
        app.add_routes(Page(self.wire, self.clock, self.faults, self.people, worlds).routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
            self._sure_of(self._runner.addresses)
        except (OSError, ValueError):
            await self._runner.cleanup()
            raise
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        self.slack.url = self.marketplace.url = self.url
        self.telegram.url = f"{self.url}/telegram"
        return self

    def _sure_of(self, addresses: Sequence[tuple[str, int]]) -> None:
        """A hosts file may call anything `localhost`."""
        for address, *_ in addresses:
            if not ip_address(address).is_loopback:
                raise ValueError(f"{self._host} is {address} here, which others could reach.")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.telegram.close()
        if self._runner is not None:
            await self._runner.cleanup()


def _fresh(kind: str) -> str:
    return f"{kind}{secrets.token_hex(5).upper()}"


@web.middleware
async def _only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A web page from elsewhere cannot reach in: not by a name that leads here, and not by posting across."""
    if _host_of(f"//{request.host}") not in LOOPBACK:
        return web.json_response({"error": "Ask for 127.0.0.1 or localhost."}, status=403)
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return web.json_response({"error": "This page is not ours."}, status=403)
    return await handler(request)


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
