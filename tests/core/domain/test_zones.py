"""Zones: what a wall clock shows is an instant, also where clocks are set."""

import subprocess
import sys
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.zones import instant, local, zone_named
from tests.architecture.tree import ROOT
from tests.fixtures.zones import instants, zones


def utc(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, tz=UTC):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "day", "clock", "first", "second"),
    [
        ("Europe/Paris", "2026-11-23", "09:00", "2026-11-23 08:00", "2026-11-23 08:00"),
        ("Asia/Kathmandu", "2026-11-23", "09:00", "2026-11-23 03:15", "2026-11-23 03:15"),
        ("Australia/Adelaide", "2026-07-01", "09:00", "2026-06-30 23:30", "2026-06-30 23:30"),
        ("Europe/Paris", "2026-03-29", "02:30", "2026-03-29 01:00", "2026-03-29 01:00"),  # never shown
        ("Europe/Paris", "2026-10-25", "02:30", "2026-10-25 00:30", "2026-10-25 01:30"),  # shown twice
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04 14:45", "2026-04-04 15:15"),  # by half an hour
        ("Pacific/Apia", "2011-12-30", "12:00", "2011-12-30 10:00", "2011-12-30 10:00"),  # a day left out
    ],
)
def test_a_wall_clock_shows_an_instant(zone: str, day: str, clock: str, first: str, second: str) -> None:
    """A time shown twice has two instants; one that is never shown is the jump."""
    there, when, shown = zone_named(zone), date.fromisoformat(day), time.fromisoformat(clock)

    assert utc(instant(there, when, shown)) == first
    assert utc(instant(there, when, shown, second_time=True)) == second


@given(zones(), instants())
def test_every_clock_that_is_shown_leads_back(zone: str, at: int) -> None:
    """In every zone an instant's own date and time name it, the first or the second time."""
    there = zone_named(zone)
    at -= at % 1000
    shown = local(there, at)

    assert at == instant(there, shown.date(), shown.time(), second_time=bool(shown.fold))


@given(zones(), st.dates(date(1990, 1, 1), date(2055, 1, 1)), st.times().map(lambda each: each.replace(microsecond=0)))
def test_a_jump_is_where_the_clock_passes_the_time(zone: str, day: date, clock: time) -> None:
    """A second before the instant the wall shows less, at it as much or more."""
    there, shown = ZoneInfo(zone), datetime.combine(day, clock)
    at = instant(there, day, clock)

    assert local(there, at).replace(tzinfo=None) >= shown
    assert local(there, at - 1000).replace(tzinfo=None) < shown


@pytest.mark.parametrize("name", ["", "Paris", "America", "Europe/Lutetia", "../etc/passwd", "/etc/passwd", "UTC\0"])
def test_an_unknown_zone_is_named(name: str) -> None:
    """Whoever misspells a zone reads which, and what a name looks like."""
    with pytest.raises(ValueError, match=r"No time zone is called .*Europe/Paris"):
        zone_named(name)


def test_zones_are_known_on_a_machine_that_has_none() -> None:
    """Without the system's database the one of our dependencies serves, so that no seller's zone is lost."""
    asked = [sys.executable, "-c", "from core.domain.zones import zone_named; print(zone_named('Asia/Kathmandu'))"]
    said = subprocess.run(asked, env={"PYTHONTZPATH": "", "PYTHONPATH": str(ROOT)}, capture_output=True, check=True)

    assert said.stdout == b"Asia/Kathmandu\n"
