"""Times in words, in the language of who reads them."""

import pytest

from core.domain.texts import plain
from core.domain.zones import HOUR, MINUTE, SECOND
from core.rendering import speaking
from core.services import times

TUESDAY = 1_795_528_800_000  # 24 November 2026, 14:00 UTC


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (HOUR - SECOND, "1 h"),
        (3 * HOUR + 20 * MINUTE, "3 h 20 min"),
        (29 * SECOND, "1 min"),
        (-HOUR, "1 min"),
        (25 * HOUR, "1 day 1 h"),
        (48 * HOUR, "2 days"),
    ],
)
def test_a_span_is_said_in_words(span: int, words: str) -> None:
    """To the minute, and never as nothing."""
    assert plain(times.span(span)) == words


def test_what_has_just_happened_is_said_to_the_second() -> None:
    """As in "answered 2 s ago"."""
    assert plain(times.brief_span(2_400)) == "2 s"
    assert plain(times.brief_span(-1)) == "0 s"
    assert plain(times.brief_span(61 * SECOND)) == "1 min"


def test_a_day_and_an_instant_are_said_where_the_reader_is() -> None:
    """With the zone's own short name."""
    assert plain(times.when(TUESDAY, "Europe/Paris")) == "Tue 24 Nov, 15:00 CET"
    assert plain(times.day(TUESDAY + 10 * HOUR, "Europe/Paris")) == "25 Nov"
    assert times.clock(TUESDAY, "Asia/Kolkata").text == "19:30"


def test_each_language_says_them_in_its_own_way() -> None:
    """Months, weekdays and days that are more than one."""
    with speaking("de"):
        assert plain(times.when(TUESDAY, "Europe/Paris")) == "Di 24. Nov., 15:00 CET"
        assert plain(times.day(TUESDAY, "Europe/Paris")) == "24. Nov."
        assert plain(times.span(49 * HOUR)) == "2 Tage 1 h"
