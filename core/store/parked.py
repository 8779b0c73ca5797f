"""Parked deliveries, kept: refused or given up, until they are replayed or their time is over."""

import asyncio
import secrets
from dataclasses import dataclass

from core.domain.conversations import MessageState
from core.domain.deliveries import Delivery, DeliveryKind
from core.store import keys
from core.store.conversations import read_conversation
from core.store.scripts import word
from core.store.store import Store, fields_of

PARKED_TTL = 30 * keys.DAY
REPLAYED_TTL = 7 * keys.DAY


@dataclass(frozen=True, slots=True)
class Parked:
    """`at` in milliseconds by `wall`; `problem` is why it did not arrive, as it is kept."""

    id: str
    seller: str
    kind: DeliveryKind
    room: str
    shop: str
    conversation: str
    message: str
    problem: str
    at: int


async def park(store: Store, delivery: Delivery, problem: str) -> bool:
    """Give it up but keep it; False when another worker has it."""
    reply = await store.scripts.run(
        "park",
        keys.tag_of(delivery.room or delivery.shop),
        wall=store.clock.wall(),
        delivery=delivery.id,
        token=delivery.token,
        problem=problem,
        lifetime=PARKED_TTL,
    )
    store.metrics.count_delivery(delivery.kind, "parked")
    return word(reply) == "done"


async def parked_of(store: Store, seller: str) -> list[Parked]:
    """What can be replayed for a seller, the oldest first."""
    known = await store.engine.call("ZRANGE", keys.given_up(keys.tag_of(seller), seller), 0, -1)
    found = await asyncio.gather(*(_read(store, seller, delivery.decode()) for delivery in known))
    return [parked for parked in found if parked is not None]


async def replay(store: Store, delivery: str) -> str:
    """Put it back on its lane: done, missing, needless or gone, as `replay.lua` says."""
    reply = await store.scripts.run(
        "replay",
        keys.tag_of(delivery),
        wall=store.clock.wall(),
        delivery=delivery,
        operation=f"replay-{secrets.token_hex(12)}",
        operation_ttl=REPLAYED_TTL,
    )
    return word(reply)


async def _read(store: Store, seller: str, delivery: str) -> Parked | None:
    tag = keys.tag_of(seller)
    found = fields_of(await store.engine.call("HGETALL", keys.parked(tag, delivery)))
    if not found:
        return None
    kind, conversation, message = DeliveryKind(found["kind"]), found.get("conversation", ""), found.get("message", "")
    if kind is DeliveryKind.REPLY and not await _still_wanted(store, conversation, message):
        return None
    return Parked(
        delivery,
        seller,
        kind,
        found.get("room", ""),
        found.get("shop", ""),
        conversation,
        message,
        found["parked_for"],
        int(found["parked_at"]),
    )


async def _still_wanted(store: Store, conversation: str, reply: str) -> bool:
    """Not once another was written in its place, or the marketplace turned out to have it."""
    sight = await read_conversation(store, conversation)
    said = [message for message in sight.messages if not message.incoming] if sight else []
    return bool(said) and said[-1].id == reply and said[-1].state is MessageState.REFUSED
