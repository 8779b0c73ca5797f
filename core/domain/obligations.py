"""Obligations: the duty to answer, the states it can be in, and which moves exist. All times in milliseconds, UTC."""

from dataclasses import dataclass
from enum import StrEnum


class ObligationKind(StrEnum):
    INBOX = "inbox"
    ORDER = "order"


class ObligationState(StrEnum):
    OPEN = "open"
    BREACHED = "breached"  # the deadline passed; an answer is still owed
    ANSWERED = "answered"
    WAIVED = "waived"  # a member says that no answer is needed
    SPAM = "spam"
    EXPIRED = "expired"  # withdrawn, its order closed, its conversation gone: where the policy says that this ends it


OWED = frozenset({ObligationState.OPEN, ObligationState.BREACHED})
SETTLED = frozenset(ObligationState) - OWED


class Exclusion(StrEnum):
    """Why the policy leaves an obligation out of the rate; or, without that, what ended the duty."""

    SPAM = "spam"
    WAIVED = "waived"
    AWAY = "away"  # received during an absence
    WITHDRAWN = "withdrawn"  # the buyer deleted all that was to be answered
    ORDER_CLOSED = "order_closed"
    GONE = "gone"  # the marketplace removed the conversation
    BLOCKED = "blocked"  # the seller blocked the buyer on the marketplace's site
    LAPSED = "lapsed"  # overdue when an import brought it: it counts as missed, and nobody is asked for an answer
    HOLIDAY = "holiday"
    STAFF = "staff"  # the marketplace's own people wrote
    UNCOUNTED = "uncounted"  # owed, but not the message the rate looks at, as a later one where the first counts


# What each exclusion leaves of the duty, where it ends it at all.
ENDS = {
    Exclusion.SPAM: ObligationState.SPAM,
    Exclusion.WAIVED: ObligationState.WAIVED,
    Exclusion.WITHDRAWN: ObligationState.EXPIRED,
    Exclusion.ORDER_CLOSED: ObligationState.EXPIRED,
    Exclusion.GONE: ObligationState.EXPIRED,
    Exclusion.BLOCKED: ObligationState.EXPIRED,
    Exclusion.LAPSED: ObligationState.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Move:
    """Lua receives the allowed states as an argument and answers with a word."""

    sources: frozenset[ObligationState]
    targets: frozenset[ObligationState]

    @property
    def target(self) -> ObligationState:
        """Of a move that leads to one state only."""
        (only,) = self.targets
        return only


def _move(sources: frozenset[ObligationState] | ObligationState, *targets: ObligationState) -> Move:
    return Move(frozenset({sources}) if isinstance(sources, ObligationState) else sources, frozenset(targets))


# Which move leads from where to where: one, and only one, between any two states. `answer` is written by the scripts
# that take the newest word of a conversation, `breach` by `claim_due`; all that follows from an older word, or from
# more than one, by `commit_obligations`.
MOVES: dict[str, Move] = {
    "answer": _move(OWED, ObligationState.ANSWERED),
    "breach": _move(ObligationState.OPEN, ObligationState.BREACHED),
    "extend": _move(ObligationState.BREACHED, ObligationState.OPEN),  # a return or an older message moved it
    "waive": _move(OWED, ObligationState.WAIVED),
    "report": _move(OWED, ObligationState.SPAM),
    "expire": _move(OWED, ObligationState.EXPIRED),
    "reopen": _move(SETTLED, *OWED),  # undone, or the answer was to something else
    "revise": _move(SETTLED, *SETTLED),  # later evidence of how it ended
}


def move_between(source: ObligationState, target: ObligationState) -> str | None:
    """The name of the move; None where nothing moved."""
    if source is target:
        return None
    return next(name for name, move in MOVES.items() if source in move.sources and target in move.targets)


@dataclass(frozen=True, slots=True)
class Obligation:
    """`opened_at` is when the buyer wrote, not when we heard; `deadline` is None where the policy sets none.

    `started_at` is when its clock started: at a return, or when a spam report was undone, where the policy says so.
    `counted_from` puts it into the rate's window. One with a `reason` does not count for the rate and, while it is not
    `ended_by` anything, is owed all the same; one that was ended without a reason still counts. `policy` is the digest
    of the rules that it was opened under. `answer` is the message that answered it, `message` the one that opened it.
    """

    id: str
    conversation: str
    message: str
    kind: ObligationKind
    order: str | None
    opened_at: int
    deadline: int | None
    started_at: int | None = None
    counted_from: int = 0
    reason: Exclusion | None = None
    ended_by: Exclusion | None = None
    ended_at: int | None = None
    answered_at: int | None = None
    answer: str = ""
    policy: str = ""
    state: ObligationState = ObligationState.OPEN

    @property
    def counts(self) -> bool:
        return self.reason is None

    @property
    def is_owed(self) -> bool:
        return self.state in OWED

    @property
    def is_spam(self) -> bool:
        """It was reported, whether that ended the duty or came after an answer."""
        return Exclusion.SPAM in {self.reason, self.ended_by}

    @property
    def settled_at(self) -> int | None:
        return self.answered_at if self.ended_at is None else self.ended_at


def state_at(obligation: Obligation, now: int) -> ObligationState:
    """What ended the duty first decides; an answer that a waived one still got is told by the ledger."""
    if obligation.ended_by is not None:
        return ENDS[obligation.ended_by]
    if obligation.answered_at is not None:
        return ObligationState.ANSWERED
    if obligation.deadline is not None and now >= obligation.deadline:
        return ObligationState.BREACHED
    return ObligationState.OPEN
