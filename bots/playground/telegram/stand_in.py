"""The stand-in as one thing to start: Telegram on a port of its own, or mounted beside others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Self

from aiohttp import web

from bots.playground.faults import Faults
from bots.playground.hand_door import refused, use_hand
from bots.playground.telegram.bot_api import BotApi
from bots.playground.telegram.hands import Hands, Pressed
from bots.playground.telegram.reading import shown
from bots.playground.telegram.state import TelegramWorld
from bots.playground.telegram.things import Chat, Message, Topic
from bots.playground.wire import Wire

UPLOAD_LIMIT = 50 * 1024 * 1024
HANDS = {name for name in dir(Hands) if not name.startswith("_")}


class TelegramStandIn:
    """`async with TelegramStandIn(wire, faults) as telegram:` serves at `telegram.url`.

    `world` is the state and what to read of it, `hands` what people do. `mount` puts it into an application of
    somebody else, who then gives `url`, makes the application with `client_max_size=UPLOAD_LIMIT` and calls `close`.
    """

    def __init__(self, wire: Wire, faults: Faults, *, clock: Callable[[], float] = time.time) -> None:
        self.world = TelegramWorld(wire, faults, clock)
        self.hands = Hands(self.world)
        self.url = ""
        self._api = BotApi(self.world, wire, faults)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=UPLOAD_LIMIT)
        self.mount(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/telegram"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
        if self._runner:
            await self._runner.cleanup()

    def mount(self, app: web.Application) -> None:
        app.router.add_routes(self._api.routes())
        app.router.add_routes(
            [
                web.get("/telegram/hands/world", self._world),
                web.get("/telegram/hands/messages", self._messages),
                web.post("/telegram/hands/{name}", self._hand),
            ]
        )

    async def close(self) -> None:
        """Ends the polls and the deliveries to webhooks."""
        await asyncio.gather(*(bot.updates.close() for bot in self.world.bots.values()))

    async def _hand(self, request: web.Request) -> web.Response:
        """With ids for users, chats and messages."""
        return await use_hand(request, self.hands, HANDS, lambda result: {"result": _as_json(result)})

    async def _world(self, request: web.Request) -> web.Response:
        users = [user.shape() for user in self.world.users.values()]
        return web.json_response({"users": users, "chats": [_as_json(chat) for chat in self.world.chats()]})

    async def _messages(self, request: web.Request) -> web.Response:
        """`?chat=<id>&thread=<id>`."""
        try:
            chat, thread = int(request.query["chat"]), request.query.get("thread")
            messages = self.world.messages(chat, int(thread) if thread else None)
        except (KeyError, ValueError) as error:
            return refused(400, f"Ask for the messages of a chat that is there: {error}.")
        return web.json_response([shown(message) for message in messages])


def _as_json(result: object) -> Any:
    match result:
        case Message():
            return shown(result)
        case Chat():
            topics = [t.shape() | {"id": t.id, "closed": t.closed} for t in result.topics.values() if not t.deleted]
            members = [member.shape() for member in result.members.values()]
            return result.shape() | {"started": result.started, "topics": topics, "members": members}
        case Topic():
            return {"id": result.id} | result.shape()
        case Pressed():
            return asdict(result)
        case _:
            return result
