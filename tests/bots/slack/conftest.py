"""A Slack of our own, the real adapter in front of it by HTTP and by Socket Mode, and a core that records."""

import asyncio
from collections.abc import AsyncIterator, Mapping, MutableMapping
from typing import Any

import pytest
from aiohttp import web

from bots.playground.faults import Faults
from bots.playground.slack import APP_TOKEN, BOT_TOKEN, SlackStandIn, SlackWorld
from bots.playground.wire import Wire
from bots.slack.adapter import SlackPlatform, open_platform
from core.domain.cards import Button, Card, CardState, Style, Verb
from core.domain.rooms import Address, Answerers, Room, RoomKind
from core.domain.texts import Instant, Quote, Words
from core.ports.chat import Asgi
from tests.fixtures.ports import Mailbox, RecordingAct, new_tools

SECRET = "0123456789abcdef0123456789abcdef"
CONVERSATION = "07caaaaaaaaaaaaaaaaaaaa"


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
async def slack(wire: Wire, faults: Faults) -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn(wire, faults) as stand_in:
        stand_in.world.limits = False
        yield stand_in
    assert wire.problems() == []  # nothing was ever sent that Slack would refuse


@pytest.fixture
def world(slack: SlackStandIn) -> SlackWorld:
    return slack.world


@pytest.fixture
def anna(world: SlackWorld) -> str:
    return world.add_user("anna")


@pytest.fixture
def channel(world: SlackWorld, anna: str) -> str:
    return world.add_channel("orders", anna)


@pytest.fixture
def room(world: SlackWorld, channel: str) -> Room:
    address = Address("slack", world.workspace.id, channel)
    return Room("07r", "07s", address, RoomKind.PUBLIC, "orders", Answerers.EVERYONE)


@pytest.fixture
def settings(slack: SlackStandIn) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.api_url,
    }


@pytest.fixture
async def platform(settings: Mapping[str, str]) -> AsyncIterator[SlackPlatform]:
    platform = open_platform(settings, new_tools())
    assert platform is not None
    yield platform
    await platform.aclose()


@pytest.fixture
def act() -> RecordingAct:
    return RecordingAct()


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()
    yield mailbox
    await mailbox.close()


@pytest.fixture(params=["http", "socket"])
async def heard(
    request: pytest.FixtureRequest, platform: SlackPlatform, act: RecordingAct, mailbox: Mailbox, world: SlackWorld
) -> AsyncIterator[str]:
    """The adapter hears this Slack, over each transport in turn."""
    start = over_http if request.param == "http" else over_socket
    async for _ in start(platform, act, mailbox, world):
        yield request.param


async def over_http(
    platform: SlackPlatform, act: RecordingAct, mailbox: Mailbox, world: SlackWorld
) -> AsyncIterator[str]:
    """Yields the address of the door."""
    mounted: dict[str, Asgi] = {}
    mailbox.read = platform.inbound(act, mailbox.keep, mounted.__setitem__).read
    async for url in served(mounted["/slack/events"]):
        await world.connect_http(f"{url}/slack/events", SECRET)
        yield f"{url}/slack/events"
        world.disconnect_http()


async def over_socket(
    platform: SlackPlatform, act: RecordingAct, mailbox: Mailbox, world: SlackWorld
) -> AsyncIterator[str]:
    inbound = platform.inbound(act, mailbox.keep, lambda path, app: None)
    mailbox.read = inbound.read
    assert inbound.run is not None
    running = asyncio.ensure_future(inbound.run())
    await world.wait(lambda: len(world.sockets), "a Socket Mode connection")
    yield "socket"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def served(app: Asgi) -> AsyncIterator[str]:
    """An ASGI application on a port of its own."""

    async def answer(request: web.Request) -> web.Response:
        body, said = await request.read(), web.Response()
        headers = [(name.lower(), value) for name, value in request.raw_headers]

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                said.set_status(message["status"])
                said.headers.update({name.decode(): value.decode() for name, value in message["headers"]})
            else:
                said.body = message["body"]

        await app({"type": "http", "method": request.method, "path": request.path, "headers": headers}, receive, send)
        return said

    server = web.Application()
    server.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def a_card(quote: str = "Is it blue?", *, version: int = 1, state: CardState = CardState.OPEN) -> Card:
    """Ann's conversation as the core draws it."""
    return Card(
        conversation=CONVERSATION,
        version=version,
        state=state,
        title=(Words("Ann", strong=True), Words(" · "), Quote("Example Market")),
        subject=(Words("Order 5: "), Quote("Logo design")),
        quote=Quote(quote),
        status=(Words("Reply by "), Instant(1_796_000_000_000, "Europe/Paris")),
        fallback=(Words("Ann writes: "), Quote(quote)),
        buttons=(
            Button(
                (Words("Reply to Ann"),), Verb.REPLY, CONVERSATION, version=version, style=Style.PRIMARY, opens=True
            ),
            Button((Words("Open on the site"),), url="https://market.example/c-77"),
        ),
    )
