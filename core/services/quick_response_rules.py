"""What a quick response must be to be kept: its marketplace's limits, and a text that can be read."""

import asyncio
from dataclasses import replace

from core.domain.quick_responses import (
    EXAMPLE,
    MOST,
    NAMES,
    SOURCE_LIMIT,
    TITLE_LIMIT,
    Fault,
    QuickResponse,
    Unreadable,
    straightened,
)
from core.domain.texts import Quote, Text, Words, is_visible
from core.errors import QuickResponseGone
from core.rendering import read_quick_response, say
from core.services.deps import Deps
from core.store import shops
from core.store.quick_responses import keep_quick_response


async def save(deps: Deps, seller: str, response: QuickResponse, *, anew: bool) -> Text:
    """Why it cannot be kept as it is, in words: then nothing has changed. Empty once it is kept.

    Raises QuickResponseGone where what was to be changed is not there.
    """
    response = replace(response, source=straightened(response.source))
    if why := await _wrong(deps, seller, response):
        return why
    word = await keep_quick_response(deps.store, seller, response, anew=anew)
    if word == "missing":
        raise QuickResponseGone
    return () if word == "done" else say(f"answers/quick_fault#{word}", title=Quote(response.title), limit=MOST)


async def limits(deps: Deps, seller: str, shop: str) -> tuple[int, int]:
    """Of title and text: the strictest of the marketplaces where it is offered; without a `shop` in all of them."""
    offered = [shop] if shop else await shops.shops_of(deps.store, seller)
    found = await asyncio.gather(*(shops.know_shop(deps.store, each) for each in offered))
    texts = [known.governs(deps.clock.now())[1].texts for known in found if known]
    titles = [text.quick_title for text in texts if text.quick_title]
    bodies = [text.quick_body for text in texts if text.quick_body]
    return min([TITLE_LIMIT, *titles]), min([SOURCE_LIMIT, *bodies])


async def _wrong(deps: Deps, seller: str, response: QuickResponse) -> Text:
    title_limit, source_limit = await limits(deps, seller, response.shop)
    if not is_visible(response.title):
        return say("answers/quick_fault#title")
    if len(response.title) > title_limit:
        return say("answers/quick_fault#title_long", length=len(response.title), limit=title_limit)
    if len(response.source) > source_limit:
        return say("answers/quick_fault#text_long", length=len(response.source), limit=source_limit)
    try:
        read_quick_response(response.source)
    except Unreadable as error:
        return _said(error.fault)
    return ()


def _said(fault: Fault) -> Text:
    return say(
        f"answers/quick_fault#{fault.reason}",
        line=fault.line,
        said=Quote(fault.said),
        instead=Words(fault.instead, strong=True) if fault.instead else None,
        example=Words(EXAMPLE, strong=True),
        names=Words(", ".join(NAMES)),
    )
