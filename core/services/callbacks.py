"""A shop's callback moves to another address, and its secrets are replaced while the old ones still hold."""

from core.domain.shops import Shop, ShopSecrets
from core.domain.signatures import new_secret
from core.errors import Misconfigured
from core.services.deps import Deps
from core.services.shops import find_shop
from core.store import callbacks


async def move_callback(deps: Deps, shop: str, url: str) -> Shop:
    """Replies go there from now on, those that wait at once. Raises Misconfigured on an unknown shop.

    Whether replies may be sent to `url` at all is the connector's to say, beforehand.
    """
    found, _ = await find_shop(deps, shop)
    await callbacks.set_callback_url(deps.store, found, url)
    return found


async def rotate_secrets(deps: Deps, shop: str) -> tuple[Shop, ShopSecrets]:
    """A fresh secret each way; the ones before them hold too until `end_rotation`.

    Raises Misconfigured on an unknown shop, and while a rotation is under way: a third secret would end the first.
    """
    found, secrets = await find_shop(deps, shop)
    if len(secrets.inward) > 1:
        cure = f"shopbell shop rotate {shop} --done ends it"
        raise Misconfigured([f"The secrets of {found.name} are being rotated already: {cure}."])
    fresh = ShopSecrets((new_secret(), *secrets.inward), (new_secret(), *secrets.outward))
    await callbacks.set_secrets(deps.store, found, fresh)
    return found, fresh


async def end_rotation(deps: Deps, shop: str) -> Shop:
    """Only the newest secrets hold from now on."""
    found, secrets = await find_shop(deps, shop)
    await callbacks.set_secrets(deps.store, found, ShopSecrets(secrets.inward[:1], secrets.outward[:1]))
    return found
