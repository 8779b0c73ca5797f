"""Buyers' pictures, fetched through the guard of the way out: bounded in size, time and redirects, and never kept.

What a picture is, its first bytes say. Nothing is decoded here: whoever shows it does that.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from core.errors import NotFetched, OutsideError
from core.marketplaces.egress import Egress, ForbiddenTarget, said
from core.ports.chat import Picture

SECONDS = 20.0  # for all of it: a delivery that carries one has a minute
REDIRECTS = 3
PIECE = 64 * 1024
_HEAD = 12  # bytes that tell the types apart

# An SVG is a program, and what else may be drawn is rare in a chat.
_SIGNS = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
)


class Pictures:
    """Opens what buyers attach, by `core.ports.pictures.OpenPicture`."""

    def __init__(self, egress: Egress) -> None:
        self._egress = egress

    @asynccontextmanager
    async def open(self, url: str, limit: int) -> AsyncIterator[Picture]:
        source = _Source()
        try:
            async with self._egress.opened(url, seconds=SECONDS, redirects=REDIRECTS) as response:
                size = _size(response, limit)
                head = await response.content.readexactly(min(size, _HEAD))
                yield Picture("", _type(head), size, source.read(head, response.content))
        except ForbiddenTarget as error:
            raise NotFetched(said("picture_not_public")) from error
        except (aiohttp.ClientError, TimeoutError, EOFError, OSError) as error:
            raise NotFetched(said("picture_no_answer")) from error
        except OutsideError as error:
            # Whoever sent it on saw only that it ended, and may have taken it for a fault of the chat's.
            if source.broke:
                raise NotFetched(said("picture_broke_off")) from error
            raise


class _Source:
    """The bytes of a picture, and whether they came to their end."""

    broke = False

    async def read(self, head: bytes, content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
        yield head
        try:
            async for piece in content.iter_chunked(PIECE):
                yield piece
        except (aiohttp.ClientError, TimeoutError, OSError):
            self.broke = True
            raise


def _size(response: aiohttp.ClientResponse, limit: int) -> int:
    if response.status != 200:
        raise NotFetched(said("picture_answered", status=response.status))
    if "content-encoding" in response.headers or response.content_length is None:
        raise NotFetched(said("picture_no_size"))
    if not 0 < response.content_length <= limit:
        raise NotFetched(said("picture_too_large", megabytes=limit // 1_000_000))
    return response.content_length


def _type(head: bytes) -> str:
    for sign, at, type in _SIGNS:
        if head[at : at + len(sign)] == sign:
            return type
    raise NotFetched(said("no_picture"))
