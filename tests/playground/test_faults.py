"""Faults pick their calls, wear out, and can be set over HTTP."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bots.playground.faults import Fault, Faults


async def test_a_fault_takes_the_calls_it_names_as_often_as_it_may() -> None:
    """Side, method glob and fields must fit; numbers match their text."""
    faults = Faults()
    fault = Fault("telegram", "send*", {"chat_id": 5}, times=2)
    faults.add(fault)

    assert await faults.match("slack", "sendMessage", {"chat_id": 5}) is None
    assert await faults.match("telegram", "getMe", {"chat_id": 5}) is None
    assert await faults.match("telegram", "sendMessage", {}) is None
    assert await faults.match("telegram", "sendMessage", {"chat_id": "5"}) == fault
    assert await faults.match("telegram", "sendPhoto", {"chat_id": 5}) is not None
    assert await faults.match("telegram", "sendPhoto", {"chat_id": 5}) is None


async def test_a_fault_without_times_stays_until_removed() -> None:
    """Removing by id and clearing both end it."""
    faults = Faults()
    first = faults.add(Fault("slack"))
    faults.add(Fault("marketplace"))

    for _ in range(3):
        assert await faults.match("slack", "auth.test", {}) is not None
    faults.remove(first)
    assert await faults.match("slack", "auth.test", {}) is None
    faults.clear()
    assert faults.all() == {}


@pytest.mark.parametrize(
    "shape", [{"side": "discord"}, {"side": "slack", "kind": "explode"}, {"side": "slack", "x": 1}]
)
def test_a_wrong_shape_is_refused(shape: dict[str, object]) -> None:
    """What the page sends is checked."""
    with pytest.raises(ValueError, match="A fault"):
        Fault.from_json(shape)


async def test_faults_over_http() -> None:
    """The page adds, lists and removes them as JSON."""
    faults, app = Faults(), web.Application()
    app.add_routes(faults.routes())
    async with TestClient(TestServer(app)) as client:
        added = await (await client.post("/faults", json={"side": "slack", "kind": "delay", "seconds": 1})).json()
        wrong = await client.post("/faults", json={"side": "nobody"})
        listed = await (await client.get("/faults")).json()
        await client.delete(f"/faults/{added['id']}")

    assert wrong.status == 400
    assert listed[added["id"]]["seconds"] == 1
    assert faults.all() == {}
