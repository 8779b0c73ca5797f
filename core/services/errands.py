"""Carry a delivery to a marketplace: a reply, or what else it must be told of. Each kind is one entry of `ERRANDS`."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.domain.conversations import Message, MessageState
from core.domain.deliveries import Delivery, DeliveryKind, reply_delay
from core.domain.shops import Shop
from core.domain.spam_reports import ReportState
from core.errors import AccessLost, OutsideError, Rejected, TryLater, Unknown
from core.observability import boundary, log
from core.ports.marketplace import (
    OutgoingAvailability,
    OutgoingReply,
    OutgoingSpamReport,
    OutgoingUnreachable,
    Receipt,
)
from core.rendering import in_english
from core.services import availability
from core.services.cards import deadline_of
from core.services.deps import Deps
from core.services.facts import until_recorded
from core.services.files import to_fetch
from core.services.histories import fold, fold_with
from core.services.notices import lose_shop
from core.store import conversations, deliveries, spam_reports
from core.store.conversations import Sight
from core.store.histories import read_history
from core.store.looks import Look
from core.store.parked import park
from core.store.replies import finish_reply, to_author

OWED = 100  # conversations that a marketplace is told of, the nearest deadline first


@dataclass(frozen=True, slots=True)
class Errand:
    """`send` hands it over, raising OutsideError; `finish` records what the marketplace said.

    `urgent`: an answer is owed, so that tries are never more than five minutes apart. `refuse` records that it was
    refused or given up, with why; the delivery is dropped then, and without it parked.
    """

    shop: Shop
    send: Callable[[], Awaitable[Receipt]]
    finish: Callable[[Receipt], Awaitable[object]]
    urgent: bool = False
    refuse: Callable[[str], Awaitable[object]] | None = None


Prepare = Callable[[Deps, Delivery, Look], Awaitable[Errand | None]]
"""None where there is nothing left to be told: the delivery is dropped."""


async def carry_errand(deps: Deps, delivery: Delivery, look: Look) -> None:
    errand = await ERRANDS[delivery.kind](deps, delivery, look)
    if errand is None:
        await deliveries.drop(deps.store, delivery)
        return
    try:
        boundary("before-send")
        receipt = await errand.send()
        boundary("after-send")
    except OutsideError as error:
        await _failed(deps, errand, delivery, error)
        return
    await until_recorded(lambda: errand.finish(receipt))
    boundary("after-receipt")


def wait_until(wall: int, error: TryLater, otherwise: int) -> int:
    """What the other side asked for is obeyed; its own back-off holds where it named nothing."""
    return otherwise if error.after is None else wall + round(1000 * error.after)


async def _failed(deps: Deps, errand: Errand, delivery: Delivery, error: OutsideError) -> None:
    store, wall, kind = deps.store, deps.clock.wall(), delivery.kind
    log().info(f"{kind}_failed", delivery=delivery.id, error=type(error).__name__, why=in_english(error.kept))
    delay = reply_delay(
        delivery.tries,
        (wall - delivery.created) / 1000,
        owed=errand.urgent,
        jitter=random.random(),  # noqa: S311 - spreads load, guards nothing
    )
    if isinstance(error, Rejected) or (delay is None and not isinstance(error, AccessLost)):
        await _give_up(deps, errand, delivery, error.kept)
        return
    later = wall + round(1000 * (delay or 0))
    if isinstance(error, AccessLost):
        if await deliveries.postpone(store, delivery, wall + deps.patience.lost, error.kept, lost=True):
            because = f"{delivery.id}/{delivery.token}"
            await lose_shop(deps, errand.shop.seller, errand.shop.name, error.kept, because=because)
        return
    at = wait_until(wall, error, later) if isinstance(error, TryLater) else later
    throttled = isinstance(error, TryLater) and error.everything
    unknown = isinstance(error, Unknown)
    await deliveries.postpone(store, delivery, at, error.kept, whole_lane=throttled, unknown=unknown)


async def _give_up(deps: Deps, errand: Errand, delivery: Delivery, problem: str) -> None:
    if errand.refuse is None:
        await park(deps.store, delivery, problem)
        return
    await errand.refuse(problem)
    await deliveries.drop(deps.store, delivery)


async def _reply(deps: Deps, delivery: Delivery, look: Look) -> Errand | None:
    sight, found = look.sight, look.shop
    if sight is None or found is None:
        return None
    message = next(message for message in sight.messages if message.id == delivery.message)
    if message.state is not MessageState.SENDING:
        return None
    shop, secrets = found
    return Errand(
        shop,
        lambda: deps.marketplaces[shop.marketplace].send(shop, secrets, _outgoing(deps, sight, message)),
        lambda receipt: finish_reply(deps.store, delivery.id, delivery.conversation, delivery.message, receipt),
        urgent=bool(sight.obligations),
    )


def _outgoing(deps: Deps, sight: Sight, message: Message) -> OutgoingReply:
    said = [m for m in sight.messages if m.incoming and not m.starts_order]
    before = [m for m in said if m.sent_at <= message.sent_at]
    return OutgoingReply(
        id=message.id,
        conversation=sight.conversation.key,
        text=message.text,
        author=None if message.automatic else message.author,
        in_reply_to=before[-1].key if before else None,
        written_at=message.sent_at,
        attachments=to_fetch(deps, sight.shop, message),
        used=message.used,
    )


async def _unreachable(deps: Deps, delivery: Delivery, look: Look) -> Errand | None:
    """With what waits at this shop now; the marketplace's support may call the seller."""
    if look.shop is None:
        return None
    shop, secrets = look.shop
    owed = await conversations.owed_conversations(deps.store, shop.seller, OWED)
    sights = await asyncio.gather(*(conversations.read_conversation(deps.store, each) for each in owed))
    waits = [(s.conversation.key, deadline_of(s)) for s in sights if s and s.shop.id == shop.id]
    told = OutgoingUnreachable(
        delivery.id,
        in_english(delivery.facts["problem"]),
        tuple((key, due.at if due else None) for key, due in waits),
        delivery.created,
    )
    return Errand(
        shop,
        lambda: deps.marketplaces[shop.marketplace].tell_unreachable(shop, secrets, told),
        lambda receipt: deliveries.finish(deps.store, delivery),
        urgent=bool(waits),
    )


async def _availability(deps: Deps, delivery: Delivery, look: Look) -> Errand | None:
    """Nothing where something newer was told since, or where the marketplace has said itself that it knows."""
    found = await availability.here(deps, delivery.shop)
    telling = availability.to_tell(found, delivery.id) if found else None
    if found is None or telling is None:
        return None
    shop, secrets = found.shop, found.known.secrets
    absence = telling.absence
    told = OutgoingAvailability(
        telling.id,
        absence.start if absence else None,
        absence.end if absence else None,
        absence.note if absence else "",
        absence is None or absence.contact_allowed,
        telling.at,
    )
    return Errand(
        shop,
        lambda: deps.marketplaces[shop.marketplace].set_availability(shop, secrets, told),
        lambda receipt: availability.receive(deps, found, telling.id, receipt.accepted_at),
        urgent=True,
        refuse=lambda problem: availability.be_refused(deps, shop, telling.id, problem),
    )


async def _spam(deps: Deps, delivery: Delivery, look: Look) -> Errand | None:
    """A report, or its taking back. One that is being taken back goes all the same if it may have arrived before."""
    sight, found = look.sight, look.shop
    if sight is None or found is None:
        return None
    message = next(message for message in sight.messages if message.id == delivery.message)
    report, withdrawn = message.report, delivery.facts["told"] == "withdrawn"
    wanted = {ReportState.WITHDRAWING} if withdrawn else {ReportState.REPORTING, ReportState.WITHDRAWING}
    if report is None or report.state not in wanted:
        return None
    (shop, secrets), conversation = found, delivery.conversation
    known = await read_history(deps.store, conversation)
    outgoing = OutgoingSpamReport(
        id=delivery.id,
        conversation=sight.conversation.key,
        message=message.key,
        reason=delivery.facts["reason"],
        reporter=to_author(delivery.facts["reporter"]),
        at=int(delivery.facts["said_at"]),
        withdrawn=withdrawn,
    )

    async def finish(receipt: Receipt) -> None:
        at = receipt.accepted_at
        telling = spam_reports.finish_report(deps.store, shop.seller, message.id, at, delivery=delivery)
        if withdrawn or known is None:  # what it was about is owed since it was taken back
            await telling
            await fold(deps, conversation)
        else:
            await fold_with(deps, known, spam_reports.reported(at, message.id, delivery), telling)

    async def refuse(problem: str) -> None:
        await spam_reports.refuse_report(deps.store, delivery, problem)
        await fold(deps, conversation)

    return Errand(
        shop,
        lambda: deps.marketplaces[shop.marketplace].report_spam(shop, secrets, outgoing),
        finish,
        urgent=bool(sight.obligations),
        refuse=refuse,
    )


ERRANDS: dict[DeliveryKind, Prepare] = {
    DeliveryKind.REPLY: _reply,
    DeliveryKind.AVAILABILITY: _availability,
    DeliveryKind.SPAM: _spam,
    DeliveryKind.UNREACHABLE: _unreachable,
}
