"""Connect to Redis, in whichever form the URL names it, and say whether it is fit to keep obligations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit, urlunsplit

from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import ConnectionPool, SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError
from redis.maint_notifications import MaintNotificationsConfig

from core.errors import Misconfigured
from core.store.cluster import ClusterEngine
from core.store.coalescer import Coalescer, Program

FLOOR = (7, 0)


class Engine(Protocol):
    """Redis, single or cluster. Everything called may be executed twice: see `Coalescer`."""

    @property
    def where(self) -> str:
        """The address, without user and password."""

    @property
    def round_trips(self) -> int:
        """How many times something was sent to Redis."""

    async def call(self, *args: str | bytes | float) -> Any:
        """One command, its replies raw (bytes, int, list, dict, None); StoreDown within 10 s if Redis cannot."""

    async def script(self, program: Program, keys: Sequence[str], args: Iterable[str | bytes | int | float]) -> Any: ...

    async def now_ms(self) -> int: ...

    def scan(self, pattern: str = "*") -> AsyncIterator[str]: ...

    def subscribe(self, channel: str) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing `shopbell doctor` says about Redis. `refuse`: Shopbell does not start like this."""

    level: Literal["good", "warn", "refuse"]
    what: str
    cure: str = ""


async def connect(url: str, *, patience: float = 2.0) -> Engine:
    """Connect to `redis://`, `rediss://`, `unix://`, `redis+sentinel://h:p,h:p/service/db` or `redis+cluster://h:p,h:p`.

    Raises StoreDown when nobody answers within `patience` seconds, Misconfigured on a URL that cannot be read and on
    a server below 7.0.
    """
    engine = _engine(url)
    try:
        await engine.open(patience)
        version = _version((await _info(engine, "server")).get("redis_version", ""))
        if version < FLOOR:
            found = ".".join(map(str, version))
            raise Misconfigured([f"Redis at {engine.where} is version {found}; it must be 7.0 or newer, or Valkey."])
    except BaseException:
        await engine.aclose()
        raise
    return engine


async def examine(engine: Engine) -> list[Finding]:
    """What the server's settings mean for what it keeps; works where CONFIG is forbidden, as in managed clouds."""
    server, persistence, memory = [await _info(engine, name) for name in ("server", "persistence", "memory")]
    name, version = _name(server)
    findings = [Finding("good", f"{name} {version} at {engine.where}")]
    if persistence.get("aof_enabled") != "1":
        findings.append(
            Finding("refuse", "The append-only file is off: a restart forgets everything.", "Set appendonly yes.")
        )
    elif persistence.get("aof_last_write_status") != "ok":
        findings.append(Finding("refuse", "The last write to the append-only file failed.", "Look for a full disk."))
    policy = memory.get("maxmemory_policy")
    if policy != "noeviction":
        findings.append(
            Finding("refuse", f"maxmemory-policy is {policy}: Redis may drop obligations.", "Set it to noeviction.")
        )
    findings.extend(await _fsync(engine))
    return findings


async def _fsync(engine: Engine) -> list[Finding]:
    try:
        reply = await engine.call("CONFIG", "GET", "appendfsync")
    except ResponseError:
        return [Finding("warn", "appendfsync cannot be read here.", "Ask your provider for appendfsync always.")]
    value = reply.get(b"appendfsync", b"").decode()
    if value == "always":
        return [Finding("good", "Each write is on disk before it is acknowledged.")]
    lost = "up to a second of" if value == "everysec" else "many"
    return [Finding("warn", f"appendfsync is {value}: a power cut loses {lost} writes.", "Set appendfsync always.")]


async def _info(engine: Engine, section: str) -> dict[str, str]:
    text: str = (await engine.call("INFO", section)).decode()
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)


def _name(server: dict[str, str]) -> tuple[str, str]:
    # Valkey calls itself redis_version 7.2.4 for old clients' sake, and its own version stands beside.
    if "valkey_version" in server:
        return "Valkey", server["valkey_version"]
    return "Redis", server.get("redis_version", "of unknown version")


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())


def _engine(url: str) -> Coalescer | ClusterEngine:
    try:
        scheme, _, form = urlsplit(url).scheme.partition("+")
        where = _where(url)
        match form:
            case "sentinel":
                return Coalescer(_sentinel_pool(url, scheme), where)
            case "cluster":
                return ClusterEngine(_cluster(url, scheme), where)
            case "":
                return Coalescer(ConnectionPool.from_url(url, **_common()), where)
        raise ValueError(f"{scheme}+{form}:// is no form of it")
    except (ValueError, TypeError) as error:
        raise Misconfigured([f"REDIS_URL cannot be read: {error}"]) from error


def _common() -> dict[str, Any]:
    return {
        "client_name": "shopbell",
        "protocol": 3,
        "socket_connect_timeout": 3,
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }


def _sentinel_pool(url: str, scheme: str) -> SentinelConnectionPool:
    hosts, service, options = _hosts_and_options(url, scheme, default_port=26379)
    if not service:
        raise ValueError(
            "redis+sentinel:// needs the name of the service, as in redis+sentinel://host:26379/mymaster/0"
        )
    password = options.pop("sentinel_password", None)
    impatient = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}
    sentinel = Sentinel(hosts, sentinel_kwargs={**impatient, "password": password})  # type: ignore[no-untyped-call]
    return SentinelConnectionPool(service, sentinel, **options, **_common())  # type: ignore[no-untyped-call]


def _cluster(url: str, scheme: str) -> RedisCluster:
    hosts, service, options = _hosts_and_options(url, scheme, default_port=6379)
    if service or options.pop("db", 0):
        raise ValueError("redis+cluster:// has hosts only: a cluster knows no databases")
    nodes = [ClusterNode(host, port) for host, port in hosts]
    return RedisCluster(startup_nodes=nodes, retry=Retry(NoBackoff(), 3), **options, **_common())


def _hosts_and_options(url: str, scheme: str, default_port: int) -> tuple[list[tuple[str, int]], str, dict[str, Any]]:
    """Take apart what redis-py's own parser does not know: several hosts, and a service before the database."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    service, _, database = parts.path.strip("/").partition("/")
    plain = urlunsplit((scheme, f"{user}{at}localhost", f"/{database}", parts.query, ""))
    options: dict[str, Any] = dict(parse_url(plain))
    options.pop("host")
    options["ssl"] = options.pop("connection_class", None) is SSLConnection
    return [_address(host, default_port) for host in hosts.split(",")], service, options


def _address(text: str, default_port: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError("a host is missing")
    return parts.hostname, parts.port or default_port


def _where(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
