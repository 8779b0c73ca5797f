"""The marketplace pane: an inbox on the site, with what was attached and what was ordered."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bots.playground.app import Playground
from bots.playground.people import SHOP

Look = Callable[..., Awaitable[Any]]


@pytest.fixture(autouse=True)
async def shopbell(playground: Playground) -> AsyncIterator[list[dict[str, Any]]]:
    """Somebody who takes every event, as Shopbell would."""
    heard: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        heard.append(await request.json())
        return web.json_response({"results": []}, status=202)

    app = web.Application()
    app.router.add_post("/v1/shops/S/events", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    events = f"http://127.0.0.1:{runner.addresses[0][1]}/v1/shops/S/events"
    playground.marketplace.connect(SHOP, events_url=events, secret_in="whsec_" + "A" * 32, secret_out="whsec_")
    yield heard
    await runner.cleanup()


async def test_an_inbox(playground: Playground, look: Look) -> None:
    """The conversation in which was written last comes first and is open; each with its buyer and its order."""
    market = playground.marketplace
    await market.write(SHOP, "Kenji", "こんにちは", conversation="c-1")
    await market.write(SHOP, "Zoë", "Schon fertig?", conversation="c-2", order={"id": "o-1", "title": "Logo"})
    await market.write(SHOP, "Kenji", "Hello?", conversation="c-1")
    await market.answer_on_site(SHOP, "Tomorrow", conversation="c-2")

    pane = await look("marketplace")
    asked = await look("marketplace", shop=SHOP, conversation="c-1")

    assert [(each["conversation"], each["buyer"], each["count"]) for each in pane["conversations"]] == [
        ("c-2", "Zoë", 2),
        ("c-1", "Kenji", 2),
    ]
    assert pane["conversations"][0]["order"]["title"] == "Logo"
    assert pane["conversations"][0]["last"]["text"] == "Tomorrow"
    assert (pane["conversation"], asked["conversation"]) == ("c-2", "c-1")
    assert [each["text"] for each in asked["messages"]] == ["こんにちは", "Hello?"]
    assert [each["name"] for each in pane["buyers"]] == ["Ann", "Kenji", "Zoë", "Omar"]
    assert pane["name"] == "Playground Market"


async def test_a_picture_that_a_buyer_attaches(
    playground: Playground, look: Look, http: aiohttp.ClientSession, shopbell: list[dict[str, Any]]
) -> None:
    """Shopbell gets its address, the page draws it, and what is no picture is never run."""
    files = [
        {"name": "a.png", "type": "image/png", "data": base64.b64encode(b"\x89PNG").decode()},
        {"name": "a.svg", "type": "image/svg+xml", "data": base64.b64encode(b"<svg/>").decode()},
    ]
    asked = {"shop": SHOP, "buyer": "Ann", "text": "", "files": files}
    async with http.post("/marketplace/hands/write", json=asked) as answer:
        assert answer.status == 200

    (said,) = (await look("marketplace"))["messages"]
    kinds = []
    for attachment in said["attachments"]:
        async with http.get(attachment["url"]) as got:
            kinds.append((got.content_type, got.headers["content-disposition"].partition(";")[0]))

    sent = shopbell[0]["data"]["message"]["attachments"][0]
    assert (sent["url"], sent["size"]) == (f"{playground.url}/marketplace/files/{SHOP}/p-1", 4)
    assert kinds == [("image/png", "inline"), ("application/octet-stream", "attachment")]


async def test_an_order_comes_back_for_a_revision(
    playground: Playground, look: Look, shopbell: list[dict[str, Any]]
) -> None:
    """Its status is told in the marketplace's words; a conversation without an order has none to change."""
    market = playground.marketplace
    await market.order_started(SHOP, "Omar", {"id": "o-1", "title": "Logo"}, conversation="c-1")
    await market.order_updated(SHOP, "revision requested", conversation="c-1")
    await market.write(SHOP, "Ann", "Hello", conversation="c-2")
    with pytest.raises(ValueError, match="about no order"):
        await market.order_updated(SHOP, "delivered", conversation="c-2")

    assert shopbell[1]["type"] == "order.updated"
    assert shopbell[1]["data"]["order"] == {"id": "o-1", "title": "Logo", "status": "revision requested"}
    assert (await look("marketplace"))["conversations"][-1]["conversation"] == "c-2"


async def test_older_pages(playground: Playground, look: Look) -> None:
    """The newest hundred, then those before."""
    for number in range(130):
        await playground.marketplace.write(SHOP, "Ann", f"{number}")

    pane = await look("marketplace")
    older = await look("marketplace/older", shop=SHOP, conversation="c-1", before=pane["messages"][0]["id"])

    assert [each["text"] for each in pane["messages"]] == [f"{number}" for number in range(30, 130)]
    assert [each["text"] for each in older["messages"]] == [f"{number}" for number in range(30)]
    assert (pane["older"], older["older"]) == (True, False)


async def test_the_rates_say_why_there_are_none(playground: Playground, look: Look) -> None:
    """Where nobody answers as Shopbell does, the pane says what came instead."""
    assert "404" in (await look("rates"))["problem"]
