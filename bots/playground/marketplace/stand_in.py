"""The marketplace on 127.0.0.1: its callback for Shopbell, and the hands of its buyers and of a seller on the site."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from bots.playground.faults import Faults, hang_up
from bots.playground.files import as_file
from bots.playground.hand_door import refused, use_hand
from bots.playground.marketplace.hands import TIMEOUT, Hands
from bots.playground.marketplace.reading import REPORTS, read_event
from bots.playground.marketplace.signing import faults as signature_faults
from bots.playground.marketplace.state import Answered, Fetched, Reply, Report, Said, ShopFront, to_availability
from bots.playground.wire import Call, Wire

HANDS = (
    "write",
    "answer_on_site",
    "edit",
    "delete",
    "report_on_site",
    "unreport_on_site",
    "order_started",
    "order_updated",
    "add_buyer",
    "set_availability",
)


class MarketplaceStandIn(Hands):
    """Mounted on another application, `url` must be set before use."""

    def __init__(self, wire: Wire, faults: Faults, clock: Callable[[], float] = time.time) -> None:
        super().__init__(wire, faults, clock)
        self._runner: web.AppRunner | None = None
        self._later: set[asyncio.Task[Any]] = set()

    # What Shopbell brings.

    async def _callback(self, request: web.Request) -> web.StreamResponse:
        front = self.shops.get(request.match_info["shop"])
        if front is None:
            return refused(404, f"There is no shop {request.match_info['shop']!r} here.")
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
        reply = Reply(delivery, key, text, author, data["in_reply_to"], said.at, quick_response=used)
        front.replies[delivery] = reply
        said.author, said.quick_response = author, used
        said.attachments = reply.attachments = data["reply"]["attachments"]
        self._put(front.name, key, said)
        if front.echo == "after":
            self._after(self.post(front.name, self.event("message.sent", echo)))
        if front.fetches and reply.attachments:
            self._after(self.fetch(reply))
        return web.json_response({"message_id": said.id, "accepted_at": said.at})

    async def fetch(self, reply: Reply) -> None:
        """Gets the files of a reply, each as it is, and keeps how many bytes they were and their digest."""
        for attached in reply.attachments[len(reply.files) :]:
            reply.files.append(await self._fetch(attached))
            self._wire.touch("marketplace")

    async def _fetch(self, attached: dict[str, Any]) -> Fetched:
        session = self._session = self._session or aiohttp.ClientSession(timeout=TIMEOUT)
        digest, size, url = hashlib.sha256(), 0, attached["url"]
        try:
            async with session.get(url, allow_redirects=False) as response:
                async for piece in response.content.iter_chunked(65_536):
                    digest.update(piece)
                    size += len(piece)
                status = response.status
        except aiohttp.ClientError:
            return Fetched(attached["name"], attached["type"], url, 0, size)
        got = digest.hexdigest() if status == 200 else ""
        return Fetched(attached["name"], attached["type"], url, status, size, got, dict(response.headers))

    def _after(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

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

    # The server.

    def mount(self, app: web.Application) -> None:
        app.router.add_post("/marketplace/callback/{shop}", self._callback)
        app.router.add_post("/marketplace/hands/{name}", self._hand)
        app.router.add_get("/marketplace/files/{shop}/{id}", self._file)
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
        try:
            return await use_hand(request, self, HANDS, _as_json)
        except (aiohttp.ClientError, TimeoutError) as error:
            return refused(502, f"Shopbell does not answer: {error}")

    async def _file(self, request: web.Request) -> web.Response:
        """What a buyer attached."""
        front = self.shops.get(request.match_info["shop"])
        picture = front.pictures.get(request.match_info["id"]) if front else None
        return as_file(picture.name, picture.mime, picture.data) if picture else web.Response(status=404)

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


def _as_json(answered: Answered | None) -> dict[str, Any]:
    return {"status": answered.status, "body": answered.body} if answered else {}
