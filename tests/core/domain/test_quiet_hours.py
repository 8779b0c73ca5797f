"""Quiet hours: by the clock on the sleeper's wall, in every zone and on every night."""

from datetime import UTC, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.quiet_hours import Night, QuietHours, Stretch, is_quiet, next_night, night_at
from core.domain.zones import HOUR, MINUTE, local
from tests.fixtures.zones import ZONES, instants, quiet_hours

DAY = 24 * HOUR


def utc(said: str) -> int:
    return int(datetime.fromisoformat(said).replace(tzinfo=UTC).timestamp()) * 1000


def shows_night(quiet: QuietHours, at: int) -> bool:
    """The plain model: what the wall shows lies between start and end."""
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    shown = local(ZoneInfo(quiet.zone), at).time()
    return start <= shown < end if start < end else shown >= start or shown < end


@pytest.mark.parametrize(
    ("quiet", "at", "night"),
    [
        (QuietHours(), "2026-11-23T21:59:59", None),
        (QuietHours(), "2026-11-23T22:00", ("2026-11-23T22:00", "2026-11-24T07:00")),
        (QuietHours(), "2026-11-24T06:59:59", ("2026-11-23T22:00", "2026-11-24T07:00")),
        (QuietHours(), "2026-11-24T07:00", None),
        (QuietHours("13:00", "15:00"), "2026-11-23T14:00", ("2026-11-23T13:00", "2026-11-23T15:00")),
        (QuietHours("13:00", "15:00"), "2026-11-23T23:00", None),
        (QuietHours(zone="Asia/Kathmandu"), "2026-11-23T16:15", ("2026-11-23T16:15", "2026-11-24T01:15")),
        (QuietHours(zone="Asia/Kathmandu"), "2026-11-23T16:14", None),
        # An hour shorter in spring, an hour longer in autumn, by half an hour on Lord Howe.
        (QuietHours(zone="Europe/Paris"), "2026-03-29T00:00", ("2026-03-28T21:00", "2026-03-29T05:00")),
        (QuietHours(zone="Europe/Paris"), "2026-10-25T00:00", ("2026-10-24T20:00", "2026-10-25T06:00")),
        (QuietHours(zone="Australia/Lord_Howe"), "2026-04-04T15:00", ("2026-04-04T11:00", "2026-04-04T20:30")),
        # An end that is shown twice is the second; hours that are never shown are no night.
        (QuietHours("22:00", "02:30", "Europe/Paris"), "2026-10-25T01:00", ("2026-10-24T20:00", "2026-10-25T01:30")),
        (QuietHours("02:10", "02:50", "Europe/Paris"), "2026-03-29T01:00", None),
        # A start that is never shown is the jump over it.
        (QuietHours(zone="America/Godthab"), "2011-03-27T01:00", ("2011-03-27T01:00", "2011-03-27T09:00")),
        # Samoa left out a day: two nights with nothing between them are one.
        (QuietHours(zone="Pacific/Apia"), "2011-12-30T12:00", ("2011-12-30T08:00", "2011-12-30T17:00")),
        (QuietHours(zone="Pacific/Apia"), "2011-12-30T09:00", ("2011-12-30T08:00", "2011-12-30T17:00")),
        # A clock that went back over midnight, from 0:01 to 23:01 of the day before.
        (
            QuietHours("00:00", "07:00", "America/St_Johns"),
            "2010-11-07T02:45",
            ("2010-11-07T02:30", "2010-11-07T10:30"),
        ),
    ],
)
def test_a_night_goes_by_the_wall(quiet: QuietHours, at: str, night: tuple[str, str] | None) -> None:
    """It begins and ends when the clock in that zone says so."""
    expected = Night(utc(night[0]), utc(night[1])) if night else None

    assert night_at(quiet, utc(at)) == expected
    assert is_quiet(quiet, utc(at)) == (night is not None)


def test_without_quiet_hours_it_is_never_quiet() -> None:
    """Who asked for no quiet hours is always told aloud."""
    assert not is_quiet(None, utc("2026-11-23T03:00"))


@given(quiet_hours(), instants())
def test_what_the_wall_shows_as_night_is_quiet(quiet: QuietHours, at: int) -> None:
    """Nobody is rung while the clock shows their quiet hours; a night is longer only where the clock was set."""
    assert is_quiet(quiet, at) or not shows_night(quiet, at)

    night = night_at(quiet, at)
    if night is not None and not shows_night(quiet, at):
        zone = ZoneInfo(quiet.zone)
        assert local(zone, night.start).utcoffset() != local(zone, night.end + 1).utcoffset()


@pytest.mark.parametrize("year", [2026, 2040])
def test_every_zone_sleeps_by_its_wall_where_clocks_are_set(year: int) -> None:
    """In each zone of the database the nights around every change of the clock begin at ten and end at seven."""
    seen = 0
    for name in ZONES:
        zone, quiet = ZoneInfo(name), QuietHours(zone=name)
        noons = [utc(f"{year}-01-01T12:00") + day * DAY for day in range(365)]
        offsets = [local(zone, noon).utcoffset() for noon in noons]
        for noon, (before, after) in zip(noons, pairwise(offsets), strict=False):
            if before != after:
                night = next_night(quiet, noon)
                shown = [f"{local(zone, at):%H:%M}" for at in (night.start, night.end)]
                seen += 1
                assert shown == ["22:00", "07:00"], (name, night)

    assert seen > 200


@given(quiet_hours(), instants())
def test_the_next_night_comes_within_two_days(quiet: QuietHours, at: int) -> None:
    """It is the one that lasts, or else begins later, with no quiet moment before it."""
    night = next_night(quiet, at)

    assert night.start < night.end
    assert night.end > at
    assert night.start <= at + 2 * DAY
    assert night_at(quiet, night.start) == night_at(quiet, night.end - 1) == night
    assert not is_quiet(quiet, night.end)
    assert not is_quiet(quiet, night.start - 1)
    if not is_quiet(quiet, at):
        assert not is_quiet(quiet, (at + night.start) // 2)


def test_a_night_that_is_jumped_over_is_none() -> None:
    """Where the clock never shows the quiet hours the next night is that of the day after."""
    night = next_night(QuietHours("02:10", "02:50", "Europe/Paris"), utc("2026-03-28T12:00"))

    assert night == Night(utc("2026-03-30T00:10"), utc("2026-03-30T00:50"))


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_a_stretch_holds_its_start_and_not_its_end(start: int, end: int, at: int) -> None:
    """Two stretches that follow each other share no instant; an open one has no end."""
    assert (at in Stretch(start, end)) == (start <= at < end)
    assert (at in Stretch(start)) == (start <= at)


@pytest.mark.parametrize(
    ("start", "end", "zone", "problem"),
    [
        ("22:00", "22:00", "UTC", "two different times"),
        ("24:00", "07:00", "UTC", "'24:00' is no time of day"),
        ("22:00", "7:00", "UTC", "'7:00' is no time of day"),
        ("22:00", "07:60", "UTC", "'07:60' is no time of day"),
        ("22:00", "٠٧:00", "UTC", "no time of day"),
        ("22:00", "07:00", "Mars/Olympus", "No time zone is called 'Mars/Olympus'"),
    ],
)
def test_quiet_hours_that_cannot_be_are_refused(start: str, end: str, zone: str, problem: str) -> None:
    """Each says what is wrong with it."""
    with pytest.raises(ValueError, match=problem):
        QuietHours(start, end, zone)


def test_a_minute_awake_is_kept() -> None:
    """Quiet hours of all but a minute still leave that minute."""
    quiet = QuietHours("22:00", "21:59")

    assert night_at(quiet, utc("2026-11-23T21:59:30")) is None
    assert next_night(quiet, utc("2026-11-23T21:59:30")).end == utc("2026-11-24T21:59")
    assert next_night(quiet, utc("2026-11-23T21:59:30")).start - utc("2026-11-23T21:59") == MINUTE
