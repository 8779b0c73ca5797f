"""The heartbeat: after a healthy round somebody outside hears of us; after another kind of round nobody does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from core.marketplaces.egress import Egress
from core.services.auditor import Auditor
from core.store.auditor import ROLE
from core.store.roles import StoredLease
from core.workers.heartbeat import EVERY, Heartbeat, heartbeat_faults
from tests.fixtures.audits import HOUR, waiting
from tests.fixtures.core import Stage


@dataclass
class Watchdog:
    """Counts what it hears, over HTTP on loopback."""

    url: str = ""
    heard: list[str] = field(default_factory=list)
    status: int = 200

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(f"{request.method} {request.path}")
        return web.Response(status=self.status)


@pytest.fixture
async def watchdog() -> AsyncIterator[Watchdog]:
    dog = Watchdog()
    app = web.Application()
    app.router.add_route("*", "/ping/{id}", dog.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    dog.url = f"http://127.0.0.1:{port}/ping/7"
    yield dog
    await runner.cleanup()


@pytest.fixture
async def egress() -> AsyncIterator[Egress]:
    made = Egress(allow_local=True)
    yield made
    await made.aclose()


async def round_of(still: Stage, heartbeat: Heartbeat) -> None:
    assert await StoredLease(still.deps.store, "a").hold(ROLE)
    async for _ in Auditor(still.deps, "a", heartbeat.beat).walk():
        pass


async def test_a_healthy_round_is_heard_once_a_minute_at_most(still: Stage, watchdog: Watchdog, egress: Egress) -> None:
    """By a plain GET of the address, whole."""
    heartbeat = Heartbeat(egress, watchdog.url, still.clock)

    await round_of(still, heartbeat)
    await round_of(still, heartbeat)
    once = list(watchdog.heard)
    still.pass_time(EVERY)
    await round_of(still, heartbeat)

    assert once == ["GET /ping/7"]
    assert watchdog.heard == ["GET /ping/7"] * 2


async def test_a_round_that_leaves_something_overdue_is_not_heard(
    still: Stage, watchdog: Watchdog, egress: Egress
) -> None:
    """The watchdog then calls the operator."""
    await waiting(still)
    still.pass_time(30 * HOUR)

    await round_of(still, Heartbeat(egress, watchdog.url, still.clock))

    assert watchdog.heard == []


async def test_a_watchdog_that_fails_is_told_of_and_harms_nothing(
    still: Stage, watchdog: Watchdog, egress: Egress
) -> None:
    """The address itself, which is as good as a password, is not said."""
    heartbeat = Heartbeat(egress, watchdog.url, still.clock)
    watchdog.status = 500

    refused = await heartbeat.try_once()
    away = await Heartbeat(egress, "http://127.0.0.1:9/ping/7", still.clock).try_once()

    assert refused == "it answers 500."
    assert away == "it cannot be reached just now."
    assert heartbeat.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("url", "local", "fault"),
    [
        ("https://watchdog.example.com/ping/7", "", ""),
        ("http://127.0.0.1:3001/push", "1", ""),
        ("http://127.0.0.1:3001/push", "", "SHOPBELL_HEARTBEAT_URL must begin with https://."),
        ("https://10.0.0.7/ping", "1", "SHOPBELL_HEARTBEAT_URL leads to 10.0.0.7"),
        ("https://", "", "SHOPBELL_HEARTBEAT_URL names no host"),
    ],
)
def test_its_address_keeps_to_the_rules_of_all_that_we_call(url: str, local: str, fault: str) -> None:
    """Said with the other faults of the settings, before anything starts."""
    named = {"SHOPBELL_HEARTBEAT_URL": url, "SHOPBELL_ALLOW_LOCAL_CALLBACKS": local}

    found = list(heartbeat_faults(named))

    assert [each.startswith(fault) for each in found] == ([True] if fault else [])
