"""Open a shop for a seller, with the secrets that each side signs with."""

from core.domain.files import NO_FILES, FileLimits
from core.domain.policies import Policy
from core.domain.shops import Shop, ShopSecrets
from core.domain.signatures import new_secret
from core.errors import Misconfigured
from core.ids import new_id, shard_of
from core.services.deps import Deps
from core.services.sellers import find_seller, readable
from core.store import shops
from core.store.shops import KnownShop

DEFAULT_POLICY = "fiverr"
DEFAULT_REPLY_LIMIT = 20_000


async def add_shop(
    deps: Deps,
    seller: str,
    name: str,
    *,
    policy: Policy,
    callback_url: str | None = None,
    reply_limit: int = DEFAULT_REPLY_LIMIT,
    files: FileLimits = NO_FILES,
) -> tuple[Shop, ShopSecrets]:
    """The secrets are told once, here. Raises Misconfigured on an unknown seller and an unreadable name.

    Whether replies may be sent to `callback_url` at all is the connector's to say, beforehand.
    """
    owner = await find_seller(deps, seller)
    shop = Shop(
        new_id("shop", shard_of(owner.id)),
        owner.id,
        readable(name, "shop"),
        policy.name,
        callback_url=callback_url,
        reply_limit=reply_limit,
        files=files,
    )
    fresh = ShopSecrets((new_secret(),), (new_secret(),))
    await shops.add_shop(deps.store, shop, fresh, policy)
    return shop, fresh


async def take_files(deps: Deps, shop: str, files: FileLimits) -> Shop:
    """What its marketplace takes with a reply from now on. Raises Misconfigured on an unknown shop."""
    found, _ = await find_shop(deps, shop)
    await shops.set_files(deps.store, found, files)
    return found


async def know_shop(deps: Deps, shop: str) -> KnownShop:
    """With its rules and its absences. Raises Misconfigured where there is none with this id."""
    found = await shops.know_shop(deps.store, shop) if shops.is_shop(deps.store, shop) else None
    if found is None:
        raise _no_shop(shop)
    return found


async def find_shop(deps: Deps, shop: str) -> tuple[Shop, ShopSecrets]:
    """Raises Misconfigured where there is none with this id."""
    found = await shops.read_shop(deps.store, shop) if shops.is_shop(deps.store, shop) else None
    if found is None:
        raise _no_shop(shop)
    return found


def _no_shop(shop: str) -> Misconfigured:
    return Misconfigured([f"There is no shop {shop!r} here: `shopbell seller list` shows the ids."])
