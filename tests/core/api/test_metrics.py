"""`GET /metrics`: told to who is on this machine or shows the token, and to nobody else."""

from collections.abc import Mapping

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from core.api.app import create_app
from core.api.metrics import Watch
from core.api.problems import App
from core.api.server import Server
from core.metrics import Metrics
from tests.core.api.conftest import Caller, FixedClock, MemoryDoor, healthy, received

TOKEN = "a-token-of-enough-characters"


def watched(token: str | None = None, metrics: Metrics | None = None) -> App:
    counted = metrics or Metrics()

    async def ask() -> bytes:
        return counted.text() if metrics else b"told"

    return create_app(MemoryDoor(), FixedClock(), healthy, watch=Watch(ask, counted.count_event, token))


async def asked(app: App, headers: Mapping[str, str]) -> tuple[int, str]:
    async with (
        Server(app, "127.0.0.1:0") as server,
        aiohttp.ClientSession() as http,
        http.get(f"{server.url}/metrics", headers=headers) as response,
    ):
        return response.status, await response.text()


async def test_a_request_from_this_machine_is_answered() -> None:
    """Prometheus beside Shopbell needs no setting."""
    assert await asked(watched(), {}) == (200, "told")


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"])
async def test_a_request_that_a_proxy_on_this_machine_hands_on_is_not(header: str) -> None:
    """It comes from loopback, and may come from anywhere."""
    status, body = await asked(watched(), {header: "203.0.113.7"})

    assert status == 404
    assert "told" not in body


async def test_a_peer_elsewhere_is_not_answered() -> None:
    """Nor one of whom nothing is known."""
    assert (await Caller(watched())("GET", "/metrics")).status == 404


@pytest.mark.parametrize("shown", ["", TOKEN, f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ÿ"])
async def test_where_there_is_a_token_it_must_be_shown(shown: str) -> None:
    """Also on this machine; whoever shows it may come through a proxy."""
    assert (await asked(watched(TOKEN), {"authorization": shown}))[0] == 404
    assert await asked(watched(TOKEN), {"authorization": f"Bearer {TOKEN}", "via": "1.1 proxy"}) == (200, "told")


async def test_what_the_door_refuses_is_counted() -> None:
    """A single invalid event is one, and not a refused request besides."""
    metrics = Metrics()
    caller = Caller(watched(metrics=metrics))

    await caller.tell(received(message={"id": ""}))
    await caller.tell(received(), secret="whsec_" + "AAAA" * 8)

    counted = {
        sample.labels["result"]: sample.value
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
        if sample.name == "shopbell_events_total"
    }
    assert counted == {"invalid": 1, "refused": 1}
