"""`GET /metrics`: for whoever is on this machine, or shows the token."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from core.metrics import MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Watch:
    """What the web door counts, and tells when it is asked. `token`: what must be shown for that, if anything."""

    ask: Callable[[], Awaitable[bytes]]
    count_event: Callable[[str], None]
    token: str | None = None


# A proxy on this machine makes a stranger's request a local one; it says so in one of these.
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def add_metrics(app: FastAPI, watch: Watch) -> None:
    """With a token it must be shown, from wherever; without one only who is on this machine is answered."""

    @app.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        if not (_shows(request, watch.token) if watch.token else _is_here(request)):
            raise HTTPException(404)  # A stranger learns nothing, not even that there is such a thing.
        return Response(await watch.ask(), media_type=MEDIA_TYPE)


def _shows(request: Request, token: str) -> bool:
    shown = request.headers.get("authorization", "")
    return hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())


def _is_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
