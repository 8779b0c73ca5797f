"""What people sent, handed back so that a browser draws pictures of it and runs nothing."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

# An SVG is no picture here: a browser that opens one runs what is in it.
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def as_file(name: str, mime: str, data: bytes) -> web.Response:
    """A picture is shown; everything else is only saved."""
    shown = mime in PICTURES
    headers = {
        "content-disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    return web.Response(body=data, content_type=mime if shown else "application/octet-stream", headers=headers)
