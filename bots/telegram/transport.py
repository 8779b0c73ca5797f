"""PTB's way out over one aiohttp session, and what is known of a request that got no answer.

httpx, PTB's default, spends most of its time scanning its pool: this is several times faster.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import aiohttp
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from core.errors import Problem, ours
from core.ports.chat import Picture

CONNECT_SECONDS = 10.0
READ_SECONDS = 25.0
POOL = 100
# Shorter than a server's own, so that a request rarely meets a connection that is just being closed.
KEEPALIVE_SECONDS = 15.0


class Failed(NetworkError):
    """A request of which Telegram said nothing that could be read; `problem` is what there is to say of it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Unreachable(Failed):
    """No connection stood: the request was surely not sent."""


class AnswerLost(Failed):
    """The request went out, and no answer says what became of it."""


class TooManyRequests(TelegramError):
    """429. PTB's own `RetryAfter` warns of its own deprecation whenever it is made."""

    def __init__(self, after: float) -> None:
        super().__init__(f"Too Many Requests: retry after {after:g}")
        self.after = after


@dataclass(frozen=True, slots=True)
class Upload:
    """A call with a picture, which goes out piece by piece as it comes; in the place of PTB's `RequestData`."""

    fields: Mapping[str, str]
    part: str
    picture: Picture


class AiohttpRequest(BaseRequest):
    """Opened at the first request. PTB's `shutdown` leaves it open: who made it closes it by `aclose`."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return READ_SECONDS

    async def initialize(self) -> None:
        """Nothing to do: see the class."""

    async def shutdown(self) -> None:
        """Nothing to do: see the class."""

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(  # noqa: PLR0917 - PTB's signature
        self,
        url: str,
        method: str,
        request_data: Any = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """JSON both ways, but for an `Upload`. The pool has no timeout of its own: it counts as connecting."""
        seconds = READ_SECONDS if read_timeout is BaseRequest.DEFAULT_NONE else float(read_timeout)
        body, headers = _form(request_data) if isinstance(request_data, Upload) else _json(request_data)
        try:
            async with self._open().request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=seconds),
                allow_redirects=False,
            ) as response:
                status, payload = response.status, await response.read()
        # Without the cause: aiohttp's errors may name the URL, and the URL holds the token.
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unreachable(ours("telegram/problems#unreachable", reason=_reason(error))) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise AnswerLost(ours("telegram/problems#no_answer", reason=type(error).__name__)) from None
        _raise_for(status, payload, response.headers.get("Retry-After", ""))
        return status, payload

    def download(self, url: str) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """The bytes at an address of Telegram's, as they come; aiohttp's own errors, which name the address."""
        timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=READ_SECONDS)
        return self._open().get(url, timeout=timeout, allow_redirects=False, headers={"Accept-Encoding": "identity"})

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=POOL, keepalive_timeout=KEEPALIVE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def _json(data: RequestData | None) -> tuple[bytes, dict[str, str]]:
    return json.dumps(data.parameters).encode() if data else b"{}", {"Content-Type": "application/json"}


def _form(upload: Upload) -> tuple[AsyncIterator[bytes], dict[str, str]]:
    """With its length: whoever takes it in need not wait for an end that is not announced."""
    mark, picture = uuid4().hex, upload.picture
    part = 'Content-Disposition: form-data; name="{}"'
    said = "".join(f"--{mark}\r\n{part.format(name)}\r\n\r\n{value}\r\n" for name, value in upload.fields.items())
    head = f'--{mark}\r\n{part.format(upload.part)}; filename="{picture.name}"\r\nContent-Type: {picture.type}\r\n\r\n'
    before, after = f"{said}{head}".encode(), f"\r\n--{mark}--\r\n".encode()

    async def body() -> AsyncIterator[bytes]:
        yield before
        async for piece in picture.pieces:
            yield piece
        yield after

    length = len(before) + picture.size + len(after)
    return body(), {"Content-Type": f"multipart/form-data; boundary={mark}", "Content-Length": str(length)}


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _raise_for(status: int, payload: bytes, retry_after: str) -> None:
    """What PTB would tell apart by a class too coarse for us, or not at all."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise TooManyRequests(_seconds(payload, retry_after))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        raise AnswerLost(ours("telegram/problems#broken", status=status))
    if status < HTTPStatus.MULTIPLE_CHOICES and b'"result"' not in payload:
        raise AnswerLost(ours("telegram/problems#unreadable"))


def _seconds(payload: bytes, header: str) -> float:
    try:
        return float(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return float(header) if header.isascii() and header.isdecimal() else 5.0
