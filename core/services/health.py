"""Health: whether Shopbell can take and carry messages now, for load balancers and `shopbell doctor`."""

from core.errors import StoreDown
from core.services.deps import Deps


async def health(deps: Deps) -> dict[str, object]:
    """`ready` is false while nothing can be accepted; the rest says which part of it."""
    try:
        await deps.store.engine.now_ms()
    except StoreDown as error:
        return {"ready": False, "store": str(error) or "does not answer"}
    return {"ready": True, "store": "ok", "platforms": sorted(deps.platforms)}
