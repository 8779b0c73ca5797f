"""Spam reports: a member's claim that a message is spam, from the press to the marketplace's word on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.domain.members import Identity
from core.domain.reminders import Ladder
from core.domain.zones import HOUR

WARNED = HOUR  # so long before a time limit members are told of a report that is not accepted yet


class Reason(StrEnum):
    """Why a message is reported; the marketplace is told this word."""

    ADVERTISING = "advertising"
    SCAM = "scam"
    OFF_SITE = "off_site"  # wants to deal, or to be paid, elsewhere
    ABUSE = "abuse"
    OTHER = "other"


class ReportState(StrEnum):
    REPORTING = "reporting"  # on its way to the marketplace
    BY_HAND = "by_hand"  # to be reported on the marketplace's site by a member, and not yet said to be done
    REPORTED = "reported"
    REFUSED = "refused"
    WITHDRAWING = "withdrawing"  # not spam after all: the marketplace is still to hear of it


@dataclass(frozen=True, slots=True)
class SpamReport:
    """What was last done about a message as spam. `by` reported it, or said that it was done on the site.

    `report_by`: until when a report takes it out of the rate, where the policy sets a limit.
    """

    state: ReportState
    reason: Reason
    by: Identity
    at: int
    problem: str = ""  # why it was refused, or why a try failed, as it is kept
    report_by: int | None = None
    number: int = 1  # of the reports of this message: each is told to the marketplace under its own id

    @property
    def is_pending(self) -> bool:
        """The marketplace has not accepted it yet, and may still."""
        return self.state in {ReportState.REPORTING, ReportState.BY_HAND}


def warnings(deadline: int | None, report_by: Iterable[int], ladder: Ladder, now: int) -> list[int]:
    """When members are told that a report is not accepted yet: an hour before the time to answer ends, and before the
    time to report. Where the ladder reminds an hour before the deadline anyway, that reminder says it."""
    limits = {*report_by, *(() if deadline is None else (deadline,))}
    if deadline is not None and HOUR in ladder.before:
        limits.discard(deadline)
    return sorted(limit - WARNED for limit in limits if limit - WARNED > now)
