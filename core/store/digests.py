"""Digests, handed to the rooms of a seller once; and the deadlines that they tell of."""

from core.ids import derived_id, shard_of
from core.store import keys
from core.store.store import Fields, Store, flat

TOLD_TTL = 7 * 86_400
MOST = 5_000  # deadlines that one digest looks at, the nearest first


async def tell_digest(
    store: Store, seller: str, moment: str, next_at: int | None, fields: Fields | None, *, because: str
) -> int:
    """In one room a platform, once for each `because`; how many there are. The moment comes again at `next_at`.

    `fields` None: nothing is told.
    """
    notice = "" if fields is None else derived_id("notice", shard_of(seller), seller, because)
    told: int = await store.scripts.run(
        "tell_digest",
        keys.tag_of(seller),
        wall=store.clock.wall(),
        seller=seller,
        moment=moment,
        next_at="" if next_at is None else next_at,
        notice=notice,
        fields=flat(fields or {}),
        lifetime=TOLD_TTL,
    )
    return told


async def deadlines_ahead(store: Store, seller: str, now: int) -> list[int]:
    """Of what is owed and not breached yet."""
    owed = keys.owed(keys.tag_of(seller), seller)
    reply = await store.engine.call("ZRANGEBYSCORE", owed, f"({now}", "(+inf", "WITHSCORES", "LIMIT", 0, MOST)
    # One protocol gives pairs, the other one list.
    scores = [pair[1] for pair in reply] if reply and isinstance(reply[0], list) else reply[1::2]
    return [int(float(score)) for score in scores]
