"""The hot route, plain ASGI: `POST /v1/shops/{shop}/events`, answered once it is safe on disk."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol, Self

import msgspec

from core.api.bodies import Unread, read_body, turn_away
from core.api.events import SINGLE_CAP, Faulty, Invalid, Told, read_events
from core.api.json_text import Malformed
from core.api.problems import (
    BAD_SIGNATURE,
    BUSY,
    METHOD_NOT_ALLOWED,
    STORE_DOWN,
    UNKNOWN_SHOP,
    Problem,
    Receive,
    Scope,
    Send,
    answer,
    malformed,
    refuse,
    too_large,
)
from core.api.wire import Result, Results
from core.clock import Clock
from core.domain.events import Event, EventResult
from core.domain.signatures import (
    ID_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    BadSignature,
    Claim,
    confirm,
    read_claim,
)
from core.errors import StoreDown, UnknownShop
from core.observability import log

BATCH_CAP = 5 * 1024 * 1024
LARGE_BODIES = 16  # at once: 80 MB at most, however many callers drip them

_INVALID = 422  # an event that is not valid is counted as one, not as a refused request
_PREFIX, _SUFFIX = "/v1/shops/", "/events"
_LONGEST_SHOP = 64
_RETRY = (b"retry-after", b"5")
_SIGNED = {name.encode(): name for name in (ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER)}


class Door(Protocol):
    """What stands behind the route. Both raise StoreDown."""

    async def secrets(self, shop: str) -> tuple[str, ...] | None:
        """Inward secrets, newest first; None: no such shop."""

    async def accept(self, shop: str, delivery: str, events: Sequence[Event]) -> list[EventResult]:
        """On disk when it returns, in the order given; `delivery` is the `webhook-id`. Also raises UnknownShop."""


class Refusal(Exception):
    """The request ends here. `early`: its body is still on its way."""

    def __init__(self, problem: Problem, *headers: tuple[bytes, bytes], early: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.headers = headers
        self.early = early


def shop_in(path: str) -> str | None:
    """The shop that a path names if it is the path of this route."""
    if not (path.startswith(_PREFIX) and path.endswith(_SUFFIX)):
        return None
    shop = path[len(_PREFIX) : -len(_SUFFIX)]
    return shop if shop and "/" not in shop else None


class Ingest:
    """The route, as an ASGI app for paths that `shop_in` knows."""

    def __init__(self, door: Door, clock: Clock, count: Callable[[str], None] | None = None) -> None:
        """`count` is told of each event that is invalid, and of each request that is refused."""
        self._count = count or (lambda result: None)
        self._door = door
        self._clock = clock
        self._room = _Room()

    async def __call__(self, scope: Scope, receive: Receive, send: Send, shop: str) -> None:
        try:
            status, body = await self._take(scope, receive, shop)
        except Refusal as refusal:
            if refusal.problem.status != _INVALID:
                self._count("refused")
            if refusal.early:
                await turn_away(receive, send, refusal.problem, *refusal.headers)
            else:
                await refuse(send, refusal.problem, *refusal.headers)
        except Unread as unread:
            if unread.problem:
                await turn_away(receive, send, unread.problem)
        except StoreDown:
            await refuse(send, STORE_DOWN, _RETRY)
        else:
            await answer(send, status, body, b"application/json")

    async def _take(self, scope: Scope, receive: Receive, shop: str) -> tuple[int, bytes]:
        if scope["method"] != "POST":
            raise Refusal(METHOD_NOT_ALLOWED, (b"allow", b"POST"))
        claim = _claim(scope)
        secrets = await self._door.secrets(shop) if len(shop) <= _LONGEST_SHOP else None
        if secrets is None:
            raise Refusal(UNKNOWN_SHOP)
        with self._room.place() as place:
            body = await read_body(receive, SINGLE_CAP, place.ceiling)
            return await self._believe(shop, claim, secrets, body)

    async def _believe(self, shop: str, claim: Claim, secrets: Sequence[str], body: bytes) -> tuple[int, bytes]:
        try:
            confirm(claim, body, secrets, self._clock.wall() // 1000)
        except BadSignature as error:
            log().info("events_refused", shop=shop, why=str(error))
            raise Refusal(BAD_SIGNATURE) from None
        told = await self._understood(body)
        if len(body) > SINGLE_CAP and not told.batch:
            raise Refusal(too_large(SINGLE_CAP, "One event"))
        return await self._accept(shop, claim.id, told)

    async def _understood(self, body: bytes) -> Told:
        try:
            if len(body) <= SINGLE_CAP:
                return read_events(body, self._clock.now())
            # A large batch takes tens of milliseconds to read, which nobody else should wait for.
            return await asyncio.to_thread(read_events, body, self._clock.now())
        except Malformed as error:
            raise Refusal(malformed(str(error))) from None
        except Invalid as error:
            raise Refusal(error.problem) from None

    async def _accept(self, shop: str, delivery: str, told: Told) -> tuple[int, bytes]:
        good = [event for event in told.events if not isinstance(event, Faulty)]
        try:
            taken = iter(await self._door.accept(shop, delivery, good) if good else [])
        except UnknownShop:
            raise Refusal(UNKNOWN_SHOP) from None
        for _ in range(len(told.events) - len(good)):
            self._count("invalid")
        results = [
            Result(event.id, "invalid", event.problem)
            if isinstance(event, Faulty)
            else Result(event.id, next(taken).value)
            for event in told.events
        ]
        if not told.batch and results[0].problem:
            raise Refusal(results[0].problem)
        return 202, msgspec.json.encode(Results(results))


def _claim(scope: Scope) -> Claim:
    """What can be told from the head alone, before the body is read or the store asked."""
    signed: dict[str, str] = {}
    for name, value in scope["headers"]:
        if known := _SIGNED.get(name):
            if known in signed:
                raise Refusal(BAD_SIGNATURE)
            signed[known] = value.decode("latin-1")
        elif name == b"content-length" and value.isdigit() and int(value) > BATCH_CAP:
            raise Refusal(too_large(BATCH_CAP, "A batch"), early=True)
    try:
        return read_claim(signed)
    except BadSignature as error:
        log().info("events_refused", why=str(error))
        raise Refusal(BAD_SIGNATURE) from None


class _Room:
    """Room for the few large bodies that are read at one time."""

    def __init__(self) -> None:
        self.free = LARGE_BODIES

    def place(self) -> "_Place":
        return _Place(self)


class _Place:
    """One request's; it takes room only once its body has outgrown a single event's cap."""

    __slots__ = ("_room", "_taken")

    def __init__(self, room: _Room) -> None:
        self._room = room
        self._taken = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._room.free += self._taken

    def ceiling(self, begun: bytearray) -> int:
        """How far the body may still grow. Inside a JSON string quotes are escaped: what is found here is a key."""
        if b'"events"' not in begun:
            return SINGLE_CAP
        if not self._room.free:
            raise Refusal(BUSY, _RETRY, early=True)
        self._room.free -= 1
        self._taken = True
        return BATCH_CAP
