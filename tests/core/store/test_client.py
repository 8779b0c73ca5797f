"""Connecting in every form of URL, and what is said about a server that is not fit."""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import os
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.errors import Misconfigured
from core.store import keys, leash
from core.store.binary import find_binary
from core.store.client import Engine, connect, examine
from core.store.embedded import embedded
from core.store.listening import WAKE
from tests.fixtures.engine import free_port
from tests.fixtures.waiting import wait_until

pytestmark = pytest.mark.any_keys


async def test_replies_are_raw(engine: Engine) -> None:
    """One Redis and a cluster answer in the same shapes, as they come from the wire."""
    assert await engine.call("SET", "{sb:00}:text", "words") == b"OK"
    assert await engine.call("HSET", "{sb:00}:hash", "a", 1, "b", b"\xff") == 2
    assert await engine.call("HGETALL", "{sb:00}:hash") == {b"a": b"1", b"b": b"\xff"}
    assert await engine.call("ZADD", "{sb:00}:zset", 1.5, "x") == 1
    assert await engine.call("ZRANGE", "{sb:00}:zset", 0, -1, "WITHSCORES") == [[b"x", 1.5]]
    assert await engine.call("GET", "{sb:00}:none") is None
    assert await engine.call("PING") == b"PONG"


async def test_clock(engine: Engine) -> None:
    """The server's clock comes in milliseconds."""
    machine = dt.datetime.now(dt.UTC).timestamp() * 1000

    assert abs(await engine.now_ms() - machine) < 5_000


async def test_scan(engine: Engine) -> None:
    """A scan finds every key, on all nodes, however many there are."""
    names = {f"{keys.tag(number % 32)}:seller:{number}" for number in range(1_500)}
    await asyncio.gather(*(engine.call("SET", name, 1) for name in names))

    assert {name async for name in engine.scan()} == names
    assert {name async for name in engine.scan("{sb:07}*")} == {name for name in names if name.startswith("{sb:07}")}


async def test_wakes(engine: Engine) -> None:
    """What is published, also by a script, is heard; and a lost connection is made known by an empty payload."""
    heard: list[bytes] = []

    async def hear() -> None:
        async for payload in engine.subscribe(WAKE):
            heard.append(payload)  # noqa: PERF401  (each as it comes)

    hearing = asyncio.create_task(hear())
    await wait_until(lambda: heard == [b""], "the subscription stands")
    await engine.call("EVAL", "#!lua\nredis.call('PUBLISH', 'sb:wake', KEYS[1])", 1, keys.tag(7))
    await wait_until(lambda: heard == [b"", b"{sb:07}"], "the wake is heard")
    await engine.call("CLIENT", "KILL", "TYPE", "pubsub")
    await wait_until(lambda: heard == [b"", b"{sb:07}", b""], "the subscription stands again")
    hearing.cancel()
    await asyncio.wait([hearing])


async def test_another_slot_is_refused(engine: Engine, clustered: bool) -> None:
    """A cluster refuses a script that builds a key of another slot, and takes those under its own tag."""
    write = "#!lua\nreturn redis.call('SET', ARGV[1] .. ':agenda', 1)"

    own = await engine.call("EVAL", write, 1, keys.tag(7), keys.tag(7))
    other = asyncio.create_task(engine.call("EVAL", write, 1, keys.tag(7), keys.tag(8)))
    await asyncio.wait([other])

    assert own == b"OK"
    assert (other.exception() is not None) is clustered


async def test_findings(tmp_path: Path, engine: Engine) -> None:
    """The embedded server is found good; a server that may forget or drop is refused, with what to do."""
    async with embedded(tmp_path, keep=True) as url:
        ours = await connect(url)
        findings = await examine(ours)
        await ours.aclose()
    await engine.call("CONFIG", "SET", "appendonly", "no")
    await engine.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    try:
        unfit = await examine(engine)
    finally:
        await engine.call("CONFIG", "SET", "appendonly", "yes")
        await engine.call("CONFIG", "SET", "maxmemory-policy", "noeviction")

    assert [finding.level for finding in findings] == ["good", "good"]
    assert findings[0].what.startswith("Valkey 9")
    assert [finding.level for finding in unfit] == ["good", "refuse", "refuse", "warn"]
    assert all(finding.cure for finding in unfit[1:])


async def test_below_the_floor() -> None:
    """A server below 7.0 is refused, with its version."""

    ended = asyncio.Event()

    async def old_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        info = b"redis_version:6.2.14\r\n"
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                words = [await _word(reader) for _ in range(int((await reader.readuntil(b"\n"))[1:]))]
                reply = {b"HELLO": b"%0\r\n", b"INFO": b"$%d\r\n%s\r\n" % (len(info), info)}.get(words[0], b"+OK\r\n")
                writer.write(reply)
        writer.close()
        await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(old_server, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Misconfigured, match=r"version 6\.2"):
            await connect(f"redis://127.0.0.1:{port}")
        await ended.wait()


async def _word(reader: asyncio.StreamReader) -> bytes:
    length = int((await reader.readuntil(b"\n"))[1:])
    return (await reader.readexactly(length + 2))[:-2]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:6379",
        "http://localhost",
        "redis+carrier-pigeon://localhost",
        "redis+sentinel://localhost:26379",
        "redis+cluster://localhost:7000/3",
        "redis://:secret@localhost:port",
        "redis+cluster://:secret@,",
    ],
)
async def test_urls_that_cannot_be_read(url: str) -> None:
    """A wrong URL is named as the setting it is, and its password stays secret."""
    with pytest.raises(Misconfigured, match="REDIS_URL") as caught:
        await connect(url, patience=0)

    assert "secret" not in str(caught.value)


async def test_address_without_password(engine_url: str) -> None:
    """What is told about a server names no password."""
    engine = await connect(f"{engine_url}?client_name=x" if engine_url.startswith("unix") else engine_url)

    assert engine.where == engine_url
    await engine.aclose()


async def test_password_and_database(tmp_path: Path) -> None:
    """User, password and database of the URL are used, also after the connection was lost."""
    async with embedded(tmp_path, keep=True) as url:
        operator = await connect(url)
        await operator.call("CONFIG", "SET", "requirepass", "secret")
        engine = await connect(f"{url.replace('unix://', 'unix://default@')}?db=3&password=secret")
        await engine.call("SET", "{sb:00}:text", "words")
        await operator.call("CLIENT", "KILL", "TYPE", "normal")

        assert await engine.call("GET", "{sb:00}:text") == b"words"
        assert await operator.call("GET", "{sb:00}:text") is None
        assert "secret" not in engine.where
        await engine.aclose()
        await operator.aclose()


async def test_tls(tmp_path: Path) -> None:
    """`rediss://` speaks TLS, checks the certificate, and coalesces as ever."""
    (tmp_path / "data").mkdir()
    async with embedded(tmp_path / "data", keep=True) as url, _tls_proxy(url, tmp_path) as port:
        engine = await connect(f"rediss://127.0.0.1:{port}?ssl_ca_certs={tmp_path}/cert.pem")
        echoes = await asyncio.gather(*(engine.call("ECHO", "x" * number) for number in range(0, 20_000, 100)))
        await engine.aclose()

    assert [len(echo) for echo in echoes] == list(range(0, 20_000, 100))


@contextlib.asynccontextmanager
async def _tls_proxy(url: str, folder: Path) -> AsyncIterator[int]:
    ended = asyncio.Event()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_unix_connection(url.removeprefix("unix://"))
        with contextlib.suppress(OSError):
            await asyncio.gather(pump(reader, inner_writer), pump(inner_reader, writer))
        ended.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=_certificate(folder))
    async with server:
        yield server.sockets[0].getsockname()[1]
        await ended.wait()


def _certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


async def test_sentinel(tmp_path: Path) -> None:
    """Through Sentinel the primary is found, whoever it is at the moment of connecting again."""
    first, second, sentinel = free_port(), free_port(), free_port()
    config = tmp_path / "sentinel.conf"
    config.write_text(f"port {sentinel}\nbind 127.0.0.1\nsentinel monitor bell 127.0.0.1 {first} 1\n")
    async with contextlib.AsyncExitStack() as stack:
        for port in (first, second):
            stack.enter_context(_server(tmp_path / str(port), "--port", str(port), "--bind", "127.0.0.1"))
        stack.enter_context(_server(tmp_path / "sentinel", str(config), "--sentinel"))
        engine = await connect(f"redis+sentinel://127.0.0.1:{sentinel}/bell/1", patience=5)
        await engine.call("SET", "{sb:00}:where", "first")
        watcher = await connect(f"redis://127.0.0.1:{first}/1")
        assert await watcher.call("GET", "{sb:00}:where") == b"first"

        await _tell(sentinel, "SENTINEL", "REMOVE", "bell")
        await _tell(sentinel, "SENTINEL", "MONITOR", "bell", "127.0.0.1", str(second), "1")
        await watcher.call("REPLICAOF", "127.0.0.1", second)
        await engine.call("SET", "{sb:00}:where", "second")

        other = await connect(f"redis://127.0.0.1:{second}/1")
        assert await other.call("GET", "{sb:00}:where") == b"second"
        for each in (engine, watcher, other):
            await each.aclose()


async def _tell(port: int, *words: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write((" ".join(words) + "\r\n").encode())
    assert (await reader.readline()).startswith(b"+OK")
    writer.close()
    await writer.wait_closed()


@contextlib.contextmanager
def _server(folder: Path, *arguments: str) -> Iterator[None]:
    folder.mkdir()
    tied = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), "-1", "-1"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([*tied, str(find_binary().path), *arguments], cwd=folder, stdout=log, stderr=log)
    try:
        yield
    finally:
        server.kill()
        server.wait()
