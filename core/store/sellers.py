"""Sellers, kept."""

from core.domain.sellers import Seller
from core.ids import new_id, shard_of
from core.store import keys
from core.store.store import Fields, Store, fields_of


async def add_seller(store: Store, name: str, shard: int) -> Seller:
    seller = Seller(new_id("seller", shard), name)
    await store.engine.call(
        "HSET",
        keys.seller(keys.tag(shard), seller.id),
        *("name", seller.name, "zone", seller.zone, "language", seller.language),
    )
    return seller


async def read_seller(store: Store, seller: str) -> Seller | None:
    found = fields_of(await store.engine.call("HGETALL", keys.seller(keys.tag(shard_of(seller)), seller)))
    return to_seller(seller, found) if found else None


def to_seller(seller: str, fields: Fields) -> Seller:
    return Seller(seller, fields["name"], fields["zone"], fields["language"])
