"""The adapter beside the strict stand-in: by polling and by webhook, with the core's side in memory."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn

from bots.playground.faults import Faults
from bots.playground.telegram import TelegramStandIn, User
from bots.playground.telegram.things import Chat
from bots.playground.wire import Wire
from bots.telegram.adapter import TelegramPlatform, open_platform
from core.domain.rooms import Address, Answerers, Room, RoomKind
from core.ports.chat import Asgi, Inbound, Tools
from tests.fixtures.ports import Mailbox, RecordingAct, new_tools

TOKEN = "7001:shopbell-playground-token-0000000000"
SECRET = "picked-by-chance-0123456789"
BOT_ID = "7001"


class WebServer:
    """Our web server as an adapter knows it: paths to mount at."""

    def __init__(self) -> None:
        self.mounted: dict[str, Asgi] = {}
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def mount(self, path: str, app: Asgi) -> None:
        self.mounted[path] = app

    async def _serve(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if app := self.mounted.get(scope["path"]):
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    @asynccontextmanager
    async def running(self, *, called: bool) -> AsyncIterator[None]:
        """`called`: somebody will; without, the port is only kept from others."""
        if not called:
            with self._socket:
                yield
            return
        config = uvicorn.Config(self._serve, interface="asgi3", lifespan="off", ws="none", log_config=None)
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        # Its own `serve` looks up only every tenth of a second whether it is to end.
        await server.startup([self._socket])
        try:
            yield
        finally:
            await server.shutdown([self._socket])


@dataclass
class Desk:
    """One process of ours at work."""

    platform: TelegramPlatform
    inbound: Inbound
    act: RecordingAct
    mailbox: Mailbox
    tools: Tools
    web: WebServer


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
async def telegram(wire: Wire, faults: Faults) -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn(wire, faults) as stand_in:
        bot = stand_in.world.new_bot(TOKEN)
        bot.updates.retry_scale = 0.01
        yield stand_in
    # Every call of every test keeps to the Bot API's own description.
    assert [str(call) for call in wire.problems()] == []


@pytest.fixture
def ann(telegram: TelegramStandIn) -> User:
    """A member who has opened the bot."""
    user = telegram.world.new_user("Ann", "ann_sells")
    telegram.world.private(user).started = True
    return user


@pytest.fixture
def bob(telegram: TelegramStandIn) -> User:
    return telegram.world.new_user("Bob")


@pytest.fixture
async def group(telegram: TelegramStandIn, ann: User, bob: User) -> Chat:
    chat = telegram.world.new_group("Sellers", [ann, bob], supergroup=True)
    await telegram.hands.add_bot(chat, ann)
    return chat


@pytest.fixture
async def platform(telegram: TelegramStandIn) -> AsyncIterator[TelegramPlatform]:
    """The adapter with nothing coming in."""
    opened = open_platform({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}, new_tools())
    assert opened is not None
    yield opened
    await opened.aclose()


@asynccontextmanager
async def at_work(telegram: TelegramStandIn, way: str, tools: Tools | None = None) -> AsyncIterator[Desk]:
    web, mailbox, act, tools = WebServer(), Mailbox(), RecordingAct(), tools or new_tools()
    settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url, "SHOPBELL_PUBLIC_URL": web.url}
    if way == "webhook":
        settings["TELEGRAM_WEBHOOK_SECRET"] = SECRET
    platform = open_platform(settings, tools)
    assert platform is not None
    inbound = platform.inbound(act, mailbox.keep, web.mount)
    mailbox.read = inbound.read
    assert inbound.run is not None
    async with web.running(called=way == "webhook"):
        receiving = asyncio.ensure_future(inbound.run())
        try:
            await telegram.world.wait(_listening(telegram, way), f"the bot to listen by {way}")
            yield Desk(platform, inbound, act, mailbox, tools, web)
        finally:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)
            await platform.aclose()
            await mailbox.close()
    assert mailbox.errors == []


def _listening(telegram: TelegramStandIn, way: str) -> Callable[[], bool]:
    updates = telegram.world.bot.updates
    if way == "webhook":
        return lambda: updates.webhook is not None
    return lambda: updates._poll is not None


@pytest.fixture(params=["polling", "webhook"])
async def desk(request: pytest.FixtureRequest, telegram: TelegramStandIn) -> AsyncIterator[Desk]:
    """What must hold whichever way updates come."""
    async with at_work(telegram, request.param) as at:
        yield at


def room_of(chat: User | Chat, thread: int | None = None) -> Room:
    kind = RoomKind.DIRECT if isinstance(chat, User) else RoomKind.PRIVATE
    address = Address("telegram", BOT_ID, str(chat.id), str(thread) if thread else None)
    return Room("03r" + "a" * 20, "03s" + "a" * 20, address, kind, "A room", Answerers.EVERYONE)
