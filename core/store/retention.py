"""Retention, kept to: words that go some time after they were settled, obligations that go when no rate looks back."""

from collections.abc import AsyncIterator
from itertools import product

from core.domain.obligations import ObligationKind
from core.domain.retention import DAY
from core.store import keys
from core.store.scripts import text, word
from core.store.sellers import sellers_in
from core.store.shops import shops_of
from core.store.store import Store

PAGE = 200
VERDICTS = ("met", "missed", "excluded")


async def forget_text(store: Store, conversation: str, *, lease: int) -> str:
    """done; owed or later (not yet); or bare: the buyer never wrote, so what is left explains nothing."""
    first = "0"
    while first.isdigit():
        first = word(
            await store.scripts.run(
                "forget_text",
                keys.tag_of(conversation),
                conversation=conversation,
                now=store.clock.now(),
                lease=lease,
                first=int(first),
                page=PAGE,
                again_at=store.clock.now() + DAY,
            )
        )
    return first


async def forget_obligations(store: Store, conversation: str, cutoff: int) -> None:
    """What the conversation holds of before `cutoff` goes, as far as no obligation among it is younger."""
    tag = keys.tag_of(conversation)
    while True:
        reply = await store.scripts.run("forget_obligations", tag, conversation=conversation, cutoff=cutoff, most=PAGE)
        if word(reply) == "done":
            return


async def old_conversations(store: Store, cutoff: int) -> AsyncIterator[list[str]]:
    """Conversations that owe, or that a ledger names, something from before `cutoff`; a page of them at a time.

    What is taken out of a ledger meanwhile makes the next page begin earlier: it is counted anew.
    """
    for shard in range(store.shards):
        for seller in await sellers_in(store, shard):
            for shop in await shops_of(store, seller):
                for kind, verdict in product(ObligationKind, VERDICTS):
                    async for page in _pages(store, seller, shop, kind, verdict, cutoff):
                        yield page
            for verdict in ("owed", "endless"):
                async for page in _pages(store, seller, "-", "-", verdict, cutoff):
                    yield page


async def _pages(
    store: Store, seller: str, shop: str, kind: str, verdict: str, cutoff: int
) -> AsyncIterator[list[str]]:
    first, seen = 0, ""
    while True:
        found = text(
            await store.scripts.run(
                "old_obligations",
                keys.tag_of(seller),
                seller=seller,
                shop=shop,
                kind=kind,
                verdict=verdict,
                cutoff=cutoff,
                first=first,
                page=PAGE,
            )
        )
        if not found:
            return
        strays = [obligation for obligation, conversation in found if not conversation]
        if strays and verdict in VERDICTS:
            await store.engine.call("ZREM", keys.ledger(keys.tag_of(seller), shop, kind, verdict), *strays)
        # The same page again: none of it could go.
        first, seen = (first + PAGE, "") if found[0][0] == seen else (first, found[0][0])
        if seen:
            yield list(dict.fromkeys(conversation for _, conversation in found if conversation))
