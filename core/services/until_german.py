"""What a German seller types of a time and dateparser does not read, or reads as another: in the words that it knows.

It takes the hour of `18 Uhr` for a day of the month.
"""

import re
from collections.abc import Callable

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_GERMAN_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_DAY_NAMES = {**dict(zip(_GERMAN_WEEKDAYS, WEEKDAYS, strict=True)), "sonnabend": "saturday", "woche": "week"}

_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def in_english(phrase: str) -> str:
    """The phrase with these turned; all else as it was."""
    said = phrase.casefold()
    for pattern, instead in _RULES:
        said = pattern.sub(instead, said)
    return said if said != phrase.casefold() else phrase


def _day(found: re.Match[str]) -> str:
    """`2.1.` is a day in January, whatever it would be elsewhere."""
    day, month, year = found.groups()
    return f"{day} {MONTHS[int(month) - 1]}{f' {year}' if year else ''}" if 1 <= int(month) <= 12 else found[0]


_RULES: tuple[_Rule, ...] = (
    (re.compile(r"(\d{1,2})[.:](\d{2})\s?uhr\b"), r"\1:\2"),
    (re.compile(r"(\d{1,2})\s?uhr\s(\d{2})\b"), r"\1:\2"),
    (re.compile(r"(\d{1,2})\s?uhr\b"), r"\1:00"),
    (re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})?(?!\d)"), _day),
    (re.compile(r"\bheute abend(?=\s(?:um\s)?\d)"), "today"),
    (re.compile(r"\bheute abend\b"), "tonight"),
    (re.compile(r"\s(?:früh|vormittag)(?=\s(?:um\s)?\d)"), ""),
    (re.compile(r"\s(?:früh|vormittag)\b"), " 9:00"),
    (re.compile(r"\s(?:um\s)(?=\d{1,2}:\d\d)"), " "),
    (re.compile(r"^um\s(?=\d{1,2}:\d\d)"), ""),
    (re.compile(r"\b(?:eine )?halbe stunde\b"), "30 min"),
    (re.compile(r"\bein(?:e|en|er|em)?\s(?=(?:minute|stunde|tag|woche))"), "1 "),
    (re.compile(rf"\b(?:nächste|kommende)[nrsm]?\s({'|'.join(_DAY_NAMES)})\b"), lambda m: f"next {_DAY_NAMES[m[1]]}"),
    (re.compile(r"\bsonnabend\b"), "saturday"),
    (re.compile(rf"\bam\s(?=(?:{'|'.join(_GERMAN_WEEKDAYS)}|\d))"), ""),
    (re.compile(r"\bbis\szum\s"), "bis "),
)
