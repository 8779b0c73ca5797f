"""The doors that are compared, each served by a child process: ours, a bare one, and the usual way to build one."""

import hmac
import socket
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, cast

import uvicorn
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel, Field
from redis.asyncio import Redis
from redis.exceptions import NoScriptError
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.api.app import Health, create_app
from core.api.server import Server
from core.domain.conversations import Buyer, Order
from core.domain.events import MessageReceived
from core.domain.signatures import secret_bytes, sign
from core.garbage import settle
from core.services.events import EventDoor
from core.services.events import accept as accept_event
from core.store.client import Engine, connect
from core.store.coalescer import Program
from tests.bench.scene import Scene, set_scene

POOL = 64  # connections to Redis: one for each caller
PATH = "/v1/shops/{shop}/events"


@asynccontextmanager
async def ours(redis_url: str) -> AsyncIterator[str]:
    """The whole web door of the product."""
    engine = await connect(redis_url)
    scene = await set_scene(engine)

    async def health() -> Health:
        return Health(ready=True)

    app = create_app(EventDoor(scene.deps), scene.deps.clock, health)
    settle()  # as `shopbell run` does
    async with Server(app, "127.0.0.1:0") as server:
        yield server.url
    await engine.aclose()


@asynccontextmanager
async def bare_starlette() -> AsyncIterator[str]:
    """Does nothing, and does not even read the body."""

    async def taken(request: Any) -> Response:
        return JSONResponse({"results": []}, 202)

    async with _uvicorn(Starlette(routes=[Route(PATH, taken, methods=["POST"])])) as url:
        yield url


@asynccontextmanager
async def fastapi_and_pool(redis_url: str, secret: str) -> AsyncIterator[str]:
    """FastAPI, pydantic, HMAC, and the product's own script through redis-py's pool; it looks up no shop."""
    redis = Redis.from_url(redis_url, max_connections=POOL)
    scene = await set_scene(cast(Engine, _Pool(redis)))
    app = FastAPI()

    @app.post(PATH, status_code=202)
    async def take(shop: str, event: _Event, request: Request) -> _Results:
        _verify(secret, request, await request.body())
        return _Results(results=[_Result(id=event.id, result=await _accept(scene, shop, event))])

    async with _uvicorn(app) as url:
        yield url
    await redis.aclose()


class _Message(BaseModel):
    id: str
    text: str
    sent_at: datetime


class _Buyer(BaseModel):
    id: str
    name: str
    language: str | None = None
    zone: str | None = Field(None, alias="time_zone")


class _Order(BaseModel):
    id: str
    title: str = ""
    status: str = "active"


class _Data(BaseModel):
    conversation: str
    message: _Message
    buyer: _Buyer | None = None
    order: _Order | None = None
    url: str | None = None


class _Event(BaseModel):
    id: str
    type: str
    at: datetime
    data: _Data


class _Result(BaseModel):
    id: str
    result: str


class _Results(BaseModel):
    results: list[_Result]


class _Pool:
    """As an engine: each script is a call of its own, over a connection of its own."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def now_ms(self) -> int:
        seconds, micros = await self._redis.time()
        return int(seconds) * 1000 + int(micros) // 1000

    async def script(self, program: Program, keys: Sequence[str], args: Iterable[str | bytes | float]) -> Any:
        words = [*keys, *args]
        try:
            return await self._redis.evalsha(program.sha, len(keys), *words)
        except NoScriptError:
            return await self._redis.eval(program.text, len(keys), *words)


def _verify(secret: str, request: Request, body: bytes) -> None:
    headers = request.headers
    expected = sign(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
    if not secret_bytes(secret) or not hmac.compare_digest(expected, headers["webhook-signature"]):
        raise HTTPException(401)


async def _accept(scene: Scene, shop: str, event: _Event) -> str:
    data = event.data
    told = MessageReceived(
        id=event.id,
        at=_milliseconds(event.at),
        conversation=data.conversation,
        buyer=Buyer(**data.buyer.model_dump()) if data.buyer else None,
        order=Order(**data.order.model_dump()) if data.order else None,
        url=data.url,
        message=data.message.id,
        text=data.message.text,
        sent_at=_milliseconds(data.message.sent_at),
    )
    (word,) = await accept_event(scene.deps, await scene.know(shop), [told])
    return word


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@asynccontextmanager
async def _uvicorn(app: Any) -> AsyncIterator[str]:
    """With the same parser, loop and silence as ours."""
    bound = socket.create_server(("127.0.0.1", 0), backlog=2_048)
    config = uvicorn.Config(app, http="httptools", loop="none", ws="none", lifespan="off", log_config=None)
    config.access_log = False
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[bound])
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        await server.shutdown(sockets=[bound])
