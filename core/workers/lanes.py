"""Lanes: claim what may be sent now, and carry it out."""

from functools import partial

from core.services.deliveries import carry
from core.services.deps import Deps
from core.store import deliveries
from core.store.keys import Tag
from core.workers.loop import Crew, Visit

BATCH = 50


def lane_visit(deps: Deps, crew: Crew, worker: str) -> Visit:
    """A visit claims a shard's due deliveries under a lease and starts carrying each."""

    async def visit(tag: Tag) -> int | None:
        if not crew.room:
            return deps.clock.wall() + deps.patience.breath // 4
        most = min(BATCH, crew.room)
        claim = await deliveries.claim(deps.store, tag, worker=worker, lease=deps.patience.lease, most=most)
        for delivery in claim.deliveries:
            read = claim.looks[delivery.id]
            crew.start(partial(carry, deps, delivery, read), delivery=delivery.id, kind=delivery.kind)
        return claim.next_at

    return visit
