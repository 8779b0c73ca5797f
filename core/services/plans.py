"""Plans: by which rungs members are told of an obligation, from the settings of its seller."""

from functools import lru_cache

from core.domain.habits import Habits
from core.domain.obligations import Obligation, ObligationState
from core.domain.policies import Maturity, Rule, is_mature
from core.domain.quiet_hours import QuietHours, is_quiet
from core.domain.reminders import Ladder, Rung, RungKind, pack, plan
from core.domain.sellers import Seller


def plan_of(obligation: Obligation, rule: Rule, seller: Seller, now: int, *, told: int | None, quiet: bool) -> str:
    """Packed. What is settled, or comes from an import, has at most the instant at which it enters the ledger."""
    deadline, opened_at = obligation.deadline, obligation.opened_at
    if obligation.state is ObligationState.BREACHED:
        return ""
    if not obligation.is_owed:
        return _entrance(obligation, rule, now)
    if deadline is not None and (quiet or deadline <= now):
        return _at(deadline, opened_at)
    if quiet or obligation.started_at is None:
        return ""
    soft = rule.soft_targets(obligation.started_at)
    if not _sleeps(seller) and deadline is not None and told == now < min(soft, default=deadline):
        fresh = _fresh(obligation.started_at - opened_at, rule.soft, deadline - opened_at, seller.ladder, seller.apart)
        if now - opened_at < fresh.first:
            return fresh.packed
    rungs = plan(opened_at, soft, deadline, seller.ladder, seller.quiet, now, told_until=told, apart=_apart(seller))
    return pack(rungs, opened_at)


def told_at(seller: Seller, now: int, deadline: int | None) -> int | None:
    """Until when a card that is posted now tells members: not at all where it makes no sound, or comes too late."""
    too_late = deadline is not None and deadline <= now
    return None if too_late or is_quiet(seller.quiet, now) else now


def enters(rule: Rule) -> str:
    """When the rule lets an obligation into the rate, unless that is when it is due or answered."""
    return "" if rule.maturity is Maturity.DUE_OR_ANSWERED else rule.maturity


class _Fresh:
    """The plan of an obligation of which nothing has passed yet: the same for all that are alike."""

    __slots__ = ("first", "packed")

    def __init__(self, rungs: tuple[Rung, ...]) -> None:
        self.first = rungs[0].at if rungs else 0
        self.packed = pack(rungs, 0)


@lru_cache(maxsize=4096)
def _fresh(start: int, soft: tuple[int, ...], deadline: int, ladder: Ladder, apart: tuple[Habits, ...]) -> _Fresh:
    others = [(each.ladder or ladder, None) for each in apart]
    return _Fresh(plan(0, [start + each for each in soft], deadline, ladder, None, 0, told_until=0, apart=others))


def _sleeps(seller: Seller) -> bool:
    return seller.quiet is not None or any(each.quiet for each in seller.apart)


def _apart(seller: Seller) -> list[tuple[Ladder, QuietHours | None]]:
    return [(each.ladder or seller.ladder, each.quiet or seller.quiet) for each in seller.apart]


def _entrance(obligation: Obligation, rule: Rule, now: int) -> str:
    deadline = obligation.deadline
    waits = obligation.counts and not is_mature(rule, deadline, obligation.answered_at, now)
    return _at(deadline, obligation.opened_at) if waits and deadline is not None and deadline > now else ""


def _at(deadline: int, opened_at: int) -> str:
    return pack([Rung(deadline, RungKind.BREACH)], opened_at)
