"""By when to answer, in every zone and over every change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.deadlines import (
    END_OF_DAY,
    BusinessHours,
    Calendar,
    Hours,
    NoLimit,
    SameDay,
    TimeLimit,
    Weekend,
    day_there,
    due,
    on_the_wall,
)
from core.domain.zones import HOUR

ZONES = sorted(
    zone for zone in available_timezones() if not zone.startswith(("right/", "posix/")) and zone != "localtime"
)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
WORKING_DAYS = (0, 1, 2, 3, 4)
NINE_TO_FIVE = Calendar("Europe/Paris", WORKING_DAYS, 9 * 60, 17 * 60, (date(2026, 12, 25),))
SAME_DAY = SameDay(18 * 60, 19 * 60, "Asia/Manila")
WEEKEND = Weekend((5, 6), 0, 12 * 60, "America/Los_Angeles")

zones = st.sampled_from(ZONES)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)).map(  # noqa: DTZ001 - made aware in the next line
    lambda naive: int(naive.replace(tzinfo=UTC).timestamp() * 1000)
)
minutes = st.integers(0, END_OF_DAY - 1)


def at(text: str, zone: str = "Europe/Paris") -> int:
    """`2026-03-28 20:00` as the wall shows it there."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000


def shown(instant: int | None, zone: str = "Europe/Paris") -> str:
    assert instant is not None
    return datetime.fromtimestamp(instant / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("limit", "written", "until"),
    [
        # The clocks go forward in that night: eight hours from 20:00 end at 05:00.
        (Hours(8), "2026-03-28 20:00", "2026-03-29 05:00"),
        (Hours(8), "2026-10-24 20:00", "2026-10-25 03:00"),
        (Hours(24), "2026-03-28 20:00", "2026-03-29 21:00"),
        (Hours(0.25), "2026-06-01 10:00", "2026-06-01 10:15"),
        # Monday 23 November 2026
        (BusinessHours(4, NINE_TO_FIVE), "2026-11-23 10:00", "2026-11-23 14:00"),
        (BusinessHours(4, NINE_TO_FIVE), "2026-11-23 13:00", "2026-11-23 17:00"),
        (BusinessHours(4, NINE_TO_FIVE), "2026-11-23 15:00", "2026-11-24 11:00"),
        (BusinessHours(4, NINE_TO_FIVE), "2026-11-23 05:00", "2026-11-23 13:00"),
        (BusinessHours(4, NINE_TO_FIVE), "2026-11-27 16:00", "2026-11-30 12:00"),
        (BusinessHours(4, NINE_TO_FIVE), "2026-11-28 12:00", "2026-11-30 13:00"),
        (BusinessHours(20, NINE_TO_FIVE), "2026-11-23 09:00", "2026-11-25 13:00"),
        (BusinessHours(4, NINE_TO_FIVE), "2026-12-24 16:00", "2026-12-28 12:00"),
        # An office that is open all night has an hour less in that one.
        (BusinessHours(8, Calendar("Europe/Paris", EVERY_DAY, 0, 1440)), "2026-03-28 20:00", "2026-03-29 05:00"),
        (BusinessHours(4, Calendar("Europe/Paris", (6,), 0, 240)), "2026-03-28 20:00", "2026-04-05 01:00"),
    ],
)
def test_hours_and_business_hours(limit: TimeLimit, written: str, until: str) -> None:
    """What lasts so many hours does so whatever the clocks on the wall do in between."""
    assert shown(due(limit, at(written))) == until


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("2026-11-22 18:00", "2026-11-23 19:00"),
        ("2026-11-23 00:30", "2026-11-23 19:00"),
        ("2026-11-23 17:59", "2026-11-23 19:00"),
        ("2026-11-23 18:00", "2026-11-24 19:00"),
        ("2026-11-23 19:30", "2026-11-24 19:00"),
    ],
)
def test_a_daily_cut_off(written: str, until: str) -> None:
    """What comes before the cut-off is due that day, what comes at it or later the next."""
    assert shown(due(SAME_DAY, at(written, SAME_DAY.zone)), SAME_DAY.zone) == until


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("2026-11-20 23:59", "2026-11-21 23:59"),
        ("2026-11-21 00:00", "2026-11-23 12:00"),
        ("2026-11-22 23:59", "2026-11-23 12:00"),
        ("2026-11-23 00:00", "2026-11-24 00:00"),
    ],
)
def test_a_weekends_grace(written: str, until: str) -> None:
    """As TikTok Shop has it: what comes from Saturday 0:00 to Sunday 23:59 is answered by Monday noon, local time."""
    assert shown(due(Hours(24), at(written, WEEKEND.zone), WEEKEND), WEEKEND.zone) == until


def test_without_a_limit_nothing_falls_due() -> None:
    """A policy without a time limit sets no deadline, and a weekend gives none either."""
    assert due(NoLimit(), 0) is None
    assert due(NoLimit(), 0, WEEKEND) is None


def test_a_calendar_that_never_opens() -> None:
    """A calendar whose only days are all holidays ends in an error, not in a search without end."""
    closed = Calendar("UTC", (0,), 0, 1, tuple(date(2026, 1, 5) + timedelta(weeks=week) for week in range(600)))

    with pytest.raises(ValueError, match="business hours"):
        due(BusinessHours(1, closed), at("2026-01-01 00:00", "UTC"))


def test_a_day_that_a_zone_left_out() -> None:
    """Samoa had no 30 December 2011: nobody was at the desk that Friday, and its hours are not counted."""
    calendar = Calendar("Pacific/Apia", (4,), 9 * 60, 17 * 60)

    until = due(BusinessHours(4, calendar), at("2011-12-29 12:00", "Pacific/Apia"))

    assert shown(until, "Pacific/Apia") == "2012-01-06 13:00"


@st.composite
def limits(draw: st.DrawFn) -> TimeLimit:
    zone = draw(zones)
    first, second = sorted((draw(minutes), draw(minutes)))
    days = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1))))
    hours = draw(st.floats(0.01, 100))
    calendar = Calendar(zone, days, min(first, 1_200), max(second, min(first, 1_200) + 60))
    kinds: list[TimeLimit] = [Hours(hours), BusinessHours(hours, calendar), SameDay(first, second, zone)]
    return draw(st.sampled_from(kinds))


@settings(max_examples=150, deadline=None)
@given(limits(), instants, st.integers(0, 3 * 24 * HOUR))
def test_deadlines_follow_the_messages(limit: TimeLimit, written: int, later: int) -> None:
    """No deadline lies before its message, and who writes later is never owed an answer earlier."""
    first, second = due(limit, written), due(limit, written + later)

    assert first is not None
    assert second is not None
    assert written < first <= second


@settings(max_examples=100, deadline=None)
@given(zones, instants, st.integers(1, 500))
def test_hours_are_hours_in_every_zone(zone: str, written: int, hours: int) -> None:
    """A calendar that is always open gives exactly the hours, over any change of any zone's clocks."""
    always = Calendar(zone, EVERY_DAY, 0, END_OF_DAY)

    assert due(BusinessHours(hours, always), written) == written + hours * HOUR


@settings(max_examples=100, deadline=None)
@given(zones, instants, minutes, st.integers(0, 6))
def test_a_weekend_ends_after_it_began(zone: str, written: int, until: int, weekday: int) -> None:
    """The weekend's deadline lies after the message, within nine days, on the day it names unless the zone has none."""
    weekend = Weekend(EVERY_DAY, weekday, until, zone)

    deadline = due(Hours(24), written, weekend)

    assert deadline is not None
    assert written < deadline <= written + 9 * 24 * HOUR
    assert day_there(zone, deadline).weekday() in (weekday, (weekday + 1) % 7)
    assert on_the_wall(zone, day_there(zone, deadline), 0) <= deadline
