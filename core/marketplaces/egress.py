"""The one way out to addresses that somebody gave us: https to plainly global hosts, checked and then held to.

A name is looked up once, every address it has is checked, and the connection goes to a checked one: a name that means
something else a moment later reaches nothing.
"""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core.errors import TryLater, Unknown

TOTAL_SECONDS = 10.0
RESPONSE_CAP = 64 * 1024

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Python calls these global; each reaches, or can be made to reach, what is not (RFC 6052, 8215, 3056, 4380, 2765).
_TUNNELS = tuple(
    ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::ffff:0:0:0/96")
)


class ForbiddenTarget(ValueError):
    """Nothing is sent there; the sentence says why, for the person who gave the address."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: at most 64 KB of it. `headers` in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def check_url(url: str, allow_local: bool) -> None:
    """Raises ForbiddenTarget (a ValueError) with a sentence; names are looked up only when something is sent."""
    try:
        parsed = URL(url)
        host, port = parsed.host, parsed.port
    except ValueError:
        raise ForbiddenTarget(
            "The callback URL cannot be read; give one such as https://market.example/shopbell."
        ) from None
    if parsed.user is not None or parsed.password is not None:
        raise ForbiddenTarget("The callback URL must not hold a user or a password; requests are signed instead.")
    if not host:
        raise ForbiddenTarget("The callback URL names no host; give one such as https://market.example/shopbell.")
    literal = _literal(host)
    if (
        allow_local
        and parsed.scheme in {"http", "https"}
        and (host == "localhost" or (literal and literal.is_loopback))
    ):
        return
    if parsed.scheme != "https":
        raise ForbiddenTarget("The callback URL must begin with https://.")
    if port != 443:
        raise ForbiddenTarget("The callback URL must use port 443.")
    if literal is not None and not is_global(literal):
        raise ForbiddenTarget(f"The callback URL leads to {host}, which is not on the public internet.")
    if literal is None and not _is_name(host):
        raise ForbiddenTarget(f"The callback URL's host {host} is written in a way that hides where it leads.")


def is_global(address: IPAddress) -> bool:
    """Plainly on the public internet, by no tunnel and to one host."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return is_global(address.ipv4_mapped)
    if address.is_multicast or any(address in net for net in _TUNNELS if net.version == address.version):
        return False
    return address.is_global and not address.is_reserved


class Egress:
    """A session whose every connection is checked. Raises TryLater (surely not sent), Unknown, ForbiddenTarget."""

    def __init__(self, *, allow_local: bool) -> None:
        self._allow_local = allow_local
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """No redirect is followed, nothing is decompressed, and ten seconds end it."""
        check_url(url, self._allow_local)
        try:
            async with self._open().post(URL(url), data=body, headers=headers, allow_redirects=False) as response:
                read = await response.content.read(RESPONSE_CAP)
                return Reply(response.status, {k.lower(): v for k, v in response.headers.items()}, read)
        except aiohttp.ClientConnectorError as error:
            raise _unreached(error) from error
        except aiohttp.ConnectionTimeoutError as error:
            raise TryLater("it cannot be reached just now.") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unknown("it gave no answer.") from error

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=_Checked(allow_local=self._allow_local), limit=200, use_dns_cache=False
            )
            timeout = aiohttp.ClientTimeout(total=TOTAL_SECONDS, sock_connect=5.0)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=timeout, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session


class _Checked(AbstractResolver):
    """Looks a name up and lets through only what may be reached; asked again for every new connection."""

    def __init__(self, *, allow_local: bool) -> None:
        self._resolver = aiohttp.ThreadedResolver()
        self._allow_local = allow_local

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        allowed = [one for one in found if self._may(ipaddress.ip_address(one["host"].partition("%")[0]))]
        if len(allowed) < len(found) or not allowed:
            raise ForbiddenTarget(f"{host} leads to an address that is not on the public internet.")
        return allowed

    def _may(self, address: IPAddress) -> bool:
        return is_global(address) or (self._allow_local and address.is_loopback)

    async def close(self) -> None:
        await self._resolver.close()


def _literal(host: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_name(host: str) -> bool:
    """A name in plain letters whose last part is no number: getaddrinfo reads 2130706433 and 0x7f.1 as addresses."""
    if not host.isascii() or "." not in host:
        return False
    last = host.rstrip(".").rpartition(".")[2]
    return bool(last) and not last[0].isdigit() and not last.lower().startswith("0x")


def _unreached(error: aiohttp.ClientConnectorError) -> Exception:
    cause: Any = error.__cause__
    if isinstance(cause, ForbiddenTarget):
        return cause
    return TryLater("it cannot be reached just now.")
