"""Over a real socket: the door holds against callers who send too much, too slowly, or nonsense."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import aiohttp
import pytest

from core.api import bodies, ingest
from core.api import server as door
from core.api.app import create_app
from core.api.events import SINGLE_CAP
from core.api.problems import App
from core.api.server import Server, bind
from core.errors import Misconfigured
from tests.core.api.conftest import PATH, FixedClock, MemoryDoor, healthy, received, signed


@asynccontextmanager
async def connected(to: Server) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    host, port = to.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.close()


def head(length: int | None, **more: str) -> bytes:
    lines = signed(b"") | more | ({} if length is None else {"content-length": str(length)})
    return (
        f"POST {PATH} HTTP/1.1\r\nhost: x\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n"
    ).encode()


async def test_a_signed_event_is_taken_over_http(server: Server, door: MemoryDoor) -> None:
    """Two events over one connection are two results, with the body in pieces too."""
    async with aiohttp.ClientSession() as session:
        for number in (1, 2):
            body = json.dumps(received() | {"id": f"evt_{number}"}).encode()

            async def pieces(body: bytes = body) -> AsyncIterator[bytes]:
                yield body[:50]
                yield body[50:]

            async with session.post(server.url + PATH, data=pieces(), headers=signed(body)) as said:
                assert said.status == 202
                assert await said.json() == {"results": [{"id": f"evt_{number}", "result": "accepted"}]}

    assert list(door.events) == ["evt_1", "evt_2"]


async def test_300_megabytes_are_refused_before_they_come(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that says it is too large is refused at once, with words the caller can still read."""
    monkeypatch.setattr(bodies, "_LINGER_SECONDS", 0.1)
    async with connected(server) as (reader, writer):
        writer.write(head(300 * 1024 * 1024) + b"x" * 100_000)
        said = await reader.read()

    assert said.startswith(b"HTTP/1.1 413 ")
    assert b'"title":"The body is too large"' in said


@pytest.mark.parametrize("batch", [False, True])
async def test_an_endless_body_is_cut_off(server: Server, batch: bool) -> None:
    """A body of no declared length is read up to the cap and no further."""
    begun, cap = (b'{"events":[', ingest.BATCH_CAP) if batch else (b'{"id":', SINGLE_CAP)
    async with connected(server) as (reader, writer):
        writer.write(head(None, **{"transfer-encoding": "chunked"}))
        sent = 0
        piece = b"10000\r\n" + begun.ljust(0x10000) + b"\r\n"
        try:
            while sent < 300 * 1024 * 1024 and not writer.is_closing():
                writer.write(piece)
                await writer.drain()
                sent += 0x10000
                if reader._buffer:  # type: ignore[attr-defined]  # an answer has come
                    break
        except ConnectionError:
            pass
        said = await reader.read(20)

    assert said.startswith(b"HTTP/1.1 413")
    assert sent <= cap + bodies._LINGER_BYTES + 8 * 1024 * 1024


async def test_a_body_that_drips_is_ended(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller who sends a byte now and then is told 408, and the connection is closed."""
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(bodies, "_LINGER_SECONDS", 0.1)
    async with connected(server) as (reader, writer):
        writer.write(head(100) + b"x")
        said = await reader.read()

    assert said.startswith(b"HTTP/1.1 408 ")


async def test_a_head_that_drips_is_ended(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that never finishes its head is closed, the first time and after an answer."""
    monkeypatch.setattr(door, "HEAD_SECONDS", 0.2)
    async with Server(app, "127.0.0.1:0") as here:
        async with connected(here) as (reader, writer):
            writer.write(b"POST " + PATH.encode())
            assert await reader.read() == b""
        async with connected(here) as (reader, writer):
            writer.write(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
            await reader.readuntil(b'{"live":true}')
            writer.write(b"\r\nGET /")
            assert await reader.read() == b""
        async with connected(here) as (reader, writer):
            assert await reader.read() == b""


FLOODS = [
    b"".join(b"x-%d: y\r\n" % number for number in range(200)) + b"\r\n",
    b"x: " + b"y" * 100_000,
    b"x" * 100_000,
]


async def test_a_flood_of_headers_is_refused(server: Server) -> None:
    """Too many headers, or a head too large, end the connection."""
    for flood in FLOODS:
        async with connected(server) as (reader, writer):
            writer.write(b"GET /health/live HTTP/1.1\r\nhost: x\r\n" + flood)
            said = await reader.read()

        assert said[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 431")


NONSENSE = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET http://[::1 HTTP/1.1\r\nhost: x\r\n\r\n",
    b"POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
    b"POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
]


async def test_nonsense_is_no_error_of_ours(server: Server) -> None:
    """What is no HTTP is answered as the caller's mistake."""
    for nonsense in NONSENSE:
        async with connected(server) as (reader, writer):
            writer.write(nonsense)
            said = await reader.read(12)

        assert said.startswith(b"HTTP/1.1 4")


async def test_a_caller_who_goes_away_leaves_nothing(server: Server, door: MemoryDoor) -> None:
    """A body that ends early is not an event, and the next caller is served."""
    body = json.dumps(received()).encode()
    async with connected(server) as (_, writer):
        writer.write(head(len(body)) + body[:20])
        await writer.drain()
    async with aiohttp.ClientSession() as session, session.get(server.url + "/health/live") as said:
        assert said.status == 200

    assert door.events == {}


async def test_large_bodies_wait_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """While there is no room for another large body its caller is told to come again; small ones pass."""
    monkeypatch.setattr(ingest, "LARGE_BODIES", 0)
    body = b'{"events":[' + b" " * SINGLE_CAP + b"]}"
    small = json.dumps(received()).encode()
    app = create_app(MemoryDoor(), FixedClock(), healthy)
    async with Server(app, "127.0.0.1:0") as full, aiohttp.ClientSession() as session:
        async with session.post(full.url + PATH, data=body, headers=signed(body)) as said:
            assert (said.status, said.headers["retry-after"]) == (503, "5")
        async with session.post(full.url + PATH, data=small, headers=signed(small)) as said:
            assert said.status == 202


async def test_a_mount_is_behind_the_cap() -> None:
    """What a platform mounts is reached by its exact path only, with the body whole, and no larger than a megabyte."""
    bodies_seen: list[bytes] = []

    async def mounted(scope: object, receive: object, send: object) -> None:
        message = await receive()  # type: ignore[operator]
        bodies_seen.append(message["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"ok"})  # type: ignore[operator]

    app = create_app(MemoryDoor(), FixedClock(), healthy, {"/slack/events": mounted})
    async with Server(app, "127.0.0.1:0") as here, aiohttp.ClientSession() as session:
        for path, size, status in [
            ("/slack/events", 600_000, 200),
            ("/slack/events", 1_100_000, 413),
            ("/slack/events/", 1, 404),
            ("/slack", 1, 404),
        ]:
            async with session.post(here.url + path, data=BytesIO(b"x" * size)) as said:
                assert said.status == status

    assert [len(body) for body in bodies_seen] == [600_000]


async def test_what_is_being_answered_is_answered_at_the_end() -> None:
    """Stopping waits for the request in hand and takes no new one."""
    reached, go = asyncio.Event(), asyncio.Event()

    class SlowDoor(MemoryDoor):
        async def secrets(self, shop: str) -> tuple[str, ...] | None:
            reached.set()
            await go.wait()
            return await super().secrets(shop)

    here = Server(create_app(SlowDoor(), FixedClock(), healthy), "127.0.0.1:0")
    await here.start()
    body = json.dumps(received()).encode()
    async with aiohttp.ClientSession() as session:
        request = asyncio.create_task(session.post(here.url + PATH, data=body, headers=signed(body)).__aenter__())
        await reached.wait()
        stopping = asyncio.create_task(here.stop())
        await asyncio.sleep(0.15)
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(here.url + "/health")
        go.set()
        said = await request
        await stopping

    assert said.status == 202


async def test_a_port_that_is_taken_is_a_setting_to_mend(server: Server) -> None:
    """Starting where somebody listens stops with a sentence that names the setting."""
    taken = server.url.removeprefix("http://")
    with pytest.raises(Misconfigured, match=f"SHOPBELL_LISTEN: nothing can listen on {taken}"):
        await Server(create_app(MemoryDoor(), FixedClock(), healthy), taken).start()


@pytest.mark.parametrize("listen", ["", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", ":80"])
def test_a_malformed_address_is_a_setting_to_mend(listen: str) -> None:
    """An address without a host or a port stops with an example."""
    with pytest.raises(Misconfigured, match=r"write a host and a port, as in 127\.0\.0\.1:8080"):
        bind(listen)


async def test_too_many_connections_are_turned_away(app: App) -> None:
    """Beyond the cap a caller is told 503 at once, and nobody waits in line."""
    async with Server(app, "127.0.0.1:0", connections=2) as here, connected(here), connected(here) as (reader, writer):
        writer.write(b"GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 503")
