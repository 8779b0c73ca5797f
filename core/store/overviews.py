"""Overviews, kept: who looks at a seller as a whole, and the marks that what they see is out of date."""

from dataclasses import dataclass

from core.domain.deliveries import Delivery
from core.domain.members import Identity
from core.domain.overviews import SHOWN_FOR
from core.store import keys
from core.store.rooms import to_identity
from core.store.scripts import word
from core.store.store import Store, unpack


@dataclass(frozen=True, slots=True)
class Viewer:
    """`page`: where they are in what waits; `opened_at` in milliseconds, by `now`."""

    opened_at: int
    page: int


async def open_overview(store: Store, seller: str, who: Identity, page: int | None = None) -> None:
    """It is drawn, and kept current from now on; at another page of this seller where one is given."""
    await store.scripts.run(
        "open_overview",
        keys.tag_of(seller),
        wall=store.clock.wall(),
        seller=seller,
        who=who.key,
        now=store.clock.now(),
        page="" if page is None else page,
    )


async def read_viewer(store: Store, seller: str, who: Identity) -> Viewer | None:
    kept = await store.engine.call("HGET", keys.viewers(keys.tag_of(seller), seller), who.key)
    return Viewer(*unpack(kept.decode())) if kept else None


async def finish_overview(store: Store, delivery: Delivery, *, forget: bool = False) -> bool:
    """It was drawn. With `forget`, or if it was not opened for long, it is no longer kept current. False for a stale
    worker.
    """
    now = store.clock.now()
    reply = await store.scripts.run(
        "finish_overview",
        keys.tag_of(delivery.id),
        wall=store.clock.wall(),
        delivery=delivery.id,
        token=delivery.token,
        seller=delivery.facts["seller"],
        who=delivery.facts["who"],
        forget_before=now + 1 if forget else now - SHOWN_FOR,
    )
    store.metrics.count_delivery(delivery.kind, "dropped" if forget else "sent")
    return word(reply) == "done"


def viewer_of(delivery: Delivery) -> Identity:
    return to_identity(delivery.facts["who"])
