"""Digests: what a seller is told of an evening and on Mondays, at the hour of their own wall."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from core.domain.digests import Digest, digest, digest_at, monday_at
from core.domain.quiet_hours import QuietHours, is_quiet, next_night
from core.domain.zones import HOUR, MINUTE, local
from tests.fixtures.zones import instants, quiet_hours, zones

DAY = 24 * HOUR


def utc(said: str) -> int:
    return int(datetime.fromisoformat(said).replace(tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize(
    ("quiet", "after", "expected"),
    [
        (QuietHours(), "2026-11-23T12:00", "2026-11-23T21:30"),
        (QuietHours(), "2026-11-23T21:30", "2026-11-24T21:30"),
        (QuietHours(), "2026-11-23T21:45", "2026-11-24T21:30"),
        (QuietHours(), "2026-11-24T03:00", "2026-11-24T21:30"),
        (QuietHours(zone="Asia/Kathmandu"), "2026-11-23T12:00", "2026-11-23T15:45"),
        (QuietHours(zone="Europe/Paris"), "2026-03-28T12:00", "2026-03-28T20:30"),
        (QuietHours(zone="Europe/Paris"), "2026-03-29T12:00", "2026-03-29T19:30"),
        (QuietHours("22:00", "21:45"), "2026-11-23T12:00", "2026-11-23T21:45"),  # on waking
    ],
)
def test_the_digest_comes_before_bed(quiet: QuietHours, after: str, expected: str) -> None:
    """Half an hour before quiet hours begin, in the seller's zone, once a night."""
    assert digest_at(quiet, utc(after)) == utc(expected)


@given(quiet_hours(), instants())
def test_every_night_has_its_digest(quiet: QuietHours, after: int) -> None:
    """The next one lies ahead, in waking time, within half an hour of a night, and never skips one."""
    moment = digest_at(quiet, after)
    night = next_night(quiet, moment)

    assert after < moment
    assert not is_quiet(quiet, moment)
    assert 0 < night.start - moment <= 30 * MINUTE
    assert digest_at(quiet, moment - 1) == moment
    assert digest_at(quiet, (after + moment) // 2) == moment


def test_the_digest_counts_what_falls_due_asleep() -> None:
    """What can still be answered tonight, what cannot, and what waits for the morning stand apart."""
    now = utc("2026-11-23T21:30")
    deadlines = [utc(f"2026-11-{when}") for when in ("24T09:00", "24T03:00", "23T21:45", "24T07:00", "23T21:00")]

    assert digest(deadlines, QuietHours(), now) == Digest(
        sleeps_at=utc("2026-11-23T22:00"),
        wakes_at=utc("2026-11-24T07:00"),
        sooner=(utc("2026-11-23T21:45"),),
        asleep=(utc("2026-11-24T03:00"), utc("2026-11-24T07:00")),
        first_after=utc("2026-11-24T09:00"),
        owed=4,
    )


def test_the_digest_also_says_when_nothing_is_due() -> None:
    """A quiet evening has a digest too: silence would not tell it from a fault."""
    found = digest([], QuietHours(), utc("2026-11-23T21:30"))

    assert (found.sooner, found.asleep, found.first_after, found.owed) == ((), (), None, 0)


@pytest.mark.parametrize(
    ("zone", "after", "expected"),
    [
        ("UTC", "2026-11-23T08:59", "2026-11-23T09:00"),
        ("UTC", "2026-11-23T09:00", "2026-11-30T09:00"),
        ("Asia/Kathmandu", "2026-11-22T12:00", "2026-11-23T03:15"),
        ("Pacific/Auckland", "2026-11-22T19:59", "2026-11-22T20:00"),
        ("Europe/Paris", "2026-03-23T09:00", "2026-03-30T07:00"),  # summer time began on Sunday
    ],
)
def test_mondays_note_comes_at_nine(zone: str, after: str, expected: str) -> None:
    """By the seller's own wall."""
    assert monday_at(zone, utc(after)) == utc(expected)


@given(zones(), instants())
def test_every_week_has_its_monday(zone: str, after: int) -> None:
    """In every zone the note comes within eight days, at nine on a Monday."""
    moment = monday_at(zone, after)

    assert after < moment <= after + 8 * DAY
    assert f"{local(ZoneInfo(zone), moment):%a %H:%M}" == "Mon 09:00"


def test_a_note_in_an_unknown_zone_is_refused() -> None:
    """The zone is named."""
    with pytest.raises(ValueError, match="Nowhere"):
        monday_at("Nowhere", 0)
