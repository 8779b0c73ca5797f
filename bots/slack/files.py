"""Files in Slack: what somebody attached, and its bytes as they come."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bots.slack.client import Client
from bots.slack.errors import said
from bots.slack.people import PLATFORM, People
from core.domain.cards import CardRef
from core.domain.files import MOST_BYTES, File
from core.domain.texts import Part, Quote
from core.errors import AccessLost, Gone, OutsideError, TryLater, Unknown
from core.ports.chat import FileStream, Picture

READ, WRITE = "files:read", "files:write"
DOWNLOAD_LIMIT = MOST_BYTES  # Slack itself names none
PICTURE_LIMIT = 10_000_000  # of ours
PIECE = 64 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=4, sock_read=20)


class NotTaken(Exception):
    """A file that cannot go to a buyer; `name` is the text that says why, and `facts` are its values.

    `problem`: what Slack had against it, as it is kept.
    """

    def __init__(self, name: str, problem: str = "", **facts: Part) -> None:
        super().__init__(name)
        self.name = name
        self.problem = problem
        self.facts = facts


async def attached(client: Client, people: People, shown: Sequence[Mapping[str, Any]]) -> tuple[File, ...]:
    """The files that a message or a form brings. Raises NotTaken."""
    if shown and not await people.may(READ):
        raise NotTaken("may_not_read_files")
    files = []
    for each in shown:
        try:
            whole = each if "name" in each and "size" in each else await _look(client, str(each.get("id")))
        except OutsideError as error:
            raise NotTaken("not_shown_to_us", error.kept) from error
        if whole.get("is_external") or whole.get("mode") in ("external", "tombstone", "hidden_by_limit"):
            raise NotTaken("lies_elsewhere", file=Quote(str(whole.get("name") or whole.get("title") or "")))
        files.append(await _file(people, whole))
    return tuple(files)


async def _file(people: People, shown: Mapping[str, Any]) -> File:
    size = shown.get("size")
    team, type = (await people.home()).team, str(shown.get("mimetype") or "")
    name = str(shown.get("name") or shown.get("title") or "file")
    return File(PLATFORM, team, str(shown["id"]), name, type, size if isinstance(size, int) else None)


async def _look(client: Client, file: str) -> Mapping[str, Any]:
    """Raises OutsideError: Gone for one that was deleted."""
    return dict((await client.call(client.web.files_info, file=file))["file"])


@asynccontextmanager
async def opened(client: Client, people: People, file: File) -> AsyncIterator[FileStream]:
    """Raises what `ChatPlatform.open_file` says."""
    if file.workspace != (await people.home()).team:
        raise AccessLost(said("file_elsewhere"))
    shown = await _look(client, file.ref)
    url = str(shown.get("url_private_download") or shown.get("url_private") or "")
    try:
        async with client.download(_own(url, client.web.base_url), TIMEOUT) as response:
            _check(response, str(shown.get("mimetype") or ""))
            yield FileStream(_pieces(response), response.content_length)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise TryLater(said("unreachable")) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unknown(said("file_broke_off")) from error


async def shown(client: Client, ref: CardRef, picture: Picture) -> None:
    """In the card's thread. Slack says of no message that it is this picture's."""
    where = {"channel_id": ref.address.chat} | ({"thread_ts": ref.message} if ref.message else {})
    web = client.web
    place = await client.call(web.files_getUploadURLExternal, filename=picture.name, length=picture.size)
    await client.upload(str(place["upload_url"]), picture.pieces, picture.size)
    files = [{"id": place["file_id"], "title": picture.name}]
    await client.call(web.files_completeUploadExternal, twice_hurts=True, files=files, **where)


def _own(url: str, api: str) -> str:
    """The token goes to Slack alone: to where its API is, or to a name below that one's."""
    there, here = urlsplit(url), urlsplit(api)
    below = there.scheme == "https" and (there.hostname or "").endswith(f".{here.hostname}")
    if not (below or (there.scheme, there.netloc) == (here.scheme, here.netloc)):
        raise Gone(said("file_outside"))
    return url


def _check(response: aiohttp.ClientResponse, type: str) -> None:
    status = response.status
    if status == HTTPStatus.NOT_FOUND:
        raise Gone(said("file_gone"))
    # Whoever may not read a file is sent to the page where people sign in, or is shown that page.
    signs_in = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST or (
        response.content_type == "text/html" and type != "text/html"
    )
    if signs_in or status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise AccessLost(said("file_not_read", scope=READ))
    if status != HTTPStatus.OK:
        raise TryLater(said("answered", status=status))


async def _pieces(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    async for piece in response.content.iter_chunked(PIECE):
        yield piece
