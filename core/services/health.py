"""Health: whether Shopbell can take and carry messages now, for load balancers and `shopbell doctor`."""

from core.errors import StoreDown
from core.services.deps import Deps


async def health(deps: Deps) -> dict[str, str]:
    """Each part that must work, with "ok" or what is wrong."""
    try:
        await deps.store.engine.now_ms()
    except StoreDown as error:
        return {"store": str(error) or "does not answer"}
    return {"store": "ok"}
