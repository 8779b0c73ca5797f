"""Spam reports, kept on the messages that they are about."""

import hashlib

from core.domain.deliveries import Delivery, DeliveryKind
from core.domain.members import Identity
from core.domain.spam_reports import Reason
from core.store import keys
from core.store.marks import REPORTED, WITHDRAWN, NewMark, spam_mark
from core.store.replies import author_field
from core.store.scripts import word
from core.store.store import Store


async def conversation_of(store: Store, message: str) -> str | None:
    """The conversation that a message belongs to; None for an unknown one."""
    found = await store.engine.call("HGET", keys.message(keys.tag_of(message), message), "conversation")
    return None if found is None else found.decode()


async def report_spam(  # noqa: PLR0913 - one script takes all of it
    store: Store,
    seller: str,
    message: str,
    reason: Reason,
    by: Identity,
    *,
    operation: str,
    sends: bool,
    report_by: int | None,
    warn_at: int | None,
) -> str:
    """reporting, dropped (and a reply with it), both (a reply is on its way), by_hand, repeated, or missing."""
    reply = await store.scripts.run(
        "report_spam",
        keys.tag_of(message),
        wall=store.clock.wall(),
        now=store.clock.now(),
        seller=seller,
        message=message,
        operation=operation,
        reason=reason,
        by=author_field(by),
        who=by.key,
        sends=sends,
        report_by="" if report_by is None else report_by,
        warn_at="" if warn_at is None else warn_at,
    )
    return word(reply)


async def finish_report(
    store: Store,
    seller: str,
    message: str,
    accepted_at: int,
    *,
    delivery: Delivery | None = None,
    by: Identity | None = None,
) -> str:
    """The marketplace has it, by its receipt or by this member's word; see `reported`. fold, done, or missing."""
    told = delivery.facts["told"] if delivery else "reported"
    reply = await store.scripts.run(
        "finish_report",
        keys.tag_of(message),
        wall=store.clock.wall(),
        now=store.clock.now(),
        seller=seller,
        message=message,
        delivery=delivery.id if delivery else "",
        told=told,
        accepted_at=accepted_at,
        name=reported(accepted_at, message, delivery).name,
        by=author_field(by) if by else "",
    )
    if delivery:
        store.metrics.count_delivery(DeliveryKind.SPAM, "sent")
    return word(reply)


async def refuse_report(store: Store, delivery: Delivery, problem: str) -> str:
    """The marketplace does not take it, or will not any more. fold, done, or stale."""
    reply = await store.scripts.run(
        "refuse_report",
        keys.tag_of(delivery.message),
        wall=store.clock.wall(),
        now=store.clock.now(),
        delivery=delivery.id,
        token=delivery.token,
        message=delivery.message,
        problem=problem,
    )
    store.metrics.count_delivery(DeliveryKind.SPAM, "refused")
    return word(reply)


async def withdraw_report(
    store: Store, seller: str, message: str, by: Identity, at: int, *, operation: str, sends: bool
) -> str:
    """It is no spam after all; see `withdrawn`. fold, done, free (it was none), or missing."""
    reply = await store.scripts.run(
        "withdraw_report",
        keys.tag_of(message),
        wall=store.clock.wall(),
        now=at,
        seller=seller,
        message=message,
        operation=operation,
        by=author_field(by),
        sends=sends,
        name=withdrawn(at, message, operation).name,
    )
    return word(reply)


async def remind_report(store: Store, message: str, due: int, next_at: int | None) -> str:
    """Its moment has come: rooms are told. done, or free (nothing is waited for any more)."""
    reply = await store.scripts.run(
        "remind_report",
        keys.tag_of(message),
        wall=store.clock.wall(),
        message=message,
        due=str(due),
        next_at="" if next_at is None else next_at,
    )
    return word(reply)


def reported(at: int, message: str, delivery: Delivery | None = None) -> NewMark:
    """What is left by a report that the marketplace accepted, or by a member's word that it was made there."""
    return NewMark(spam_mark(at, _suffix(delivery.id if delivery else f"{message}/by_hand"), message), REPORTED)


def withdrawn(at: int, message: str, operation: str) -> NewMark:
    """What is left by the taking back of one that was accepted."""
    return NewMark(spam_mark(at, _suffix(operation), message), WITHDRAWN)


def _suffix(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
