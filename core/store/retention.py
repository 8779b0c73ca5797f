"""Retention, kept to: words that go some time after they were settled, obligations that go when no rate looks back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
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
            for part in await _parts(store, seller):
                async for page in _pages(store, part, cutoff):
                    yield page


@dataclass(frozen=True, slots=True)
class _Part:
    """A set of obligations in the order of time: of a ledger by `verdict`, or owed or coming, by when they are due."""

    seller: str
    name: str
    shop: str = "-"
    kind: str = "-"
    endless: bool = False


async def _parts(store: Store, seller: str) -> list[_Part]:
    shops = await shops_of(store, seller)
    ledgers = [_Part(seller, verdict, shop, kind) for shop, kind, verdict in product(shops, ObligationKind, VERDICTS)]
    coming = [_Part(seller, "coming", shop, endless=endless) for shop, endless in product(shops, (False, True))]
    return [*ledgers, *coming, _Part(seller, "owed"), _Part(seller, "owed", endless=True)]


async def _pages(store: Store, part: _Part, cutoff: int) -> AsyncIterator[list[str]]:
    first, seen = 0, ""
    while True:
        found = text(
            await store.scripts.run(
                "old_obligations",
                keys.tag_of(part.seller),
                seller=part.seller,
                shop=part.shop,
                kind=part.kind,
                part=part.name,
                endless=part.endless,
                cutoff=cutoff,
                first=first,
                page=PAGE,
            )
        )
        if not found:
            return
        strays = [obligation for obligation, conversation in found if not conversation]
        if strays and part.name in VERDICTS:
            name = keys.ledger(keys.tag_of(part.seller), part.shop, part.kind, part.name)
            await store.engine.call("ZREM", name, *strays)
        # The same page again: none of it could go.
        first, seen = (first + PAGE, "") if found[0][0] == seen else (first, found[0][0])
        if seen:
            yield list(dict.fromkeys(conversation for _, conversation in found if conversation))
