"""Zones: from what the clock on somebody's wall shows to an instant, and back."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


def zone_named(name: str) -> ZoneInfo:
    """Raises ValueError for a name that the IANA database does not have."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # `America` is a folder, and reading one is an OSError
        raise ValueError(f"No time zone is called {name!r}; names look like Europe/Paris.") from error


def local(zone: ZoneInfo, at: int) -> datetime:
    """What calendar and clock show there at an instant, to the second."""
    return datetime.fromtimestamp(at // SECOND, tz=UTC).astimezone(zone)


def instant(zone: ZoneInfo, day: date, clock: time, *, second_time: bool = False) -> int:
    """When the clock there shows `clock` on `day`.

    A clock set back shows some times twice: the first is meant, or by `second_time` the second. A clock set forward
    never shows some: then it is the instant of the jump, which may skip a whole day (Samoa, 30 December 2011).
    """
    shown = datetime.combine(day, clock)
    first, second = (round(shown.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1))
    if first <= second:
        return (second if second_time else first) * SECOND
    jumped = bisect_left(
        range(second, first), True, key=lambda at: local(zone, at * SECOND).replace(tzinfo=None) >= shown
    )
    return (second + jumped) * SECOND
