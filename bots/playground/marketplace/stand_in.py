"""The marketplace on 127.0.0.1: its callback for Shopbell, and the hands of its buyers and of a seller on the site."""

import asyncio
import io
import itertools
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp
from aiohttp import web

from bots.playground.faults import Faults, hang_up
from bots.playground.marketplace.reading import REPORTS, read_event
from bots.playground.marketplace.signing import faults as signature_faults
from bots.playground.marketplace.signing import sign
from bots.playground.marketplace.state import Answered, Echo, Reply, Report, Said, ShopFront, to_availability
from bots.playground.wire import Call, Wire

T = TypeVar("T")
TIMEOUT = aiohttp.ClientTimeout(total=15)
HANDS = (
    "write",
    "answer_on_site",
    "edit",
    "delete",
    "report_on_site",
    "unreport_on_site",
    "order_started",
    "set_availability",
)


class MarketplaceStandIn:
    """`callback_url(shop)` is what `shop add --callback-url` is given; `connect` is told what it answered.

    Mounted on another application, `url` must be set before use.
    """

    def __init__(self, wire: Wire, faults: Faults, clock: Callable[[], float] = time.time) -> None:
        self.url = ""
        self.shops: dict[str, ShopFront] = {}
        self._wire, self._faults, self._clock = wire, faults, clock
        self._numbers = itertools.count(1)
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None
        self._later: set[asyncio.Task[Answered]] = set()

    # The marketplace's own side.

    def callback_url(self, shop: str) -> str:
        return f"{self.url}/marketplace/callback/{shop}"

    def connect(self, shop: str, *, events_url: str, secret_in: str, secret_out: str, echo: Echo = "never") -> None:
        """`secret_in` signs what goes into Shopbell, `secret_out` what comes out of it."""
        front = self.front(shop)
        front.events_url, front.secret_in, front.echo = events_url, secret_in, echo
        front.secrets_out = (secret_out, *front.secrets_out[:1])

    def front(self, shop: str) -> ShopFront:
        return self.shops.setdefault(shop, ShopFront(shop))

    def replies(self, shop: str) -> list[Reply]:
        """What the buyers got from Shopbell, each once, in order."""
        return list(self.front(shop).replies.values())

    def reports(self, shop: str) -> list[Report]:
        """The spam reports that Shopbell brought, and what took them back, each once, in order."""
        return list(self.front(shop).reports.values())

    def conversation(self, shop: str, key: str) -> list[Said]:
        """What the buyer of a conversation sees."""
        return self.front(shop).conversations.get(key, [])

    # What people do.

    async def write(  # noqa: PLR0913 - the whole of what a marketplace may say of a message
        self,
        shop: str,
        buyer: str,
        text: str,
        *,
        conversation: str = "c-1",
        order: dict[str, Any] | None = None,
        attachments: list[dict[str, Any]] | None = None,
        history: bool = False,
        sent_at: str | None = None,
        event_id: str | None = None,
        message_id: str | None = None,
    ) -> Answered:
        """A buyer writes; what Shopbell answered to the event."""
        said = Said(message_id or f"m-{next(self._numbers)}", "buyer", text, sent_at or self.now())
        thread = self.front(shop).conversations.setdefault(conversation, [])
        if all(known.id != said.id for known in thread):
            thread.append(said)
        message = {"id": said.id, "text": text, "sent_at": said.at, "attachments": attachments or []}
        data = self._about(shop, conversation, buyer) | {"message": message, "order": order}
        return await self.post(shop, self.event("message.received", data, event_id, history=history))

    async def answer_on_site(self, shop: str, text: str, *, conversation: str = "c-1") -> Answered:
        said = Said(f"s-{next(self._numbers)}", "seller", text, self.now())
        self.front(shop).conversations.setdefault(conversation, []).append(said)
        data = {"conversation": conversation, "message": {"id": said.id, "text": text, "sent_at": said.at}}
        return await self.post(shop, self.event("message.sent", data))

    async def edit(self, shop: str, message: str, text: str, *, conversation: str = "c-1") -> Answered:
        said = self._said(shop, conversation, message)
        said.text, said.edited = text, True
        data = {"conversation": conversation, "message": {"id": message, "text": text}}
        return await self.post(shop, self.event("message.edited", data))

    async def delete(self, shop: str, message: str, *, conversation: str = "c-1") -> Answered:
        self._said(shop, conversation, message).deleted = True
        data = {"conversation": conversation, "message": {"id": message}}
        return await self.post(shop, self.event("message.deleted", data))

    async def report_on_site(self, shop: str, message: str, *, conversation: str = "c-1") -> Answered:
        return await self._tell_spam(shop, message, conversation, "spam.reported")

    async def unreport_on_site(self, shop: str, message: str, *, conversation: str = "c-1") -> Answered:
        return await self._tell_spam(shop, message, conversation, "spam.withdrawn")

    async def order_started(
        self, shop: str, buyer: str, order: dict[str, Any], *, conversation: str = "c-1"
    ) -> Answered:
        data = self._about(shop, conversation, buyer) | {"order": order}
        return await self.post(shop, self.event("order.started", data))

    async def set_availability(
        self, shop: str, *, until: str | None = None, note: str | None = None, accept_messages: bool = True
    ) -> Answered:
        """On the site: away until then, or available."""
        away = {"available": False, "from": self.now(), "until": until, "note": note}
        data = (away if until else {"available": True}) | {"accept_messages": accept_messages}
        event = self.event("availability.changed", data)
        self.front(shop).availability = to_availability(data, event["at"])
        return await self.post(shop, event)

    # How it is told.

    def now(self) -> str:
        return datetime.fromtimestamp(self._clock(), tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def event(
        self, type: str, data: dict[str, Any], event_id: str | None = None, *, history: bool = False
    ) -> dict[str, Any]:
        event = {"id": event_id or f"evt-{next(self._numbers)}", "type": type, "at": self.now(), "data": data}
        return event | ({"history": True} if history else {})

    async def post(self, shop: str, event: dict[str, Any], *, delivery: str | None = None) -> Answered:
        """One signed event."""
        self.front(shop).events.append(event)
        return await self._send(shop, json.dumps(event).encode(), delivery, event["type"])

    async def post_batch(self, shop: str, events: list[dict[str, Any]], *, delivery: str | None = None) -> Answered:
        return await self._send(shop, json.dumps({"events": events}).encode(), delivery, "batch")

    async def post_raw(
        self, shop: str, body: bytes, *, headers: dict[str, str] | None = None, signed: bool = True
    ) -> Answered:
        """Whatever bytes; `headers` replace the signed ones."""
        given = sign(self.front(shop).secret_in, f"wh-{next(self._numbers)}", body) if signed else {}
        return await self._request(shop, body, given | (headers or {}), "raw")

    async def wait(self, condition: Callable[[], T | None], description: str, seconds: float = 5.0) -> T:
        return await self._wire.wait(condition, description, seconds)

    async def _send(self, shop: str, body: bytes, delivery: str | None, method: str) -> Answered:
        headers = sign(self.front(shop).secret_in, delivery or f"wh-{next(self._numbers)}", body)
        return await self._request(shop, body, headers, method)

    async def _request(self, shop: str, body: bytes, headers: dict[str, str], method: str) -> Answered:
        session = self._session = self._session or aiohttp.ClientSession(timeout=TIMEOUT)
        url = self.front(shop).events_url
        async with session.post(url, data=io.BytesIO(body), headers=headers, allow_redirects=False) as response:
            text = await response.text()
        answer = json.loads(text) if "json" in response.headers.get("content-type", "") else text
        request = {"shop": shop, "body": body[:2_000].decode(errors="replace")}
        self._wire.record(Call(self._clock(), "marketplace", "from", method, request, response.status, answer))
        return Answered(response.status, response.headers, answer)

    # What Shopbell brings.

    async def _callback(self, request: web.Request) -> web.StreamResponse:
        front = self.front(request.match_info["shop"])
        body = await request.read()
        problems = signature_faults(request.headers, body, front.secrets_out)
        event, wrong = read_event(body) if not problems else ({}, ())
        data = event["data"] if isinstance(event.get("data"), dict) else {}
        seen = {"shop": front.name, "conversation": data.get("conversation"), "type": event.get("type"), "body": event}
        fault = await self._faults.match("marketplace", "callback", seen)
        response: web.StreamResponse
        if fault and fault.kind == "status":
            response = fault.response()
        elif fault and fault.kind == "drop_before":
            response = hang_up(request)
        elif problems:
            response = web.json_response({"title": "bad signature", "detail": "; ".join(problems)}, status=401)
        elif wrong:
            response = web.json_response({"title": "bad event", "detail": "; ".join(wrong)}, status=400)
        else:
            if fault and fault.kind == "delay":
                await asyncio.sleep(fault.seconds)
            response = await self._take(front, event, request.headers["webhook-id"])
            response = hang_up(request) if fault and fault.kind == "drop_after" else response
        said = getattr(response, "text", None)
        self._wire.record(
            Call(self._clock(), "marketplace", "to", "callback", seen, response.status, said, problems + wrong)
        )
        return response

    async def _take(self, front: ShopFront, event: dict[str, Any], delivery: str) -> web.Response:
        if event.get("type") == "availability.changed":
            return self._take_availability(front, event, delivery)
        if event.get("type") == "seller.unreachable":
            front.unreachable.append(event["data"])
        if event.get("type") in REPORTS:
            return self._take_report(front, event, delivery)
        if event.get("type") != "reply.created":
            return web.json_response({})
        if known := front.replies.get(delivery):
            known.tries += 1
            return web.json_response({"message_id": f"r-{delivery}", "accepted_at": known.at}, status=409)
        data = event["data"]
        text, key = data["reply"]["text"], data["conversation"]
        said = Said(f"r-{delivery}", "seller", text, self.now())
        echo = {"conversation": key, "message": {"id": said.id, "text": text, "sent_at": said.at}}
        if front.echo == "before":
            await self.post(front.name, self.event("message.sent", echo))
        author = (data["reply"].get("author") or {}).get("name", "")
        used = data["reply"]["quick_response"]
        front.replies[delivery] = Reply(delivery, key, text, author, data["in_reply_to"], said.at, quick_response=used)
        front.conversations.setdefault(key, []).append(said)
        if front.echo == "after":
            task = asyncio.create_task(self.post(front.name, self.event("message.sent", echo)))
            self._later.add(task)
            task.add_done_callback(self._later.discard)
        return web.json_response({"message_id": said.id, "accepted_at": said.at})

    def _take_availability(self, front: ShopFront, event: dict[str, Any], delivery: str) -> web.Response:
        """The newest word holds, whatever order they come in."""
        if delivery in front.absences:
            return web.json_response({}, status=409)
        told = to_availability(event["data"], event["at"])
        front.absences[delivery] = told
        if told.at >= front.availability.at:
            front.availability = told
        return web.json_response({"accepted_at": self.now()})

    def _take_report(self, front: ShopFront, event: dict[str, Any], delivery: str) -> web.Response:
        if known := front.reports.get(delivery):
            known.tries += 1
            return web.json_response({}, status=409)
        data, withdrawn = event["data"], event["type"] == "spam.withdrawn"
        thread = front.conversations.get(data["conversation"], [])
        said = next((said for said in thread if said.id == data["message"]), None)
        if said is None:
            return web.json_response({"title": "unknown message", "detail": "There is no such message."}, status=422)
        said.spam = not withdrawn
        reporter = data["reporter"].get("name", "")
        front.reports[delivery] = Report(delivery, data["conversation"], said.id, data["reason"], reporter, withdrawn)
        return web.json_response({"accepted_at": self.now()})

    async def _tell_spam(self, shop: str, message: str, conversation: str, type: str) -> Answered:
        self._said(shop, conversation, message).spam = type == "spam.reported"
        return await self.post(shop, self.event(type, {"conversation": conversation, "message": {"id": message}}))

    # The server.

    def mount(self, app: web.Application) -> None:
        app.router.add_post("/marketplace/callback/{shop}", self._callback)
        app.router.add_post("/marketplace/hands/{name}", self._hand)
        app.router.add_get("/marketplace/world", self._world)
        app.on_shutdown.append(self._shutdown)

    async def __aenter__(self) -> Self:
        app = web.Application()
        self.mount(app)
        self._runner = web.AppRunner(app, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _shutdown(self, app: web.Application) -> None:
        for task in self._later:
            task.cancel()
        if self._session is not None:
            await self._session.close()

    async def _hand(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in HANDS or request.content_type != "application/json":
            return web.json_response({"error": f"There is no hand {name!r}.", "hands": HANDS}, status=404)
        try:
            answered: Answered = await getattr(self, name)(**await request.json())
        except (TypeError, ValueError, KeyError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"status": answered.status, "body": answered.body})

    async def _world(self, request: web.Request) -> web.StreamResponse:
        shown = {
            shop: {
                key: [
                    {"id": s.id, "by": s.by, "text": s.text, "at": s.at, "deleted": s.deleted, "spam": s.spam}
                    for s in thread
                ]
                for key, thread in front.conversations.items()
            }
            for shop, front in self.shops.items()
        }
        return web.json_response(shown)

    def _about(self, shop: str, conversation: str, buyer: str) -> dict[str, Any]:
        known = self.front(shop).buyers.setdefault(
            buyer, {"id": f"b-{buyer.lower()}", "name": buyer, "language": "en", "time_zone": "Europe/Paris"}
        )
        return {"conversation": conversation, "buyer": known, "url": f"https://market.example/inbox/{conversation}"}

    def _said(self, shop: str, conversation: str, message: str) -> Said:
        return next(said for said in self.conversation(shop, conversation) if said.id == message)
