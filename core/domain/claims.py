"""Claims: a member has taken a conversation on, so that two do not answer it."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.duty import claim_lapses_at
from core.domain.members import Identity
from core.domain.zones import MINUTE

WRITING = 5 * MINUTE  # who opened a form is taken to be writing for so long: that it was closed nobody tells


class Choice(StrEnum):
    """What a member wants of a claim."""

    CLAIM = "claim"
    DROP = "drop"  # let it go
    TAKE = "take"  # take it over from somebody else


@dataclass(frozen=True, slots=True)
class Claim:
    """`acted_at`: when `by` last did something about the conversation; claiming it is the first of that."""

    by: Identity
    at: int
    acted_at: int

    def holds(self, deadline: int | None, now: int) -> bool:
        """Not lapsed, whether or not that was written down yet."""
        lapses_at = claim_lapses_at(self.acted_at, deadline)
        return lapses_at is None or now < lapses_at
