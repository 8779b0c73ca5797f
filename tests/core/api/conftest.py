"""A door that remembers, a clock that stands, and two ways to knock: in the process and over a socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.api.app import Health, create_app
from core.api.problems import App
from core.api.server import Server
from core.domain.events import Event, EventResult, Ignored
from core.domain.signatures import new_secret, sign
from core.errors import StoreDown

SHOP = "07p4x5kqzj2m3n7abcdefgh"
PATH = f"/v1/shops/{SHOP}/events"
SECRET = new_secret()
NOW = 1_795_428_000_000  # 2026-11-23T10:00:00Z


@dataclass
class FixedClock:
    at: int = NOW

    def wall(self) -> int:
        return self.at

    def now(self) -> int:
        return self.at


@dataclass
class MemoryDoor:
    """Keeps what it accepts, and each event once."""

    events: dict[str, Event] = field(default_factory=dict)
    deliveries: list[str] = field(default_factory=list)
    known: tuple[str, ...] = (SECRET,)
    down: bool = False

    async def secrets(self, shop: str) -> tuple[str, ...] | None:
        if self.down:
            raise StoreDown
        return self.known if shop == SHOP else None

    async def accept(self, shop: str, delivery: str, events: Sequence[Event]) -> list[EventResult]:
        if self.down:
            raise StoreDown
        self.deliveries.append(delivery)
        return [self._take(event) for event in events]

    def _take(self, event: Event) -> EventResult:
        if event.id in self.events:
            return EventResult.DUPLICATE
        self.events[event.id] = event
        return EventResult.IGNORED if isinstance(event, Ignored) else EventResult.ACCEPTED


@dataclass
class Said:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def signed(body: bytes, id: str = "msg_1", at: int = NOW // 1000, secret: str = SECRET) -> dict[str, str]:
    return {"webhook-id": id, "webhook-timestamp": str(at), "webhook-signature": sign(secret, id, at, body)}


def received(**data: Any) -> dict[str, Any]:
    """A valid event of a buyer's message, with fields of its data replaced."""
    message = {"id": "m-1", "text": "Is it blue?", "sent_at": "2026-11-23T10:00:00Z"}
    whole = {"conversation": "c-77", "message": message, "buyer": {"id": "b-9", "name": "Ann"}, "order": None}
    return {"id": "evt_1", "type": "message.received", "at": "2026-11-23T10:00:00Z", "data": whole | data}


@dataclass
class Caller:
    """Speaks to the app without a socket; one call, one answer."""

    app: App

    async def __call__(
        self, method: str = "POST", path: str = PATH, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Said:
        sent: list[Any] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            return waiting.pop() if waiting else await asyncio.Event().wait()

        async def send(message: Any) -> None:
            sent.append(message)

        lines = {"content-length": str(len(body))} | dict(headers or {})
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in lines.items()],
        }
        await self.app(scope, receive, send)
        head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Said(sent[0]["status"], head, b"".join(message.get("body", b"") for message in sent[1:]))

    async def tell(self, event: object, **signing: Any) -> Said:
        """One signed request with this JSON."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        return await self("POST", PATH, body, signed(body, **signing))


def references(value: object) -> set[str]:
    """Every schema that a description names."""
    match value:
        case {"$ref": str(reference)}:
            return {reference}
        case dict():
            return {found for inner in value.values() for found in references(inner)}
        case list():
            return {found for inner in value for found in references(inner)}
        case _:
            return set()


@pytest.fixture
def door() -> MemoryDoor:
    return MemoryDoor()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


async def healthy() -> Health:
    return Health(True, {"redis": "ok"})


@pytest.fixture
def app(door: MemoryDoor, clock: FixedClock) -> App:
    return create_app(door, clock, healthy)


@pytest.fixture
def caller(app: App) -> Caller:
    return Caller(app)


@pytest.fixture
async def server(app: App) -> AsyncIterator[Server]:
    async with Server(app, "127.0.0.1:0") as server:
        yield server
