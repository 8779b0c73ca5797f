"""What a marketplace reads of a shop's availability: the same that members are told, signed like every reading."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from core.api.app import create_app
from core.api.server import Server
from core.domain.absences import Absence
from core.domain.shops import Shop, ShopSecrets
from core.domain.signatures import new_secret, sign
from core.domain.zones import HOUR
from core.errors import TryLater
from core.ids import new_id
from core.policies import load
from core.services.events import EventDoor
from core.store.shops import add_shop
from tests.core.api.conftest import Said, healthy, references
from tests.fixtures.core import Stage
from tests.fixtures.leave import go, site_says, status, told


@dataclass
class Reader:
    http: aiohttp.ClientSession
    url: str
    stage: Stage
    secret: str

    async def __call__(self, secret: str = "") -> Said:
        path, seconds = f"/v1/shops/{self.stage.shop}/availability", self.stage.clock.wall() // 1000
        signature = sign(secret or self.secret, "read_1", seconds, f"GET {path}".encode())
        headers = {"webhook-id": "read_1", "webhook-timestamp": str(seconds), "webhook-signature": signature}
        async with self.http.get(self.url + path, headers=headers) as response:
            return Said(response.status, response.headers, await response.read())


@pytest.fixture
async def reader(stage: Stage) -> AsyncIterator[Reader]:
    secret = new_secret()
    stage.shop = new_id("shop", 1)
    shop = Shop(stage.shop, stage.seller, "Mine", "fiverr", callback_url="https://market.example/in")
    await add_shop(stage.deps.store, shop, ShopSecrets((secret,), (new_secret(),)), load()["fiverr"])
    await stage.link("sales")
    app = create_app(EventDoor(stage.deps), stage.clock, healthy, deps=stage.deps)
    async with Server(app, "127.0.0.1:0") as server, aiohttp.ClientSession(auto_decompress=False) as http:
        yield Reader(http, server.url, stage, secret)


async def test_an_available_shop_says_what_an_absence_would_do(reader: Reader) -> None:
    """By its own rules and by the stricter reading of them, each with its source."""
    said = (await reader()).json

    assert (said["available"], said["absence"], said["planned"], said["told"]) == (True, None, [], None)
    assert [(each["of"], each["rule"]) for each in said["meanwhile"]] == [
        ("inbox", "never_counts"),
        ("order", "counts"),
    ]
    assert [(each["policy"], each["rule"]) for each in said["stricter"]] == [
        ("fiverr-2025", "counts_if_contact_allowed")
    ]
    assert said["stricter"][0]["source"].startswith("https://help.fiverr.com/")


async def test_an_absence_is_not_confirmed_until_the_marketplace_has_it(reader: Reader) -> None:
    """Then it reads as members see it: from, until, the note, and what buyers are told."""
    stage = reader.stage
    stage.bazaar.troubles["availability"] = [TryLater("busy", after=600.0)]
    await go(stage, "Mine 4h gone fishing")
    before = (await reader()).json
    now = stage.clock.now()
    until = before["told"]["absence"]["until"]
    await site_says(stage, Absence(now, now + 4 * HOUR))
    await told(stage, "Mine is away until")

    after = (await reader()).json

    assert (before["available"], before["told"]["outcome"], before["absence"]) == (True, "asked", None)
    assert (after["available"], after["told"]["outcome"], after["differs"]) == (False, "accepted", False)
    assert until is not None
    assert before["told"]["absence"]["note"] == "gone fishing"
    assert before["told"]["absence"]["buyers_see"].endswith(". You can still leave a message. gone fishing")
    assert set(after["absence"]) == {"from", "until", "accept_messages", "note", "buyers_see"}
    assert after["marketplace"]["absence"]["accept_messages"]


async def test_drift_is_not_hidden(reader: Reader) -> None:
    """What members are told to differ reads so here too."""
    stage = reader.stage
    await go(stage, "Mine 4h")
    await told(stage, "Mine is away until")
    await site_says(stage, None, at=stage.clock.now() + 5)
    await told(stage, "Mine says otherwise")

    said = (await reader()).json

    assert (said["available"], said["differs"], said["marketplace"]["absence"]) == (True, True, None)
    assert "Mine says otherwise" in await status(stage)


async def test_it_is_signed_like_every_reading(reader: Reader) -> None:
    """With another secret it is refused; the description names it."""
    refused = await reader(secret=new_secret())
    async with reader.http.get(f"{reader.url}/openapi.json") as response:
        described = Said(response.status, response.headers, await response.read()).json

    assert refused.status == 401
    assert "/v1/shops/{shop}/availability" in described["paths"]
    assert set(references(described)) <= {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
