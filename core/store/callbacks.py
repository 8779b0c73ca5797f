"""Where a shop's replies go and what both sides sign with, kept."""

from core.domain.shops import Shop, ShopSecrets
from core.store import keys
from core.store.shops import seal
from core.store.store import Fields, Store, flat


async def set_callback_url(store: Store, shop: Shop, url: str) -> None:
    await _set(store, shop, {"callback_url": url})


async def set_secrets(store: Store, shop: Shop, secrets: ShopSecrets) -> None:
    await _set(
        store, shop, {"inward": seal(store, shop, secrets.inward), "outward": seal(store, shop, secrets.outward)}
    )


async def _set(store: Store, shop: Shop, fields: Fields) -> None:
    wall = store.clock.wall()
    await store.scripts.run("set_callback", keys.tag_of(shop.id), wall=wall, shop=shop.id, fields=flat(fields))
