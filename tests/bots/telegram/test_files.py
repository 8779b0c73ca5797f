"""Files in Telegram: read by an address that is told to nobody; and buyers' pictures, put below their card."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bots.playground.faults import Fault, Faults
from bots.playground.telegram import TelegramStandIn, User
from bots.playground.telegram.things import Chat
from bots.telegram.adapter import TelegramPlatform
from core.domain.cards import CardRef
from core.domain.files import File
from core.errors import AccessLost, Gone, OutsideError, Rejected, TryLater, Unknown
from core.ports.chat import Picture
from tests.bots.telegram.conftest import BOT_ID, TOKEN, room_of
from tests.bots.telegram.test_messages import card

PHOTO = b"\x89PNG" + b"p" * 200_000


def kept(telegram: TelegramStandIn, data: bytes = PHOTO, name: str = "my photo.png") -> File:
    return File("telegram", BOT_ID, telegram.world.keep(name, "image/png", data).id, name, "image/png", len(data))


async def read(platform: TelegramPlatform, file: File) -> bytes:
    async with platform.open_file(file) as stream:
        return b"".join([piece async for piece in stream.pieces])


def picture(type: str = "image/png", *, breaks: bool = False) -> Picture:
    async def pieces() -> AsyncIterator[bytes]:
        yield PHOTO[:100_000]
        if breaks:
            raise ConnectionError("its server broke off")
        yield PHOTO[100_000:]

    return Picture("a <b>.png", type, len(PHOTO), pieces())


async def test_a_file_is_read_as_it_lies_there(platform: TelegramPlatform, telegram: TelegramStandIn) -> None:
    """Every byte of it, whatever it is called."""
    assert await read(platform, kept(telegram)) == PHOTO


async def test_what_telegram_does_not_give_says_why(platform: TelegramPlatform, telegram: TelegramStandIn) -> None:
    """Forgotten, too large for a bot, or another bot's."""
    large = kept(telegram, bytes(21_000_000))
    for file, error in (
        (replace(large, ref="unknown"), Gone),
        (large, Rejected),
        (replace(large, workspace="8000"), AccessLost),
    ):
        with pytest.raises(error):
            await read(platform, file)


async def test_the_token_stands_in_no_error_and_no_log(
    platform: TelegramPlatform, telegram: TelegramStandIn, faults: Faults, caplog: pytest.LogCaptureFixture
) -> None:
    """The address of a file holds it, whatever Telegram answers there."""
    caplog.set_level(logging.DEBUG)
    raised: list[OutsideError] = []
    for status in (401, 404, 502):
        faults.add(Fault("telegram", "download", status=status, times=1))
        try:
            await read(platform, kept(telegram))
        except OutsideError as error:
            raised.append(error)

    assert [type(error) for error in raised] == [AccessLost, Gone, TryLater]
    assert not any(TOKEN in f"{error!r} {error.__cause__!r}" for error in raised)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(("type", "kind"), [("image/png", "photo"), ("image/gif", "document")])
async def test_a_picture_stands_below_its_card(
    platform: TelegramPlatform, telegram: TelegramStandIn, ann: User, type: str, kind: str
) -> None:
    """Byte by byte, without a sound, under its name; what moves is a document, which plays."""
    ref = await platform.post(room_of(ann), card(), delivery="d1")

    shown = await platform.show(ref, picture(type), delivery="d2")

    message = telegram.world.last(ann)
    media = message.media[kind][-1] if kind == "photo" else message.media[kind]
    assert shown == CardRef(ref.address, str(message.id))
    assert (message.reply_to and str(message.reply_to.id), message.silent) == (ref.message, True)
    assert message.text == "📎 a <b>.png (200.0 kB)"
    assert telegram.world.files[media["file_id"]].data == PHOTO


async def test_a_picture_that_broke_off_is_not_shown(
    platform: TelegramPlatform, telegram: TelegramStandIn, ann: User
) -> None:
    """Half of a form is none."""
    ref = await platform.post(room_of(ann), card(), delivery="d1")

    with pytest.raises(Unknown):
        await platform.show(ref, picture(breaks=True), delivery="d2")

    assert not telegram.world.last(ann).media


async def test_a_chat_out_of_reach_is_told_by_a_picture_too(
    platform: TelegramPlatform, telegram: TelegramStandIn, faults: Faults, ann: User
) -> None:
    """Blocked, or asked to slow down: as for any message."""
    ref = await platform.post(room_of(ann), card(), delivery="d1")
    faults.add(Fault("telegram", "sendPhoto", status=429, seconds=7, times=1))
    with pytest.raises(TryLater) as later:
        await platform.show(ref, picture(), delivery="d2")
    await telegram.hands.block(ann)
    with pytest.raises(AccessLost):
        await platform.show(ref, picture(), delivery="d2")

    assert (later.value.after, later.value.everything) == (7, True)


@pytest.mark.parametrize(
    "said",
    ["not enough rights to send photos to the chat", "CHAT_SEND_PHOTOS_FORBIDDEN", "PHOTO_INVALID_DIMENSIONS"],
)
async def test_a_chat_that_takes_no_pictures_is_well(
    platform: TelegramPlatform, telegram: TelegramStandIn, faults: Faults, ann: User, said: str
) -> None:
    """Its cards go on: what is refused is this picture alone."""
    ref = await platform.post(room_of(ann), card(), delivery="d1")
    body = {"ok": False, "error_code": 400, "description": f"Bad Request: {said}"}
    faults.add(Fault("telegram", "sendPhoto", status=400, body=body, times=1))

    with pytest.raises(Rejected):
        await platform.show(ref, picture(), delivery="d2")


async def test_a_closed_topic_of_ours_is_opened_for_a_picture(
    platform: TelegramPlatform, telegram: TelegramStandIn, ann: User
) -> None:
    """Its bytes come but once, so it is asked for again."""
    forum: Chat = telegram.world.new_group("Sellers", [ann], forum=True)
    await telegram.hands.add_bot(forum, ann, admin=True)
    topic = await telegram.hands.open_topic(ann, forum, "Ann B.")
    ref = replace(await platform.post(room_of(forum, topic.id), card(), delivery="d1"), own_thread=True)
    await telegram.hands.close_topic(forum, topic.id)

    with pytest.raises(TryLater) as later:
        await platform.show(ref, picture(), delivery="d2")
    await platform.show(ref, picture(), delivery="d2")

    assert (later.value.after, later.value.everything) == (0, False)
    assert telegram.world.last(forum, topic.id).media
