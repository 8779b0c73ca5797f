"""The history of a shop as facts, and a policy as the slow model reads it. All times are milliseconds, UTC."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.domain.obligations import ObligationKind
from core.domain.rates import Weighting, Window


@dataclass(frozen=True)
class Fact:
    """`heard` is when we learned it; every other time in a fact is when it happened."""

    heard: int


@dataclass(frozen=True)
class Incoming(Fact):
    conversation: str
    message: str
    sent_at: int
    order: str | None = None
    imported: bool = False
    staff: bool = False


@dataclass(frozen=True)
class Outgoing(Fact):
    """An accepted reply by any door. `how`: one of the policy's `answers`, or one that it does not take for one."""

    conversation: str
    message: str
    written_at: int
    accepted_at: int
    how: str = "manual"
    by: str | None = None


@dataclass(frozen=True)
class Withdrawn(Fact):
    """The buyer deleted a message."""

    message: str
    at: int


@dataclass(frozen=True)
class SpamReport(Fact):
    message: str
    at: int


@dataclass(frozen=True)
class SpamUndone(Fact):
    message: str
    at: int


@dataclass(frozen=True)
class Waiver(Fact):
    """No answer is needed to what is open of this kind and order."""

    id: str
    conversation: str
    kind: ObligationKind
    order: str | None
    at: int


@dataclass(frozen=True)
class WaiverUndone(Fact):
    waiver: str


@dataclass(frozen=True)
class Absence(Fact):
    """From `start` until before `end`. Heard again under the same id, the last word holds; `end` at `start`: never."""

    id: str
    start: int
    end: int | None
    open_to_messages: bool = False


@dataclass(frozen=True)
class OrderState(Fact):
    order: str
    active: bool
    at: int


@dataclass(frozen=True)
class ConversationGone(Fact):
    conversation: str
    at: int


@dataclass(frozen=True)
class BuyerBlocked(Fact):
    conversation: str
    at: int


class Unit(StrEnum):
    FIRST_IN_CONVERSATION = "first_in_conversation"
    FIRST_PER_DAY = "first_per_day"
    FIRST_AFTER_SILENCE = "first_after_silence"
    EVERY_TURN = "every_turn"  # and every message, as at most one obligation is open


class Maturity(StrEnum):
    DUE_OR_ANSWERED = "due_or_answered"
    DUE = "due"
    ANSWERED_ONLY = "answered_only"
    ALL = "all"


class AwayRule(StrEnum):
    NEVER_COUNTS = "never_counts"
    COUNTS_IF_OPEN = "counts_if_open"  # to messages
    STARTS_AT_RETURN = "starts_at_return"
    COUNTS = "counts"


@dataclass(frozen=True)
class Mark:
    """Whether the policy excludes for something: if it happens `within` so long of the opening, None for no limit.

    Not `retroactive`: only before the answer and not after the deadline.
    """

    excludes: bool = True
    within: int | None = None
    retroactive: bool = False


@dataclass(frozen=True)
class Rules:
    """What a policy says of one kind. `deadline` and `soft` map when the clock starts to when it ends."""

    deadline: Callable[[int], int | None]
    window: Window
    unit: Unit = Unit.EVERY_TURN
    soft: Callable[[int], int | None] = lambda _: None
    answers: frozenset[str] = frozenset({"manual", "quick"})
    silence: int = 0
    zone: str = "UTC"
    both_kinds: bool = False  # one rate of inquiries and orders
    measured: bool = True
    seller_started: bool = True  # whether what follows on the seller's own first word counts
    staff_counts: bool = True
    holidays: frozenset[str] = frozenset()  # days as ISO 8601, by `zone`
    maturity: Maturity = Maturity.DUE_OR_ANSWERED
    longest_away: int | None = None
    away: AwayRule = AwayRule.COUNTS
    spam: Mark = Mark()
    waived: Mark = Mark()
    withdrawn: Mark = Mark()
    order_closed: Mark = Mark()
    gone: Mark = Mark()
    blocked: Mark = Mark()
    unspam_restarts_clock: bool = False
    weighting: Weighting | None = None
    empty_value: Fraction | None = None


@dataclass(frozen=True)
class Policy:
    inbox: Rules
    order: Rules

    def rules(self, kind: ObligationKind) -> Rules:
        return self.inbox if kind is ObligationKind.INBOX else self.order
