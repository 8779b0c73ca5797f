"""The web door of a running Shopbell; what serves it alone loads it, by its name in `registry`."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

from core.api.app import Health, create_app
from core.api.metrics import Watch
from core.api.server import Server
from core.config import Settings
from core.ports.chat import Asgi
from core.services.deps import Deps
from core.services.events import EventDoor
from core.services.health import health, is_ready
from core.services.metrics import metrics_text


@asynccontextmanager
async def serving(deps: Deps, settings: Settings, mounts: Mapping[str, Asgi]) -> AsyncIterator[Server]:
    """With what the platforms mount in it. Raises Misconfigured where the address is not ours."""

    async def ask_health() -> Health:
        checks = await health(deps)
        return Health(is_ready(checks), checks)

    token = settings.metrics_token
    watch = Watch(
        partial(metrics_text, deps), deps.store.metrics.count_event, token.get_secret_value() if token else None
    )
    app = create_app(EventDoor(deps), deps.clock, ask_health, mounts, watch=watch, deps=deps)
    async with Server(app, settings.listen) as server:
        yield server
