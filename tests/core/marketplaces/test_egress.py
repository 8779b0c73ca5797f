"""Nothing is sent but to plainly global https hosts, however an address is written."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from core.errors import TryLater, Unknown
from core.marketplaces.egress import Egress, ForbiddenTarget, check_url

FORBIDDEN = [
    "http://market.example/in",  # not https
    "https://market.example:8443/in",  # another port
    "https://user:secret@market.example/in",
    "https://market.example@127.0.0.1/in",
    "https://127.0.0.1/in",
    "https://2130706433/in",  # 127.0.0.1 as one number
    "https://0x7f.1/in",
    "https://0177.0.0.1/in",
    "https://127.1/in",
    "https://①②⑦.⓪.⓪.①/in",
    "https://10.0.0.8/in",
    "https://192.168.1.1/in",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/in",  # carrier-grade NAT
    "https://224.0.0.1/in",  # multicast
    "https://255.255.255.255/in",
    "https://0.0.0.0/in",
    "https://[::1]/in",
    "https://[::ffff:127.0.0.1]/in",
    "https://[64:ff9b::7f00:1]/in",  # NAT64
    "https://[2002:7f00:1::]/in",  # 6to4
    "https://[2001:0:7f00:1::]/in",  # Teredo
    "https://[fe80::1]/in",
    "https://[fc00::1]/in",
    "https://localhost/in",
    "https://intranet/in",
    "https:///in",
    "ftp://market.example/in",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "not a url",
    "",
    "https://market.example/\r\nHost: evil",
]


@pytest.mark.parametrize("url", FORBIDDEN)
def test_an_address_that_is_not_plainly_public_is_refused_with_a_sentence(url: str) -> None:
    """Whoever gave it reads why."""
    with pytest.raises(ForbiddenTarget, match=r"^(The callback URL|.* leads to).*\.$"):
        check_url(url, allow_local=False)


@pytest.mark.parametrize(
    "url", ["https://market.example/in", "https://93.184.216.34/in", "https://xn--bcher-kva.example/"]
)
def test_a_public_address_is_let_through(url: str) -> None:
    """Names are looked up only when something is sent."""
    check_url(url, allow_local=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/in", "http://localhost/in", "http://[::1]:9000/in"])
def test_the_development_switch_allows_loopback_alone(url: str) -> None:
    """And nothing else that was forbidden."""
    check_url(url, allow_local=True)

    with pytest.raises(ForbiddenTarget):
        check_url(url, allow_local=False)
    with pytest.raises(ForbiddenTarget):
        check_url("http://10.0.0.8/in", allow_local=True)


async def test_a_name_that_leads_inside_is_not_connected_to() -> None:
    """Every address of a name is checked, at the time of connecting."""

    async def lookup(host: str, port: int) -> list[str]:
        return ["93.184.216.34", "127.0.0.1"]

    egress = Egress(lookup=lookup)
    with pytest.raises(ForbiddenTarget, match=r"market\.example leads to"):
        await egress.post("https://market.example/in", b"{}", {})
    await egress.aclose()


async def test_what_could_not_be_connected_to_was_surely_not_sent() -> None:
    """A closed port is tried again; a connection that breaks after sending may have happened."""

    async def hang_up(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    egress = Egress(allow_local=True)
    async with serving(hang_up) as url:
        with pytest.raises(Unknown):
            await egress.post(url, b"{}", {})
    with pytest.raises(TryLater):
        await egress.post(url, b"{}", {})
    await egress.aclose()


async def test_no_redirect_is_followed_and_a_large_answer_is_cut() -> None:
    """The other side decides neither where we go nor how much we read."""

    async def elsewhere(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}, body=b"x" * 200_000)

    egress = Egress(allow_local=True)
    async with serving(elsewhere) as url:
        reply = await egress.post(url, b"{}", {})
    await egress.aclose()

    assert reply.status == 302
    assert len(reply.body) <= 64 * 1024


@asynccontextmanager
async def serving(handler: Callable[[web.Request], object]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/in", handler)  # type: ignore[arg-type]
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/in"
    finally:
        await runner.cleanup()
