"""Open a seller."""

import secrets

from core.domain.sellers import Seller
from core.errors import Misconfigured
from core.ids import new_id
from core.services.deps import Deps
from core.services.digests import moments_of
from core.store import sellers

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
        raise Misconfigured([f"There is no seller {seller!r} here: give the id that `shopbell seller add` printed."])
    return found


def readable(name: str, what: str) -> str:
    """The name as it will be shown. Raises Misconfigured."""
    shown = name.strip()
    if not (0 < len(shown) <= LONGEST_NAME and shown.isprintable()):
        raise Misconfigured([f"The name of a {what} has 1 to {LONGEST_NAME} printable characters."])
    return shown
