"""Socket Mode: a connection that is watched, replaced when it dies, and closed in bounded time."""

import asyncio
import logging

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

WATCH_SECONDS = 1.0
# The SDK reconnects by itself within this; sessions that it believed alive have been silent for hours
# (slackapi/bolt-python#417), and a used-up address is tried for ever (slack_sdk 3.47, socket_mode/aiohttp).
UNWELL_SECONDS = 30.0
CLOSE_SECONDS = 3.0
PING_SECONDS = 5.0

log = logging.getLogger(__name__)


class Handler(AsyncSocketModeHandler):
    """What cannot be acknowledged, because the connection is closing, Slack tells again on the next one."""

    async def handle(  # type: ignore[override] # narrower than its base, as Bolt's own is
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        try:
            await super().handle(client, req)
        except ConnectionResetError:
            log.info("The connection closed before an envelope was acknowledged; Slack tells it again.")


async def receive(app: AsyncApp, app_token: str, *, unwell_seconds: float = UNWELL_SECONDS) -> None:
    """Receives until cancelled, by one connection of the ten that an app may have."""
    while True:
        await _one_connection(app, app_token, unwell_seconds)
        log.warning("The Socket Mode connection was dead for %g s and is replaced.", unwell_seconds)


async def _one_connection(app: AsyncApp, app_token: str, unwell_seconds: float) -> None:
    handler = Handler(app, app_token, ping_interval=PING_SECONDS)
    handler.client.proxy = app.client.proxy
    connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call] # Bolt has no types here
    try:
        await _until_unwell(handler, unwell_seconds)
    finally:
        await _close(handler, connecting)


async def _until_unwell(handler: AsyncSocketModeHandler, unwell_seconds: float) -> None:
    loop = asyncio.get_running_loop()
    well = loop.time()
    while loop.time() - well < unwell_seconds:
        if await handler.client.is_connected():
            well = loop.time()
        await asyncio.sleep(min(WATCH_SECONDS, unwell_seconds))


async def _close(handler: AsyncSocketModeHandler, connecting: asyncio.Task[None]) -> None:
    """The SDK cancels its tasks without waiting for them, and waits for the other side without an end."""
    client = handler.client
    tasks = [connecting, client.message_processor, client.current_session_monitor, client.message_receiver]
    connecting.cancel()
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await handler.close_async()  # type: ignore[no-untyped-call] # the same
    except TimeoutError:
        log.warning("Slack did not answer the goodbye in %g s.", CLOSE_SECONDS)
    await client.aiohttp_client_session.close()
    await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
