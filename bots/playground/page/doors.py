"""What all doors of the page share: headers, an answer as JSON, and words for what was asked wrongly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

Json = dict[str, Any]
Query = Mapping[str, str]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE = 100  # messages

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def shown(data: object, status: int = 200) -> web.Response:
    return web.json_response(data, status=status, headers=HEADERS)


def door(read: Callable[[Query], Json]) -> Handler:
    """Answers a GET with what `read` makes of its query; its ValueError or KeyError is a 400 in words."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return shown(read(request.query))
        except (ValueError, KeyError) as error:
            words = f"The page asked without {error}." if isinstance(error, KeyError) else str(error)
            return shown({"error": words}, 400)

    return handle
