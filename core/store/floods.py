"""Floods: the new conversations that a room was spared the ringing of, kept until a delivery lists them."""

from collections.abc import Sequence

from core.domain.deliveries import Delivery
from core.store import keys
from core.store.scripts import text
from core.store.store import Store

LINES = 10  # that are named in one list
PATIENCE = 30_000  # milliseconds, by `wall`, that a list waits for others


async def take_list(store: Store, delivery: Delivery) -> tuple[int, Sequence[str]] | None:
    """How many this delivery tells of, and the first by name: the same each time. None: another worker has it."""
    reply = await store.scripts.run(
        "take_list",
        keys.tag_of(delivery.room),
        delivery=delivery.id,
        token=delivery.token,
        room=delivery.room,
        most=LINES,
    )
    if reply is None:
        return None
    count, first = text(reply)
    return count, first
