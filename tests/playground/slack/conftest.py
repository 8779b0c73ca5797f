"""A Slack with one channel and one person, the real SDK's client, and a real Bolt app over either transport."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bots.playground.faults import Faults
from bots.playground.slack import APP_TOKEN, BOT_TOKEN, SlackStandIn, SlackWorld
from bots.playground.wire import Wire

SECRET = "a signing secret"


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
async def slack(wire: Wire, faults: Faults) -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn(wire, faults) as stand_in:
        yield stand_in


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
def client(slack: SlackStandIn) -> AsyncWebClient:
    return AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, signing_secret=SECRET, ignoring_self_events_enabled=False)


@pytest.fixture(params=["http", "socket"])
async def heard(request: pytest.FixtureRequest, app: AsyncApp, world: SlackWorld) -> AsyncIterator[str]:
    """The app hears this Slack, by HTTP and by Socket Mode in turn."""
    start = over_http if request.param == "http" else over_socket
    async for _ in start(app, world):
        yield request.param


@pytest.fixture
async def http(app: AsyncApp, world: SlackWorld) -> AsyncIterator[None]:
    async for _ in over_http(app, world):
        yield


@pytest.fixture
async def socket(app: AsyncApp, world: SlackWorld) -> AsyncIterator[None]:
    async for _ in over_socket(app, world):
        yield


async def over_http(app: AsyncApp, world: SlackWorld) -> AsyncIterator[None]:
    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", events)
    runner = web.AppRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await world.connect_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events", SECRET)
    yield
    await runner.cleanup()


async def over_socket(app: AsyncApp, world: SlackWorld) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, APP_TOKEN)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await world.wait(lambda: len(world.sockets), "a Socket Mode connection")
    yield
    await handler.close_async()  # type: ignore[no-untyped-call]
