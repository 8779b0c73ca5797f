"""Until when: read as people write it, in the zone of their wall, and asked about where it can mean two things."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.zones import HOUR, MINUTE, instant, local, zone_named
from core.services.until import LONGEST, Read, Unread, Why, read_until

BERLIN = "Europe/Berlin"


def at(text: str, zone: str = BERLIN) -> int:
    """As the wall there shows it."""
    shown = datetime.fromisoformat(text)
    return instant(zone_named(zone), shown.date(), shown.time())


NOW = at("2026-11-26 14:05")  # a Thursday

READ = {
    "2h": "2026-11-26 16:05",
    "in 2 hours": "2026-11-26 16:05",
    "for 90 min": "2026-11-26 15:35",
    "1h30m": "2026-11-26 15:35",
    "1.5h": "2026-11-26 15:35",
    "3 days": "2026-11-29 14:05",
    "2 weeks": "2026-12-10 14:05",
    "365 days": "2027-11-26 14:05",
    "a week": "2026-12-03 14:05",
    "18:00": "2026-11-26 18:00",
    "9:00": "2026-11-27 09:00",
    "1,5h": "2026-11-26 15:35",
    "9 am": "2026-11-27 09:00",
    "mon 9 am": "2026-11-30 09:00",
    "6pm": "2026-11-26 18:00",
    "6 pm": "2026-11-26 18:00",
    "9am": "2026-11-27 09:00",
    "noon": "2026-11-27 12:00",
    "midnight": "2026-11-27 00:00",
    "tonight": "2026-11-26 20:00",
    "today": "2026-11-27 00:00",
    "26 nov": "2026-11-27 00:00",
    "26 nov 18:00": "2026-11-26 18:00",
    "today 18:00": "2026-11-26 18:00",
    "tomorrow": "2026-11-27 09:00",
    "tomorrow 9:00": "2026-11-27 09:00",
    "tomorrow at 17": "2026-11-27 17:00",
    "mon": "2026-11-30 09:00",
    "until Monday": "2026-11-30 09:00",
    "mon 9:00": "2026-11-30 09:00",
    "monday at 9am": "2026-11-30 09:00",
    "thu 9:00": "2026-12-03 09:00",
    "friday": "2026-11-27 09:00",
    "next friday": "2026-12-04 09:00",
    "next friday 18:00": "2026-12-04 18:00",
    "next week": "2026-11-30 09:00",
    "24 Dec": "2026-12-24 09:00",
    "24. Dec": "2026-12-24 09:00",
    "Dec 24": "2026-12-24 09:00",
    "24 december 18:00": "2026-12-24 18:00",
    "2 jan": "2027-01-02 09:00",
    "jan 2nd": "2027-01-02 09:00",
    "2026-12-24": "2026-12-24 09:00",
    "2026-12-24 10:00": "2026-12-24 10:00",
    "24.12.2026": "2026-12-24 09:00",
    "24/12": "2026-12-24 09:00",
    "24.12.": "2026-12-24 09:00",
    "13.12.": "2026-12-13 09:00",
    "15.30": "2026-11-26 15:30",
    "monday 17": "2026-11-30 17:00",
    "24 dec 9:00 CET": "2026-12-24 09:00",
    "18:00 UTC": "2026-11-26 19:00",
}

STRETCHES = {
    "from 24 dec to 2 jan": ("2026-12-24 00:00", "2027-01-03 00:00"),
    "24 dec - 2 jan": ("2026-12-24 00:00", "2027-01-03 00:00"),
    "24-28 dec": ("2026-12-24 00:00", "2026-12-29 00:00"),
    "from mon 9:00 to fri 17:00": ("2026-11-30 09:00", "2026-12-04 17:00"),
    "from tomorrow 9:00 until 18:00": ("2026-11-27 09:00", "2026-11-27 18:00"),
    "from tomorrow 9:00 to tomorrow 18:00": ("2026-11-27 09:00", "2026-11-27 18:00"),
    "tomorrow to mon": ("2026-11-27 00:00", "2026-12-01 00:00"),
    "from mon 9:00 for 4h": ("2026-11-30 09:00", "2026-11-30 13:00"),
    "from 24 dec for 3 days": ("2026-12-24 00:00", "2026-12-27 00:00"),
    "from fri 22:00 to 2:00": ("2026-11-27 22:00", "2026-11-28 02:00"),
    "mon to wed": ("2026-11-30 00:00", "2026-12-03 00:00"),
}

ASKED = {
    "": Why.NOTHING,
    "lunch": Why.NOTHING,
    "back soon": Why.NOTHING,
    "may be late": Why.NOTHING,
    "2": Why.NOTHING,
    "december": Why.NOTHING,
    "25:00": Why.NOTHING,
    "31 nov": Why.NOTHING,
    "next moon": Why.NOTHING,
    "99999999999 days": Why.NOTHING,
    "at 99": Why.NOTHING,
    "from mon 9:00": Why.NOTHING,
    "from now on": Why.NOTHING,
    "x" * 500: Why.NOTHING,
    "03/04": Why.UNCLEAR,
    "3.4. 10:00": Why.UNCLEAR,
    "at 7": Why.UNCLEAR,
    "13.12": Why.UNCLEAR,
    "mon 9": Why.UNCLEAR,
    "24 dec 9": Why.UNCLEAR,
    "2h30": Why.NOTHING,
    "9-17": Why.NOTHING,
    "tomorrow from 9 to 17": Why.NOTHING,
    "tomorrow 24:00": Why.NOTHING,
    "mon 25:30": Why.NOTHING,
    "🏖 2h": Why.NOTHING,
    "mon 28": Why.NOTHING,
    "tomorrow at 9": Why.UNCLEAR,
    "yesterday": Why.PAST,
    "26 nov 9:00": Why.PAST,
    "2020-01-01": Why.PAST,
    "1h ago": Why.PAST,
    "from fri 17:00 to 2026-11-27 9:00": Why.BACKWARDS,
    "2028-01-01": Why.LONG,
}


@pytest.mark.parametrize(("text", "end"), READ.items())
def test_an_end_is_read_as_people_write_it(text: str, end: str) -> None:
    """From now on; a day without an hour is until nine in the morning."""
    assert read_until(text, NOW, BERLIN) == Read(None, at(end))


@pytest.mark.parametrize(("text", "stretch"), STRETCHES.items())
def test_a_stretch_has_a_start_too(text: str, stretch: tuple[str, str]) -> None:
    """Of two days both are away, the last to its end."""
    assert read_until(text, NOW, BERLIN) == Read(at(stretch[0]), at(stretch[1]))


@pytest.mark.parametrize(("text", "why"), ASKED.items())
def test_what_cannot_be_read_is_asked_about(text: str, why: Why) -> None:
    """Never guessed: not what means nothing, two things, or what is over."""
    found = read_until(text, NOW, BERLIN)

    assert isinstance(found, Unread)
    assert found.why is why


def test_what_can_mean_two_things_says_which() -> None:
    """The third of April or the fourth of March; nine in the morning or in the evening."""
    day, hour = read_until("03/04", NOW, BERLIN), read_until("tomorrow at 9", NOW, BERLIN)

    assert isinstance(day, Unread)
    assert day.options == (at("2027-03-04 09:00"), at("2027-04-03 09:00"))
    assert isinstance(hour, Unread)
    assert hour.options == (at("2026-11-27 09:00"), at("2026-11-27 21:00"))


@pytest.mark.parametrize(
    ("text", "end", "note"),
    [
        ("2h lunch", "2026-11-26 16:05", "lunch"),
        ("2h see you at 18:00", "2026-11-26 16:05", "see you at 18:00"),
        ("mon lunch", "2026-11-30 09:00", "lunch"),
        ("2h lunch with 3 friends", "2026-11-26 16:05", "lunch with 3 friends"),
        ("2 days 50% off", "2026-11-28 14:05", "50% off"),
        ("2h 🏖", "2026-11-26 16:05", "🏖"),
        ("sat in the garden", "2026-11-28 09:00", "in the garden"),
        ("until fri 17:00 gone fishing", "2026-11-27 17:00", "gone fishing"),
        ("24 dec 2026\nMerry Christmas", "2026-12-24 09:00", "Merry Christmas"),
    ],
)
def test_what_follows_the_time_is_the_note(text: str, end: str, note: str) -> None:
    """The longest beginning that is a time is the time."""
    assert read_until(text, NOW, BERLIN) == Read(None, at(end), note)


@pytest.mark.parametrize(
    ("text", "now", "end"),
    [
        ("from 24 dec to 2 jan", "2026-12-24 10:00", "2027-01-03 00:00"),
        ("24-28 dec", "2026-12-24 10:00", "2026-12-29 00:00"),
        ("24 dec", "2026-12-24 23:59", "2026-12-25 00:00"),
        ("29 feb", "2028-02-29 08:00", "2028-03-01 00:00"),
    ],
)
def test_a_day_that_is_named_while_it_lasts_is_today(text: str, now: str, end: str) -> None:
    """Not the same day of next year."""
    assert read_until(text, at(now), BERLIN) == Read(None, at(end))


@pytest.mark.parametrize("day", ["2026-11-25", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28", "2028-02-29"])
@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("9:00", [(1, "09:00")]),
        ("6pm", [(0, "18:00")]),
        ("noon", [(1, "12:00")]),
        ("until midnight", [(1, "00:00")]),
        ("8:00 UTC", [(1, "09:00")]),
        ("at 7", [(0, "19:00"), (1, "07:00")]),
        ("tomorrow 9:00", [(1, "09:00")]),
    ],
)
def test_an_hour_that_has_passed_is_tomorrows(day: str, text: str, ends: list[tuple[int, str]]) -> None:
    """Also on the last day of a month, and of a year."""
    today = date.fromisoformat(day)
    wanted = [at(f"{today + timedelta(days=days)} {hour}") for days, hour in ends]

    found = read_until(text, at(f"{day} 14:05"), BERLIN)

    assert (list(found.options) if isinstance(found, Unread) else [found.end]) == wanted


@pytest.mark.parametrize("text", ["1 dec 9:00", "1 dec 9:00 CET", "dec 1 9am"])
def test_the_first_of_this_month_is_next_years(text: str) -> None:
    """Where it is named, on the last day of the month too."""
    assert read_until(text, at("2026-12-31 14:05"), BERLIN) == Read(None, at("2027-12-01 09:00"))


GERMAN = {
    "montag 9:00": "2026-11-30 09:00",
    "24. Dezember": "2026-12-24 09:00",
    "18 Uhr": "2026-11-26 18:00",
    "um 18 Uhr": "2026-11-26 18:00",
    "18:30 Uhr": "2026-11-26 18:30",
    "18 Uhr 30": "2026-11-26 18:30",
    "bis Montag um 9 Uhr": "2026-11-30 09:00",
    "am Montag": "2026-11-30 09:00",
    "Montag früh": "2026-11-30 09:00",
    "morgen früh um 8 Uhr": "2026-11-27 08:00",
    "heute": "2026-11-27 00:00",
    "heute Abend": "2026-11-26 20:00",
    "heute Abend um 19 Uhr": "2026-11-26 19:00",
    "nächsten Freitag": "2026-12-04 09:00",
    "nächste Woche": "2026-11-30 09:00",
    "eine Stunde": "2026-11-26 15:05",
    "eine halbe Stunde": "2026-11-26 14:35",
    "1,5 Std": "2026-11-26 15:35",
    "bis 3.4.": "2027-04-03 09:00",
    "2.1.2027 10 Uhr": "2027-01-02 10:00",
}


@pytest.mark.parametrize(("text", "end"), GERMAN.items())
def test_a_sellers_own_language_is_read_beside_english(text: str, end: str) -> None:
    """German, where the seller speaks it: `18 Uhr` is an hour and no day of the month."""
    assert read_until(f"{text} Zahnarzt", NOW, BERLIN, "de") == Read(None, at(end), "Zahnarzt")


@pytest.mark.parametrize("text", ["morgen von 9 bis 17 Uhr", "morgen 24 Uhr", "24 Uhr"])
def test_what_cannot_be_read_in_german_is_asked_about(text: str) -> None:
    """What belongs to the time is no note, and half of it no end."""
    assert isinstance(read_until(text, NOW, BERLIN, "de"), Unread)


@pytest.mark.parametrize("text", ["vom 24.12. bis zum 2.1.", "24.12. - 2.1.", "von 24. Dezember bis 2. Januar"])
def test_a_stretch_is_read_in_german(text: str) -> None:
    """As people write their holidays."""
    assert read_until(text, NOW, BERLIN, "de") == Read(at("2026-12-24 00:00"), at("2027-01-03 00:00"))


@pytest.mark.parametrize(
    ("now", "text", "end"),
    [
        ("2026-03-28 23:00", "4h", "2026-03-29 04:00"),  # the clock leaps from 2:00 to 3:00
        ("2026-03-28 14:00", "tomorrow 2:30", "2026-03-29 03:00"),  # an hour that is never shown
        ("2026-03-28 14:00", "1 day", "2026-03-29 14:00"),
        ("2026-10-24 23:00", "4h", "2026-10-25 02:00"),  # shown twice: the second time
        ("2026-10-24 14:00", "tomorrow 2:30", "2026-10-25 02:30"),  # the first time
        ("2026-10-24 14:00", "1 day", "2026-10-25 14:00"),
    ],
)
def test_when_the_clocks_change_hours_are_hours_and_days_are_days(now: str, text: str, end: str) -> None:
    """So many hours pass; a day later the wall shows the same."""
    found = read_until(text, at(now), BERLIN)

    assert isinstance(found, Read)
    assert found.end is not None
    if text == "4h":
        assert found.end - at(now) == 4 * HOUR
    assert f"{local(zone_named(BERLIN), found.end):%Y-%m-%d %H:%M}" == end


def test_the_wall_is_the_members_own() -> None:
    """Nine o'clock is another instant in Tokyo."""
    berlin, tokyo = (read_until("tomorrow 9:00", NOW, zone) for zone in (BERLIN, "Asia/Tokyo"))

    assert isinstance(berlin, Read)
    assert isinstance(tokyo, Read)
    assert berlin.end is not None
    assert tokyo.end is not None
    assert berlin.end - tokyo.end == 8 * HOUR


@pytest.mark.parametrize(
    ("typed", "language", "start", "rest"),
    [
        ("until I am back", "en", None, ""),
        ("until i’m back in the office", "en", None, "in the office"),
        ("until further notice ill", "en", None, "ill"),
        ("indefinitely", "en", None, ""),
        ("bis auf weiteres", "de", None, ""),
        ("bis ich wieder da bin", "de", None, ""),
        ("from mon 9:00 until further notice", "en", "2026-11-30 09:00", ""),
        ("tomorrow 9:00 until I am back", "en", "2026-11-27 09:00", ""),
    ],
)
def test_an_absence_may_have_no_end(typed: str, language: str, start: str | None, rest: str) -> None:
    """Until they come back; the note follows as ever."""
    assert read_until(typed, NOW, BERLIN, language) == Read(at(start) if start else None, None, rest)


@given(st.text(max_size=80), st.integers(0, 3 * 365 * 24 * 60))
def test_whatever_is_typed_is_read_or_asked_about(text: str, minutes: int) -> None:
    """An end, where there is one, lies ahead and within a year, after its start; nothing raises."""
    now = NOW + minutes * MINUTE

    found = read_until(text, now, BERLIN)

    if isinstance(found, Read) and found.end is not None:
        assert (found.start or now) < found.end <= now + LONGEST


def test_every_phrase_is_the_same_instant_at_any_hour() -> None:
    """A named day and hour do not depend on when they were typed."""
    ends = {
        read_until("24 dec 18:00", instant(zone_named(BERLIN), date(2026, 11, 26), time(hour)), BERLIN)
        for hour in range(24)
    }

    assert ends == {Read(None, at("2026-12-24 18:00"))}
