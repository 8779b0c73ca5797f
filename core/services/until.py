"""Read until when somebody will be away, as people write it: `2h`, `mon 9:00`, `from 24 dec to 2 jan`, and a note.

What a phrase means is for dateparser to say; what it would guess is refused here, so that the member is asked.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from dateparser.date import DateDataParser

from core.domain.zones import HOUR, SECOND, instant, local, zone_named
from core.services.until_german import MONTHS, WEEKDAYS, in_english

MORNING = time(9)  # back on a day, where no hour of it is named
LONGEST = 366 * 24 * HOUR
WORDS_OF_TIME = 9  # the most that are looked at; what follows is the note
CHARACTERS = 60

_LEAD = re.compile(r"(?:until|till|til|for|bis|für)\s+", re.IGNORECASE)
_FROM = re.compile(r"(?:from|vo[nm]|ab)\s+", re.IGNORECASE)
_TO = re.compile(r"\s+(?:to|until|till|bis(?:\s+zum)?|-|–)\s+", re.IGNORECASE)
_TO_OR_FOR = re.compile(r"\s+(?:to|until|till|bis(?:\s+zum)?|-|–|for|für)\s+", re.IGNORECASE)
_DAYS_OF_MONTH = re.compile(r"(\d{1,2})\.?\s?[-–]\s?(\d{1,2})\.?\s+([^\W\d]{3,})", re.IGNORECASE)
_NEXT = re.compile(r"next\s+(week|[a-z]{3,9})\b", re.IGNORECASE)
_BARE_HOUR = re.compile(r"(?:(?P<day>.*?)\s+)?(?:at|um)\s+(?P<hour>\d{1,2})", re.IGNORECASE)
_COUNT = r"(?:\d{1,4}(?:[.,]\d)?|an?|one|einen?|einer?)\s?"
_SHORT_UNIT = r"(?:h|hrs?|hours?|m|mins?|minutes?|std|stunden?|minuten?)"
_LONG_UNIT = r"(?:d|days?|w|weeks?|tage?n?|wochen?)"
_HOURS = re.compile(rf"(?:in\s+)?(?:{_COUNT}{_SHORT_UNIT}\b\s?|{_COUNT}{_SHORT_UNIT}(?=\d))+")
_DAYS = re.compile(rf"(?:in\s+)?{_COUNT}{_LONG_UNIT}")
_DAY_AND_HOUR = re.compile(r"(?P<day>.*[^\W\d].*?)\s+(?P<hour>\d{1,2})")
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})(?P<end>\.?)")
_TWO_THINGS = re.compile(r"\d+\s?h\s?\d+|\d+-\d+", re.IGNORECASE)  # an amount or a time of the clock; hours or a day
_HOUR_BEFORE_NOON = re.compile(r"(?:.*\s)?\d{1,2}(?::\d\d)?\sam", re.IGNORECASE)
# What may belong to the time, and is no note before that was asked.
_MORE_OF_IT = re.compile(r"(?:(?:from|vo[nm]|to|until|till|bis|-|–)\s)?\d{1,2}(?:[:.]\d\d)?(?!\S)|uhr\b", re.IGNORECASE)
_NO_HOUR = re.compile(r"(?<![\d:.-])(?:2[4-9]|[3-9]\d):\d\d")  # dateparser would read the day alone
_COMMA = re.compile(r"(?<=\d),(?=\d)")
_YEAR = re.compile(r"\d{4}")
_NUMERIC_DAY = re.compile(
    rf"\b(\d{{1,2}})[./](\d{{1,2}})(?:[./](?:\d{{2,4}})?)?(?![\d:]|\s?{_SHORT_UNIT}\b|\s?{_LONG_UNIT}\b)"
)
_OPEN = re.compile(
    r"(?:until|till|til)\s+(?:i\s+am|i['’]m|we\s+are|we['’]re)\s+back|(?:until|till|til)\s+further\s+notice|indefinitely"
    r"|bis\s+auf\s+weiteres|bis\s+(?:ich|wir)\s+(?:wieder\s+)?(?:da|zurück)\s+(?:bin|sind)",
    re.IGNORECASE,
)
_FROM_OPEN = re.compile(rf"(?P<start>.+?)\s+(?P<end>{_OPEN.pattern})", re.IGNORECASE)
_DANGLING = frozenset("a an am and at by for from in of on or the till to um und until with".split())
_FINE = {"time", "part_of_day"}  # how exactly a phrase was read, in dateparser's words
_COARSE = {"month", "year"}


class Why(StrEnum):
    """Why a text is asked about."""

    NOTHING = "nothing"  # no time was found in it
    UNCLEAR = "unclear"  # it can mean several things: `options`
    PAST = "past"
    BACKWARDS = "backwards"  # the end is not after the start
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Read:
    """`start` None: from now on; `end` None: until they come back. `rest` is what follows: the note."""

    start: int | None
    end: int | None
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """`options` are the ends that may have been meant."""

    why: Why
    options: tuple[int, ...] = ()


def read_until(text: str, now: int, zone: str, language: str = "en") -> Read | Unread:
    """The longest beginning of the text that is a time; what was typed with a line end is note from there on.

    `zone` is where the clock on the member's wall hangs. A day without an hour is until 9:00 of it; today, or as the
    last day of two, it is away to its end.
    """
    head, _, below = text.strip().partition("\n")
    words = head.split()
    reader = _Reader(now, zone, language)
    for count in range(min(len(words), WORDS_OF_TIME), 0, -1):
        phrase = " ".join(words[:count])
        if words[count - 1].casefold() in _DANGLING and not _HOUR_BEFORE_NOON.fullmatch(phrase):
            continue
        match reader.read(phrase):
            case Read() if (words[count:] and words[count].isdecimal()) or _MORE_OF_IT.match(" ".join(words[count:])):
                return Unread(Why.NOTHING)
            case Read(start, end):
                rest = " ".join(words[count:])
                return Read(start, end, f"{rest}\n{below}".strip())
            case Unread(why) as unread if why is not Why.NOTHING:
                return unread
    return Unread(Why.NOTHING)


@dataclass(frozen=True, slots=True)
class _Point:
    """`whole_day`: no hour of it was named; `at` is its beginning then."""

    at: int
    whole_day: bool


class _Reader:
    def __init__(self, now: int, zone: str, language: str) -> None:
        self._now, self._zone = now, zone_named(zone)
        self._languages = ("en",) if language == "en" else ("en", language)

    def read(self, phrase: str) -> Read | Unread:
        """The whole phrase, or nothing of it."""
        if len(phrase) > CHARACTERS or _TWO_THINGS.fullmatch(phrase) or any(map(_is_sign, phrase)):
            return Unread(Why.NOTHING)
        phrase = _COMMA.sub(".", in_english(phrase) if "de" in self._languages else phrase)
        if _NO_HOUR.search(phrase):
            return Unread(Why.NOTHING)
        if _OPEN.fullmatch(phrase):
            return Read(None, None)
        if lasting := _FROM_OPEN.fullmatch(phrase):
            return self._lasting(_FROM.sub("", lasting["start"], count=1))
        if halves := _halves(phrase):
            return self._stretch(*halves)
        if _FROM.match(phrase):  # a start alone says nothing of the end
            return Unread(Why.NOTHING)
        end = self._point(_LEAD.sub("", phrase, count=1) if _LEAD.match(phrase) else phrase, self._now)
        if isinstance(end, Unread):
            return Unread(end.why, tuple(sorted(at for at in end.options if at > self._now)))
        return self._checked(None, self._end_of_day(end.at) if end.whole_day else end.at)

    def _stretch(self, first: str, last: str) -> Read | Unread:
        """`to tomorrow 18:00` is counted from now, as its start is; `to 18:00` from the start, unless it is later."""
        start = self._point(first, self._now)
        if isinstance(start, Unread):
            return Unread(start.why)
        spans = _HOURS.fullmatch(last.casefold()) or _DAYS.fullmatch(last.casefold())
        end = self._point(last, start.at if spans else self._now)
        if isinstance(end, _Point) and end.at < start.at:
            end = self._point(last, start.at)
        if isinstance(end, Unread):
            return Unread(end.why)
        return self._checked(start.at, self._next_day(end.at) if end.whole_day else end.at)

    def _lasting(self, first: str) -> Read | Unread:
        """From then on, until they come back."""
        start = self._point(first, self._now)
        if isinstance(start, Unread):
            return Unread(start.why)
        if start.at - self._now > LONGEST:
            return Unread(Why.LONG)
        return Read(start.at if start.at > self._now else None, None)

    def _checked(self, start: int | None, end: int) -> Read | Unread:
        begins = self._now if start is None else start
        if end <= self._now:
            return Unread(Why.PAST)
        if end <= begins:
            return Unread(Why.BACKWARDS)
        if end - self._now > LONGEST:
            return Unread(Why.LONG)
        return Read(start if start is not None and start > self._now else None, end)

    def _point(self, phrase: str, base: int) -> _Point | Unread:
        phrase = phrase.strip().casefold()
        if bare := _BARE_HOUR.fullmatch(phrase):
            return self._bare_hour(bare["day"] or "", int(bare["hour"]), base)
        if swapped := _swapped(phrase):
            return Unread(Why.UNCLEAR, tuple(self._mornings(swapped, base)))
        if following := _NEXT.fullmatch(phrase) or _NEXT.match(phrase):
            return self._next(following, phrase, base)
        if dotted := _DOTTED.fullmatch(phrase):
            return self._dotted(dotted, base)
        bare, found = _DAY_AND_HOUR.fullmatch(phrase), self._parsed(phrase, base)
        if bare and (isinstance(found, Unread) or _is_weekday(bare["day"])):
            return self._bare_hour(bare["day"], int(bare["hour"]), base)
        return found

    def _dotted(self, dotted: re.Match[str], base: int) -> _Point | Unread:
        """`24.12.` is a day; `13.12` is a day or a quarter past one."""
        day, month = int(dotted["day"]), int(dotted["month"])
        if not 1 <= month <= 12 or day > 31:
            return self._parsed(dotted[0], base)
        on_day = self._parsed(f"{day} {MONTHS[month - 1]}", base)
        clock = self._parsed(f"{day}:{month:02d}", base) if day < 24 and not dotted["end"] else None
        if not isinstance(on_day, _Point) or not isinstance(clock, _Point):
            return on_day
        return Unread(Why.UNCLEAR, (self._morning(on_day.at), clock.at))

    def _parsed(self, phrase: str, base: int) -> _Point | Unread:
        shown = local(self._zone, base).replace(tzinfo=None)
        try:
            found, period = _found(phrase, self._languages, shown)
        except (OverflowError, ValueError):  # of a number beyond the calendar
            return Unread(Why.NOTHING)
        if found is None or period in _COARSE or phrase.rstrip(".").isdecimal():
            return Unread(Why.NOTHING)
        if found.tzinfo is not None:
            return _Point(round(found.timestamp()) * SECOND, whole_day=False)
        if _HOURS.fullmatch(phrase):  # so many hours from now, whatever the clock on the wall does meanwhile
            return _Point(base + round((found - shown) / timedelta(milliseconds=1)), whole_day=False)
        counted = _DAYS.fullmatch(phrase) is not None
        exact = period in _FINE or counted
        if (found.month, found.day) == (shown.month, shown.day) and not (counted or _YEAR.search(phrase)):
            found = found.replace(year=shown.year)  # a day that is named while it lasts is today
        clock = found.time().replace(microsecond=0) if exact else time(0)
        return _Point(instant(self._zone, found.date(), clock), whole_day=not exact)

    def _bare_hour(self, day: str, hour: int, base: int) -> _Point | Unread:
        """`at 7`: in the morning or in the evening."""
        if hour > 24:
            return Unread(Why.NOTHING)
        if hour > 12:
            return self._parsed(f"{day} {hour}:00".strip(), base)
        points = [self._parsed(f"{day} {each}:00".strip(), base) for each in sorted({hour, (hour + 12) % 24})]
        options = tuple(point.at for point in points if isinstance(point, _Point))
        return Unread(Why.UNCLEAR if options else Why.NOTHING, options)

    def _next(self, following: re.Match[str], phrase: str, base: int) -> _Point | Unread:
        """`next friday`: the one of the week that begins on the coming Monday."""
        word, after = following[1], phrase[following.end() :]
        names = [place for place, name in enumerate(WEEKDAYS) if name.startswith(word) or word == "week"]
        if not names:
            return Unread(Why.NOTHING)
        today = local(self._zone, base).date()
        day = today + timedelta(days=7 - today.weekday() + names[0])
        return self._parsed(f"{day.isoformat()}{after}", base)

    def _mornings(self, days: tuple[str, ...], base: int) -> Iterator[int]:
        for day in days:
            point = self._parsed(day, base)
            if isinstance(point, _Point):
                yield self._morning(point.at) if point.whole_day else point.at

    def _end_of_day(self, at: int) -> int:
        """Until nine of a day to come; what is meant to be away today is away to its end."""
        is_today = local(self._zone, at).date() == local(self._zone, self._now).date()
        return self._next_day(at) if is_today else self._morning(at)

    def _morning(self, at: int) -> int:
        return instant(self._zone, local(self._zone, at).date(), MORNING)

    def _next_day(self, at: int) -> int:
        return instant(self._zone, local(self._zone, at).date() + timedelta(days=1), time(0))


def _is_sign(character: str) -> bool:
    """An emoji or `50%` is a note: dateparser would read over it, and it would be lost."""
    return character in '%&#@*"' or (character != "+" and unicodedata.category(character).startswith("S"))


def _is_weekday(word: str) -> bool:
    return len(word) > 2 and any(name.startswith(word) for name in WEEKDAYS)


def _halves(phrase: str) -> tuple[str, str] | None:
    """Of a stretch: `from 24 dec to 2 jan`, `24-28 dec`, `from mon 9:00 for 4h`."""
    if days := _DAYS_OF_MONTH.fullmatch(_FROM.sub("", phrase, count=1)):
        return f"{days[1]} {days[3]}", f"{days[2]} {days[3]}"
    begun = _FROM.match(phrase)
    halves = (_TO_OR_FOR if begun else _TO).split(phrase[begun.end() :] if begun else phrase)
    return (halves[0], halves[1]) if len(halves) == 2 else None


def _swapped(phrase: str) -> tuple[str, str] | None:
    """`3/4` is a day in March or in April, by where one was born; None where it can be only one."""
    found = _NUMERIC_DAY.search(phrase)
    if found is None:
        return None
    one, other = int(found[1]), int(found[2])
    if one == other or not (1 <= one <= 12 and 1 <= other <= 12):
        return None
    after = phrase[found.end() :]
    return f"{one} {MONTHS[other - 1]}{after}", f"{other} {MONTHS[one - 1]}{after}"


def _found(phrase: str, languages: tuple[str, ...], shown: datetime) -> tuple[datetime | None, str]:
    """What dateparser finds, and how exactly.

    Of an hour that has passed it means tomorrow's; on the last day of a month it then says the first of that month.
    """
    data = _parser(languages, shown).get_date_data(phrase)
    found: datetime | None = data.date_obj
    tomorrow = shown + timedelta(days=1)
    if found is not None and found.day == tomorrow.day == 1 and found.month == shown.month:
        earlier = _parser(languages, shown - timedelta(days=1)).get_date_data(phrase).date_obj
        if earlier is not None and earlier.date() == shown.date():  # no day was named: yesterday it meant today's
            found = found.replace(year=tomorrow.year, month=tomorrow.month)
    return found, data.period


@lru_cache(maxsize=64)  # the beginnings of one text are read one after the other
def _parser(languages: tuple[str, ...], base: datetime) -> Any:
    settings = {
        "RELATIVE_BASE": base,
        "PREFER_DATES_FROM": "future",
        "RETURN_TIME_AS_PERIOD": True,
        "PARSERS": ["relative-time", "absolute-time"],  # no bare seconds since 1970
    }
    return DateDataParser(languages=list(languages), settings=settings)
