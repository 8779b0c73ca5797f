"""Quick responses, kept: a seller's own, and how often each was sent."""

from dataclasses import replace

import msgspec

from core.domain.quick_responses import MOST, QuickResponse
from core.ids import derived_id, shard_of
from core.store import keys
from core.store.scripts import word
from core.store.store import Store, pack

UNDO_TTL = 86_400


class _Kept(msgspec.Struct):
    """`folded`: by which two titles are the same."""

    title: str
    source: str
    shop: str
    greets: bool
    folded: str
    holds: bool = False


def new_quick_response(seller: str, operation: str, title: str, source: str, shop: str = "") -> QuickResponse:
    """The same `operation` told twice is one quick response."""
    return QuickResponse(derived_id("quick_response", shard_of(seller), seller, operation), title, source, shop)


async def keep_quick_response(store: Store, seller: str, response: QuickResponse, *, anew: bool) -> str:
    """done; missing (to be changed, and gone), taken (another of the same shops bears this title), or full."""
    it = response
    kept = _Kept(it.title, it.source, it.shop, it.greets, it.title.casefold(), it.holds)
    reply = await store.scripts.run(
        "keep_quick_response",
        keys.tag_of(seller),
        seller=seller,
        response=response.id,
        value=pack(kept),
        anew=anew,
        most=MOST,
    )
    return word(reply)


async def quick_responses_of(store: Store, seller: str) -> list[QuickResponse]:
    """In no order."""
    values, counted = await store.scripts.run("read_quick_responses", keys.tag_of(seller), seller=seller)
    uses = dict(zip(counted[::2], counted[1::2], strict=True))
    found = zip(values[::2], values[1::2], strict=True)
    return [replace(_read(id.decode(), value), uses=int(uses.get(id, 0))) for id, value in found]


async def read_quick_response(store: Store, seller: str, response: str) -> QuickResponse | None:
    """Without its uses."""
    found = await store.engine.call("HGET", keys.quick_responses(keys.tag_of(seller), seller), response)
    return _read(response, found) if found else None


async def drop_quick_response(store: Store, seller: str, response: str) -> str:
    """done, repeated, or missing; for a day it can be undone."""
    tag = keys.tag_of(seller)
    return word(await store.scripts.run("drop_quick_response", tag, seller=seller, response=response, seconds=UNDO_TTL))


async def restore_quick_response(store: Store, seller: str, response: str) -> str:
    """done, repeated (it is there), missing (too late), taken or full."""
    tag = keys.tag_of(seller)
    return word(await store.scripts.run("restore_quick_response", tag, seller=seller, response=response, most=MOST))


def _read(response: str, value: bytes) -> QuickResponse:
    kept = msgspec.json.decode(value, type=_Kept)
    return QuickResponse(response, kept.title, kept.source, kept.shop, kept.greets, kept.holds)
