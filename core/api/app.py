"""The whole web door: the hot route beside FastAPI, and what the platforms mount."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from core.api.bodies import bounded
from core.api.docs import add_docs
from core.api.files import FileDoor, token_in
from core.api.ingest import Door, Ingest, Refusal, shop_in
from core.api.metrics import Watch, add_metrics
from core.api.openapi import add_ingest
from core.api.problems import (
    MEDIA_TYPE,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    STORE_DOWN,
    App,
    Problem,
    Receive,
    Scope,
    Send,
    invalid_query,
    problem,
)
from core.api.reading import router
from core.clock import Clock
from core.errors import StoreDown
from core.services.deps import Deps


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the process can do its work; `checks` says of each part what is wrong, or "ok"."""

    ready: bool
    checks: Mapping[str, str] = field(default_factory=dict)


AskHealth = Callable[[], Awaitable[Health]]


def create_app(
    door: Door,
    clock: Clock,
    health: AskHealth,
    mounts: Mapping[str, App] | None = None,
    *,
    watch: Watch | None = None,
    deps: Deps | None = None,
) -> App:
    """One ASGI app. `mounts` are apps by their exact path: "/slack/events", "/telegram/…".

    Without `deps` there is nothing to read.
    """
    ingest = Ingest(door, clock, watch.count_event if watch else None)
    files = FileDoor(deps) if deps else None
    mounted = {path: bounded(app) for path, app in (mounts or {}).items()}
    fast = _rest(health, deps)
    if watch:
        add_metrics(fast, watch)
    rest = bounded(fast)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await rest(scope, receive, send)
            return
        path = scope["path"]
        if (shop := shop_in(path)) is not None:
            await ingest(scope, receive, send, shop)
        elif files and (token := token_in(path)) is not None:
            await files(scope, receive, send, token)
        else:
            await mounted.get(path, rest)(scope, receive, send)

    return app


def _rest(health: AskHealth, deps: Deps | None) -> FastAPI:
    app = FastAPI(
        title="Shopbell",
        version="1",
        summary="The bell on a seller's door",
        docs_url=None,
        redoc_url=None,
        openapi_tags=[
            {"name": "events", "description": "What a marketplace tells"},
            {"name": "callback", "description": "What a shop's callback is told, signed with its outward secret"},
            {"name": "reading", "description": "What a marketplace may read of its shop"},
            {"name": "health", "description": "For probes"},
        ],
    )
    add_docs(app)
    if deps is not None:
        app.state.deps = deps
        app.include_router(router)

    @app.get("/health", tags=["health"], summary="Whether Shopbell can do its work")
    async def ready(response: Response) -> dict[str, Any]:
        """503 while it cannot."""
        found = await health()
        response.status_code = 200 if found.ready else 503
        return {"live": True, "ready": found.ready, "checks": dict(found.checks)}

    @app.get("/health/live", tags=["health"], summary="Whether the process answers at all")
    async def live() -> dict[str, bool]:
        return {"live": True}

    @app.exception_handler(HTTPException)
    async def as_problem(request: Request, error: HTTPException) -> JSONResponse:
        known = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED}
        wrong = known.get(error.status_code) or problem("refused", str(error.detail), error.status_code)
        return _response(wrong, error.headers)

    @app.exception_handler(Refusal)
    async def refused(request: Request, error: Refusal) -> JSONResponse:
        return _response(error.problem, {name.decode(): value.decode() for name, value in error.headers})

    @app.exception_handler(RequestValidationError)
    async def not_valid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        return _response(invalid_query(str(first["loc"][-1]), f"{first['msg']}."), None)

    @app.exception_handler(StoreDown)
    async def store_down(request: Request, error: StoreDown) -> JSONResponse:
        return _response(STORE_DOWN, {"retry-after": "5"})

    described = app.openapi
    app.openapi = lambda: add_ingest(described())  # type: ignore[method-assign]
    return app


def _response(wrong: Problem, headers: Mapping[str, str] | None) -> JSONResponse:
    return JSONResponse(msgspec.to_builtins(wrong), wrong.status, headers, media_type=MEDIA_TYPE)
