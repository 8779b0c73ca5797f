"""Spans of time as people type them: `4h`, `1h30m`, a ladder such as `4h,1h,15m`, a night such as `22:00-07:00`."""

import re

from core.domain.zones import HOUR, MINUTE

UNITS = {"d": 24 * HOUR, "h": HOUR, "m": MINUTE}

_PART = re.compile(r"([0-9]{1,4})([dhm])")
_SPAN = re.compile(rf"(?:{_PART.pattern})+")


def to_span(text: str) -> int:
    """In milliseconds. Raises ValueError."""
    if not _SPAN.fullmatch(text):
        raise ValueError(f"{text!r} is no span of time; write it as 4h, 15m or 1h30m.")
    return sum(int(count) * UNITS[unit] for count, unit in _PART.findall(text))


def to_spans(text: str) -> tuple[int, ...]:
    """Of a list with commas; `off` is an empty one. Raises ValueError."""
    return () if text == "off" else tuple(to_span(part.strip()) for part in text.split(","))


def to_clocks(text: str) -> tuple[str, str]:
    """From and to on the wall. Raises ValueError; whether the two times exist is for `QuietHours` to say."""
    start, dash, end = (part.strip() for part in text.partition("-"))
    if not dash:
        raise ValueError(f"{text!r} is no span of a day; write it as 22:00-07:00.")
    return start, end


def spelled(span: int) -> str:
    """As `to_span` reads it."""
    parts = []
    for unit, size in UNITS.items():
        count, span = divmod(span, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0m"
