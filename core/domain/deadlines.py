"""By when to answer: hours, business hours, a daily cut-off, a weekend's grace; from when the buyer wrote.

What lasts is measured on the world's clock, what a clock on the wall says is read in its zone; so an hour that a change
of the clocks takes or gives is neither lost nor counted twice. All instants in milliseconds, UTC.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import assert_never

from core.domain.zones import HOUR, instant, local, zone_named

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
END_OF_DAY = 24 * 60
MOST_CALENDAR_DAYS = 4_000  # eleven years: what no sensible calendar needs, so that a senseless one ends


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody is expected at the desk. `opens` and `closes` in minutes after midnight, 1440 the day's end.

    `days` are those of `date.weekday()`, Monday 0.
    """

    zone: str
    days: tuple[int, ...]
    opens: int
    closes: int
    holidays: tuple[date, ...] = ()

    def works_on(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.holidays


@dataclass(frozen=True, slots=True)
class Hours:
    """So many hours, day and night."""

    hours: float


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """So many hours of the calendar's; out of them the clock stands."""

    hours: float
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class SameDay:
    """What comes before `cut_off` is answered by `answer_by` of that day; what comes at it or later, of the next.

    Both in minutes after midnight, `answer_by` not before `cut_off`.
    """

    cut_off: int
    answer_by: int
    zone: str


@dataclass(frozen=True, slots=True)
class NoLimit:
    """An answer is owed, and no marketplace counts the hours."""


TimeLimit = Hours | BusinessHours | SameDay | NoLimit


@dataclass(frozen=True, slots=True)
class Weekend:
    """What is written on one of `days` is answered by `until` on the next `weekday`, in place of the time limit."""

    days: tuple[int, ...]
    weekday: int
    until: int
    zone: str


def due(limit: TimeLimit, written_at: int, weekend: Weekend | None = None) -> int | None:
    """By when to answer what was written at `written_at`; None: no deadline. The instant itself is still in time."""
    if isinstance(limit, NoLimit):
        return None
    if weekend and day_there(weekend.zone, written_at).weekday() in weekend.days:
        return _after_weekend(weekend, written_at)
    match limit:
        case Hours(hours):
            return written_at + round(hours * HOUR)
        case BusinessHours(hours, calendar):
            return _business_due(calendar, round(hours * HOUR), written_at)
        case SameDay():
            return _same_day_due(limit, written_at)
        case _:
            assert_never(limit)


def day_there(zone: str, at: int) -> date:
    return local(zone_named(zone), at).date()


def on_the_wall(zone: str, day: date, minutes: int) -> int:
    """When the clock there shows `minutes` after midnight of that day, for the first time if it does so twice."""
    days, rest = divmod(minutes, END_OF_DAY)
    return instant(zone_named(zone), day + timedelta(days=days), time(rest // 60, rest % 60))


def _business_due(calendar: Calendar, left: int, written_at: int) -> int:
    day = day_there(calendar.zone, written_at)
    for _ in range(MOST_CALENDAR_DAYS):
        opens, closes = _open_on(calendar, day)
        start = max(opens, written_at)
        if left <= closes - start:
            return start + left
        left -= max(0, closes - start)
        day += timedelta(days=1)
    raise ValueError(f"no {left / HOUR:g} business hours left in {MOST_CALENDAR_DAYS} days of {calendar}")


def _open_on(calendar: Calendar, day: date) -> tuple[int, int]:
    """From when to when; nothing on a day off. A day that the zone left out altogether is over as it begins."""
    if not calendar.works_on(day):
        return 0, 0
    return on_the_wall(calendar.zone, day, calendar.opens), on_the_wall(calendar.zone, day, calendar.closes)


def _same_day_due(limit: SameDay, written_at: int) -> int:
    day = day_there(limit.zone, written_at)
    while written_at >= on_the_wall(limit.zone, day, limit.cut_off):
        day += timedelta(days=1)
    return on_the_wall(limit.zone, day, limit.answer_by)


def _after_weekend(weekend: Weekend, written_at: int) -> int:
    day = day_there(weekend.zone, written_at)
    while day.weekday() != weekend.weekday or on_the_wall(weekend.zone, day, weekend.until) <= written_at:
        day += timedelta(days=1)
    return on_the_wall(weekend.zone, day, weekend.until)
