"""Problems: what was wrong with a request, as `application/problem+json` (RFC 9457) that names the field."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

MEDIA_TYPE = "application/problem+json"
_KINDS = "urn:shopbell:problem:"


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What was wrong. `type` is for programs, `detail` for people, `field` the path of what to mend."""

    type: str
    title: str
    status: int
    detail: str = ""
    field: str | None = None


def problem(kind: str, title: str, status: int, detail: str = "", field: str | None = None) -> Problem:
    return Problem(type=_KINDS + kind, title=title, status=status, detail=detail, field=field)


# One constant body: it tells a stranger neither which part was wrong nor how near the guess was.
BAD_SIGNATURE = problem(
    "bad-signature",
    "The signature does not match",
    401,
    "Either a header is missing or malformed, or the signature is of another secret, id or content, or "
    "webhook-timestamp is more than 300 s from our clock. Shopbell's log says which.",
)
UNKNOWN_SHOP = problem(
    "unknown-shop", "No such shop", 404, "No shop has this id. `shopbell shop add` prints the address to post to."
)
NOT_FOUND = problem("not-found", "Nothing is here", 404, "The API is described at /docs.")
METHOD_NOT_ALLOWED = problem("method-not-allowed", "This method is not allowed here", 405)
TOO_SLOW = problem("too-slow", "The body came too slowly", 408, "The whole body must arrive within 10 seconds.")
STORE_DOWN = problem("store-down", "Nothing can be stored now", 503, "Nothing was recorded. Send the same again.")
BUSY = problem("busy", "Too many large bodies at once", 503, "Nothing was recorded. Send the same again.")


def too_large(limit: int, what: str = "A body") -> Problem:
    return problem("too-large", "The body is too large", 413, f"{what} may have {limit:,} bytes.")


def malformed(detail: str) -> Problem:
    return problem("malformed-json", "The body is not the JSON we read", 400, detail)


def invalid(field: str, detail: str) -> Problem:
    return problem("invalid-event", "The event is not valid", 422, detail, field)


def invalid_query(field: str, detail: str) -> Problem:
    return problem("invalid-query", "The request is not valid", 422, detail, field)


async def answer(
    send: Send, status: int, body: bytes, media_type: bytes, headers: tuple[Header, ...] = (), *, more: bool = False
) -> None:
    """One whole response; with `more` it is left to the caller to end it."""
    head = [(b"content-type", media_type), (b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def refuse(send: Send, wrong: Problem, *headers: Header, more: bool = False) -> None:
    await answer(send, wrong.status, msgspec.json.encode(wrong), MEDIA_TYPE.encode(), headers, more=more)
