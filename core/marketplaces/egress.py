"""The one way out to addresses that somebody gave us: https to plainly global hosts, checked and then held to.

A name is looked up once, every address it has is checked, and the connection goes to a checked one: a name that means
something else a moment later reaches nothing.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core.errors import Ours, TryLater, Unknown, ours, to_keep
from core.rendering import in_english

PORTS = frozenset({443})
TOTAL_SECONDS = 10.0
CONNECT_SECONDS = 5.0  # below the total, so that running out of it says that nothing was sent
RESPONSE_CAP = 64 * 1024
LONGEST_URL = 2_000

_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
_IDLE_SECONDS = 4.0  # shorter than a server's own patience, so that we rarely write into a connection it just closed

# `is_global` holds for these, and yet they lead elsewhere than to a plain host on the internet.
_NOT_PLAIN = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # IETF protocol assignments
            "192.88.99.0/24",  # 6to4 relays
            "168.63.129.16/32",  # the host of an Azure machine
            "2001::/23",  # Teredo, ORCHID and other protocols
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: carries an IPv4 address
            "3fff::/20",  # documentation
        ),
    )
)
_UNICAST_6 = ipaddress.ip_network("2000::/3")  # NAT64, IPv4-mapped, local and multicast ones are all outside

_UNSAFE = set(' \\"<>^`{|}')

_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Address = IPv4Address | IPv6Address
Lookup = Callable[[str, int], Awaitable[Sequence[str]]]


class ForbiddenTarget(ValueError):
    """Nothing is sent there; `problem` says why, and the error itself in English, for the person who set it up."""

    def __init__(self, text: str, /, **values: str) -> None:
        super().__init__(text)
        self.problem = said(text, **values)

    def __str__(self) -> str:
        return in_english(to_keep(self.problem))


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; of the body at most 64 KB, and nothing where it broke off. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def check_url(url: str, allow_local: bool) -> None:
    """Raises ForbiddenTarget unless we would post there; names are looked up only when something is sent."""
    _target(url, allow_local, PORTS)


class Egress:
    """Posts to addresses that other people chose. `allow_local` adds http and loopback, and nothing else."""

    def __init__(
        self, *, allow_local: bool = False, ports: frozenset[int] = PORTS, lookup: Lookup | None = None
    ) -> None:
        self._allow_local = allow_local
        self._ports = ports
        self._lookup = lookup or _ask_system
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """No redirect is followed, ten seconds end it. Raises ForbiddenTarget, TryLater (surely not sent), Unknown."""
        return await self._ask("POST", url, body, headers)

    async def get(self, url: str) -> Reply:
        """The same, with nothing but the address."""
        return await self._ask("GET", url, None, {})

    @asynccontextmanager
    async def opened(self, url: str, *, seconds: float, redirects: int = 0) -> AsyncIterator[aiohttp.ClientResponse]:
        """A response to be read piece by piece, within so many seconds in all; each redirect is checked as `url` is.

        Raises ForbiddenTarget, and aiohttp's own errors and TimeoutError.
        """
        loop = asyncio.get_running_loop()
        ends, target = loop.time() + seconds, _target(url, self._allow_local, self._ports)
        for left in range(redirects, -1, -1):
            # Of a timeout of nought aiohttp thinks that there is none.
            timeout = aiohttp.ClientTimeout(total=max(0.001, ends - loop.time()), connect=CONNECT_SECONDS)
            async with self._opened().get(target, allow_redirects=False, timeout=timeout) as response:
                there = response.headers.get("location", "")
                if left == 0 or not there or response.status not in _REDIRECTS:
                    yield response
                    return
            target = _target(_joined(target, there), self._allow_local, self._ports)

    async def _ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        target = _target(url, self._allow_local, self._ports)
        try:
            async with self._opened().request(
                method, target, data=body, headers=headers, allow_redirects=False
            ) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status, headers, await _read(response))
        except aiohttp.ConnectionTimeoutError as error:
            raise TryLater(said("too_slow", seconds=f"{CONNECT_SECONDS:g}")) from error
        except aiohttp.ClientSSLError as error:
            raise TryLater(said("certificate")) from error
        except aiohttp.ClientConnectorDNSError as error:
            raise TryLater(said("name_unknown")) from error
        except aiohttp.ClientConnectorError as error:
            raise TryLater(said("unreachable")) from error
        except TimeoutError as error:
            raise Unknown(said("no_answer", seconds=f"{TOTAL_SECONDS:g}")) from error
        except aiohttp.ClientError as error:
            raise Unknown(said("broke_off")) from error

    async def aclose(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=_CheckedResolver(self._lookup, self._allow_local),
                use_dns_cache=False,
                limit=0,  # a dead host's callers wait for it alone, not for a place in a pool
                keepalive_timeout=_IDLE_SECONDS,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=TOTAL_SECONDS, connect=CONNECT_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                # A body is never unpacked: a small one could unpack to gigabytes.
                auto_decompress=False,
                skip_auto_headers=("Accept-Encoding",),
                requote_redirect_url=False,
            )
        return self._session


def is_global(address: Address) -> bool:
    """A host on the public internet that is reached as what it is."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv6Address) and (address not in _UNICAST_6 or address.scope_id):
        return False
    return not any(address in net for net in _NOT_PLAIN if _same_version(address, net))


def _same_version(address: Address, net: IPv4Network | IPv6Network) -> bool:
    return address.version == net.version


def _target(url: str, allow_local: bool, ports: frozenset[int]) -> URL:
    """The one reading of an address: what is checked here is what is connected to."""
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or _UNSAFE & set(url):
        raise ForbiddenTarget("not_ascii")
    try:
        target = URL(url, encoded=True)
        host, port = target.raw_host or "", target.port
    except ValueError:
        raise ForbiddenTarget("not_readable") from None
    if "@" in target.raw_authority:
        raise ForbiddenTarget("with_password")
    if not host:
        raise ForbiddenTarget("no_host")
    if allow_local and _is_local(host) and target.scheme in {"http", "https"}:
        return target
    if target.scheme != "https":
        raise ForbiddenTarget("not_https")
    if port not in ports:
        raise ForbiddenTarget("other_port", port="/".join(map(str, sorted(ports))))
    _check_host(host, bracketed="[" in target.raw_authority)
    return target


def said(text: str, /, **values: str | int) -> Ours:
    """A text of `marketplaces/problems`; a str among its values is not ours."""
    return ours(f"marketplaces/problems#{text}", **values)


def _joined(here: URL, there: str) -> str:
    try:
        return str(here.join(URL(there, encoded=True)))
    except ValueError:
        raise ForbiddenTarget("leads_nowhere") from None


def _check_host(host: str, bracketed: bool) -> None:
    if address := _literal(host):
        if not is_global(address):
            raise ForbiddenTarget("not_public", host=host)
    elif bracketed or not _NAME.fullmatch(host) or _NUMBER.fullmatch(host.rpartition(".")[2]):
        # getaddrinfo reads 2130706433 and 0x7f.1 as addresses.
        raise ForbiddenTarget("hidden_host", host=host)
    elif "." not in host:
        raise ForbiddenTarget("private_name", host=host)


def _is_local(host: str) -> bool:
    address = _literal(host)
    return _is_plain_loopback(address) if address else host.lower() == "localhost"


def _is_plain_loopback(address: Address) -> bool:
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


class _CheckedResolver(AbstractResolver):
    """Resolves once and hands over what it checked, so that no second answer can lead elsewhere."""

    def __init__(self, lookup: Lookup, allow_local: bool) -> None:
        self._lookup = lookup
        self._allow_local = allow_local

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        addresses = [ipaddress.ip_address(address) for address in await self._lookup(host, port)]
        if not all(map(self._may, addresses)):
            raise ForbiddenTarget("name_not_public", host=host)
        return [_resolved(host, port, address) for address in addresses]

    def _may(self, address: Address) -> bool:
        return is_global(address) or (self._allow_local and _is_plain_loopback(address))

    async def close(self) -> None:
        pass


def _resolved(host: str, port: int, address: Address) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=str(address),
        port=port,
        family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


async def _ask_system(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """What comes of the body; the status has already decided, so a body that breaks off is no error."""
    body = bytearray()
    try:
        while len(body) < RESPONSE_CAP and (piece := await response.content.read(RESPONSE_CAP - len(body))):
            body += piece
    except (aiohttp.ClientError, TimeoutError):
        return b""
    if not response.content.at_eof():
        response.close()
    return bytes(body)
