"""Files in Telegram: what somebody attached to a message, and its bytes as they come."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from urllib.parse import quote

import aiohttp
from telegram import Message

from bots.telegram.app import App
from bots.telegram.errors import said
from core.domain.files import File
from core.errors import AccessLost, Gone, Rejected, TryLater, Unknown
from core.ports.chat import FileStream

PLATFORM = "telegram"
DOWNLOAD_LIMIT = 20_000_000  # core.telegram.org/bots/api#getfile
PICTURE_LIMIT = 10_000_000  # core.telegram.org/bots/api#sendphoto
PIECE = 64 * 1024


def attached(message: Message, bot_id: str) -> File | None:
    """What it brings that a buyer could be given; None for words, and for what is no file: a sticker, a place."""
    if message.photo:
        largest = message.photo[-1]
        return _file(bot_id, largest.file_id, "photo.jpg", "image/jpeg", largest.file_size)
    # A moving picture is said to be a document as well.
    for each, name in ((message.document, "file"), (message.video, "video.mp4"), (message.audio, "audio.mp3")):
        if each is not None:
            return _file(bot_id, each.file_id, each.file_name or name, each.mime_type or "", each.file_size)
    return None


def why_not(message: Message) -> str:
    """The name of what is said of something that cannot be given to a buyer."""
    return "recording" if message.voice or message.video_note else "no_file"


def _file(bot_id: str, ref: str, name: str, type: str, size: int | None) -> File:
    return File(PLATFORM, bot_id, ref, name, type, size)


@asynccontextmanager
async def opened(app: App, file: File) -> AsyncIterator[FileStream]:
    """Raises what `ChatPlatform.open_file` says; never with the address, for that holds the bot's token."""
    if file.workspace != app.bot_id:
        raise AccessLost(said("file_elsewhere"))
    path = await app.file_path(file.ref)
    if path.startswith("/"):
        raise Rejected(said("file_local"))
    try:
        async with app.download(quote(path)) as response:
            _check(response.status)
            yield FileStream(_pieces(response), response.content_length)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise TryLater(said("file_unreachable")) from None
    except (aiohttp.ClientError, TimeoutError):
        raise Unknown(said("file_broke_off")) from None


def _check(status: int) -> None:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise AccessLost(said("file_revoked"))
    if status == HTTPStatus.NOT_FOUND:
        raise Gone(said("file_gone"))
    if status != HTTPStatus.OK:
        raise TryLater(said("file_answered", status=status))


async def _pieces(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    async for piece in response.content.iter_chunked(PIECE):
        yield piece
