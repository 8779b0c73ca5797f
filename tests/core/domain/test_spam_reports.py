"""Spam reports: when members are told that one is not accepted yet."""

import pytest

from core.domain.members import Identity
from core.domain.reminders import Ladder
from core.domain.spam_reports import Reason, ReportState, SpamReport, warnings
from core.domain.zones import HOUR, MINUTE

DAY = 24 * HOUR
NONE, AT_AN_HOUR = Ladder((), soft=False), Ladder((4 * HOUR, HOUR))


@pytest.mark.parametrize(
    ("deadline", "report_by", "ladder", "told"),
    [
        (DAY, [], AT_AN_HOUR, []),  # the ladder says it
        (DAY, [], NONE, [DAY - HOUR]),
        (DAY, [DAY], AT_AN_HOUR, []),  # both at once
        (DAY, [20 * HOUR], AT_AN_HOUR, [19 * HOUR]),
        (DAY, [20 * HOUR, 30 * HOUR], NONE, [19 * HOUR, DAY - HOUR, 29 * HOUR]),
        (None, [DAY], AT_AN_HOUR, [DAY - HOUR]),  # nothing is owed any more, the time to report runs on
        (None, [], NONE, []),
        (30 * MINUTE, [40 * MINUTE], NONE, []),  # too near for a warning
    ],
)
def test_an_hour_before_either_limit_unless_the_ladder_does(
    deadline: int | None, report_by: list[int], ladder: Ladder, told: list[int]
) -> None:
    """Of each limit once, the nearest first."""
    assert warnings(deadline, report_by, ladder, 0) == told


@pytest.mark.parametrize("state", list(ReportState))
def test_what_the_marketplace_may_still_accept_is_pending(state: ReportState) -> None:
    """On its way, or to be done by hand; no other."""
    report = SpamReport(state, Reason.SCAM, Identity("slack", "T1", "U1"), 0)

    assert report.is_pending == (state in {ReportState.REPORTING, ReportState.BY_HAND})
