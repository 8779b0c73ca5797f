"""A policy: one marketplace's rules as data. Where each number comes from stands beside it in `core/policies/`."""

from dataclasses import dataclass

from core.domain.obligations import ObligationKind

HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of message must be answered. `hours` None: no deadline. `source` is an address, `checked` a date."""

    hours: float | None
    source: str
    checked: str
    soft_hours: float | None = None
    verified: bool = True

    def deadline(self, written_at: int) -> int | None:
        """In milliseconds, from when the buyer wrote."""
        return None if self.hours is None else written_at + round(self.hours * HOUR)


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    title: str
    version: int
    inbox: Rule
    order: Rule

    def rule(self, kind: ObligationKind) -> Rule:
        return self.inbox if kind is ObligationKind.INBOX else self.order
