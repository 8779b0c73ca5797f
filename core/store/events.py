"""Events of a marketplace, kept: what a buyer or the seller said there, and what was done about it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from core.domain.bursts import FLOOD, TOGETHER
from core.domain.conversations import MessageState, Order
from core.domain.events import (
    BuyerBlocked,
    ConversationRemoved,
    Ignored,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    MessageSent,
    OrderChanged,
    SpamTold,
    Told,
)
from core.domain.obligations import MOVES
from core.errors import UnknownShop
from core.store import keys
from core.store.conversations import conversation_id, message_id
from core.store.floods import PATIENCE
from core.store.histories import (
    Kept,
    asks_of,
    further_fields,
)
from core.store.marks import BLOCKED, GONE, REPORTED, WITHDRAWN
from core.store.scripts import word
from core.store.store import Fields, Store, flat, pack

DAY = 86_400
EVENT_TTL = 7 * DAY
IGNORED_TTL = 30 * DAY
IGNORED_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Candidate:
    """The obligation that a message would open as the newest word of its conversation, by the rules of this moment.

    It counts unless there is a `reason`, or something of what it `looks_at` was said after `silent_since`: messages of
    the `inbox`, on an `order`, `all` of them, or `any` word of either side. `odd`: its rule asks for more than that.
    `silent`: it is shown without a sound, as the shop is away.
    """

    kept: Kept
    looks_at: str = ""
    silent_since: int = 0
    odd: bool = False
    silent: bool = False


class Asking(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message as `accept_messages.lua` reads it; see `Candidate`. What is as nearly always is left out."""

    conversation: str
    message: str
    sent_at: int
    stamp: str
    asks: str
    due: int | str
    plan: str
    policy: str
    message_fields: Sequence[str]
    conversation_fields: Sequence[str]
    more: Sequence[str]
    looks_at: str = ""
    silent_since: int = 0
    why: str | None = None
    odd: bool = False
    silent: bool = False
    history: bool = False


class Answering(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer as `accept_sent.lua` reads it."""

    conversation: str
    message: str
    text: str
    sent_at: int
    how: str
    stamp: str
    message_fields: Sequence[str]
    conversation_fields: Sequence[str]
    reply: str | None = None
    history: bool = False


async def accept_messages(
    store: Store, shop: str, asked: Sequence[tuple[MessageReceived, Candidate]], *, rules: int, terms: int
) -> list[str]:
    """Keep what buyers wrote to a shop, in this order, and ring in every room; open obligations, or let them join one.

    For each accepted, duplicate or fold (what follows is to be worked out); or stale for all, as other `rules` or
    `terms` hold than these, which the candidates came from. Raises UnknownShop.
    """
    reply = await store.scripts.run(
        "accept_messages",
        keys.tag_of(shop),
        wall=store.clock.wall(),
        now=store.clock.now(),
        shop=shop,
        rules=rules,
        terms=terms,
        told=[_asking(shop, event, candidate) for event, candidate in asked],
        flood=FLOOD,
        together=TOGETHER,
        patience=PATIENCE,
    )
    return _heard_each(reply, len(asked))


async def accept_sent(store: Store, shop: str, answered: Sequence[MessageSent]) -> list[str]:
    """The seller answered on the site, or these are echoes of replies of ours. Words as above. Raises UnknownShop."""
    move = MOVES["answer"]
    reply = await store.scripts.run(
        "accept_sent",
        keys.tag_of(shop),
        wall=store.clock.wall(),
        now=store.clock.now(),
        shop=shop,
        told=[_answering(shop, event) for event in answered],
        forget_at=store.forget_at(),
        **{"from": dict.fromkeys(move.sources, True), "to": move.target},
    )
    return _heard_each(reply, len(answered))


def _asking(shop: str, event: MessageReceived, candidate: Candidate) -> Asking:
    kept = candidate.kept
    it = kept.obligation
    return Asking(
        it.conversation,
        it.message,
        event.sent_at,
        _stamp(shop, event),
        asks_of((it.kind, it.order)),
        "" if it.deadline is None else it.deadline,
        kept.plan,
        it.policy,
        flat(_message_fields(event, MessageState.RECEIVED)),
        flat(_conversation_fields(event)),
        flat(further_fields(kept)),
        candidate.looks_at,
        candidate.silent_since,
        it.reason,
        candidate.odd,
        candidate.silent,
        event.history,
    )


def _answering(shop: str, event: MessageSent) -> Answering:
    conversation = conversation_id(shop, event.conversation)
    return Answering(
        conversation,
        message_id(conversation, event.message),
        event.text,
        event.sent_at,
        event.kind,
        _stamp(shop, event),
        flat(_message_fields(event, MessageState.SENT)),
        flat(_conversation_fields(event)),
        event.reply or None,
        event.history,
    )


async def change_message(store: Store, shop: str, event: MessageEdited | MessageDeleted) -> str:
    """An edit or a deletion; told before its message, it waits for it. Raises UnknownShop."""
    conversation = conversation_id(shop, event.conversation)
    deleted_at = event.at if isinstance(event, MessageDeleted) else 0
    fields = {"edited": "1", "text": event.text} if isinstance(event, MessageEdited) else {"deleted": str(deleted_at)}
    reply = await store.scripts.run(
        "change_message",
        keys.tag_of(shop),
        wall=store.clock.wall(),
        event=_digest(shop, event.id),
        event_ttl=EVENT_TTL,
        shop=shop,
        conversation=conversation,
        message=message_id(conversation, event.message),
        stamp=_stamp(shop, event),
        fields=flat(fields),
        early_ttl=EVENT_TTL,
        deleted_at=deleted_at,
        now=store.clock.now(),
    )
    return _heard(reply)


async def accept_order(store: Store, shop: str, event: OrderChanged, *, news: bool = False) -> str:
    """`news`: it started, and members are to hear of it though no answer is owed by the rules."""
    conversation, order = conversation_id(shop, event.conversation), event.order.id if event.order else ""
    reply = await store.scripts.run(
        "accept_order",
        keys.tag_of(shop),
        wall=store.clock.wall(),
        event=_digest(shop, event.id),
        event_ttl=EVENT_TTL,
        shop=shop,
        conversation=conversation,
        stamp=_stamp(shop, event),
        conversation_fields=flat(_conversation_fields(event)),
        order=order,
        closed=event.order is not None and event.order.is_closed,
        now=store.clock.now(),
        news=message_id(conversation, f"start/{order}") if news else "",
        forget_at=store.forget_at(),
    )
    return _heard(reply)


async def accept_mark(store: Store, shop: str, event: SpamTold | ConversationRemoved | BuyerBlocked) -> str:
    """What was done about a conversation beside writing. Raises UnknownShop."""
    conversation, stamp = conversation_id(shop, event.conversation), _stamp(shop, event)
    if isinstance(event, SpamTold):
        name = f"spam/{stamp}/{message_id(conversation, event.message)}"
        value = REPORTED if event.reported else WITHDRAWN
    else:
        kind = GONE if isinstance(event, ConversationRemoved) else BLOCKED
        name, value = f"{kind}/{stamp}", str(event.at)
    reply = await store.scripts.run(
        "accept_mark",
        keys.tag_of(shop),
        wall=store.clock.wall(),
        now=store.clock.now(),
        event=_digest(shop, event.id),
        event_ttl=EVENT_TTL,
        shop=shop,
        conversation=conversation,
        stamp=stamp,
        conversation_fields=flat(_conversation_fields(event)),
        name=name,
        value=value,
    )
    return _heard(reply)


async def accept_ignored(store: Store, shop: str, event: Ignored) -> str:
    reply = await store.scripts.run(
        "accept_ignored",
        keys.tag_of(shop),
        event=_digest(shop, event.id),
        event_ttl=EVENT_TTL,
        shop=shop,
        body=event.body,
        keep=IGNORED_KEPT,
        keep_ttl=IGNORED_TTL,
    )
    return _heard(reply)


def _message_fields(event: MessageReceived | MessageSent, state: MessageState) -> Fields:
    fields = {
        "key": event.message,
        "incoming": "1" if isinstance(event, MessageReceived) else "0",
        "text": event.text,
        "sent_at": str(event.sent_at),
        "state": state,
    }
    if isinstance(event, MessageReceived) and event.starts_order:
        fields["start"] = "1"
    if isinstance(event, MessageReceived) and event.by_staff:
        fields["staff"] = "1"
    if event.attachments:
        fields["attachments"] = pack(list(event.attachments))
    if event.order:
        fields["order"] = _order(event.order)
    if state is MessageState.SENT:
        fields["accepted_at"] = str(event.sent_at)
    if isinstance(event, MessageSent):
        fields["how"] = event.kind
    return fields


def _conversation_fields(event: Told) -> Fields:
    fields = {"key": event.conversation}
    if event.buyer:
        fields["buyer"] = pack(event.buyer)
    if event.url:
        fields["url"] = event.url
    if event.order:
        fields["order"] = _order(event.order)
    return fields


def _order(order: Order | None) -> str:
    return pack(order) if order else ""


def _digest(shop: str, event: str) -> str:
    return hashlib.blake2b(f"{shop}\x1f{event}".encode(), digest_size=16).hexdigest()


def _stamp(shop: str, event: Told) -> str:
    """Sorts as text: when it was said, then the event, so that any order of telling comes to the same."""
    return f"{event.at:013d}-{_digest(shop, event.id)[:8]}"


def _heard_each(reply: Any, count: int) -> list[str]:
    return [word(each) for each in reply] if isinstance(reply, list) else [_heard(reply)] * count


def _heard(reply: Any) -> str:
    said = word(reply)
    if said == "missing":
        raise UnknownShop
    return said
