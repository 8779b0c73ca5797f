"""What a buyer's message would open as the newest word of its conversation, by the rules of this moment."""

from core.domain.deadlines import day_there, on_the_wall
from core.domain.events import MessageReceived, OrderChanged
from core.domain.obligations import Exclusion, Obligation, ObligationKind
from core.domain.openings import verdict_while_away
from core.domain.policies import AnswerKind, Maturity, Rule, Scope, Unit, holiday_excludes
from core.services.plans import enters, plan_of, told_at
from core.store.conversations import conversation_id, message_id
from core.store.events import Candidate
from core.store.histories import Kept, obligation_id
from core.store.shops import KnownShop

PLAIN = frozenset({AnswerKind.MANUAL, AnswerKind.QUICK})
_NEVER = -1  # no instant is as early: whatever was said before, it was after this


def candidate(known: KnownShop, event: MessageReceived, now: int) -> Candidate:
    kind = ObligationKind.ORDER if event.order else ObligationKind.INBOX
    digest, policy = known.governs(event.sent_at)
    rule = policy.rule(kind)
    away = verdict_while_away(rule, known.absences, event.sent_at) if known.absences else None
    start = event.sent_at if away is None else away.starts_at
    conversation = conversation_id(known.shop.id, event.conversation)
    message = message_id(conversation, event.message)
    obligation = Obligation(
        id=obligation_id(message),
        conversation=conversation,
        message=message,
        kind=kind,
        order=event.order.id if event.order else None,
        opened_at=event.sent_at,
        deadline=None if start is None else rule.deadline(start),
        started_at=start,
        counted_from=event.sent_at,
        reason=_reason(rule, event, counts_while_away=away is None or away.counts),
        policy=digest,
    )
    told = told_at(known.seller, now, obligation.deadline)
    plan = plan_of(obligation, rule, known.seller, now, told=told, quiet=False)
    looks_at, silent_since = _looks_at(rule, kind, event.sent_at)
    kept = Kept(obligation, plan, known.shop.terms, told, enters(rule))
    # What is written on an order is owed as ever, and rings.
    silent = kind is ObligationKind.INBOX and any(now in absence for absence in known.absences)
    return Candidate(kept, looks_at, silent_since, is_odd(rule), silent)


def order_start(event: OrderChanged) -> MessageReceived | None:
    """An order's start as the message that it stands for; None for any other change of an order."""
    if not event.started or event.order is None:
        return None
    return MessageReceived(
        id=f"{event.id}/start",
        at=event.at,
        conversation=event.conversation,
        buyer=event.buyer,
        order=event.order,
        url=event.url,
        history=event.history,
        message=f"start/{event.order.id}",
        sent_at=event.at,
        starts_order=True,
    )


def is_odd(rule: Rule) -> bool:
    """What a reply settles, who began, or what enters the rate at once, is more than the newest word decides."""
    return not rule.seller_started_counts or not rule.answers >= PLAIN or rule.maturity is Maturity.ALL


def _reason(rule: Rule, event: MessageReceived, *, counts_while_away: bool) -> Exclusion | None:
    if not counts_while_away:
        return Exclusion.AWAY
    if holiday_excludes(rule, event.sent_at):
        return Exclusion.HOLIDAY
    if event.by_staff and not rule.staff_counts:
        return Exclusion.STAFF
    return None if rule.measured else Exclusion.UNCOUNTED


def _looks_at(rule: Rule, kind: ObligationKind, at: int) -> tuple[str, int]:
    """What must not have been said after which instant, so that this message counts."""
    asked = "all" if rule.scope is Scope.ALL else kind.value
    match rule.unit:
        case Unit.FIRST_IN_CONVERSATION:
            return asked, _NEVER
        case Unit.FIRST_PER_DAY:
            return asked, on_the_wall(rule.day_zone, day_there(rule.day_zone, at), 0) - 1
        case Unit.FIRST_AFTER_SILENCE:
            return "any", at - rule.silence
        case Unit.EVERY_TURN | Unit.EVERY_MESSAGE:
            return "", 0
