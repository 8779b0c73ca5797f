"""Times in words, in the language of who reads them."""

import pytest

from core.domain.texts import Instant, plain, spoken
from core.domain.zones import HOUR, MINUTE, SECOND
from core.rendering import languages, say, speaking
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


@pytest.mark.parametrize("language", languages())
def test_an_instant_in_a_text_is_spoken_in_the_language_of_that_text(language: str) -> None:
    """For chats and readers that cannot draw it; in the same words as on a button, on each day and in each month."""
    for at in range(TUESDAY, TUESDAY + 365 * 24 * HOUR, 29 * 24 * HOUR):
        with speaking(language):
            (drawn,) = (part for part in say("notes/note#receipt_on_site", at=Instant(at)) if isinstance(part, Instant))
            said = plain(times.when(at, "UTC"))
        assert spoken(drawn) == said


def test_an_instant_keeps_the_language_that_it_was_said_in() -> None:
    """Also where the text is drawn once nobody speaks that any more; a time alone is the same in both."""
    instant = Instant(TUESDAY, "Europe/Paris")
    with speaking("de"):
        german = say("notes/note#receipt_on_site", at=instant)
    english = say("notes/note#receipt_on_site", at=instant)

    assert plain(german) == "Auf der Seite beantwortet, Di 24. Nov., 15:00 CET:"
    assert plain(english) == "Answered on the site, Tue 24 Nov, 15:00 CET:"
    assert {spoken(part, "time") for part in (*german, *english) if isinstance(part, Instant)} == {"15:00"}
