"""Quiet hours: when somebody sleeps, by the clock on their own wall."""

import re
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from core.domain.zones import instant, local, zone_named

CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` up to but not including `end`, in milliseconds; without an `end` it is open."""

    start: int
    end: int | None = None

    def __contains__(self, at: int) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class Night(Stretch):
    """A stretch of quiet hours: it always ends."""

    end: int = 0


@dataclass(frozen=True, slots=True)
class QuietHours:
    """`start` and `end` as the wall shows them, "22:00" to "07:00"; an end not after the start is on the next day.

    `rings_through`: an obligation that no waking moment is left for may wake its members once.
    Raises ValueError for a time, a span or a zone that does not exist.
    """

    start: str = "22:00"
    end: str = "07:00"
    zone: str = "UTC"
    rings_through: bool = True

    def __post_init__(self) -> None:
        zone_named(self.zone)
        if _clock(self.start) == _clock(self.end):
            raise ValueError(f"Quiet hours begin and end at {self.start}: choose two different times.")


def is_quiet(quiet: QuietHours | None, at: int) -> bool:
    return quiet is not None and night_at(quiet, at) is not None


def night_at(quiet: QuietHours, at: int) -> Night | None:
    """The quiet hours that `at` lies in."""
    for night in _nights_around(quiet, local(zone_named(quiet.zone), at).toordinal()):
        if night.start <= at < night.end:
            return night
    return None


def next_night(quiet: QuietHours, at: int) -> Night:
    """The quiet hours that `at` lies in, or else the next."""
    day = local(zone_named(quiet.zone), at).toordinal() - 1
    while _night(quiet, day).end <= at or _night(quiet, day).start == _night(quiet, day).end:
        day += 1  # over, or its hours were jumped over: the clock never showed them
    return _joined(quiet, day)


@lru_cache(maxsize=1 << 14)  # each obligation asks for the same few days
def _nights_around(quiet: QuietHours, today: int) -> tuple[Night, ...]:
    """That something of today may lie in: also tomorrow's, where a clock is set back over midnight."""
    return tuple(_joined(quiet, day) for day in (today - 1, today, today + 1))


def _joined(quiet: QuietHours, day: int) -> Night:
    """Where a jump of the clock leaves nothing between two nights, they are one."""
    first = last = day
    while _night(quiet, first - 1).end >= _night(quiet, first).start:
        first -= 1
    while _night(quiet, last + 1).start <= _night(quiet, last).end:
        last += 1
    return Night(_night(quiet, first).start, _night(quiet, last).end)


@lru_cache(maxsize=1 << 14)
def _night(quiet: QuietHours, day: int) -> Night:
    """That begins on `day`. Where a clock is set back the longer night is meant: nobody is woken in between."""
    zone, start, end = zone_named(quiet.zone), _clock(quiet.start), _clock(quiet.end)
    morning = day if start < end else day + 1
    return Night(
        instant(zone, date.fromordinal(day), start),
        instant(zone, date.fromordinal(morning), end, second_time=True),
    )


def _clock(said: str) -> time:
    found = CLOCK.fullmatch(said)
    if found is None:
        raise ValueError(f"{said!r} is no time of day; write it as 22:00.")
    return time(int(found[1]), int(found[2]))
