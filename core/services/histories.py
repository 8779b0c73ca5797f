"""Work out what follows from a conversation's history, and keep it; and the walks that do so for many."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from core.domain import histories as domain
from core.domain.ledger import Verdict, judge
from core.domain.obligations import OWED, Obligation, ObligationKind, ObligationState, move_between
from core.domain.policies import Maturity, Rule, is_mature
from core.observability import log
from core.services.deps import Deps
from core.services.openings import is_odd
from core.services.plans import enters, plan_of, told_at
from core.store import histories, shops
from core.store.histories import Change, Kept, Known, Outcome, obligation_id
from core.store.marks import NewMark

T = TypeVar("T")
AT_ONCE = 50  # conversations that are worked out beside each other
TRIES = 20  # each time somebody said something meanwhile


async def fold(deps: Deps, conversation: str, *, anew: bool = False) -> bool:
    """The conversation's obligations become those that follow from its history; False for an unknown conversation.

    `anew`: all of them are written once more, and with them their moments and places in the ledger. Raises StoreDown.
    Who dies on the way, or always finds something said meanwhile, leaves the moment that the telling wrote to the next
    worker.
    """
    for _ in range(TRIES):
        known = await histories.read_history(deps.store, conversation)
        if known is None:
            return False
        if await _commit(deps, conversation, known, anew=anew):
            return True
    log().warning("restless_conversation", conversation=conversation)
    return True


async def fold_with(deps: Deps, known: Known, mark: NewMark, telling: Awaitable[T]) -> T:
    """Tell something that leaves a mark, and commit beside it what follows: one waits for both at once.

    `known` is the history as it was read. Where something came between, or the telling left no mark, it is worked out
    once more from what there is.
    """
    conversation, then = known.history.conversation, histories.marked(known, mark)
    if then is None:
        told = await telling
    else:
        told, committed = await asyncio.gather(telling, _commit(deps, conversation, then, anew=False))
        if committed:
            return told
    await fold(deps, conversation)
    return told


async def recount(deps: Deps, shop: str, since: int, still: Callable[[], Awaitable[None]]) -> None:
    """Work out anew all of a shop that counts from `since` on, or from when an absence then began; and what is owed.

    `still` is called now and then, so that nobody else begins the same meanwhile.
    """
    known = await shops.know_shop(deps.store, shop)
    if known is None:
        return
    begun = [each.start for each in known.absences if each.end is None or each.end >= since]
    touched = await histories.conversations_since(deps.store, known.shop, min([since, *begun]))
    await fold_all(deps, touched, still)


async def fold_all(deps: Deps, conversations: Sequence[str], still: Callable[[], Awaitable[None]]) -> None:
    """Some beside each other; `still` as above."""
    for start in range(0, len(conversations), AT_ONCE):
        await still()
        await asyncio.gather(*(fold(deps, conversation) for conversation in conversations[start : start + AT_ONCE]))


async def _commit(deps: Deps, conversation: str, known: Known, *, anew: bool) -> bool:
    now = deps.clock.now()
    imported = known.imported
    away = any(now in absence for absence in known.history.absences)
    wanted = {each.id: each for each in domain.obligations(known.history, now, obligation_id)}
    kept = {id: _kept(known, each, now, quiet=each.message in imported) for id, each in wanted.items()}
    changes = [
        Change(each, _verdict(known.rule_of(each.obligation), each.obligation, now))
        for id, each in kept.items()
        if anew or each != known.kept.get(id)
    ]
    for change in changes:
        _log(known, change.kept.obligation)
    gone = [each.obligation for id, each in known.kept.items() if id not in wanted]
    outcome = Outcome(
        changes,
        gone,
        owed=[each.obligation.id for each in kept.values() if each.obligation.is_owed],
        asked=_asked(known, tuple(wanted.values())),
        odd=any(is_odd(known.rule_of(each)) for each in wanted.values()),
        rings=[
            each.obligation.message
            for id, each in kept.items()
            if _rings(each, known.kept.get(id)) and not (away and each.obligation.kind is ObligationKind.INBOX)
        ],
        shows=bool(gone) or any(_shows(each.kept, known.kept.get(each.kept.obligation.id)) for each in changes),
    )
    return await histories.commit_obligations(deps.store, conversation, known, outcome)


def _kept(known: Known, obligation: Obligation, now: int, *, quiet: bool) -> Kept:
    """With what is still to be told of it. The moment writes a breach, so that it is told: here it is only due."""
    was = known.kept.get(obligation.id)
    rule = known.rule_of(obligation)
    breaches = obligation.state is ObligationState.BREACHED
    if breaches and not (was and was.obligation.state is ObligationState.BREACHED):
        obligation = replace(obligation, state=ObligationState.OPEN)
    told = was.told if was and not was.quiet else None
    if told is None and not quiet and obligation.is_owed:
        told = told_at(known.seller, now, obligation.deadline)
    plan = plan_of(obligation, rule, known.seller, now, told=told, quiet=quiet)
    unheeded = was.unheeded if was and was.obligation.is_owed and not was.quiet else ""
    return Kept(obligation, plan, known.shop.terms, told, enters(rule), quiet, was.rung if was else "", unheeded)


def _rings(kept: Kept, was: Kept | None) -> bool:
    is_new = was is None or was.quiet or not was.obligation.is_owed
    return kept.obligation.is_owed and is_new and not kept.quiet


def _shows(kept: Kept, was: Kept | None) -> bool:
    return was is None or kept.obligation != was.obligation


def _verdict(rule: Rule, obligation: Obligation, now: int) -> str:
    """What the ledger says of it now: what is still to be breached is not missed yet."""
    verdict = judge(obligation.deadline, obligation.answered_at, now, obligation.reason)
    if verdict is Verdict.EXCLUDED:
        return "excluded"
    is_met = verdict is Verdict.IN_TIME
    if not is_met and rule.maturity is Maturity.ALL:
        return "missed"
    if obligation.state is ObligationState.OPEN or not is_mature(
        rule, obligation.deadline, obligation.answered_at, now
    ):
        return ""
    return "met" if is_met else "missed"


def _asked(known: Known, wanted: tuple[Obligation, ...]) -> str:
    """The message that the card shows: the one that opened the newest obligation that is owed, or else the newest."""
    owed = [each for each in wanted if each.state in OWED]
    newest = max(owed or wanted, key=lambda each: (each.opened_at, each.id), default=None)
    return newest.message if newest else known.asked


def _log(known: Known, obligation: Obligation) -> None:
    was = known.kept.get(obligation.id)
    source = was.obligation.state if was else ObligationState.OPEN
    if move := move_between(source, obligation.state):
        log().info("obligation_moved", obligation=obligation.id, move=move, state=obligation.state)
