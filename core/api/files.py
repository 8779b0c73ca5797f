"""`GET /v1/files/{token}`: a file that a member attached, on its way from the chat to the marketplace.

The token is the key: we signed it, and it names one file of one reply. Nothing is kept: a piece is read from the chat
once the one before it has gone out, so that a slow reader costs a connection and no memory.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

from core.api.problems import (
    BUSY,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    STORE_DOWN,
    Header,
    Receive,
    Scope,
    Send,
    problem,
    refuse,
)
from core.domain.files import File, in_bytes
from core.errors import AccessLost, Gone, OutsideError, Rejected, StoreDown, ours, to_keep
from core.observability import log
from core.ports.chat import FileStream
from core.services.deps import Deps
from core.services.files import PATH, Fetching, find_file, open_file, tell_lost

AT_ONCE = 20  # files on their way through one process
SECONDS = 300.0  # for all of one: 100 MB at 3 MBit/s
_LONGEST_TOKEN = 160

GONE = problem(
    "gone", "The file is not on offer any more", 410, "It was deleted, has grown too large, or its reply was long ago."
)
NO_ACCESS = problem("no-access", "The file is out of reach", 404, "Shopbell may not read it in its chat any more.")
LATER = problem("later", "The chat does not give the file now", 503, "Ask again.")
_RETRY: Header = (b"retry-after", b"30")


class TooLong(Exception):
    """More bytes came than the file may have."""


def token_in(path: str) -> str | None:
    """The token that a path names if it is the path of this route."""
    token = path.removeprefix(PATH)
    return token if token != path and token and "/" not in token else None


class FileDoor:
    """The route, as an ASGI app for paths that `token_in` knows."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._places = AT_ONCE

    async def __call__(self, scope: Scope, receive: Receive, send: Send, token: str) -> None:
        method = scope["method"]
        if method not in {"GET", "HEAD"}:
            await refuse(send, METHOD_NOT_ALLOWED, (b"allow", b"GET, HEAD"))
            return
        try:
            asked = await find_file(self._deps, token) if len(token) <= _LONGEST_TOKEN else None
        except Gone:
            await refuse(send, GONE)
        except StoreDown:
            await refuse(send, STORE_DOWN, _RETRY)
        else:
            await self._answer(asked, receive, send, head=method == "HEAD")

    async def _answer(self, asked: Fetching | None, receive: Receive, send: Send, *, head: bool) -> None:
        if asked is None:
            await refuse(send, NOT_FOUND)
        elif head:
            await _begin(send, asked.file, asked.file.size)
            await send({"type": "http.response.body", "body": b""})
        elif self._places == 0:
            await refuse(send, BUSY, _RETRY)
        else:
            self._places -= 1
            try:
                await self._bring(asked, receive, send)
            finally:
                self._places += 1

    async def _bring(self, asked: Fetching, receive: Receive, send: Send) -> None:
        """What goes wrong once the file has begun breaks the connection off: half a file must not look like one."""
        begun = False
        try:
            async with asyncio.timeout(SECONDS), _listening(receive) as gone, open_file(self._deps, asked) as stream:
                _check_length(stream.size or 0, asked.limit)
                await _begin(send, asked.file, stream.size)
                begun = True
                await _pour(stream, send, asked.limit, gone)
        except (OutsideError, TimeoutError, TooLong) as error:
            log().info("file_not_brought", error=type(error).__name__, why=str(error))
            if isinstance(error, TooLong):
                await tell_lost(
                    self._deps, asked, to_keep(ours("problems#file_too_large", limit=in_bytes(asked.limit)))
                )
            if begun:
                raise ConnectionAbortedError("the file broke off") from error
            await _refuse(send, error)


async def _refuse(send: Send, error: Exception) -> None:
    if isinstance(error, Gone | Rejected | TooLong):
        await refuse(send, GONE)
    elif isinstance(error, AccessLost):
        await refuse(send, NO_ACCESS)
    else:
        await refuse(send, LATER, _RETRY)


async def _pour(stream: FileStream, send: Send, limit: int, gone: asyncio.Event) -> None:
    length = 0
    async for piece in stream.pieces:
        length += len(piece)
        _check_length(length, limit)
        if gone.is_set():
            return
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _check_length(length: int, limit: int) -> None:
    if length > limit:
        raise TooLong(f"more than {limit} bytes")


@asynccontextmanager
async def _listening(receive: Receive) -> AsyncIterator[asyncio.Event]:
    """Set once the caller has hung up: nobody needs the rest then."""
    gone = asyncio.Event()

    async def listen() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()

    task = asyncio.create_task(listen())
    try:
        yield gone
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _begin(send: Send, file: File, size: int | None) -> None:
    headers: list[Header] = [
        (b"content-type", file.type.encode()),
        (b"content-disposition", f"attachment; filename*=UTF-8''{quote(file.name, safe='')}".encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; sandbox"),
        (b"cache-control", b"private, no-store"),
        (b"referrer-policy", b"no-referrer"),
        (b"accept-ranges", b"none"),
    ]
    if size is not None:
        headers.append((b"content-length", b"%d" % size))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
