"""What buyers do at the marketplace, and a seller on its site; and how Shopbell is told of it, and asked."""

import io
import itertools
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp

from bots.playground.faults import Faults
from bots.playground.marketplace.signing import sign
from bots.playground.marketplace.state import (
    Answered,
    Echo,
    Reply,
    Report,
    Said,
    ShopFront,
    Talk,
    to_availability,
    to_picture,
)
from bots.playground.wire import PATIENCE, Call, Wire

T = TypeVar("T")
SITE = "https://market.example"  # nobody asks there: the page draws what it knows by such an address itself
TIMEOUT = aiohttp.ClientTimeout(total=15)


class Hands:
    """`callback_url(shop)` is what `shop add --callback-url` is given; `connect` is told what it answered."""

    def __init__(self, wire: Wire, faults: Faults, clock: Callable[[], float] = time.time) -> None:
        self.url = ""
        self.shops: dict[str, ShopFront] = {}
        self._wire, self._faults, self._clock = wire, faults, clock
        self._numbers = itertools.count(1)
        self._session: aiohttp.ClientSession | None = None

    # The marketplace's own side.

    def callback_url(self, shop: str) -> str:
        return f"{self.url}/marketplace/callback/{shop}"

    def connect(self, shop: str, *, events_url: str, secret_in: str, secret_out: str, echo: Echo = "never") -> None:
        """`secret_in` signs what goes into Shopbell, `secret_out` what comes out of it."""
        front = self.open(shop)
        front.events_url, front.secret_in, front.echo = events_url, secret_in, echo
        front.secrets_out = (secret_out, *front.secrets_out[:1])

    def open(self, shop: str) -> ShopFront:
        return self.shops.setdefault(shop, ShopFront(shop))

    def front(self, shop: str) -> ShopFront:
        """Raises ValueError for a shop that was never opened."""
        if shop not in self.shops:
            raise ValueError(f"There is no shop {shop!r}, only {', '.join(self.shops)}.")
        return self.shops[shop]

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
        files: list[dict[str, Any]] | None = None,
        history: bool = False,
        sent_at: str | None = None,
        event_id: str | None = None,
        message_id: str | None = None,
    ) -> Answered:
        """A buyer writes; what Shopbell answered to the event. `files` are kept here and go out as attachments."""
        attached = [*(attachments or []), *(self._keep(shop, file) for file in files or [])]
        said = Said(message_id or f"m-{next(self._numbers)}", "buyer", text, sent_at or self.now())
        said.attachments = attached
        if message_id is None or all(known.id != said.id for known in self.conversation(shop, conversation)):
            self._put(shop, conversation, said)
        message = {"id": said.id, "text": text, "sent_at": said.at, "attachments": attached}
        data = self._about(shop, conversation, buyer, order) | {"message": message, "order": order}
        return await self.post(shop, self.event("message.received", data, event_id, history=history))

    async def answer_on_site(self, shop: str, text: str, *, conversation: str = "c-1") -> Answered:
        said = Said(f"s-{next(self._numbers)}", "seller", text, self.now())
        self._put(shop, conversation, said)
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
        data = self._about(shop, conversation, buyer, order) | {"order": order}
        return await self.post(shop, self.event("order.started", data))

    async def order_updated(self, shop: str, status: str, *, conversation: str = "c-1") -> Answered:
        """In the marketplace's words: delivered, revision requested, completed, cancelled."""
        talk = self.front(shop).talks[conversation]
        if talk.order is None:
            raise ValueError(f"{conversation} is about no order.")
        order = talk.order | {"status": status}
        data = self._about(shop, conversation, talk.buyer, order) | {"order": order}
        return await self.post(shop, self.event("order.updated", data))

    async def add_buyer(self, shop: str, name: str, *, language: str = "en", time_zone: str = "Europe/Paris") -> None:
        """Somebody who may write."""
        number = len(self.front(shop).buyers) + 1
        buyer = {"id": f"b-{number}", "name": name, "language": language, "time_zone": time_zone}
        self.front(shop).buyers.setdefault(name, buyer)
        self._wire.touch("marketplace")

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

    async def read(self, shop: str, target: str) -> Answered:
        """What Shopbell says of this shop at `GET /v1/shops/SHOP/target`; nothing goes over the wire's record.

        Looking is no part of the story, and a page that looks again at each change must not be one.
        """
        front = self.front(shop)
        where = urlsplit(front.events_url.removesuffix("events") + target)
        signed = f"GET {where.path}{'?' if where.query else ''}{where.query}"
        headers = sign(front.secret_in, f"wh-{next(self._numbers)}", signed.encode())
        session = self._session = self._session or aiohttp.ClientSession(timeout=TIMEOUT)
        async with session.get(where.geturl(), headers=headers, allow_redirects=False) as response:
            text = await response.text()
        answer = json.loads(text) if "json" in response.headers.get("content-type", "") else text
        return Answered(response.status, response.headers, answer)

    async def wait(self, condition: Callable[[], T | None], description: str, seconds: float = PATIENCE) -> T:
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

    async def _tell_spam(self, shop: str, message: str, conversation: str, type: str) -> Answered:
        self._said(shop, conversation, message).spam = type == "spam.reported"
        return await self.post(shop, self.event(type, {"conversation": conversation, "message": {"id": message}}))

    def _about(self, shop: str, conversation: str, buyer: str, order: dict[str, Any] | None = None) -> dict[str, Any]:
        front = self.front(shop)
        known = front.buyers.setdefault(
            buyer, {"id": f"b-{buyer.lower()}", "name": buyer, "language": "en", "time_zone": "Europe/Paris"}
        )
        talk = front.talks.setdefault(conversation, Talk())
        talk.buyer, talk.order = buyer, order or talk.order
        return {"conversation": conversation, "buyer": known, "url": f"{SITE}/inbox/{conversation}"}

    def _put(self, shop: str, conversation: str, said: Said) -> None:
        """At the end of its conversation, which becomes the newest of all."""
        front = self.front(shop)
        thread = front.conversations.pop(conversation, [])
        thread.append(said)
        front.conversations[conversation] = thread
        self._wire.touch("marketplace")

    def _keep(self, shop: str, file: dict[str, Any]) -> dict[str, Any]:
        picture = to_picture(file)
        id = f"p-{next(self._numbers)}"
        self.front(shop).pictures[id] = picture
        url = f"{self.url}/marketplace/files/{shop}/{id}"
        return {"url": url, "name": picture.name, "type": picture.mime, "size": len(picture.data)}

    def _said(self, shop: str, conversation: str, message: str) -> Said:
        for said in self.conversation(shop, conversation):
            if said.id == message:
                return said
        raise ValueError(f"{conversation} has no message {message}.")
