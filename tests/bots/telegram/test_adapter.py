"""Cards and notes on their way into Telegram, and what becomes of them there."""

from dataclasses import replace

import pytest

from bots.playground.faults import Fault, Faults
from bots.playground.telegram import TelegramStandIn, User, labels, links, pings, plain, times
from bots.playground.telegram.things import Chat
from bots.playground.wire import Wire
from bots.telegram.adapter import TelegramPlatform, open_platform
from core.domain.cards import Button, CardRef, Note, NoteKind, Verb
from core.domain.deliveries import DeliveryKind
from core.domain.members import Identity
from core.domain.texts import Quote, Words
from core.errors import AccessLost, Gone, OutsideError, Rejected, TryLater, Unknown
from core.ports.chat import Budget, ChatPlatform, Pace
from tests.bots.telegram.conftest import BOT_ID, TOKEN, room_of
from tests.bots.telegram.test_messages import CONVERSATION, NOON, card
from tests.fixtures.ports import new_tools
from tests.fixtures.problems import says

NOTE = Note(NoteKind.RECEIPT, CONVERSATION, (Words("Sent to "), Quote("Ann"), Words(".")))


def test_without_a_token_there_is_no_platform() -> None:
    """An operator without Telegram has none of it."""
    assert open_platform({}, new_tools()) is None


def test_the_platform_has_the_ports_shape(platform: TelegramPlatform) -> None:
    """The composition root needs nothing but the port."""
    port: ChatPlatform = platform

    assert port.name == "telegram"


async def test_a_card_rings_and_can_be_read(platform: TelegramPlatform, telegram: TelegramStandIn, ann: User) -> None:
    """A posted card makes a sound, shows the buyer's words as words, the clock in the reader's zone, and its button."""
    ref = await platform.post(room_of(ann), card(), delivery="d1")
    seen = telegram.world.last(ann)

    assert ref == CardRef(room_of(ann).address, str(seen.id))
    assert "Is it <b>blue</b>?" in plain(seen)
    assert labels(seen) == ["Reply to Ann"]
    assert (NOON // 1000, "r") in times(seen)
    assert not seen.silent
    assert seen.link_preview == {"is_disabled": True}


async def test_a_card_can_be_quiet_and_call_people(
    platform: TelegramPlatform, telegram: TelegramStandIn, group: Chat, bob: User
) -> None:
    """A silent card makes no sound; a card that calls a member mentions them, and a buyer's @name mentions nobody."""
    calls = (Identity("telegram", BOT_ID, str(bob.id), "Bob"),)
    await platform.post(
        room_of(group), card(silent=True, calls=calls, quote=Quote("@ann_sells https://x.com")), delivery="d1"
    )
    seen = telegram.world.last(group)

    assert seen.silent
    assert pings(seen) == ["Bob"]
    assert links(seen) == []


async def test_a_card_is_redrawn_in_place(platform: TelegramPlatform, telegram: TelegramStandIn, ann: User) -> None:
    """An update changes words and buttons; the same update again is a success."""
    ref = await platform.post(room_of(ann), card(), delivery="d1")
    answered = card(status=(Words("✅ answered"),), buttons=())

    await platform.update(ref, answered)
    await platform.update(ref, answered)

    seen = telegram.world.last(ann)
    assert "✅ answered" in plain(seen)
    assert labels(seen) == []


async def test_a_deleted_card_is_gone(platform: TelegramPlatform, telegram: TelegramStandIn, ann: User) -> None:
    """Redrawing a card that somebody deleted says so, that it can be posted anew."""
    ref = await platform.post(room_of(ann), card(), delivery="d1")
    await telegram.hands.delete_message(ann, int(ref.message))

    with pytest.raises(Gone):
        await platform.update(ref, card(version=2))


async def test_a_note_answers_its_card(platform: TelegramPlatform, telegram: TelegramStandIn, ann: User) -> None:
    """A receipt stands beside its card without a sound, a loud one with; buttons come along."""
    ref = await platform.post(room_of(ann), card(), delivery="d1")
    button = Button((Words("Done on the site"),), Verb.DONE, "03d" + "a" * 20)

    noted = await platform.note(ref, replace(NOTE, buttons=(button,)), delivery="d2")
    seen = telegram.world.last(ann)
    await platform.note(ref, replace(NOTE, loud=True), delivery="d3")

    assert noted.message == str(seen.id)
    assert seen.reply_to is not None
    assert str(seen.reply_to.id) == ref.message
    assert (seen.silent, labels(seen)) == (True, ["Done on the site"])
    assert not telegram.world.last(ann).silent


async def test_a_note_outlives_its_card(platform: TelegramPlatform, telegram: TelegramStandIn, ann: User) -> None:
    """A receipt is said even where the card was deleted, and in the chat as such where there never was one."""
    ref = await platform.post(room_of(ann), card(), delivery="d1")
    await telegram.hands.delete_message(ann, int(ref.message))

    await platform.note(ref, NOTE, delivery="d2")
    await platform.note(CardRef(ref.address, ""), NOTE, delivery="d3")

    assert [plain(message) for message in telegram.world.messages(ann)] == ["Sent to Ann."] * 2


async def test_a_note_to_one_member_shows_the_way(
    platform: TelegramPlatform, telegram: TelegramStandIn, group: Chat, ann: User
) -> None:
    """Who is to be called directly gets the words in private, with a way to the card in the group."""
    ref = await platform.post(room_of(group), card(), delivery="d1")

    told = await platform.note(ref, replace(NOTE, to=Identity("telegram", BOT_ID, str(ann.id))), delivery="d2")

    seen = telegram.world.last(ann)
    assert told == CardRef(room_of(ann).address, str(seen.id))
    assert seen.keyboard is not None
    url = f"https://t.me/c/{str(group.id).removeprefix('-100')}/{ref.message}"
    assert seen.keyboard["inline_keyboard"][0][0]["url"] == url


async def test_a_member_out_of_reach_does_not_close_the_room(
    platform: TelegramPlatform, group: Chat, bob: User
) -> None:
    """Who never opened the bot cannot be called directly; that is said, and the group stays open."""
    ref = await platform.post(room_of(group), card(), delivery="d1")

    with pytest.raises(Rejected, check=says("press Start")):
        await platform.note(ref, replace(NOTE, to=Identity("telegram", BOT_ID, str(bob.id))), delivery="d2")


async def test_a_topic_keeps_its_cards(platform: TelegramPlatform, telegram: TelegramStandIn, ann: User) -> None:
    """Card and note stay in the topic that is linked; a deleted topic says so."""
    forum = telegram.world.new_group("Forum", [ann], forum=True)
    await telegram.hands.add_bot(forum, ann, admin=True)
    topic = await telegram.hands.open_topic(ann, forum, "Shop")
    room = room_of(forum, topic.id)

    ref = await platform.post(room, card(), delivery="d1")
    await platform.note(ref, NOTE, delivery="d2")
    posted = [message.thread for message in telegram.world.messages(forum, topic.id)[-2:]]
    await telegram.hands.delete_topic(forum, topic.id, says="TOPIC_DELETED")

    assert posted == [topic.id, topic.id]
    with pytest.raises(Gone):
        await platform.post(room, card(), delivery="d3")


async def test_a_room_out_of_reach_says_what_to_do(
    platform: TelegramPlatform, telegram: TelegramStandIn, ann: User, group: Chat
) -> None:
    """Blocked, thrown out, or become another group: each is told to a person with its cure."""
    await telegram.hands.block(ann)
    await telegram.hands.kick_bot(group, by=ann)
    small = telegram.world.new_group("Small", [ann])
    await telegram.hands.add_bot(small, ann)
    big = await telegram.hands.upgrade_group(small)

    for chat, said in ((ann, "unblock"), (group, "Add it again"), (small, str(big.id))):
        with pytest.raises(AccessLost, check=says(said)):
            await platform.post(room_of(chat), card(), delivery="d1")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("telegram", "sendMessage", kind="drop_before"), Unknown),
        (Fault("telegram", "sendMessage", kind="drop_after"), Unknown),
        (Fault("telegram", "sendMessage", status=502), Unknown),
        (Fault("telegram", "sendMessage", status=200, body="<html>"), Unknown),
        (Fault("telegram", "sendMessage", status=200, body={"ok": False}), Unknown),
        (Fault("telegram", "sendMessage", status=429, body="slow down", headers={"Retry-After": "7"}), TryLater),
        (
            Fault("telegram", "sendMessage", status=429, body={"ok": False, "parameters": {"retry_after": 7}}),
            TryLater,
        ),
        (Fault("telegram", "sendMessage", status=400, body={"ok": False, "description": "Bad Request: x"}), Rejected),
    ],
)
async def test_a_send_that_fails_says_whether_it_may_have_happened(
    platform: TelegramPlatform, faults: Faults, ann: User, fault: Fault, kind: type[OutsideError]
) -> None:
    """A lost answer is unknown, a refusal is not, and a flood names its pause."""
    faults.add(fault)

    with pytest.raises(kind) as caught:
        await platform.post(room_of(ann), card(), delivery="d1")

    assert TOKEN.partition(":")[2] not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
    if isinstance(caught.value, TryLater):
        assert (caught.value.after, caught.value.everything) == (7, True)


async def test_an_edit_that_fails_can_be_tried_again(platform: TelegramPlatform, faults: Faults, ann: User) -> None:
    """A redraw whose answer was lost is simply made again."""
    ref = await platform.post(room_of(ann), card(), delivery="d1")
    faults.add(Fault("telegram", "editMessageText", kind="drop_after", times=1))
    changed = card(status=(Words("sending"),))

    with pytest.raises(TryLater):
        await platform.update(ref, changed)
    await platform.update(ref, changed)


async def test_what_surely_was_not_sent_is_tried_later() -> None:
    """With nobody listening at Telegram's address, nothing was sent and nothing is unknown."""
    platform = open_platform({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:1"}, new_tools())
    assert platform is not None

    with pytest.raises(TryLater):
        await platform.post(room_of(User(5, "Ann")), card(), delivery="d1")
    with pytest.raises(TryLater):
        await platform.check()
    await platform.aclose()


@pytest.mark.parametrize("reason", ["can't parse entities: Unsupported start tag", "BUTTON_URL_INVALID"])
async def test_a_card_that_cannot_be_drawn_is_said(
    platform: TelegramPlatform, telegram: TelegramStandIn, faults: Faults, ann: User, reason: str
) -> None:
    """A buyer's message is shown in plain words rather than dropped; also then nothing in it can be tapped."""
    refusal = {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"}
    faults.add(Fault("telegram", "sendMessage", {"parse_mode": "HTML"}, status=400, body=refusal))
    said = (Quote("Ann: see https://x.com @ann_sells"),)

    await platform.post(room_of(ann), card(fallback=said), delivery="d1")

    seen = telegram.world.last(ann)
    assert plain(seen) == "Ann: see https://x.com @ann_sells"
    assert (links(seen), pings(seen), labels(seen)) == ([], [], ["Reply to Ann"])


def test_telegrams_limits_are_told_to_the_lanes(platform: TelegramPlatform, group: Chat) -> None:
    """A chat takes one a second, a group one in three, a bot thirty a second, edits included."""
    alone, together = room_of(User(5, "Ann")), room_of(group)

    assert platform.pace(alone) == Pace(1000, 3)
    assert platform.pace(together) == Pace(3000, 5)
    assert platform.budgets(together.address, DeliveryKind.CARD) == (Budget(f"telegram/{BOT_ID}", 34, 25),)
    assert platform.capabilities.edits_cost
    assert not platform.capabilities.finds


async def test_a_check_finds_a_wrong_token(platform: TelegramPlatform, telegram: TelegramStandIn, wire: Wire) -> None:
    """The doctor learns that all is well, or which setting to mend."""
    assert await platform.check() == ""
    wrong = open_platform({"TELEGRAM_BOT_TOKEN": "1:wrong", "TELEGRAM_API_URL": telegram.url}, new_tools())
    assert wrong is not None

    with pytest.raises(AccessLost, check=says("TELEGRAM_BOT_TOKEN")):
        await wrong.check()
    await wrong.aclose()
    assert [call.method for call in wire.calls("telegram")] == ["getMe"]


async def test_a_check_says_what_more_the_bot_could_do(platform: TelegramPlatform, telegram: TelegramStandIn) -> None:
    """Who never heard of inline mode learns of it from the doctor."""
    telegram.world.bot.inline = False

    assert "/setinline" in await platform.check()


async def test_connections_are_kept(platform: TelegramPlatform, telegram: TelegramStandIn, ann: User) -> None:
    """All calls share one session: twenty cards need no twenty connections."""
    for number in range(20):
        await platform.post(room_of(ann), card(version=number), delivery=f"d{number}")

    session = platform._app._transport._session
    assert session is not None
    connector = session.connector
    assert connector is not None
    assert sum(len(kept) for kept in connector._conns.values()) == 1
    assert len(telegram.world.messages(ann)) == 20


async def test_a_code_becomes_a_link(platform: TelegramPlatform) -> None:
    """Who is invited opens the bot by a link that carries the code."""
    assert await platform.invite("CODE") == "https://t.me/shopbell_bot?start=CODE"
