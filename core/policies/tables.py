"""Read a table of a policy file key by key; every fault is kept with its place, so that all are told at once."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from core.domain.deadlines import END_OF_DAY, WEEKDAYS
from core.domain.zones import zone_named

Path = tuple[str, ...]
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_ABSENT: Any = object()


@dataclass(slots=True)
class Faults:
    """What is wrong, in the order it was found; `told` puts it in the order of the file, each with its line."""

    found: list[tuple[Path, str]] = field(default_factory=list)

    def add(self, path: Path, what: str) -> None:
        self.found.append((path, what))

    def told(self, name: str, text: str | None) -> list[str]:
        """Without a text, as for JSON, only the path of the key says where."""
        if text is None:
            return [f"{name}: {what}" for _, what in self.found]
        placed = sorted(((line_of(text, path), what) for path, what in self.found), key=lambda each: each[0])
        return [f"{name}, line {line}: {what}" for line, what in placed]


@dataclass(slots=True)
class Table:
    """One table. What is never asked for is a fault when it is closed: a misspelled key must not pass in silence."""

    data: Mapping[str, Any]
    path: Path
    faults: Faults
    asked: set[str] = field(default_factory=set)

    def has(self, key: str) -> bool:
        return key in self.data

    def fault(self, key: str, what: str) -> None:
        self.faults.add((*self.path, key), f"{self.called(key)} {what}")

    def called(self, key: str) -> str:
        return ".".join((*self.path, key)) if key else ".".join(self.path)

    def table(self, key: str) -> "Table | None":
        found = self._take(key, None, dict, "a table")
        return None if found is None else Table(found, (*self.path, key), self.faults)

    def text(self, key: str, default: str = _ABSENT, longest: int = 500) -> str:
        found: str = self._take(key, default, str, 'text in "quotes"')
        if default is _ABSENT and isinstance(self.data.get(key), str) and not found.strip():
            self.fault(key, "is empty.")
        if len(found) > longest or not all(char.isprintable() for char in found):
            self.fault(key, f"must be up to {longest} printable characters on one line.")
        return found

    def flag(self, key: str, default: bool) -> bool:
        found: bool = self._take(key, default, bool, "true or false")
        return found

    def number(self, key: str, low: float, high: float) -> float:
        """Both bounds belong to it."""
        found: float = self._take(key, _ABSENT, (int, float), f"a number from {low:g} to {high:g}")
        if self.has(key) and not low <= found <= high:
            self.fault(key, f"is {found}; it must be from {low:g} to {high:g}.")
            return low
        return found

    def whole(self, key: str, low: int, high: int, default: int = _ABSENT) -> int:
        found: int = self._take(key, default, int, f"a whole number from {low} to {high}")
        if self.has(key) and not low <= found <= high:
            self.fault(key, f"is {found}; it must be from {low} to {high}.")
            return low
        return found

    def percent(self, key: str) -> Fraction:
        return exact(self.number(key, 0, 100))

    def choice(self, key: str, kind: type[E], default: E = _ABSENT) -> E:
        words = ", ".join(kind)
        found = self._take(key, default, str, f"one of {words}")
        if found in list(kind):
            return kind(found)
        if isinstance(self.data.get(key), str):
            self.fault(key, f'is "{found}"; {did_you_mean(found, list(kind)) or "it must be "}one of {words}.')
        return next(iter(kind))

    def items(self, key: str, read: Callable[[Any], T], wanted: str, default: Sequence[T] = _ABSENT) -> tuple[T, ...]:
        """A list of what `read` takes; it raises ValueError for what it does not."""
        if default is not _ABSENT and not self.has(key):
            self.asked.add(key)
            return tuple(default)
        found: list[T] = []
        for each in self._take(key, [], list, f"a list of {wanted}", required=default is _ABSENT):
            try:
                found.append(read(each))
            except (ValueError, TypeError):
                self.fault(key, f"holds {each!r}; it is a list of {wanted}.")
        return tuple(found)

    def zone(self, key: str) -> str:
        found = self.text(key)
        try:
            if found:
                zone_named(found)
        except ValueError as error:
            self.fault(key, f"is no time zone: {error}")
            return "UTC"
        return found or "UTC"

    def clock(self, key: str) -> int:
        """`18:00` in minutes after midnight; `24:00` is the day's end."""
        found = self.text(key)
        if found == "24:00":
            return END_OF_DAY
        read = _CLOCK.fullmatch(found)
        if not read:
            if found:
                self.fault(key, f'is "{found}"; it must be a time like "18:00".')
            return 0
        return int(read[1]) * 60 + int(read[2])

    def day(self, key: str) -> date:
        found = self._take(key, _ABSENT, (date, str), "a date like 2026-11-23")
        try:
            return read_date(found or date.min)
        except ValueError:
            self.fault(key, f'is "{found}"; it must be a date like 2026-11-23.')
            return date.min

    def close(self) -> None:
        """Call it when all that the table may hold was asked for."""
        for key in self.data:
            if key not in self.asked:
                self.fault(key, f"is not known here{_hint(key, self.asked)}")

    def _take(self, key: str, default: Any, kind: type | tuple[type, ...], wanted: str, required: bool = True) -> Any:
        self.asked.add(key)
        if key not in self.data:
            if default is _ABSENT or (isinstance(default, list) and required):
                self.fault(key, f"is missing: {wanted}.")
            return _nothing(kind) if default is _ABSENT else default
        found = self.data[key]
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(found, kind) or (isinstance(found, bool) and bool not in kinds):
            self.fault(key, f"is {found!r}; it must be {wanted}.")
            return _nothing(kind) if default is _ABSENT else default
        return found


def exact(number: float) -> Fraction:
    """As it is written: 0.1 is a tenth."""
    return Fraction(str(number))


def read_date(found: object) -> date:
    if isinstance(found, date):
        return date(found.year, found.month, found.day)
    return date.fromisoformat(str(found))


def read_weekday(found: object) -> int:
    return WEEKDAYS.index(str(found))


def did_you_mean(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f'did you mean "{close[0]}"? It is ' if close else ""


def _hint(key: str, known: set[str]) -> str:
    close = get_close_matches(key, sorted(known), n=1)
    return f'; did you mean "{close[0]}"?' if close else f"; known are {', '.join(sorted(known))}."


def _nothing(kind: type | tuple[type, ...]) -> Any:
    """What stands for a value that is missing while the rest of the file is read; its fault is already told."""
    first = kind[0] if isinstance(kind, tuple) else kind
    return date.min if first is date else first()


def line_of(text: str, path: Path) -> int:
    """Where a key is given, else where its table begins, else the first line.

    The parser itself is asked: a line belongs to the first beginning of the file that parses and holds the key.
    """
    for depth in range(len(path), 0, -1):
        last = 0
        for end, data in _beginnings(text):
            if _holds(data, path[:depth]):
                return last + 1
            last = end
    return 1


def _beginnings(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = text.split("\n")
    for end in range(1, len(lines) + 1):
        try:
            yield end, tomllib.loads("\n".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue


def _holds(data: Any, path: Path) -> bool:
    for key in path:
        if not isinstance(data, dict) or key not in data:
            return False
        data = data[key]
    return True
