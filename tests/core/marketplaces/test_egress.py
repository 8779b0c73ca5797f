"""Nothing is sent but to plainly global https hosts, however an address is written."""

import asyncio
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core.errors import TryLater, Unknown
from core.marketplaces.egress import Egress, ForbiddenTarget, check_url
from tests.fixtures.problems import says

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
    "https://[fec0::1]/in",  # site-local
    "https://[::127.0.0.1]/in",
    "https://[fe80::1%25eth0]/in",
    "https://[v1.market.example]/in",
    "https://168.63.129.16/in",  # the host of an Azure machine
    "https://%31%32%37.0.0.1/in",
    "https://1.2.3.4./in",
    "https://market.example\\@127.0.0.1/in",
    "https://market.example:99999/in",
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


async def test_a_name_is_asked_for_once_and_its_address_is_held_to() -> None:
    """The connection goes to the address that was checked, by its name; a later answer is checked anew."""
    asked: list[str] = []
    named: list[str | None] = []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.8"]

    async with serving_tls(named) as port:
        egress = Egress(allow_local=True, ports=frozenset({port}), lookup=lookup)
        with pytest.raises(TryLater, check=says("its certificate cannot be trusted")):
            await egress.post(f"https://market.example:{port}/in", b"{}", {})
        with pytest.raises(ForbiddenTarget, match=r"market\.example leads to"):
            await egress.post(f"https://market.example:{port}/in", b"{}", {})
        await egress.aclose()

    assert (asked, named) == (["market.example"] * 2, ["market.example"])


async def test_an_answer_in_pieces_is_read_whole() -> None:
    """What a receipt says counts also where it comes late in the body; a body that breaks off takes nothing back."""

    async def slowly(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "10"})
        await response.prepare(request)
        for piece in (b"12345", b"67890") if request.headers.get("X-Whole") else (b"12345",):
            await response.write(piece)
            await asyncio.sleep(0.02)
        if not request.headers.get("X-Whole"):
            assert request.transport is not None
            request.transport.abort()
        return response

    egress = Egress(allow_local=True)
    async with serving(slowly) as url:
        whole = await egress.post(url, b"{}", {"X-Whole": "yes"})
        broken = await egress.post(url, b"{}", {})
    await egress.aclose()

    assert (whole.status, whole.body) == (200, b"1234567890")
    assert (broken.status, broken.body) == (200, b"")


async def test_silence_may_have_been_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who took the request and said nothing in time may have acted on it."""
    monkeypatch.setattr("core.marketplaces.egress.TOTAL_SECONDS", 0.2)

    async def silent(request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    egress = Egress(allow_local=True)
    async with serving(silent) as url:
        with pytest.raises(Unknown, check=says("no answer")):
            await egress.post(url, b"{}", {})
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
async def serving_tls(named: list[str | None]) -> AsyncIterator[int]:
    """A port that speaks TLS with a certificate nobody knows, and notes the names it was called by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "market.example")])
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        file.flush()
        context.load_cert_chain(file.name)
    context.sni_callback = lambda _socket, name, _context: named.append(name)
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


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
