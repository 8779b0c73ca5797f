"""A seller: the business that uses Shopbell, and the unit of sharding."""

from dataclasses import dataclass

from core.domain.habits import Habits
from core.domain.holds import DEFAULT_HOLD
from core.domain.quiet_hours import QuietHours
from core.domain.reminders import DEFAULT_LADDER, Ladder


@dataclass(frozen=True, slots=True)
class Seller:
    """`ladder` and `quiet` say when its members are reminded, and `apart` what steps of their own some have.

    `digest`: it is told of its evenings and weeks. `wakes`: its quiet hours let a last reminder ring through, also
    those that it may set later. `success_manager`: its person at the marketplace, whom `help` names.
    `hold`: for how long a reply can be taken back, in milliseconds. `terms` counts the
    changes of what plans are made from.
    """

    id: str
    name: str
    zone: str = "UTC"
    language: str = "en"
    ladder: Ladder = DEFAULT_LADDER
    quiet: QuietHours | None = None
    terms: int = 0
    apart: tuple[Habits, ...] = ()
    digest: bool = True
    wakes: bool = True
    success_manager: str = ""
    hold: int = DEFAULT_HOLD
