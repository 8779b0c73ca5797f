"""Digests: what a seller is told of an evening, also when nothing is due, and the moment of Monday's note."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time, timedelta

from core.domain.quiet_hours import QuietHours, is_quiet, next_night
from core.domain.zones import MINUTE, instant, local, zone_named

BEFORE_SLEEP = 30 * MINUTE
MONDAY_CLOCK = time(9)


@dataclass(frozen=True, slots=True)
class Digest:
    """What will fall due while a seller sleeps: `asleep` are its deadlines, `sooner` those before, both in order.

    `first_after` is the first deadline after waking; `owed` counts all that are still ahead.
    """

    sleeps_at: int
    wakes_at: int
    sooner: tuple[int, ...]
    asleep: tuple[int, ...]
    first_after: int | None
    owed: int


def digest(deadlines: Iterable[int], quiet: QuietHours, now: int) -> Digest:
    """Of the deadlines owed, for the quiet hours that `now` lies in or that come next."""
    night = next_night(quiet, now)
    ahead = sorted(deadline for deadline in deadlines if deadline > now)
    return Digest(
        sleeps_at=night.start,
        wakes_at=night.end,
        sooner=tuple(each for each in ahead if each < night.start),
        asleep=tuple(each for each in ahead if night.start <= each <= night.end),
        first_after=next((each for each in ahead if each > night.end), None),
        owed=len(ahead),
    )


def digest_at(quiet: QuietHours, after: int) -> int:
    """The first evening moment after `after`: 30 min before quiet hours begin, or on waking if that is later."""
    night = next_night(quiet, after)
    while (moment := _moment_before(quiet, night.start)) <= after:
        night = next_night(quiet, night.end)
    return moment


def monday_at(zone: str, after: int) -> int:
    """The first Monday, 9:00 on the wall, after `after`. Raises ValueError for an unknown zone."""
    there = zone_named(zone)
    day = local(there, after).date()
    day -= timedelta(days=day.weekday())
    while (moment := instant(there, day, MONDAY_CLOCK)) <= after:
        day += timedelta(days=7)
    return moment


def _moment_before(quiet: QuietHours, sleeps_at: int) -> int:
    moment = sleeps_at - BEFORE_SLEEP
    return next_night(quiet, moment).end if is_quiet(quiet, moment) else moment
