"""Updates pushed by Telegram: proved, kept on disk, then confirmed."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bots.telegram.app import App
from bots.telegram.arrivals import Arrivals
from core.errors import OutsideError, StoreDown
from core.ports.chat import Lease

BODY_LIMIT = 1_000_000  # bytes; Telegram's updates are far smaller
BODY_SECONDS = 10.0
CHECK_SECONDS = 600.0
TAKEOVER_SECONDS = 20.0  # longer than a lease of 15 s
LONGEST_PAUSE = 60.0
HEADER = b"x-telegram-bot-api-secret-token"

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)


class _TooLarge(Exception):
    """More than BODY_LIMIT."""


class Webhook:
    def __init__(self, app: App, arrivals: Arrivals, lease: Lease, *, base: str, secret: str) -> None:
        self._app = app
        self._arrivals = arrivals
        self._lease = lease
        self._secret = secret
        self._role = f"telegram/{app.bot_id}/webhook"
        self.path = f"/telegram/{_unguessable(secret, app.bot_id)}"
        self._url = base + self.path

    async def serve(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """The ASGI application at `path`."""
        if scope["type"] != "http":
            return
        status = await self._take(scope, receive)
        # Constant bodies: a stranger learns nothing of why.
        body = {200: b"", 401: b"unauthorized\n"}.get(status, b"not taken\n")
        headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _take(self, scope: MutableMapping[str, Any], receive: Receive) -> int:
        headers = dict(scope["headers"])
        if not hmac.compare_digest(headers.get(HEADER, b""), self._secret.encode()):
            log.info("An update was refused: it does not bear TELEGRAM_WEBHOOK_SECRET.")
            return 401
        if scope["method"] != "POST":
            return 405
        if headers.get(b"content-length", b"0").isdigit() and int(headers.get(b"content-length", b"0")) > BODY_LIMIT:
            return 413
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read(receive)
            update = json.loads(body)
        except _TooLarge:
            return 413
        except TimeoutError:
            return 408
        except (ValueError, RecursionError):  # no JSON, or one that is nested too deeply to be anybody's
            return 400
        return await self._keep(update, body) if isinstance(update, dict) else 400

    async def _keep(self, update: dict[str, Any], body: bytes) -> int:
        try:
            await self._arrivals.take(update, body)
        except StoreDown:
            return 503  # Telegram tells it again, for 24 h
        return 200

    async def run(self) -> None:
        """Tells Telegram where we are, and again should somebody have told it otherwise; until cancelled."""
        await self._app.announce()
        told, failures = False, 0
        while True:
            try:
                pause = CHECK_SECONDS
                # One process at a time: Telegram refuses a second call within a second.
                if not await self._lease.hold(self._role):
                    pause = TAKEOVER_SECONDS
                elif not told or await self._app.webhook_url() != self._url:
                    await self._app.set_webhook(self._url, self._secret)
                    told = True
                failures = 0
            except (OutsideError, StoreDown) as error:
                failures += 1
                pause = min(2.0 ** min(failures - 1, 6), LONGEST_PAUSE)
                log.warning("Telegram was not told of our webhook, next try in %.0f s: %s", pause, error)
            await asyncio.sleep(pause)


def _unguessable(secret: str, bot_id: str) -> str:
    """The same for the same secret, so that a restart and a second process agree."""
    return hmac.new(secret.encode(), f"shopbell/telegram/path/{bot_id}".encode(), hashlib.sha256).hexdigest()[:40]


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ValueError("the caller hung up")
        body += bytes(message.get("body", b""))
        if len(body) > BODY_LIMIT:
            raise _TooLarge
        if not message.get("more_body"):
            return bytes(body)
