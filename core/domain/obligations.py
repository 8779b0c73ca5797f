"""Obligations: the duty to answer, the states it can be in, and which moves exist."""

from dataclasses import dataclass
from enum import StrEnum


class ObligationKind(StrEnum):
    INBOX = "inbox"
    ORDER = "order"


class ObligationState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"


# Which move leads from where to where. Lua receives the allowed states as an argument and answers with a word.
MOVES: dict[str, tuple[frozenset[ObligationState], ObligationState]] = {
    "answer": (frozenset({ObligationState.OPEN}), ObligationState.ANSWERED),
}


@dataclass(frozen=True, slots=True)
class Obligation:
    """`opened_at` is when the buyer wrote, not when we heard; `deadline` is None where the policy sets none."""

    id: str
    conversation: str
    kind: ObligationKind
    order: str | None
    state: ObligationState
    opened_at: int
    deadline: int | None
    settled_at: int | None = None
