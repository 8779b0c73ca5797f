"""Obligations: the duty to answer, the states it can be in, and which moves exist."""

from dataclasses import dataclass
from enum import StrEnum


class ObligationKind(StrEnum):
    INBOX = "inbox"
    ORDER = "order"


class ObligationState(StrEnum):
    OPEN = "open"
    BREACHED = "breached"  # the deadline passed; an answer is still owed
    ANSWERED = "answered"


OWED = frozenset({ObligationState.OPEN, ObligationState.BREACHED})


@dataclass(frozen=True, slots=True)
class Move:
    """Lua receives the allowed states as an argument and answers with a word."""

    sources: frozenset[ObligationState]
    target: ObligationState


# Which move leads from where to where. Exactly one script writes each.
MOVES: dict[str, Move] = {
    "answer": Move(OWED, ObligationState.ANSWERED),
    "breach": Move(frozenset({ObligationState.OPEN}), ObligationState.BREACHED),
}


@dataclass(frozen=True, slots=True)
class Obligation:
    """`opened_at` is when the buyer wrote, not when we heard; `deadline` is None where the policy sets none.

    One that does not count for the rate is owed all the same.
    """

    id: str
    conversation: str
    kind: ObligationKind
    order: str | None
    state: ObligationState
    opened_at: int
    deadline: int | None
    settled_at: int | None = None
    counts: bool = True
