"""The auditor at work: one process at a time, step by step, a round a minute."""

from core.services.auditor import EVERY, Auditor
from core.services.deps import Deps
from core.store.auditor import ROLE
from core.store.roles import StoredLease
from core.workers.duties import Duty

FIRST = 60_000  # milliseconds after the start: what waited meanwhile is carried out first


def auditor_duty(deps: Deps, auditor: Auditor) -> Duty:
    lease = StoredLease(deps.store, auditor.process)
    wall = deps.clock.wall
    return Duty(ROLE, lease, deps.clock, auditor.walk, time=wall, every=EVERY, first=FIRST)
