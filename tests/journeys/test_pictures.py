"""Buyers' pictures in both chats, through the real SDKs: fetched as they are shown, whole, and after their card."""

import base64
import hashlib

import pytest

from bots.playground.faults import Fault
from bots.playground.telegram import plain as telegram_plain
from core.store.memory import StoredMemory
from tests.fixtures.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 300
GIF = b"GIF89a" + b"g" * 500


def file(name: str, data: bytes, type: str = "image/png") -> dict[str, str]:
    return {"name": name, "type": type, "data": base64.b64encode(data).decode()}


async def test_a_buyers_picture_stands_in_both_chats(house: House) -> None:
    """Below the card in Telegram, in its thread in Slack: the very bytes, under a harmless name."""
    await house.buyer_writes("Like this one?", "c-pic", files=[file("../my <b>drawing</b>.png", PNG)])
    story, town = house.story("c-pic"), house.town
    await story.both()

    shown = await town.wire.wait(lambda: next((m for m in story.thread() if m.files), None), "the picture in Slack")
    below = await town.wire.wait(lambda: next((m for m in story.below() if m.media), None), "the picture in Telegram")
    in_slack = town.slack.files[shown.files[0]["id"]]
    in_telegram = town.telegram.files[below.media["photo"][-1]["file_id"]]

    assert (in_slack["name"], in_slack["content"] == PNG) == ("_my _b_drawing__b_.png", True)
    assert hashlib.sha256(in_telegram.data).digest() == hashlib.sha256(PNG).digest()
    assert below.text == "📎 _my _b_drawing__b_.png (76.8 kB)"
    assert below.silent


async def test_an_answer_to_the_picture_answers_the_buyer(house: House) -> None:
    """Swiped like any message of the conversation."""
    await house.buyer_writes("And this?", "c-swipe", files=[file("a.gif", GIF, "image/gif")])
    story = house.story("c-swipe")
    await story.in_telegram()
    below = await house.town.wire.wait(
        lambda: next((m for m in story.below() if m.media), None), "the picture in Telegram"
    )

    await house.swipe(below, "That one, yes")

    assert await story.replied() == ["That one, yes"]
    assert "document" in below.media  # as a photo it would stand still


async def test_what_cannot_be_fetched_is_said_in_both(house: House) -> None:
    """The card and its name stand there at once; why follows."""
    gone = {"url": f"{house.town.market.url}/marketplace/files/nobody/p-0", "name": "gone.png", "type": "image/png"}
    await house.buyer_writes("Like this?", "c-gone", attachments=[gone | {"size": 10}])
    story = house.story("c-gone")
    slack, telegram = await story.both()

    words = "attached gone.png, which cannot be shown here: its server answered 404. It is on the site."
    await story.thread_says(words)
    await story.below_says("which cannot be shown here: its server answered 404.")

    assert "gone.png" in str(slack.blocks)
    assert "gone.png" in telegram_plain(telegram)


async def test_a_chat_that_is_slow_with_a_picture_holds_up_nothing(house: House) -> None:
    """What the buyer writes next stands there before a picture that must wait."""
    fault = Fault("telegram", "sendPhoto", kind="status", status=429, seconds=1, times=1)
    house.town.faults.add(fault)
    await house.buyer_writes("Like this?", "c-slow", files=[file("a.png", PNG)])
    story = house.story("c-slow")
    await story.in_telegram()
    await house.buyer_writes("Hello?", "c-slow")

    await story.below_says("Hello?")
    await house.town.wire.wait(lambda: [m for m in story.below() if m.media], "the picture after all")


async def test_slack_without_the_scope_shows_the_name_alone(house: House) -> None:
    """No workspace is taken for lost because pictures may not be put into it."""
    slack = house.town.slack
    memory = StoredMemory(house.deps.store, "slack")
    await memory.take("slack/scopes")
    slack.workspace.scopes.discard("files:write")
    try:
        await house.buyer_writes("Like this?", "c-scope", files=[file("a.png", PNG)])
        story = house.story("c-scope")
        await story.both()
        await house.town.wire.wait(lambda: [m for m in story.below() if m.media], "the picture in Telegram")
        await house.buyer_writes("Hello?", "c-scope")
        await story.thread_says("Hello?")
    finally:
        slack.workspace.scopes.add("files:write")
        await memory.take("slack/scopes")

    assert not any(m.files for m in story.thread())
    assert not any("cannot be reached" in said for said in house.said())
