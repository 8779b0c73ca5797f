"""Which rules a shop is counted by: what another policy would make of its messages, and its taking effect."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.domain import histories as domain
from core.domain.histories import History
from core.domain.ledger import Counts, Verdict, judge
from core.domain.obligations import ObligationKind
from core.domain.policies import Policy, Rule, in_window, is_mature
from core.domain.rates import DAY
from core.services.deps import Deps
from core.store import histories, shops
from core.store.histories import obligation_id
from core.store.policies import packed
from core.store.shops import KnownShop, governing

AT_ONCE = 50

Told = Callable[[int, int], None]
"""How many conversations were looked at, of how many."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One rate as the shop is counted by now, and as it would be by the other policy."""

    before: Counts
    after: Counts


async def preview(deps: Deps, known: KnownShop, policy: Policy, told: Told) -> Mapping[ObligationKind, Outlook]:
    """What the rates of the last days would be if `policy` had governed from the beginning. Nothing is changed."""
    now, shop = deps.clock.now(), known.shop
    _, holds = governing(shop, known.policies, now)
    since = now - max(rule.window.days for each in (policy, holds) for rule in each.rules) * DAY
    conversations = await histories.conversations_since(deps.store, shop, since)
    before: Counter[tuple[ObligationKind, bool]] = Counter()
    after: Counter[tuple[ObligationKind, bool]] = Counter()

    def governs(kind: ObligationKind, _at: int) -> tuple[str, Rule]:
        return "", policy.rule(kind)

    for start in range(0, len(conversations), AT_ONCE):
        page = conversations[start : start + AT_ONCE]
        for found in await asyncio.gather(*(histories.read_history(deps.store, each) for each in page)):
            if found is not None:
                before += _counted(found.history, holds, now)
                after += _counted(replace(found.history, governs=governs), policy, now)
        told(min(start + AT_ONCE, len(conversations)), len(conversations))
    return {kind: Outlook(_counts(before, kind), _counts(after, kind)) for kind in ObligationKind}


async def apply(deps: Deps, known: KnownShop, policy: Policy, *, recount: bool) -> str:
    """It governs what buyers write from now on; its window and bands hold at once. done, repeated or missing.

    `recount`: what they wrote before is judged by it too, by a worker, from this moment on.
    """
    return await shops.govern_shop(deps.store, known.shop, policy, deps.clock.now(), recount=recount)


def is_superseded(known: KnownShop, presets: Mapping[str, Policy], now: int) -> bool:
    """Whether the rules that hold for a shop came with an earlier Shopbell, which now has others of that name."""
    digest, holds = governing(known.shop, known.policies, now)
    preset = presets.get(holds.name)
    return preset is not None and holds.version < preset.version and packed(preset)[0] != digest


def _counted(history: History, holds: Policy, now: int) -> "Counter[tuple[ObligationKind, bool]]":
    """By the rules that each was opened under, in the window that holds now."""
    found: Counter[tuple[ObligationKind, bool]] = Counter()
    for each in domain.obligations(history, now, obligation_id):
        _, rule = history.governs(each.kind, each.opened_at)
        verdict = judge(each.deadline, each.answered_at, now, each.reason)
        mature = is_mature(rule, each.deadline, each.answered_at, now)
        if each.counts and mature and in_window(holds.rule(each.kind), each.counted_from, now):
            found[each.kind, verdict is Verdict.IN_TIME] += 1
    return found


def _counts(counter: "Counter[tuple[ObligationKind, bool]]", kind: ObligationKind) -> Counts:
    return Counts(counter[kind, True], counter[kind, False])
