"""Shops and their sealed secrets, kept."""

from collections.abc import Sequence

from core.domain.shops import Shop, ShopSecrets
from core.ids import is_id, shard_of
from core.store import keys
from core.store.scripts import word
from core.store.store import Fields, Store, fields_of, flat, pack, unpack

WIDTH = 8  # replies of one shop that may be on their way at once


async def add_shop(store: Store, shop: Shop, secrets: ShopSecrets) -> bool:
    """False when there is no such seller."""
    fields = {
        "name": shop.name,
        "policy": shop.policy,
        "marketplace": shop.marketplace,
        "callback_url": shop.callback_url or "",
        "reply_limit": str(shop.reply_limit),
        "inward": _seal(store, shop, secrets.inward),
        "outward": _seal(store, shop, secrets.outward),
    }
    reply = await store.scripts.run(
        "add_shop", keys.tag_of(shop.id), seller=shop.seller, shop=shop.id, fields=flat(fields), width=WIDTH
    )
    return word(reply) == "done"


def is_shop(store: Store, shop: str) -> bool:
    """Whether a stranger's text can be the id of a shop here."""
    return is_id(shop, "shop") and shard_of(shop) < store.shards


async def read_shop(store: Store, shop: str) -> tuple[Shop, ShopSecrets] | None:
    found = fields_of(await store.engine.call("HGETALL", keys.shop(keys.tag(shard_of(shop)), shop)))
    return (to_shop(shop, found), to_secrets(store, found)) if found else None


async def shops_of(store: Store, seller: str) -> list[str]:
    """The ids of a seller's shops."""
    reply = await store.engine.call("SMEMBERS", keys.shops(keys.tag_of(seller), seller))
    return sorted(shop.decode() for shop in reply)


def to_shop(shop: str, fields: Fields) -> Shop:
    return Shop(
        id=shop,
        seller=fields["seller"],
        name=fields["name"],
        policy=fields["policy"],
        marketplace=fields["marketplace"],
        callback_url=fields["callback_url"] or None,
        reply_limit=int(fields["reply_limit"]),
    )


def to_secrets(store: Store, fields: Fields) -> ShopSecrets:
    owner = fields["seller"]
    return ShopSecrets(
        inward=tuple(unpack(store.vault.open(owner, fields["inward"]))),
        outward=tuple(unpack(store.vault.open(owner, fields["outward"]))),
    )


def _seal(store: Store, shop: Shop, secrets: Sequence[str]) -> str:
    return store.vault.seal(shop.seller, pack(list(secrets)))
