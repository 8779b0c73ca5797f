"""The least that can pass for Slack and Telegram: every call is answered with the same words, at once.

The playground's stand-ins check what they are sent, and a web framework would be busier than who calls it: either
would be measured in place of the caller.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import cast

import httptools

Seen = Callable[[str, bytes], None]
"""A method's name and the body of the call."""

_SLACK = b'{"ok":true,"channel":"C00000001","ts":"1700000000.%06d","message":{"text":"","type":"message"}}'
_TELEGRAM = (
    b'{"ok":true,"result":{"message_id":%d,"date":1700000000,"text":"Ann","chat":{"id":100001,"type":"private",'
    b'"first_name":"Sam"},"from":{"id":7001,"is_bot":true,"first_name":"Bell","username":"bell_bot"}}}'
)
_ME = b'{"ok":true,"result":{"id":7001,"is_bot":true,"first_name":"Bell","username":"bell_bot"}}'
_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"


@asynccontextmanager
async def chats(seen: Seen | None = None) -> AsyncIterator[str]:
    """Slack's methods are below `/api/`, Telegram's below `/bot<token>/`."""
    numbers = itertools.count(1)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Chat(numbers, seen), "127.0.0.1", 0, backlog=1_024)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


class _Chat(asyncio.Protocol):
    """One connection; the `on_` methods are called by the parser."""

    def __init__(self, numbers: Iterator[int], seen: Seen | None) -> None:
        self._numbers, self._seen = numbers, seen
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.WriteTransport | None = None
        self._path, self._body = b"", b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._path, self._body = url, b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._seen:
            self._seen(self._path.rpartition(b"/")[2].decode(), self._body)
        answer = self._answer()
        if self._transport:
            self._transport.write(_ANSWER % (len(answer), answer))

    def _answer(self) -> bytes:
        if self._path.endswith(b"/getMe"):
            return _ME
        return (_SLACK if self._path.startswith(b"/api/") else _TELEGRAM) % next(self._numbers)
