"""Cards and notes reach Slack once, and what goes wrong says what to do."""

import logging
from dataclasses import replace

import pytest

from bots.playground.faults import Fault, Faults
from bots.playground.slack import APP_TOKEN, BOT_TOKEN, SlackWorld, pings, plain
from bots.slack.adapter import SlackPlatform, open_platform
from core.domain.cards import CardRef, Note, NoteKind
from core.domain.deliveries import DeliveryKind
from core.domain.members import Identity
from core.domain.rooms import Address, Room
from core.domain.texts import Quote, Words
from core.errors import AccessLost, Gone, OutsideError, Rejected, TryLater, Unknown
from core.rendering import in_english
from tests.bots.slack.conftest import CONVERSATION, SECRET, a_card, over_http, over_socket
from tests.fixtures.ports import Mailbox, RecordingAct, new_tools
from tests.fixtures.problems import says


def a_note(text: str = "Ann wrote again:", **more: object) -> Note:
    return Note(NoteKind.MESSAGE, CONVERSATION, (Words(text),), **more)  # type: ignore[arg-type] # the test's own words


def a_fault(method: str, error: str, **more: object) -> Fault:
    return Fault("slack", method, status=200, body={"ok": False, "error": error}, **more)  # type: ignore[arg-type] # the test's own words


async def test_a_card_is_posted_with_its_ids_and_nothing_else_for_others(
    platform: SlackPlatform, world: SlackWorld, room: Room, channel: str
) -> None:
    """A card stands in the channel, complete for screen readers, and its metadata holds ids only."""
    ref = await platform.post(room, a_card(), delivery="d-1")

    message = world.message(channel, ref.message)
    assert ref == CardRef(room.address, message.ts)
    assert "Ann · Example Market" in plain(message)
    assert "Is it blue?" in plain(message)
    assert "Is it blue?" in message.text
    assert message.metadata == {
        "event_type": "shopbell_card",
        "event_payload": {"conversation": CONVERSATION, "delivery": "d-1"},
    }
    assert message.blocks[0]["block_id"] == f"title:{CONVERSATION}:1"
    assert world.wire.problems() == []


async def test_a_card_calls_those_who_asked_for_it(
    platform: SlackPlatform, world: SlackWorld, room: Room, channel: str, anna: str
) -> None:
    """Who is to be rung is mentioned, in what is drawn and in the notification."""
    card = replace(a_card(), calls=(Identity("slack", world.workspace.id, anna, "anna"),))
    ref = await platform.post(room, card, delivery="d-1")

    assert pings(world.message(channel, ref.message)) == [f"<@{anna}>", f"<@{anna}>"]


async def test_a_card_is_redrawn_in_place(platform: SlackPlatform, world: SlackWorld, room: Room, channel: str) -> None:
    """A redrawn card has new block ids, its old metadata, and still nothing that Slack may parse by itself."""
    ref = await platform.post(room, a_card(), delivery="d-1")
    await platform.update(ref, a_card("And is it @here?", version=2))

    message = world.message(channel, ref.message)
    assert "And is it @here?" in plain(message)
    assert message.parse == "none"
    assert message.metadata is not None
    assert message.blocks[0]["block_id"].endswith(":2")
    assert pings(message) == []


async def test_a_deleted_card_is_gone(platform: SlackPlatform, world: SlackWorld, room: Room) -> None:
    """Redrawing what somebody deleted raises Gone, so that a new one is posted."""
    ref = await platform.post(room, a_card(), delivery="d-1")
    await world.delete_message(ref.message)

    with pytest.raises(Gone):
        await platform.update(ref, a_card(version=2))
    with pytest.raises(Gone):
        await platform.note(ref, a_note(), delivery="d-2")


async def test_a_note_stands_in_the_thread_and_a_loud_one_in_the_channel_too(
    platform: SlackPlatform, world: SlackWorld, room: Room, channel: str
) -> None:
    """A quiet note is for those who follow the thread; a loud one is shown to the channel as well."""
    ref = await platform.post(room, a_card(), delivery="d-1")
    quiet = await platform.note(ref, a_note(quote=Quote("still there?")), delivery="d-2")
    loud = await platform.note(ref, a_note("Ann waits again:", loud=True), delivery="d-3")

    assert [message.ts for message in world.messages(channel, ref.message)] == [quiet.message, loud.message]
    assert [message.ts for message in world.messages(channel)] == [ref.message, loud.message]
    assert "still there?" in plain(world.message(channel, quiet.message))


async def test_a_note_without_a_card_goes_to_the_room(
    platform: SlackPlatform, world: SlackWorld, room: Room, channel: str
) -> None:
    """A notice about Shopbell itself stands in the channel."""
    ref = await platform.note(CardRef(room.address, ""), a_note("The shop is paused.", loud=True), delivery="d-1")

    assert [message.ts for message in world.messages(channel)] == [ref.message]


async def test_a_note_to_one_member_goes_there_directly_with_a_way_to_the_card(
    platform: SlackPlatform, world: SlackWorld, room: Room, channel: str, anna: str
) -> None:
    """Who asked for direct messages gets one, and a button that leads to the card."""
    ref = await platform.post(room, a_card(), delivery="d-1")
    told = await platform.note(ref, a_note(to=Identity("slack", world.workspace.id, anna)), delivery="d-2")

    message = world.message(world.direct(anna).id, told.message)
    assert told.address.chat == world.direct(anna).id
    assert world.find_button(message, "Open the card")["url"].endswith(ref.message.replace(".", ""))
    assert world.messages(channel, ref.message) == []


async def test_a_member_who_cannot_be_reached_does_not_close_the_room(
    platform: SlackPlatform, world: SlackWorld, room: Room
) -> None:
    """A direct message to somebody who left is refused by itself; the room goes on."""
    gone = world.add_user("gone", deleted=True)
    ref = await platform.post(room, a_card(), delivery="d-1")

    with pytest.raises(Rejected):
        await platform.note(ref, a_note(to=Identity("slack", world.workspace.id, gone)), delivery="d-2")


async def test_blocks_that_slack_refuses_are_sent_once_in_plain_words(
    platform: SlackPlatform, world: SlackWorld, faults: Faults, room: Room, channel: str
) -> None:
    """A card that cannot be drawn is still read: once in plain words with the link, never silently dropped."""
    faults.add(a_fault("chat.postMessage", "invalid_blocks", times=1))
    ref = await platform.post(room, a_card(), delivery="d-1")

    message = world.message(channel, ref.message)
    assert message.blocks == []
    assert "Is it blue?" in message.text
    assert "<https://market.example/c-77|Open on the site>" in message.text


async def test_what_slack_refuses_even_in_plain_words_is_rejected(
    platform: SlackPlatform, faults: Faults, room: Room
) -> None:
    """There is no third try."""
    faults.add(a_fault("chat.postMessage", "msg_too_long", times=2))

    with pytest.raises(Rejected):
        await platform.post(room, a_card(), delivery="d-1")
    assert faults.all() == {}


CODES: list[tuple[str, type[OutsideError]]] = [
    ("token_revoked", AccessLost),
    ("account_inactive", AccessLost),
    ("invalid_auth", AccessLost),
    ("missing_scope", AccessLost),
    ("is_archived", AccessLost),
    ("channel_not_found", AccessLost),
    ("not_in_channel", AccessLost),
    ("restricted_action_read_only_channel", AccessLost),
    ("thread_not_found", Gone),
    ("fatal_error", Unknown),
    ("internal_error", Unknown),
    ("request_timeout", Unknown),
    ("ratelimited", TryLater),
    ("no_such_code_yet", Rejected),
]


@pytest.mark.parametrize(("code", "error"), CODES)
async def test_each_code_says_what_to_do(
    platform: SlackPlatform, faults: Faults, room: Room, code: str, error: type[OutsideError]
) -> None:
    """Slack's words become ours at the border, with a sentence that a member can read."""
    faults.add(a_fault("chat.postMessage", code))

    with pytest.raises(error) as raised:
        await platform.post(room, a_card(), delivery="d-1")
    assert in_english(raised.value.kept)


async def test_a_lost_answer_to_a_post_is_unknown_and_it_was_posted_once(
    platform: SlackPlatform, world: SlackWorld, faults: Faults, room: Room, channel: str
) -> None:
    """When Slack took the card and its answer was lost, nothing sends it again by itself."""
    faults.add(Fault("slack", "chat.postMessage", kind="drop_after"))

    with pytest.raises(Unknown):
        await platform.post(room, a_card(), delivery="d-1")
    assert len(world.messages(channel)) == 1


async def test_a_lost_answer_to_a_redraw_may_be_tried_again(
    platform: SlackPlatform, faults: Faults, room: Room
) -> None:
    """Drawing the same twice is drawing it once."""
    ref = await platform.post(room, a_card(), delivery="d-1")
    faults.add(Fault("slack", "chat.update", kind="drop_after"))

    with pytest.raises(TryLater):
        await platform.update(ref, a_card(version=2))


async def test_a_server_error_on_a_post_is_unknown(platform: SlackPlatform, faults: Faults, room: Room) -> None:
    """A page of HTML with 503 says nothing about what was done."""
    faults.add(Fault("slack", "chat.postMessage", status=503, body="<html>", headers={"Content-Type": "text/html"}))

    with pytest.raises(Unknown):
        await platform.post(room, a_card(), delivery="d-1")


async def test_slack_asks_to_wait_and_everything_waits(platform: SlackPlatform, faults: Faults, room: Room) -> None:
    """A 429 pauses the whole destination for as long as Slack says."""
    faults.add(
        Fault("slack", "*", status=429, body={"ok": False, "error": "ratelimited"}, headers={"Retry-After": "7"})
    )

    with pytest.raises(TryLater) as raised:
        await platform.post(room, a_card(), delivery="d-1")
    assert (raised.value.after, raised.value.everything) == (7.0, True)


async def test_what_never_connected_was_surely_not_sent(settings: dict[str, str], room: Room) -> None:
    """With nobody there to connect to, a post may be tried again without asking whether it arrived."""
    platform = open_platform({**settings, "SLACK_API_URL": "http://127.0.0.1:9/"}, new_tools())
    assert platform is not None

    with pytest.raises(TryLater):
        await platform.post(room, a_card(), delivery="d-1")
    await platform.aclose()


async def test_a_page_in_the_place_of_slack_is_no_answer(platform: SlackPlatform, faults: Faults, room: Room) -> None:
    """What a proxy says with 200 is not Slack's word that a card was posted."""
    faults.add(Fault("slack", "chat.postMessage", status=200, body="Please log in to the hotel's network"))

    with pytest.raises(Unknown):
        await platform.post(room, a_card(), delivery="d-1")


async def test_a_post_whose_answer_was_lost_is_found_by_its_echo(
    platform: SlackPlatform,
    act: RecordingAct,
    mailbox: Mailbox,
    world: SlackWorld,
    faults: Faults,
    room: Room,
    channel: str,
    anna: str,
) -> None:
    """Slack tells us of our own posts, so that neither a card nor a direct message is posted twice."""
    to_anna = a_note(to=Identity("slack", world.workspace.id, anna))
    async for _ in over_http(platform, act, mailbox, world):
        faults.add(Fault("slack", "chat.postMessage", kind="drop_after"))
        with pytest.raises(Unknown):
            await platform.post(room, a_card(), delivery="d-1")
        with pytest.raises(Unknown):
            await platform.note(CardRef(room.address, ""), to_anna, delivery="d-2")
        world.emit(world.workspace.id, _forged_echo(channel))
        await world.delivered()

        at = CardRef(room.address, "")
        assert await platform.find(at, delivery="d-1", since=0) == CardRef(room.address, world.messages(channel)[0].ts)
        called = await platform.find(at, delivery="d-2", since=0)
        assert called is not None
        assert called.address.chat == world.direct(anna).id
        assert await platform.find(at, delivery="d-3", since=0) is None


def _forged_echo(channel: str) -> dict[str, object]:
    """Another app's post with metadata like ours."""
    metadata = {"event_type": "shopbell_card", "event_payload": {"conversation": CONVERSATION, "delivery": "d-3"}}
    about = {"channel_id": channel, "message_ts": "1.0", "user_id": "U0OTHER", "metadata": metadata}
    return {"type": "message_metadata_posted", **about}


async def test_what_arrived_is_found_by_its_delivery(settings: dict[str, str], room: Room) -> None:
    """With a history scope, a card or note whose answer was lost is found again instead of posted twice."""
    platform = open_platform({**settings, "SLACK_READ_BACK": "1"}, new_tools())
    assert platform is not None
    ref = await platform.post(room, a_card(), delivery="d-1")
    note = await platform.note(ref, a_note(), delivery="d-2")
    since = int(float(ref.message) * 1000)

    assert platform.capabilities.finds
    assert await platform.find(CardRef(room.address, ""), delivery="d-1", since=since) == ref
    assert await platform.find(ref, delivery="d-2", since=since) == note
    assert await platform.find(ref, delivery="d-3", since=since) is None
    await platform.aclose()


async def test_the_check_says_what_is_wrong(platform: SlackPlatform, world: SlackWorld, faults: Faults) -> None:
    """A good token passes; scopes that are missing are named; a revoked token is said to be one."""
    await platform.check()
    world.workspace.revoked = True
    with pytest.raises(AccessLost, check=says("revoked")):
        await platform.check()

    faults.add(
        Fault("slack", "auth.test", status=200, body={"ok": True}, headers={"x-oauth-scopes": "chat:write, commands"})
    )
    with pytest.raises(AccessLost, check=says("app_mentions:read, channels:read, groups:read")):
        await platform.check()


async def test_neither_tokens_nor_buyers_words_are_logged(
    platform: SlackPlatform,
    act: RecordingAct,
    mailbox: Mailbox,
    world: SlackWorld,
    faults: Faults,
    room: Room,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """At the most talkative level, on both ways and when things fail, the log gives nothing away."""
    caplog.set_level(logging.DEBUG)
    async for _ in over_socket(platform, act, mailbox, world):
        await platform.post(room, a_card("a buyer's secret"), delivery="d-1")
        faults.add(a_fault("chat.postMessage", "invalid_blocks"))
        with pytest.raises(Rejected):
            await platform.post(room, a_card("a buyer's secret"), delivery="d-2")

    assert not any(secret in caplog.text for secret in (BOT_TOKEN, APP_TOKEN, SECRET, "a buyer's secret"))


def test_redraws_and_posts_draw_on_budgets_of_the_workspace(room: Room, settings: dict[str, str]) -> None:
    """Fifty redraws and some hundred posts a minute are shared by all rooms of a workspace."""
    platform = open_platform(settings, new_tools())
    assert platform is not None
    other = Address("slack", room.address.workspace, "C2")

    redraw, post = (platform.budgets(room.address, kind)[0] for kind in (DeliveryKind.REDRAW, DeliveryKind.CARD))
    assert redraw.name != post.name
    assert other.workspace in redraw.name
    assert 60_000 / redraw.refill_ms <= 50
    assert platform.pace(room).refill_ms == 1000
