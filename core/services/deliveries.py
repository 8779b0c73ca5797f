"""Carry one delivery out: draw it from the state of now, hand it over, and record what the other side said."""

import asyncio
import random
from dataclasses import replace
from functools import partial
from typing import Any

from core.domain.cards import CardRef
from core.domain.conversations import Message
from core.domain.deliveries import Delivery, DeliveryKind, chat_delay
from core.domain.rooms import Address, Ring, Room
from core.errors import AccessLost, Gone, Moved, OutsideError, Rejected, ThreadGone, TryLater, Unknown, ours
from core.observability import boundary, log
from core.ports.chat import ChatPlatform
from core.rendering import in_english, speaking
from core.services import hints, notes
from core.services.absence_notes import prepare_absence
from core.services.cards import buyer_of, draw, state_of
from core.services.claims import prepare_lapse
from core.services.deps import Deps
from core.services.digests import prepare_digest
from core.services.duty import for_news
from core.services.errands import ERRANDS, carry_errand, wait_until
from core.services.facts import until_recorded
from core.services.floods import prepare_list
from core.services.glances import Glance
from core.services.holds import prepare_stopped
from core.services.notices import give_up, lose_room, refuse_threads
from core.services.overviews import carry_overview
from core.services.pictures import show_picture, to_show
from core.services.reach import move_room
from core.services.reminders import Reminder, prepare
from core.services.report_notes import OUTCOMES, draw_outcome, prepare_report_due
from core.store import deliveries
from core.store.budgets import fill_purse, take_budget
from core.store.conversations import Sight
from core.store.looks import Look, look, to_look
from core.store.parked import park

SEVERAL = "several buyers"
FRESH = 1_000  # milliseconds for which what was read at a claim is what is drawn
# These are about no conversation, or about several.
ALONE = {DeliveryKind.ABSENCE, DeliveryKind.NOTICE, DeliveryKind.REMINDER, DeliveryKind.DIGEST, DeliveryKind.LIST}
SILENT = {"anew", "quiet"}  # a card that was there before, or that came in a flood or an absence
# What is worked out for a room as a whole, and dropped where that says nothing.
PREPARED = {
    DeliveryKind.REMINDER: prepare,
    DeliveryKind.LAPSE: prepare_lapse,
    DeliveryKind.REPORT_DUE: prepare_report_due,
    DeliveryKind.DIGEST: prepare_digest,
    DeliveryKind.LIST: prepare_list,
    DeliveryKind.STOPPED: prepare_stopped,
    DeliveryKind.ABSENCE: prepare_absence,
}
DRAWN = {DeliveryKind.CARD, DeliveryKind.REDRAW}


async def carry(deps: Deps, delivery: Delivery, read: Any = None) -> None:
    """Once handed over it is recorded as sent; else it is put off, parked or dropped. Raises StoreDown.

    `read` is what was read as it was claimed. What stood in line for more than a moment is looked at anew; for so long
    that its lease may pass on the way, it is not begun: a stale worker never sends.
    """
    wall = deps.clock.wall()
    if wall - delivery.intent > deps.patience.lease // 2:
        await deliveries.postpone(deps.store, delivery, wall, "")
        return
    fresh = read is not None and wall - delivery.intent <= FRESH
    seen = to_look(deps.store, delivery, read) if fresh else None
    if seen and seen.known:
        deps = replace(deps, glance=Glance(ahead={f"shop/{delivery.shop}": seen.known}))
    if delivery.kind in ERRANDS:
        await carry_errand(deps, delivery, seen or await look(deps.store, delivery))
    elif delivery.kind is DeliveryKind.OVERVIEW:
        await carry_overview(deps, delivery)
    else:
        await _carry_to_room(deps, delivery, seen)


async def _carry_to_room(deps: Deps, delivery: Delivery, read: Look | None) -> None:
    """What is to be drawn and the leave of the platform's budgets are asked for at once: a round trip counts."""
    platform = deps.platforms.get(Address.of_lane(delivery.lane).platform)
    seen, free_at = await asyncio.gather(_seen(deps, delivery, read), _budget(deps, platform, delivery))
    room, sight = seen.room, seen.sight
    if room is None or (sight is None and delivery.kind not in ALONE):
        await deliveries.drop(deps.store, delivery)
    elif platform is None:
        error = AccessLost(ours("problems#platform_gone", platform=room.address.platform.capitalize()))
        await _room_failed(deps, room, delivery, sight, error)
    elif free_at is not None:
        await deliveries.postpone(deps.store, delivery, free_at, "")
    else:
        with speaking(room.language):
            await _show(deps, platform, room, delivery, sight)


async def _seen(deps: Deps, delivery: Delivery, read: Look | None) -> Look:
    return read or await look(deps.store, delivery)


async def _show(deps: Deps, platform: ChatPlatform, room: Room, delivery: Delivery, sight: Sight | None) -> None:
    if delivery.kind is DeliveryKind.THREAD:
        await _open_thread(deps, platform, room, delivery, sight)
        return
    if delivery.kind is DeliveryKind.PICTURE:
        await _show_picture(deps, platform, room, delivery, sight)
        return
    prepare = PREPARED.get(delivery.kind)
    if prepare is None:
        await _post(deps, platform, room, delivery, sight)
    elif reminder := await prepare(deps, room, delivery):
        about = reminder.sight.conversation.id if reminder.sight else ""
        await _post(deps, platform, room, replace(delivery, conversation=about), reminder.sight, reminder)


async def _open_thread(deps: Deps, platform: ChatPlatform, room: Room, delivery: Delivery, sight: Sight | None) -> None:
    """Where no thread may be opened the card stands in the room itself, and the room is told once."""
    if sight is None:
        await deliveries.drop(deps.store, delivery)
        return
    thread = ""
    try:
        boundary("before-post")
        thread = await platform.open_thread(room, draw(deps, sight))
    except Rejected as error:
        await refuse_threads(deps, room, error.kept)
    except OutsideError as error:
        await _room_failed(deps, room, delivery, sight, error)
        return
    boundary("after-post")
    await until_recorded(lambda: deliveries.finish_thread(deps.store, delivery, thread))


async def _show_picture(
    deps: Deps, platform: ChatPlatform, room: Room, delivery: Delivery, sight: Sight | None
) -> None:
    """A chat that does not take it has its name all the same."""
    posted = None
    try:
        boundary("before-post")
        posted = await show_picture(deps, platform, _ref(room, sight), sight, delivery) if sight else None
    except Rejected as error:
        log().info("picture_refused", delivery=delivery.id, why=in_english(error.kept))
    except OutsideError as error:
        await _room_failed(deps, room, delivery, sight, error)
        return
    boundary("after-post")
    await until_recorded(lambda: deliveries.finish_post(deps.store, delivery, posted.message if posted else ""))


def _ref(room: Room, sight: Sight | None, *, posted: bool = True) -> CardRef:
    """Where the card stands, or the place where it is to."""
    message = sight.posted if sight and posted else ""
    if sight is None or not sight.thread:
        return CardRef(room.address, message)
    return CardRef(replace(room.address, thread=sight.thread), message, own_thread=True)


async def _post(
    deps: Deps,
    platform: ChatPlatform,
    room: Room,
    delivery: Delivery,
    sight: Sight | None,
    reminder: Reminder | None = None,
) -> None:
    try:
        found = await _found(platform, room, delivery, sight)
        posted = found or await _hand_over(deps, platform, room, delivery, sight, reminder)
    except OutsideError as error:
        await _room_failed(deps, room, delivery, sight, error)
        return
    boundary("after-post")
    calls = reminder.direct if reminder else ()
    if sight and _rings(delivery, sight):
        calls = for_news(sight, deps.clock.now()).by(room, Ring.DIRECT)
    message = posted.message if posted else ""
    drawn = 0
    if sight and delivery.kind in DRAWN:
        drawn = 1 if found else sight.conversation.version  # what was found may show the conversation's first version
    pictures = to_show(deps, platform, sight, delivery) if sight else ("", [])
    post = partial(deliveries.finish_post, deps.store, delivery, message, calls, drawn=drawn, pictures=pictures)
    budgets = platform.budgets(Address.of_lane(delivery.lane), delivery.kind)
    await asyncio.gather(until_recorded(post), fill_purse(deps.store, budgets))


async def _budget(deps: Deps, platform: ChatPlatform | None, delivery: Delivery) -> int | None:
    """None when every budget gave its token; else the wall instant at which to ask again."""
    if platform is None:
        return None
    wanted = platform.budgets(Address.of_lane(delivery.lane), delivery.kind)
    instants = await asyncio.gather(*(take_budget(deps.store, budget) for budget in wanted))
    latest = max(instants, default=0)
    return latest if latest > deps.clock.wall() else None


async def _found(platform: ChatPlatform, room: Room, delivery: Delivery, sight: Sight | None) -> CardRef | None:
    """What a try of unknown outcome left in the chat, where the platform lets us look."""
    if not (delivery.was_unknown and platform.capabilities.finds) or delivery.kind is DeliveryKind.REDRAW:
        return None
    ref = _ref(room, sight, posted=delivery.kind is not DeliveryKind.CARD)
    return await platform.find(ref, delivery=delivery.id, since=delivery.created)


async def _hand_over(
    deps: Deps,
    platform: ChatPlatform,
    room: Room,
    delivery: Delivery,
    sight: Sight | None,
    reminder: Reminder | None,
) -> CardRef | None:
    card = _ref(room, sight)
    boundary("before-post")
    if reminder or sight is None:
        note = reminder.note if reminder else notes.draw_notice(delivery)
        return await platform.note(card, note, delivery=delivery.id)
    match delivery.kind:
        case DeliveryKind.CARD:
            sight = await hints.note_alike(deps, sight)
            return await platform.post(
                replace(room, address=card.address),
                draw(deps, sight, rings=not SILENT & delivery.facts.keys()),
                delivery=delivery.id,
            )
        case DeliveryKind.REDRAW:
            await platform.update(card, draw(deps, sight))
            return None
        case DeliveryKind.CALL:
            await platform.note(card, notes.draw_call(sight, delivery), delivery=delivery.id)
            return None
        case DeliveryKind.ORDER:
            return await platform.note(card, notes.draw_order(sight), delivery=delivery.id)
        case DeliveryKind.RECEIPT if delivery.facts.get("outcome") in OUTCOMES:
            note = draw_outcome(sight, message_of(sight, delivery), delivery)
            return await platform.note(card, note, delivery=delivery.id)
        case DeliveryKind.RECEIPT:
            note = notes.draw_receipt(sight, message_of(sight, delivery), delivery)
            return await platform.note(card, note, delivery=delivery.id)
        case _:
            note = notes.draw_message(sight, message_of(sight, delivery), delivery, deps.clock.now())
            return await platform.note(card, note, delivery=delivery.id)


def message_of(sight: Sight, delivery: Delivery) -> Message:
    return next(message for message in sight.messages if message.id == delivery.message)


def _rings(delivery: Delivery, sight: Sight) -> bool:
    """A message that opens an obligation calls; a card that is only posted anew, or answered by now, does not."""
    if not sight.obligations or state_of(sight).value != "open":
        return False
    new_card = delivery.kind is DeliveryKind.CARD and not SILENT & delivery.facts.keys()
    return new_card or (delivery.kind is DeliveryKind.MESSAGE and delivery.facts.get("loud") == "1")


async def _room_failed(deps: Deps, room: Room, delivery: Delivery, sight: Sight | None, error: OutsideError) -> None:
    store, wall = deps.store, deps.clock.wall()
    later = wall + round(1000 * chat_delay(delivery.tries, jitter=random.random()))  # noqa: S311 - no secret
    why = in_english(error.kept)
    log().info("delivery_failed", delivery=delivery.id, kind=delivery.kind, error=type(error).__name__, why=why)
    no_thread = isinstance(error, ThreadGone) and sight is not None and bool(sight.thread)
    match error:
        case Gone() if sight is not None and (no_thread or delivery.kind is not DeliveryKind.CARD):
            await deliveries.repost(store, delivery, without_thread=no_thread)
        case Moved():
            await move_room(deps, room, error.chat)
        case AccessLost():
            await _lose_room(deps, room, delivery, error)
        case Rejected() if sight is not None and delivery.kind is DeliveryKind.CALL:
            await _call_in_room(deps, room, delivery, sight)
        case TryLater(everything=True):
            await deliveries.postpone(store, delivery, wait_until(wall, error, later), error.kept, whole_lane=True)
        case TryLater():
            await deliveries.postpone(store, delivery, wait_until(wall, error, later), error.kept)
        case Unknown():
            settled = max(later, wall + deps.patience.settle)
            await deliveries.postpone(store, delivery, settled, error.kept, unknown=True)
        case _:
            # A notice that cannot be shown is no reason for another one.
            told = sight is not None or delivery.kind is DeliveryKind.REMINDER
            if await park(store, delivery, error.kept) and told:
                await give_up(deps, room, delivery, buyer_of(sight).text if sight else SEVERAL, error.kept)


async def _lose_room(deps: Deps, room: Room, delivery: Delivery, error: AccessLost) -> None:
    """A message to one member says nothing of the room: if it is the last that is left, there is nobody to tell."""
    if delivery.kind is DeliveryKind.NOTICE and notes.addressee(delivery):
        await park(deps.store, delivery, error.kept)
    elif await deliveries.postpone(deps.store, delivery, deps.clock.wall() + deps.patience.lost, error.kept, lost=True):
        await lose_room(deps, room, error.kept, because=f"{delivery.id}/{delivery.token}")


async def _call_in_room(deps: Deps, room: Room, delivery: Delivery, sight: Sight) -> None:
    """A member who cannot be messaged directly is called in the room: the message still rings for them."""
    note = notes.draw_call_in_room(sight, delivery)
    try:
        await deps.platforms[room.address.platform].note(_ref(room, sight), note, delivery=delivery.id)
    except Moved as error:
        await move_room(deps, room, error.chat)
    except OutsideError as error:
        if await park(deps.store, delivery, error.kept):
            await give_up(deps, room, delivery, buyer_of(sight).text, error.kept)
    else:
        await until_recorded(lambda: deliveries.finish_post(deps.store, delivery, ""))
