"""A seller: the business that uses Shopbell, and the unit of sharding."""

from dataclasses import dataclass

from core.domain.quiet_hours import QuietHours
from core.domain.reminders import DEFAULT_LADDER, Ladder


@dataclass(frozen=True, slots=True)
class Seller:
    """`ladder` and `quiet` say when its members are reminded; `terms` counts the changes of these settings."""

    id: str
    name: str
    zone: str = "UTC"
    language: str = "en"
    ladder: Ladder = DEFAULT_LADDER
    quiet: QuietHours | None = None
    terms: int = 0
