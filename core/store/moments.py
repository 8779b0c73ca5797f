"""The agenda: what falls due, claimed in time order."""

from dataclasses import dataclass

from core.store.keys import Tag
from core.store.scripts import text
from core.store.store import Store


@dataclass(frozen=True, slots=True)
class Due:
    """`next_at`: the instant, by `now`, of the shard's next moment; None when there is none."""

    moments: tuple[str, ...]
    next_at: int | None


async def claim_due(store: Store, tag: Tag, *, lease: int, most: int) -> Due:
    """Due moments, each put off by `lease` milliseconds: whoever carries one out removes it."""
    reply = text(await store.scripts.run("claim_due", tag, now=store.clock.now(), lease=lease, limit=most))
    return Due(tuple(reply[1]), int(float(reply[0])) if reply[0] else None)
