"""The auditor: what it looks for, and what it says of a walk. Nothing of this happens while all scripts are right."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

LATE = 60_000  # milliseconds past its instant, with workers running, after which something is overdue

SILENT = 600_000  # milliseconds without a walk after which somebody should know


class Flaw(StrEnum):
    MOMENT_MISSING = "moment_missing"  # an obligation with a next moment that is not in the agenda
    MOMENT_LATE = "moment_late"  # due for long, and nobody carried it out
    OWED_MISSING = "owed_missing"  # an obligation that is owed is not in its seller's list, or not by its deadline
    OWED_STRAY = "owed_stray"  # what is settled, or no obligation any more, still is in that list
    OPEN_WRONG = "open_wrong"  # its conversation does not say so of it
    LEDGER_WRONG = "ledger_wrong"  # it does not stand in the ledger once, under its verdict
    CARD_MISSING = "card_missing"  # a room does not show what is owed, and nothing will bring it
    REMINDER_STRAY = "reminder_stray"  # a room is to be reminded of it, and nothing will take that there
    DELIVERY_STRAY = "delivery_stray"  # a delivery that nobody will carry
    STRAND_EMPTY = "strand_empty"  # a strand with nothing to send
    LANE_MISSING = "lane_missing"  # a lane with something to send that nobody will look at in time
    LANE_LATE = "lane_late"  # due for long, and nobody looked at it


@dataclass(frozen=True, slots=True)
class Found:
    """`subject`: the obligation, moment, delivery or lane that it is of; `about` and `room`: what that belongs to."""

    flaw: Flaw
    shard: int
    subject: str
    about: str = ""
    room: str = ""


@dataclass(slots=True)
class Audit:
    """One walk. `left`: found, and still there after all that could be done. `swept`: it ended a look at every key.

    `paused`: lanes whose destination is left alone for now. `late`: the greatest delay that was seen, in milliseconds.
    """

    walked_at: int = 0
    swept: bool = False
    found: Counter[Flaw] = field(default_factory=Counter)
    mended: Counter[Flaw] = field(default_factory=Counter)
    paused: int = 0
    late: int = 0

    @property
    def left(self) -> Counter[Flaw]:
        return self.found - self.mended

    @property
    def is_healthy(self) -> bool:
        return not self.left
