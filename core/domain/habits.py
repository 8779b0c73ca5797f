"""Habits: how one member wants to be reminded where that differs from the seller's settings, and when they are away."""

from dataclasses import dataclass, replace

from core.domain.quiet_hours import QuietHours, Stretch
from core.domain.reminders import Ladder


@dataclass(frozen=True, slots=True)
class Habits:
    """Without a `ladder` or `quiet` of their own the seller's hold. `away`: this member's absences, not the shop's."""

    ladder: Ladder | None = None
    quiet: QuietHours | None = None
    away: tuple[Stretch, ...] = ()

    @property
    def differ(self) -> bool:
        """Whether they ask for steps that the seller's settings do not give."""
        return self.ladder is not None or self.quiet is not None

    @property
    def steps(self) -> "Habits":
        """Without what changes no plan."""
        return replace(self, away=())
