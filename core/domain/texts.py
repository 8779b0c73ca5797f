"""Text for people as parts that each chat draws in its own way.

Our words, a buyer's words, an instant and a mention travel apart, so that an adapter can escape, format and
localise each, and no buyer's words ever reach a template.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from core.domain.members import Identity


@dataclass(frozen=True, slots=True)
class Words:
    """Our own words: to be escaped, but trusted to be short and plain. `strong` asks for bold."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody else's words, kept as they came: only ever quoted."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Dates:
    """How a language writes a date: names from Monday and January on, and what stands around them.

    There is one for each language.
    """

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    when: str = "{weekday} {day} {month}, {clock} {zone}"


ENGLISH_DATES = Dates(
    tuple("Mon Tue Wed Thu Fri Sat Sun".split()),
    tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()),
)


@dataclass(frozen=True, slots=True)
class Instant:
    """A time that each reader sees in their own zone. `at` in milliseconds; `zone` is for chats that cannot do so, and
    so are the `dates` of the language that it is said in.

    `relative` asks for a live "in 3 h" beside the date, where the chat itself keeps it current.
    """

    at: int
    zone: str = "UTC"
    relative: bool = False
    dates: Dates = field(default=ENGLISH_DATES, repr=False)


@dataclass(frozen=True, slots=True)
class Mention:
    """A member to be named so that their phone rings."""

    who: Identity


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link of ours, never a buyer's."""

    url: str
    label: str


Part = Words | Quote | Instant | Mention | Anchor
Text = tuple[Part, ...]


def is_visible(text: str) -> bool:
    """Whether anything of it can be seen."""
    return any(character.isprintable() and not character.isspace() for character in text)


def cut(text: str, most: int) -> Quote:
    """The beginning of somebody's words in one line, so that a list of them fits into any chat's message."""
    line = " ".join(text[: most * 8].split())
    return Quote(line if len(line) <= most else f"{line[: most - 1].rstrip()}…")


def joined(texts: Iterable[Text], gap: Text) -> Text:
    """One text of several, with the gap between them; without the empty ones."""
    parts: list[Part] = []
    for text in filter(None, texts):
        parts += [*(gap if parts else ()), *text]
    return tuple(parts)


def lines(texts: Iterable[Text]) -> Text:
    """One under the other, without the empty ones."""
    return joined(texts, (Words("\n"),))


def strong(text: Text) -> Text:
    """With our own words in bold."""
    return tuple(Words(part.text, strong=True) if isinstance(part, Words) else part for part in text)


def plain(text: Iterable[Part]) -> str:
    """What is left when a chat can draw nothing: for notifications, screen readers and the command line."""
    return "".join(_plain(part) for part in text)


def _plain(part: Part) -> str:
    match part:
        case Words(said) | Quote(said):
            return said
        case Instant():
            return spoken(part)
        case Mention(who):
            return f"@{who.name or who.user}"
        case Anchor(url, label):
            return f"{label}: {url}"


@lru_cache(maxsize=1024)  # a card says the same instant in its text, in its fallback and to each chat
def spoken(instant: Instant, style: Literal["full", "time"] = "full") -> str:
    """'Tue 24 Nov, 14:05 CET', in the instant's zone and language."""
    when = datetime.fromtimestamp(instant.at / 1000, tz=UTC).astimezone(ZoneInfo(instant.zone))
    clock = f"{when:%H:%M}"
    if style == "time":
        return clock
    weekday, month = instant.dates.weekdays[when.weekday()], instant.dates.months[when.month - 1]
    return instant.dates.when.format(weekday=weekday, day=when.day, month=month, clock=clock, zone=f"{when:%Z}")
