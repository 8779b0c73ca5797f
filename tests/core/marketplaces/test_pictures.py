"""Buyers' pictures are fetched within bounds, and are what their bytes say they are."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from core.errors import NotFetched, Unknown
from core.marketplaces import pictures
from core.marketplaces.egress import Egress
from core.marketplaces.pictures import Pictures
from tests.fixtures.problems import says

PNG = b"\x89PNG\r\n\x1a\n" + b"p" * 200_000
LIMIT = 1_000_000

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{tail:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def giving(body: bytes, status: int = 200, **headers: str) -> Handler:
    async def give(request: web.Request) -> web.Response:
        return web.Response(
            body=body, status=status, headers={name.replace("_", "-"): v for name, v in headers.items()}
        )

    return give


async def fetched(handler: Handler, limit: int = LIMIT, path: str = "/a.png") -> tuple[str, int, bytes]:
    egress = Egress(allow_local=True)
    try:
        async with serving(handler) as url, Pictures(egress).open(f"{url}{path}", limit) as found:
            return found.type, found.size, b"".join([piece async for piece in found.pieces])
    finally:
        await egress.aclose()


@pytest.mark.parametrize(
    ("head", "type"),
    [
        (b"\xff\xd8\xff\xe0" + b"x" * 20, "image/jpeg"),
        (PNG, "image/png"),
        (b"GIF89a" + b"x" * 20, "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    ],
)
async def test_a_picture_is_what_its_bytes_say(head: bytes, type: str) -> None:
    """Whatever its server calls it, and whole."""
    assert await fetched(giving(head, content_type="text/html")) == (type, len(head), head)


@pytest.mark.parametrize(
    ("handler", "why"),
    [
        (giving(b"<svg onload=alert(1)>", content_type="image/svg+xml"), "it is no picture"),
        (giving(b"<html>not found</html>", content_type="image/png"), "it is no picture"),
        (giving(b"\x89P"), "it is no picture"),
        (giving(b""), "it is larger than 1 MB, or empty"),
        (giving(b"\x89PNG\r\n\x1a\n" + b"x" * LIMIT), "it is larger than 1 MB, or empty"),
        (giving(PNG, 404), "its server answered 404"),
        (giving(PNG, content_encoding="gzip"), "does not say how large it is"),
    ],
)
async def test_what_is_none_is_refused_with_why(handler: Handler, why: str) -> None:
    """A page, a program, a bomb: nothing of it is read but its beginning."""
    with pytest.raises(NotFetched, check=says(why)):
        await fetched(handler)


async def test_one_that_names_no_length_is_refused() -> None:
    """Nobody knows where it ends."""

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(PNG)
        return response

    with pytest.raises(NotFetched, check=says("does not say how large")):
        await fetched(endless)


async def test_some_redirects_are_followed_and_no_more() -> None:
    """A delivery network's are few; a circle ends."""

    async def around(request: web.Request) -> web.Response:
        left = int(request.match_info["tail"])
        return web.Response(body=PNG) if left == 0 else web.Response(status=302, headers={"location": f"/{left - 1}"})

    assert (await fetched(around, path="/3"))[2] == PNG
    with pytest.raises(NotFetched, check=says("answered 302")):
        await fetched(around, path="/4")


@pytest.mark.parametrize(
    "there",
    ["http://10.0.0.8/a.png", "https://169.254.169.254/latest", "ftp://a.example/", "http://[::1", "//0x7f.1/a"],
)
async def test_a_redirect_leads_nowhere_that_an_address_may_not(there: str) -> None:
    """The guard looks at each step."""
    with pytest.raises(NotFetched, check=says("does not lead to the public internet")):
        await fetched(giving(b"", 302, location=there))


async def test_an_address_of_this_machine_is_not_fetched() -> None:
    """Outside of development no loopback, no plain http, no private network."""
    egress = Egress()
    try:
        for url in (
            "http://127.0.0.1/a.png",
            "https://localhost/a.png",
            "https://10.1.2.3/a.png",
            "file:///etc/passwd",
        ):
            with pytest.raises(NotFetched, check=says("public internet")):
                async with Pictures(egress).open(url, LIMIT):
                    pass
    finally:
        await egress.aclose()


async def test_a_server_that_is_silent_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it has its time."""
    monkeypatch.setattr(pictures, "SECONDS", 0.2)

    async def silent(request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    with pytest.raises(NotFetched, check=says("does not answer")):
        await fetched(silent)


async def test_all_steps_of_a_redirect_share_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that leads on slowly is left as soon as one that does not answer."""
    monkeypatch.setattr(pictures, "SECONDS", 0.5)
    asked: list[str] = []

    async def slowly(request: web.Request) -> web.Response:
        asked.append(request.path)
        await asyncio.sleep(0.2)
        return web.Response(status=302, headers={"location": "/on"})

    with pytest.raises(NotFetched, check=says("does not answer")):
        await fetched(slowly)

    assert len(asked) <= 3  # so many fit into it; were each step given its own, the redirects would come to their end


async def test_a_picture_that_breaks_off_is_its_servers_fault() -> None:
    """Whoever sent it on saw a lost connection, and must not be blamed for it."""

    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"\x89PNG\r\n\x1a\n" + b"x" * 100)
        assert request.transport is not None
        await asyncio.sleep(0.05)
        request.transport.abort()
        return response

    async def handed_on(egress: Egress) -> None:
        async with serving(half) as url, Pictures(egress).open(url, LIMIT) as found:
            try:
                b"".join([piece async for piece in found.pieces])
            except aiohttp.ClientError as error:
                raise Unknown("Telegram did not answer") from error

    egress = Egress(allow_local=True)
    with pytest.raises(NotFetched, check=says("broke off")):
        await handed_on(egress)
    await egress.aclose()
