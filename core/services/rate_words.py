"""The words that answers about rates are made of, short enough for lists of them in any chat."""

from core.domain.rates import Percent, shown
from core.domain.texts import Quote, Text, Words
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


def percent_of(percent: Percent | None) -> Text:
    return say_line("no_percent") if percent is None else (Words(f"{shown(percent)} %"),)
