"""The auditor at work: one process at a time, step by step, a round a minute."""

from core.services.auditor import EVERY, Auditor
from core.services.deps import Deps
from core.store.auditor import ROLE
from core.store.roles import StoredLease
from core.workers.chores import Chore

FIRST = 60_000  # milliseconds after the start: what waited meanwhile is carried out first


def auditor_chore(deps: Deps, auditor: Auditor) -> Chore:
    lease = StoredLease(deps.store, auditor.process)
    wall = deps.clock.wall
    return Chore(ROLE, lease, deps.clock, auditor.walk, time=wall, every=EVERY, first=FIRST)
