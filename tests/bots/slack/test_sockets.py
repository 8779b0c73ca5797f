"""A Socket Mode connection that is lost is made again, and one that is left is closed in bounded time."""

import asyncio
import time

from bots.playground.slack import APP_TOKEN, BOT_TOKEN, SlackStandIn, SlackWorld
from bots.slack import sockets
from bots.slack.adapter import SlackPlatform
from bots.slack.answers import Answers
from bots.slack.app import build_app
from bots.slack.client import Client
from bots.slack.config import Config
from bots.slack.home import Home
from bots.slack.listeners import Listeners
from bots.slack.people import People
from bots.slack.reading import Reader
from bots.slack.windows import Windows
from core.domain.actions import Write
from tests.bots.slack.conftest import over_socket
from tests.fixtures.ports import DictMemory, Mailbox, PlainVoice, RecordingAct


async def test_slack_may_ask_us_to_connect_again(
    platform: SlackPlatform, act: RecordingAct, mailbox: Mailbox, world: SlackWorld, anna: str, channel: str
) -> None:
    """Slack recycles connections every few hours; what is typed after that is heard."""
    async for _ in over_socket(platform, act, mailbox, world):
        world.retry_scale = 0.01
        await world.disconnect()
        await world.say(anna, channel, "@shopbell are we on?")

        await world.wait(lambda: act.actions, "the mention")
        assert isinstance(act.last, Write)


async def test_a_dead_connection_is_replaced(
    slack: SlackStandIn, act: RecordingAct, mailbox: Mailbox, world: SlackWorld
) -> None:
    """When the SDK does not notice or cannot mend it, the whole connection is made anew."""
    client, memory = Client(Config(BOT_TOKEN, APP_TOKEN, api_url=slack.api_url)), DictMemory()
    client.connect()
    people = People(client, memory)
    voice = PlainVoice()
    home = Home(client, people, memory, voice)
    reader = Reader(client, people, Answers(client, voice.say), Windows(client, voice), home, act, voice)
    listeners = Listeners(reader, memory, mailbox.keep, voice)
    app = build_app(client, listeners)
    receiving = asyncio.create_task(sockets.receive(app, APP_TOKEN, unwell_seconds=0.3))
    await world.wait(lambda: len(world.sockets), "a connection")
    opened = len(world.wire.calls(method="apps.connections.open"))
    world.sockets.break_off()

    await world.wait(
        lambda: len(world.sockets) and len(world.wire.calls(method="apps.connections.open")) > opened,
        "another connection",
    )
    before = time.monotonic()
    receiving.cancel()
    await asyncio.gather(receiving, return_exceptions=True)
    assert time.monotonic() - before < sockets.CLOSE_SECONDS + 1
    await client.aclose()
