"""The ledger: every obligation with its verdict and why, so that a rate can be taken apart to the messages behind it.

All times are integer milliseconds, UTC. In time is what was answered by the deadline, that instant included; an
obligation without an answer is missed from its deadline on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from core.domain.obligations import Exclusion, ObligationKind


class Verdict(StrEnum):
    IN_TIME = "in_time"
    LATE = "late"  # answered after the deadline: missed, and stays so
    MISSED = "missed"  # the deadline passed and there is no answer
    PENDING = "pending"
    EXCLUDED = "excluded"


MISSES = frozenset({Verdict.LATE, Verdict.MISSED})
COUNTING = MISSES | {Verdict.IN_TIME}


@dataclass(frozen=True, slots=True)
class Entry:
    """One obligation in the ledger of a shop.

    `due` is None where the policy sets no deadline, `by` is None for an answer on the site, `reason` stands beside
    EXCLUDED alone. `counted_from` is the instant that puts it into the window: when the buyer wrote, or when a
    withdrawn spam report started its clock again.
    """

    obligation: str
    conversation: str
    kind: ObligationKind
    order: str | None
    received: int
    due: int | None
    soft_due: int | None
    answered: int | None
    by: str | None
    verdict: Verdict
    reason: Exclusion | None
    counted_from: int

    @property
    def counts(self) -> bool:
        return self.verdict in COUNTING


def judge(due: int | None, answered: int | None, now: int, reason: Exclusion | None = None) -> Verdict:
    """What is known at `now`; an answer heard of later may still turn MISSED into IN_TIME."""
    if reason is not None:
        return Verdict.EXCLUDED
    if answered is not None:
        return Verdict.IN_TIME if due is None or answered <= due else Verdict.LATE
    return Verdict.PENDING if due is None or now < due else Verdict.MISSED


@dataclass(frozen=True, slots=True)
class Counts:
    """What a rate is made of: `missed` is answered late and not answered at all."""

    met: int = 0
    missed: int = 0

    @property
    def of(self) -> int:
        return self.met + self.missed

    @property
    def percent(self) -> Fraction | None:
        return Fraction(100 * self.met, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Row:
    """An entry and its two summands: the columns `met` and `missed` of a ledger add up to its rate."""

    entry: Entry
    met: int
    missed: int


def rows(entries: Iterable[Entry]) -> list[Row]:
    """Newest first; what does not count stands among the others with two zeros and its reason."""
    return [_row(entry) for entry in newest_first(entries)]


def _row(entry: Entry) -> Row:
    return Row(entry, met=int(entry.verdict is Verdict.IN_TIME), missed=int(entry.verdict in MISSES))


def total(entries: Iterable[Entry]) -> Counts:
    every = rows(entries)
    return Counts(sum(row.met for row in every), sum(row.missed for row in every))


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.counted_from, entry.obligation), reverse=True)


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """`average` and `median` in whole milliseconds, over the `answered` that count; None where there are none.

    `soft_met` of `soft_of`: how many were answered by the soft target, of all that count and had one, missed ones too.
    """

    answered: int
    average: int | None
    median: int | None
    soft_met: int
    soft_of: int

    @property
    def soft_percent(self) -> Fraction | None:
        return Counts(self.soft_met, self.soft_of - self.soft_met).percent


def response_times(entries: Iterable[Entry]) -> ResponseTimes:
    counting = [entry for entry in entries if entry.counts]
    took = sorted(_took(entry.received, entry.answered) for entry in counting if entry.answered is not None)
    with_target = [(entry.soft_due, entry.answered) for entry in counting if entry.soft_due is not None]
    return ResponseTimes(
        answered=len(took),
        average=sum(took) // len(took) if took else None,
        median=(took[(len(took) - 1) // 2] + took[len(took) // 2]) // 2 if took else None,
        soft_met=sum(answered is not None and answered <= target for target, answered in with_target),
        soft_of=len(with_target),
    )


def _took(received: int, answered: int) -> int:
    # Two clocks of a marketplace need not agree to the millisecond.
    return max(0, answered - received)


_TOLD = "obligation conversation kind order received due soft_due answered by verdict reason counted_from"
COLUMNS = (*_TOLD.split(), "met", "missed")
# What makes a spreadsheet run a cell as a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_QUOTED = frozenset('",\r\n')


def csv_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """The ledger as RFC 4180, a heading first, each line with its end; times are ISO 8601 in UTC."""
    yield _line(COLUMNS)
    for row in rows(entries):
        yield _line(_cells(row))


def _cells(row: Row) -> Iterator[str]:
    entry = row.entry
    yield from (entry.obligation, entry.conversation, entry.kind, entry.order or "")
    yield from (instant_text(at) for at in (entry.received, entry.due, entry.soft_due, entry.answered))
    yield from (entry.by or "", entry.verdict, entry.reason or "", instant_text(entry.counted_from))
    yield from (str(row.met), str(row.missed))


def _line(cells: Iterable[str]) -> str:
    return ",".join(csv_cell(cell) for cell in cells) + "\r\n"


def csv_cell(text: str) -> str:
    """Quoted where the format asks for it; what a spreadsheet would run is shown as text, behind an apostrophe."""
    safe = f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
    return '"' + safe.replace('"', '""') + '"' if _QUOTED.intersection(safe) else safe


def instant_text(at: int | None) -> str:
    """RFC 3339 in UTC, to the millisecond; empty for none."""
    if at is None:
        return ""
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
