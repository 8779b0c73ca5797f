"""Files in Slack: read with a token that goes to Slack alone; and buyers' pictures, put into threads."""

from collections.abc import AsyncIterator

import pytest

from bots.playground.faults import Fault, Faults
from bots.playground.slack import SlackWorld
from bots.slack.adapter import SlackPlatform
from bots.slack.files import _own
from core.domain.cards import CardRef
from core.domain.files import File
from core.domain.rooms import Room
from core.errors import AccessLost, Gone, OutsideError, TryLater
from core.ports.chat import Picture
from tests.bots.slack.conftest import a_card
from tests.fixtures.problems import says

PHOTO = b"\x89PNG" + b"p" * 200_000


async def attached(world: SlackWorld, anna: str, type: str = "image/png") -> File:
    told = await world.attach(anna, "photo.png", PHOTO, type)
    return File("slack", world.workspace.id, told["id"], "photo.png", type, len(PHOTO))


async def read(platform: SlackPlatform, file: File) -> bytes:
    async with platform.open_file(file) as stream:
        assert stream.size == len(PHOTO)
        return b"".join([piece async for piece in stream.pieces])


def picture(data: bytes = PHOTO) -> Picture:
    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(data), 50_000):
            yield data[at : at + 50_000]

    return Picture("a.png", "image/png", len(data), pieces())


async def test_a_file_is_read_as_it_lies_there(platform: SlackPlatform, world: SlackWorld, anna: str) -> None:
    """Every byte of it, and how many there are."""
    assert await read(platform, await attached(world, anna)) == PHOTO


async def test_a_deleted_file_is_gone(platform: SlackPlatform, world: SlackWorld, anna: str) -> None:
    """For good: nobody can put it back."""
    file = await attached(world, anna)
    await world.delete_file(file.ref)

    with pytest.raises(Gone):
        await read(platform, file)


async def test_a_page_to_sign_in_is_no_file(
    platform: SlackPlatform, world: SlackWorld, faults: Faults, anna: str
) -> None:
    """Who may not read a file is sent to a page, or shown it with a 200: neither reaches a marketplace."""
    file = await attached(world, anna)
    page = {"status": 200, "body": "<html>Sign in</html>", "headers": {"Content-Type": "text/html"}}
    for answer in ({"status": 302, "headers": {"Location": "/sign-in"}}, page, {"status": 403}):
        name = faults.add(Fault("slack", "files.download", times=1, **answer))
        with pytest.raises(AccessLost):
            await read(platform, file)
        assert name


async def test_without_the_scope_or_the_token_it_is_out_of_reach(
    platform: SlackPlatform, world: SlackWorld, anna: str
) -> None:
    """Until a person mends that."""
    file = await attached(world, anna)
    world.workspace.scopes.discard("files:read")
    with pytest.raises(AccessLost):
        await read(platform, file)
    with pytest.raises(AccessLost, check=says("another Slack workspace")):
        await read(platform, File("slack", "T0ELSE", file.ref, "a.png"))


async def test_what_passes_is_tried_again(
    platform: SlackPlatform, world: SlackWorld, faults: Faults, anna: str
) -> None:
    """A Slack that has trouble of its own."""
    file = await attached(world, anna)
    faults.add(Fault("slack", "files.download", status=502, times=1))

    with pytest.raises(TryLater):
        await read(platform, file)
    assert await read(platform, file) == PHOTO


@pytest.mark.parametrize(
    ("url", "goes"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.png", True),
        ("https://evil.example/files-pri/T1-F1/a.png", False),
        ("https://files.slack.com.evil.example/a.png", False),
        ("https://evilslack.com/a.png", False),
        ("http://files.slack.com/a.png", False),
        ("", False),
    ],
)
def test_the_token_goes_to_slack_alone(url: str, goes: bool) -> None:
    """An address that leads elsewhere is no file of Slack's, whatever Slack's answer says."""
    if goes:
        assert _own(url, "https://slack.com/api/") == url
        return
    with pytest.raises(Gone):
        _own(url, "https://slack.com/api/")


async def test_a_picture_stands_in_the_cards_thread(
    platform: SlackPlatform, world: SlackWorld, room: Room, channel: str
) -> None:
    """Byte by byte, under its name."""
    ref = await platform.post(room, a_card(), delivery="d-1")

    shown = await platform.show(ref, picture(), delivery="d-2")

    (message,) = world.messages(channel, ref.message)
    assert shown == CardRef(room.address, "")
    assert world.files[message.files[0]["id"]]["content"] == PHOTO
    assert message.files[0]["title"] == "a.png"


async def test_a_picture_that_is_not_taken_shows_nothing(
    platform: SlackPlatform, world: SlackWorld, faults: Faults, room: Room, channel: str
) -> None:
    """An upload that fails is tried again; the last step alone may have shown it."""
    ref = await platform.post(room, a_card(), delivery="d-1")
    faults.add(Fault("slack", "files.upload", status=500, times=1))
    faults.add(Fault("slack", "files.completeUploadExternal", kind="drop_after", times=1))

    raised: list[type[OutsideError]] = []
    for _ in range(2):
        try:
            await platform.show(ref, picture(), delivery="d-2")
        except OutsideError as error:
            raised.append(type(error))

    assert [each.__name__ for each in raised] == ["TryLater", "Unknown"]
    assert len(world.messages(channel, ref.message)) == 1


async def test_pictures_take_a_scope_of_their_own(platform: SlackPlatform, world: SlackWorld) -> None:
    """Without it they are not asked for, and the workspace is well."""
    granted = await platform.shows_pictures()
    world.workspace.scopes.discard("files:write")
    await platform._tools.memory.take("slack/scopes")

    assert (granted, await platform.shows_pictures()) == (True, False)
    assert await platform.check() == (
        "It can do without files:write, for buyers' pictures in threads; bots/slack/README.md says how to add it."
    )
