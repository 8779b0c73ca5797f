"""What is told of Shopbell to who watches it with Prometheus."""

from core.domain.auditor import Flaw
from core.errors import StoreDown
from core.metrics import Reading
from core.services.deps import Deps
from core.store.auditor import Audits, read_audits


async def metrics_text(deps: Deps) -> bytes:
    """This process' own counters, and what the auditor left for everybody; without that while Redis is away."""
    store = deps.store
    try:
        audits = await read_audits(store)
    except StoreDown:
        audits, up = None, 0
    else:
        up = 1
    readings = [
        Reading("shopbell_store_up", "Whether Redis answers.", {"": up}),
        Reading(
            "shopbell_redis_round_trips",
            "Writes to Redis; calls of one turn of the event loop share one.",
            {"": store.engine.round_trips},
            counts=True,
        ),
        *(_of_audits(audits) if audits else ()),
    ]
    return store.metrics.text(readings)


def _of_audits(audits: Audits) -> list[Reading]:
    """The same from every process: these are kept in Redis."""
    last = audits.last
    return [
        Reading(
            "shopbell_auditor_found",
            "Flaws that the auditor found, over all walks.",
            {flaw.value: audits.found.get(flaw, 0) for flaw in Flaw},
            label="flaw",
            counts=True,
        ),
        Reading(
            "shopbell_auditor_mended",
            "Flaws that the auditor mended, over all walks.",
            {flaw.value: audits.mended.get(flaw, 0) for flaw in Flaw},
            label="flaw",
            counts=True,
        ),
        Reading("shopbell_auditor_left", "Flaws that the last walk left.", {"": last.left.total()}),
        Reading("shopbell_auditor_walked_at_seconds", "When the last walk ended.", {"": last.walked_at / 1000}),
        Reading("shopbell_auditor_swept_at_seconds", "When the last whole walk ended.", {"": audits.swept_at / 1000}),
        Reading("shopbell_lanes_paused", "Destinations that are left alone for now.", {"": last.paused}),
        Reading(
            "shopbell_overdue_seconds",
            "By how much what was most overdue, of moments and of lanes, was late at the last walk.",
            {"": max(0, last.late) / 1000},
        ),
    ]
