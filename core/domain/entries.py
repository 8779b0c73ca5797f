"""An obligation as an entry of the ledger, by the rule that it was opened under."""

from core.domain.ledger import Entry, Verdict, judge
from core.domain.obligations import Exclusion, Obligation
from core.domain.policies import Maturity, Rule, is_mature


def verdict_of(rule: Rule, due: int | None, answered: int | None, now: int, reason: Exclusion | None = None) -> Verdict:
    """As of `now`: of an answer that came later nothing is known. What the rule does not let in yet is pending."""
    known = answered if answered is not None and answered <= now else None
    verdict = judge(due, known, now, reason)
    if verdict is Verdict.EXCLUDED:
        return verdict
    if verdict is Verdict.PENDING and rule.maturity is Maturity.ALL:
        return Verdict.MISSED
    return verdict if is_mature(rule, due, known, now) else Verdict.PENDING


def entry_of(obligation: Obligation, rule: Rule, now: int, *, conversation: str, by: str | None) -> Entry:
    """`conversation` as the marketplace calls it; `by` whom the answer is from, None for one on the site."""
    it = obligation
    soft = rule.soft_targets(it.started_at) if it.started_at is not None else ()
    return Entry(
        obligation=it.id,
        conversation=conversation,
        kind=it.kind,
        order=it.order,
        received=it.opened_at,
        due=it.deadline,
        soft_due=next(iter(soft), None),
        answered=it.answered_at,
        by=by,
        verdict=verdict_of(rule, it.deadline, it.answered_at, now, it.reason),
        reason=it.reason,
        counted_from=it.counted_from,
    )
