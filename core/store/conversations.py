"""Conversations and their messages, kept: what a marketplace told us, and what a card is drawn from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from core.domain.bursts import FLOOD, TOGETHER
from core.domain.claims import Claim
from core.domain.conversations import Buyer, Conversation, Message, MessageState, Order
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
from core.domain.habits import Habits
from core.domain.obligations import MOVES, Obligation
from core.domain.policies import Policy
from core.domain.regards import Regard
from core.domain.rooms import Room
from core.domain.sellers import Seller
from core.domain.shops import Shop
from core.errors import UnknownShop
from core.ids import derived_id, shard_of
from core.store import keys
from core.store.floods import PATIENCE
from core.store.histories import (
    BLOCKED,
    GONE,
    REPORTED,
    WITHDRAWN,
    Kept,
    asks_of,
    further_fields,
    message_of,
    to_obligation,
)
from core.store.messages import to_message
from core.store.policies import unpacked
from core.store.rooms import to_identity, to_room
from core.store.scripts import word
from core.store.sellers import to_seller
from core.store.shops import to_shop
from core.store.store import Fields, Store, fields_of, flat, pack, unpack
from core.store.terms import to_habits

DAY = 86_400
EVENT_TTL = 7 * DAY
IGNORED_TTL = 30 * DAY
IGNORED_KEPT = 1000
MESSAGES_READ = 20


def conversation_id(shop: str, key: str) -> str:
    """Ours, from the marketplace's: the same conversation told twice is one."""
    return derived_id("conversation", shard_of(shop), shop, key)


def message_id(conversation: str, key: str) -> str:
    return derived_id("message", shard_of(conversation), conversation, key)


@dataclass(frozen=True, slots=True)
class Candidate:
    """The obligation that a message would open as the newest word of its conversation, by the rules of this moment.

    It counts unless there is a `reason`, or something of what it `looks_at` was said after `silent_since`: messages of
    the `inbox`, on an `order`, `all` of them, or `any` word of either side. `odd`: its rule asks for more than that.
    `rules` and `terms` are the versions that it came from. `silent`: it is shown without a sound, as the shop is away.
    """

    kept: Kept
    rules: int
    looks_at: str = ""
    silent_since: int = 0
    odd: bool = False
    silent: bool = False


async def accept_message(store: Store, shop: str, event: MessageReceived, candidate: Candidate) -> str:
    """Keep what a buyer wrote and ring in every room; open an obligation, or let it join one.

    accepted, duplicate, fold (what follows is to be worked out), or stale (other rules hold). Raises UnknownShop.
    """
    conversation = conversation_id(shop, event.conversation)
    kept = candidate.kept
    it = kept.obligation
    reply = await store.scripts.run(
        "accept_message",
        keys.tag_of(shop),
        wall=store.clock.wall(),
        now=store.clock.now(),
        event=_digest(shop, event.id),
        event_ttl=EVENT_TTL,
        shop=shop,
        conversation=conversation,
        message=it.message,
        sent_at=event.sent_at,
        message_fields=flat(_message_fields(event, MessageState.RECEIVED)),
        conversation_fields=flat(_conversation_fields(event)),
        history=event.history,
        stamp=_stamp(shop, event),
        asks=asks_of((it.kind, it.order)),
        rules=candidate.rules,
        terms=kept.terms,
        due="" if it.deadline is None else it.deadline,
        plan=kept.plan,
        policy=it.policy,
        why=it.reason or "",
        looks_at=candidate.looks_at,
        silent_since=candidate.silent_since,
        more=flat(further_fields(kept)),
        odd=candidate.odd,
        silent=candidate.silent,
        flood=FLOOD,
        together=TOGETHER,
        patience=PATIENCE,
    )
    return _heard(reply)


async def accept_sent(store: Store, shop: str, event: MessageSent) -> str:
    """The seller answered on the site, or this is the echo of a reply of ours. Words as above. Raises UnknownShop."""
    conversation = conversation_id(shop, event.conversation)
    move = MOVES["answer"]
    reply = await store.scripts.run(
        "accept_sent",
        keys.tag_of(shop),
        wall=store.clock.wall(),
        event=_digest(shop, event.id),
        event_ttl=EVENT_TTL,
        shop=shop,
        conversation=conversation,
        message=message_id(conversation, event.message),
        reply=event.reply or "",
        text=event.text,
        sent_at=event.sent_at,
        message_fields=flat(_message_fields(event, MessageState.SENT)),
        conversation_fields=flat(_conversation_fields(event)),
        history=event.history,
        stamp=_stamp(shop, event),
        now=store.clock.now(),
        forget_at=store.forget_at(),
        how=event.kind,
        **{"from": dict.fromkeys(move.sources, True), "to": move.target},
    )
    return _heard(reply)


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


@dataclass(frozen=True, slots=True)
class Sight:
    """A conversation with all that a card is drawn from. `messages` are the newest, oldest first.

    `obligations` are those that are owed; `latest` is the one that `asked` opened, however it stands.
    """

    conversation: Conversation
    shop: Shop
    seller: Seller
    messages: tuple[Message, ...]
    obligations: tuple[Obligation, ...]
    asked: str  # the message that opened the latest obligation, or the first there was
    posted: str  # where the card stands in the room that was asked for; empty where it does not yet
    thread: str  # the card's own thread there; empty where it has none
    room: Room | None
    habits: Mapping[str, Habits]  # of the seller's members, by their keys; none where no room was asked for
    policies: Mapping[str, Policy]  # that the obligations were opened under, by their digests
    latest: Obligation | None = None
    regards: frozenset[Regard] = frozenset()


async def read_conversation(store: Store, conversation: str, room: str = "", also: str = "") -> Sight | None:
    """In one round trip; None for an unknown one. `also` is a message to read beside the newest ones."""
    reply = await store.scripts.run(
        "read_conversation",
        keys.tag_of(conversation),
        conversation=conversation,
        room=room,
        limit=MESSAGES_READ,
        also=also,
    )
    return _sight(conversation, room, reply) if reply else None


async def owed_conversations(store: Store, seller: str, most: int) -> list[str]:
    """Conversations with an open obligation, the nearest deadline first; without those that are being reported."""
    tag = keys.tag_of(seller)
    obligations = await store.engine.call("ZRANGE", keys.owed(tag, seller), 0, most - 1)
    found = [await _waits(store, tag, obligation.decode()) for obligation in obligations]
    return list(dict.fromkeys(conversation for conversation in found if conversation))


async def _waits(store: Store, tag: keys.Tag, obligation: str) -> str | None:
    """The conversation of an obligation; None for one whose message is being reported as spam."""
    found = await store.engine.call("HGET", keys.obligation(tag, obligation), "of")
    if found is None:
        return None
    reported = await store.engine.call("HGET", keys.conversation(tag, found.decode()), "reporting")
    return None if reported is not None and reported.decode() == message_of(obligation) else found.decode()


def _sight(conversation: str, room: str, reply: list[Any]) -> Sight:
    fields, shop, seller, messages, obligations, posted, in_room, habits, thread, policies, latest, regards = reply
    own, room_fields = fields_of(fields), fields_of(in_room)
    read = [to_message(name.decode(), fields_of(found)) for name, found in messages if found]
    known = to_seller(own["seller"], fields_of(seller))
    here = to_room(room, room_fields) if room_fields.get("state") == "linked" else None
    return Sight(
        conversation=_to_conversation(conversation, own),
        shop=to_shop(own["shop"], fields_of(shop)),
        seller=known,
        messages=tuple(sorted(read, key=lambda message: (message.sent_at, message.id))),
        obligations=tuple(to_obligation(name.decode(), fields_of(found)) for name, found in obligations),
        asked=own.get("asked", ""),
        posted=posted.decode(),
        thread=thread.decode(),
        room=replace(here, language=known.language) if here else None,
        habits=to_habits(fields_of(habits)),
        policies={digest.decode(): unpacked(text.decode()) for digest, text in policies},
        latest=to_obligation(latest[0].decode(), fields_of(latest[1])) if latest[1] else None,
        regards=frozenset(Regard(each.decode()) for each in regards),
    )


def _to_conversation(conversation: str, fields: Fields) -> Conversation:
    return Conversation(
        id=conversation,
        key=fields["key"],
        seller=fields["seller"],
        shop=fields["shop"],
        buyer=msgspec.convert(unpack(fields["buyer"]), Buyer) if "buyer" in fields else Buyer("", ""),
        version=int(fields.get("version", "0")),
        url=fields.get("url"),
        order=msgspec.convert(unpack(fields["order"]), Order) if fields.get("order") else None,
        claim=_to_claim(fields) if "claimed" in fields else None,
        writing=to_identity(fields["writing"], fields["writing_name"]) if "writing" in fields else None,
        unheeded=int(fields.get("unheeded", "0")),
    )


def _to_claim(fields: Fields) -> Claim:
    return Claim(
        to_identity(fields["claimed"], fields["claimed_name"]), int(fields["claimed_at"]), int(fields["acted"])
    )


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


def _heard(reply: Any) -> str:
    said = word(reply)
    if said == "missing":
        raise UnknownShop
    return said
