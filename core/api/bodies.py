"""Bodies: read whole, within a size and a time, whoever sends them."""

import asyncio
import contextlib
from collections.abc import Callable, Generator
from typing import Any

from core.api.problems import TOO_SLOW, App, Header, Message, Problem, Receive, Scope, Send, refuse, too_large

BODY_SECONDS = 10.0
OTHER_CAP = 1024 * 1024  # what Slack and Telegram post is far smaller
_LINGER_SECONDS = 1.0
_LINGER_BYTES = 4 * 1024 * 1024
CLOSE = (b"connection", b"close")


class Unread(Exception):
    """A body that was not taken; nobody is left to be told where `problem` is None."""

    def __init__(self, problem: Problem | None) -> None:
        super().__init__(problem)
        self.problem = problem


Ceiling = Callable[[bytearray], int]


async def read_body(receive: Receive, cap: int, ceiling: Ceiling | None = None) -> bytes:
    """The whole body. Raises Unread: too large, too slow, or the caller went away.

    When it grows past `cap`, `ceiling` looks at what has come so far and may name a higher one, once.
    """
    first = _Begun(receive)
    if first.message and _is_whole(first.message, cap):
        return bytes(first.message["body"])
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            message = await first
            while message["type"] == "http.request":
                body += message.get("body", b"")
                if len(body) > cap:
                    cap, ceiling = (ceiling(body), None) if ceiling else (cap, None)
                    if len(body) > cap:
                        raise Unread(too_large(cap))
                if not message.get("more_body", False):
                    return bytes(body)
                message = await receive()
    except TimeoutError:
        raise Unread(TOO_SLOW) from None
    raise Unread(None)


class _Begun:
    """The first message of a body: `message` if it is here already, else to be awaited.

    Most bodies come with their head, and what is here needs no timer, which would cost more than to read it.
    """

    def __init__(self, receive: Receive) -> None:
        self.message: Message | None = None
        self._steps = receive().__await__()
        try:
            self._waits_for = next(self._steps)
        except StopIteration as here:
            self.message = here.value

    def __await__(self) -> Generator[Any, Any, Message]:
        if self.message is None:
            yield self._waits_for
            self.message = yield from self._steps
        return self.message


def _is_whole(message: Message, cap: int) -> bool:
    return not message.get("more_body", False) and "body" in message and len(message["body"]) <= cap


async def turn_away(receive: Receive, send: Send, wrong: Problem, *headers: Header) -> None:
    """Refuse a body that is still on its way, and hang up.

    A socket closed over unread bytes resets the connection, and the caller never sees why: so some are read first.
    """
    await refuse(send, wrong, CLOSE, *headers, more=True)
    left = _LINGER_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    break
    await send({"type": "http.response.body", "body": b""})


def declared_length(scope: Scope) -> int:
    """What Content-Length promises, 0 where it does not."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def bounded(app: App) -> App:
    """The same app, behind the cap and the deadline; it gets the body in one piece."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if declared_length(scope) > OTHER_CAP:
            await turn_away(receive, send, too_large(OTHER_CAP))
            return
        try:
            body = await read_body(receive, OTHER_CAP)
        except Unread as unread:
            if unread.problem:
                await turn_away(receive, send, unread.problem)
            return
        await app(scope, _replay(body, receive), send)

    return guarded


def _replay(body: bytes, receive: Receive) -> Receive:
    pending = True

    async def replayed() -> dict[str, object]:
        nonlocal pending
        if pending:
            pending = False
            return {"type": "http.request", "body": body, "more_body": False}
        return dict(await receive())

    return replayed
