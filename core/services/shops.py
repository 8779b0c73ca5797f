"""Open a shop for a seller, with the secrets that each side signs with."""

from core.domain.shops import Shop, ShopSecrets
from core.domain.signatures import new_secret
from core.errors import Misconfigured
from core.ids import new_id, shard_of
from core.services.deps import Deps
from core.services.sellers import find_seller, readable
from core.store import shops

DEFAULT_POLICY = "custom"
DEFAULT_REPLY_LIMIT = 20_000


async def add_shop(
    deps: Deps,
    seller: str,
    name: str,
    *,
    policy: str = DEFAULT_POLICY,
    callback_url: str | None = None,
    reply_limit: int = DEFAULT_REPLY_LIMIT,
) -> tuple[Shop, ShopSecrets]:
    """The secrets are told once, here. Raises Misconfigured on an unknown seller or policy and an unreadable name.

    Whether replies may be sent to `callback_url` at all is the connector's to say, beforehand.
    """
    if policy not in deps.policies:
        raise Misconfigured([f"There is no policy {policy!r}; there are {', '.join(sorted(deps.policies))}."])
    owner = await find_seller(deps, seller)
    shop = Shop(
        new_id("shop", shard_of(owner.id)),
        owner.id,
        readable(name, "shop"),
        policy,
        callback_url=callback_url,
        reply_limit=reply_limit,
    )
    fresh = ShopSecrets((new_secret(),), (new_secret(),))
    await shops.add_shop(deps.store, shop, fresh, deps.policies[policy])
    return shop, fresh


async def find_shop(deps: Deps, shop: str) -> tuple[Shop, ShopSecrets]:
    """Raises Misconfigured where there is none with this id."""
    found = await shops.read_shop(deps.store, shop) if shops.is_shop(deps.store, shop) else None
    if found is None:
        raise Misconfigured([f"There is no shop {shop!r} here: give the id that `shopbell shop add` printed."])
    return found
