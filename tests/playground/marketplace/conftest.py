"""A marketplace, and a Shopbell small enough to see through: a door that verifies by the reference library."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from standardwebhooks import Webhook as Oracle

from bots.playground.faults import Faults
from bots.playground.marketplace import MarketplaceStandIn
from bots.playground.wire import Wire
from core.domain.signatures import new_secret

SECRET_IN, SECRET_OUT = new_secret(), new_secret()


@dataclass
class Door:
    """What a marketplace posts to, as strict as the reference library."""

    heard: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        try:
            event = Oracle(SECRET_IN).verify(await request.read(), dict(request.headers.items()))
        except Exception as error:  # noqa: BLE001 - the reference library raises whatever it stumbles over
            return web.json_response({"problem": str(error)}, status=401)
        self.heard.append(event)
        return web.json_response({"results": [{"id": event.get("id"), "result": "accepted"}]}, status=202)


@dataclass
class Courier:
    """Brings replies as Shopbell does."""

    url: str

    async def bring(self, id: str, text: str = "Yes, it is.", **changes: Any) -> tuple[int, Any]:
        """The status, and the JSON where there is some; `changes` replace headers, or fields of the event."""
        reply: dict[str, Any] = {
            "id": id,
            "text": text,
            "attachments": [],
            "author": {"id": "1", "name": "Sam"},
            "quick_response": None,
        }
        data = {"conversation": "c-1", "reply": reply, "in_reply_to": "m-1"}
        event = {"id": id, "type": "reply.created", "at": "2026-11-23T10:00:00Z", "data": data}
        body = json.dumps(event | changes.get("event", {})).encode()
        now = datetime.now(tz=UTC)
        headers = {
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Oracle(SECRET_OUT).sign(id, now, body.decode()),
        }
        headers |= changes.get("headers", {})
        async with aiohttp.ClientSession() as session, session.post(self.url, data=body, headers=headers) as answer:
            return answer.status, await answer.json() if "json" in answer.content_type else await answer.text()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def market(wire: Wire, faults: Faults) -> AsyncIterator[MarketplaceStandIn]:
    async with MarketplaceStandIn(wire, faults) as market:
        yield market


@pytest.fixture
async def door(market: MarketplaceStandIn) -> AsyncIterator[Door]:
    door, app = Door(), web.Application()
    app.router.add_post("/events", door.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/events"
    market.connect("bell", events_url=url, secret_in=SECRET_IN, secret_out=SECRET_OUT)
    yield door
    await runner.cleanup()


@pytest.fixture
def courier(market: MarketplaceStandIn, door: Door) -> Courier:
    return Courier(market.callback_url("bell"))
