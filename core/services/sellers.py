"""Open a seller, find it, and list them."""

import asyncio
import secrets

from core.domain.sellers import Seller
from core.domain.shops import Shop
from core.errors import Misconfigured
from core.ids import new_id
from core.services.deps import Deps
from core.services.digests import moments_of
from core.store import sellers, shops

LONGEST_NAME = 80


async def add_seller(deps: Deps, name: str) -> Seller:
    """In a shard picked by chance. Raises Misconfigured on a name nobody could read."""
    seller = Seller(new_id("seller", secrets.randbelow(deps.store.shards)), readable(name, "seller"))
    moments = {moment: at for moment, at in moments_of(seller, deps.clock.now()).items() if at is not None}
    await sellers.keep_seller(deps.store, seller, moments)
    return seller


async def find_seller(deps: Deps, seller: str) -> Seller:
    """Raises Misconfigured where there is none with this id."""
    found = await sellers.read_seller(deps.store, seller) if sellers.is_seller(deps.store, seller) else None
    if found is None:
        raise Misconfigured([f"There is no seller {seller!r} here: `shopbell seller list` shows the ids."])
    return found


async def list_sellers(deps: Deps) -> list[tuple[Seller, list[Shop]]]:
    """All of them by name, each with its shops."""
    every = await asyncio.gather(*(_with_shops(deps, seller) for seller in await sellers.all_sellers(deps.store)))
    return sorted((known for known in every if known), key=lambda known: (known[0].name, known[0].id))


async def _with_shops(deps: Deps, seller: str) -> tuple[Seller, list[Shop]] | None:
    known = await sellers.read_seller(deps.store, seller)
    found = [await shops.read_shop(deps.store, shop) for shop in await shops.shops_of(deps.store, seller)]
    return (known, [shop for shop, _ in filter(None, found)]) if known else None


def readable(name: str, what: str) -> str:
    """The name as it will be shown. Raises Misconfigured."""
    shown = name.strip()
    if not (0 < len(shown) <= LONGEST_NAME and shown.isprintable()):
        raise Misconfigured([f"The name of a {what} has 1 to {LONGEST_NAME} printable characters."])
    return shown
