"""Sellers, kept."""

import asyncio

import msgspec

from core.domain.quiet_hours import QuietHours
from core.domain.reminders import DEFAULT_LADDER, Ladder
from core.domain.sellers import Seller
from core.ids import is_id, new_id, shard_of
from core.store import keys
from core.store.store import Fields, Store, fields_of, flat, unpack


async def add_seller(store: Store, name: str, shard: int) -> Seller:
    seller = Seller(new_id("seller", shard), name)
    fields = {"name": seller.name, "zone": seller.zone, "language": seller.language}
    await store.scripts.run("add_seller", keys.tag(shard), seller=seller.id, fields=flat(fields))
    return seller


def is_seller(store: Store, seller: str) -> bool:
    """Whether a stranger's text can be the id of a seller here."""
    return is_id(seller, "seller") and shard_of(seller) < store.shards


async def read_seller(store: Store, seller: str) -> Seller | None:
    found = fields_of(await store.engine.call("HGETALL", keys.seller(keys.tag(shard_of(seller)), seller)))
    return to_seller(seller, found) if found else None


async def all_sellers(store: Store) -> list[str]:
    """The ids of all sellers, shard by shard."""
    shards = [keys.sellers(keys.tag(shard)) for shard in range(store.shards)]
    replies = await asyncio.gather(*(store.engine.call("SMEMBERS", name) for name in shards))
    return [seller.decode() for reply in replies for seller in sorted(reply)]


def to_seller(seller: str, fields: Fields) -> Seller:
    return Seller(
        seller,
        fields["name"],
        fields["zone"],
        fields["language"],
        msgspec.convert(unpack(fields["ladder"]), Ladder) if "ladder" in fields else DEFAULT_LADDER,
        msgspec.convert(unpack(fields["quiet"]), QuietHours) if fields.get("quiet") else None,
        int(fields.get("terms", "0")),
    )
