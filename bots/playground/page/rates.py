"""The rates pane: what Shopbell says when the marketplace asks it, signed, as any marketplace may."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from bots.playground.marketplace import MarketplaceStandIn
from bots.playground.page.doors import Json

ASKED = {"rates": "rates", "open": "obligations?state=open&limit=20", "ledger": "ledger?limit=50"}


async def rates(marketplace: MarketplaceStandIn, names: dict[str, str]) -> Json:
    """Of the first shop there is; `problem` says why nothing is known."""
    shop = next((front for front in marketplace.shops.values() if front.events_url), None)
    if shop is None:
        return {"problem": "No Shopbell is connected yet."}
    try:
        answers = await asyncio.gather(*(marketplace.read(shop.name, target) for target in ASKED.values()))
    except (aiohttp.ClientError, TimeoutError) as error:
        return {"problem": f"Shopbell does not answer: {error}"}
    for answer in answers:
        if answer.status != 200:
            return {"problem": f"Shopbell answered {answer.status}: {_detail(answer.body)}"}
    said = dict(zip(ASKED, (answer.body for answer in answers), strict=True))
    return {"shop": names.get(shop.name, shop.name), **said}


def _detail(body: Any) -> str:
    return str(body.get("detail") or body.get("title")) if isinstance(body, dict) else str(body)[:200]
