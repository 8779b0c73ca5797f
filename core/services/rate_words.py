"""The words that answers about rates are made of, short enough for lists of them in any chat."""

from collections.abc import Iterable

from core.domain.rates import Percent, shown
from core.domain.texts import Part, Quote, Text, Words
from core.domain.zones import MINUTE, local, zone_named
from core.rendering import say

LONGEST_NAME = 24
LONGEST_NOTE = 120


def say_line(block: str, **values: object) -> Text:
    """A block of `templates/answers/rates.txt.j2`."""
    return say(f"answers/rates#{block}", **values)


def name_of(name: str) -> Quote:
    """Short enough that a list of them fits into any chat's message."""
    return Quote(name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…")


def cut(note: str) -> Quote:
    return Quote(note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…")


def percent_of(percent: Percent | None) -> Words:
    return Words("no rate" if percent is None else f"{shown(percent)} %")


def day_of(at: int, zone: str) -> Words:
    day = local(zone_named(zone), at)
    return Words(f"{day.day} {day:%b}")


def span_of(milliseconds: int) -> Words:
    """`40 min`, `1 h 5 min`, `2 d 3 h`; less than a minute is `1 min`."""
    minutes = max(1, milliseconds // MINUTE)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "d"), (hours, "h"), (0 if days else rest, "min")]
    return Words(" ".join(f"{count} {unit}" for count, unit in parts if count))


def strong_of(text: Text) -> Text:
    return tuple(Words(part.text, strong=True) if isinstance(part, Words) else part for part in text)


def lined(lines: Iterable[Text]) -> Text:
    return joined(lines, (Words("\n"),))


def joined(texts: Iterable[Text], gap: Text) -> Text:
    parts: list[Part] = []
    for text in texts:
        parts += [*(gap if parts else ()), *text]
    return tuple(parts)
