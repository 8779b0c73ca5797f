"""Files that members attach: whether the marketplace takes them, where it fetches them, and the way through."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from core.domain.conversations import Attachment, Message, MessageState
from core.domain.files import MOST_BYTES, File, file_name, in_a_line, in_bytes, media_type
from core.domain.shops import Shop
from core.domain.texts import Quote, Words
from core.errors import (
    AccessLost,
    FilesNotTaken,
    FilesUnreachable,
    FileTooLarge,
    FileTypeNotTaken,
    Gone,
    Rejected,
    TooManyFiles,
    ours,
)
from core.ids import is_id, shard_of
from core.ports.chat import FileStream
from core.services.deps import Deps
from core.services.notices import lose_file
from core.store.files import Attached, read_attached
from core.store.shops import is_shop

PATH = "/v1/files/"
HOUR = 3_600_000
# A marketplace may fetch long after it took the reply; as long again as a reply is tried (75 h 35 min).
FETCH_TIME = 76 * HOUR


@dataclass(frozen=True, slots=True)
class Fetching:
    """One file that a marketplace asks for. `limit`: no more bytes than these are its own."""

    file: File
    attached: Attached
    because: str
    limit: int


def clean(files: tuple[File, ...]) -> tuple[File, ...]:
    """With names and types that are harmless wherever they are shown or written to a disk."""
    types = [media_type(file.type) for file in files]
    return tuple(
        replace(file, name=file_name(file.name, type), type=type) for file, type in zip(files, types, strict=True)
    )


def check_files(deps: Deps, shop: Shop, files: tuple[File, ...]) -> None:
    """Before anything leaves. Raises FilesNotTaken, FilesUnreachable, TooManyFiles, FileTooLarge, FileTypeNotTaken."""
    if not files:
        return
    limits, marketplace = deps.taken_by(shop).files, Quote(shop.name)
    if not limits.count:
        raise FilesNotTaken(marketplace=marketplace, files=named(files))
    if not deps.outside.url:
        raise FilesUnreachable(marketplace=marketplace, files=named(files))
    if len(files) > limits.count:
        raise TooManyFiles(count=len(files), limit=limits.count, marketplace=marketplace)
    for file in files:
        limit = _limit(deps, shop, file)
        if file.size is not None and file.size > limit:
            size, most = Words(in_bytes(file.size)), Words(in_bytes(limit))
            raise FileTooLarge(name=Quote(file.name), size=size, limit=most, marketplace=marketplace)
        if not limits.take_type(file.type):
            types = Words(", ".join(limits.types))
            raise FileTypeNotTaken(name=Quote(file.name), type=Quote(file.type), types=types, marketplace=marketplace)


def most_files(deps: Deps, shop: Shop) -> int:
    """How many may be attached to one reply; none where the marketplace could not fetch them."""
    return deps.taken_by(shop).files.count if deps.outside.url else 0


def named(files: tuple[File, ...]) -> Quote | None:
    """What they are called, in a line; None where there are none."""
    return Quote(in_a_line(files)) if files else None


def quote_of(text: str) -> Quote | None:
    """What stands beside the files of a reply; nothing where it has no words."""
    return Quote(text) if text.strip() else None


def to_fetch(deps: Deps, shop: Shop, message: Message) -> tuple[Attachment, ...]:
    """As a marketplace is told of them, the same on every try."""
    return tuple(
        Attachment(
            f"{deps.outside.url}{PATH}{_token(deps, shop.id, message.id, number)}", file.name, file.type, file.size
        )
        for number, file in enumerate(message.files)
    )


async def find_file(deps: Deps, token: str) -> Fetching | None:
    """What a token of ours opens; None for one that we never signed. Raises Gone where its time is over."""
    shop, message, number = _read(deps, token)
    attached = await read_attached(deps.store, message) if message else None
    if attached is None or attached.shop.id != shop or number >= len(attached.files):
        return None
    if not _is_open(attached, deps.clock.now()):
        raise Gone(ours("problems#file_withdrawn"))
    file = attached.files[number]
    return Fetching(file, attached, f"{message}/{number}", _limit(deps, attached.shop, file))


@asynccontextmanager
async def open_file(deps: Deps, asked: Fetching) -> AsyncIterator[FileStream]:
    """From the chat, as it comes. Raises OutsideError; what waiting does not mend is told in the seller's rooms."""
    platform = deps.platforms.get(asked.file.platform)
    try:
        if platform is None:
            raise AccessLost(ours("problems#file_platform_gone", platform=asked.file.platform.capitalize()))
        async with platform.open_file(asked.file) as stream:
            yield stream
    except (Gone, AccessLost, Rejected) as error:
        await tell_lost(deps, asked, error.kept)
        raise


async def tell_lost(deps: Deps, asked: Fetching, problem: str) -> None:
    """Once for each file; `problem` as it is kept."""
    shop = asked.attached.shop
    facts = {"file_name": asked.file.name, "shop_name": shop.name, "problem": problem}
    await lose_file(deps, shop.seller, facts, because=f"file/{asked.because}")


def _limit(deps: Deps, shop: Shop, file: File) -> int:
    platform = deps.platforms.get(file.platform)
    theirs = platform.capabilities.file_limit if platform else MOST_BYTES
    return min(theirs, MOST_BYTES, deps.taken_by(shop).files.bytes)


def _is_open(attached: Attached, now: int) -> bool:
    """While it is on its way to the marketplace, and for a while after that has taken it; never before it leaves."""
    if attached.state is MessageState.SENT:
        return attached.accepted_at is not None and now <= attached.accepted_at + FETCH_TIME
    return attached.state is MessageState.SENDING


def _token(deps: Deps, shop: str, message: str, number: int) -> str:
    said = f"{shop}.{message}.{number}"
    return f"{said}.{deps.store.vault.sign(_owner(shop), said)}"


def _read(deps: Deps, token: str) -> tuple[str, str, int]:
    """The shop, the message and the number of a token that we signed; empty ones for any other text."""
    said, _, mark = token.rpartition(".")
    shop, message, number = (*said.split("."), "", "", "")[:3]
    if not (token.isascii() and number.isdigit() and is_shop(deps.store, shop) and is_id(message, "message")):
        return "", "", 0
    if shard_of(shop) != shard_of(message) or not deps.store.vault.is_signed(_owner(shop), said, mark):
        return "", "", 0
    return shop, message, int(number)


def _owner(shop: str) -> str:
    return f"files/{shop}"
