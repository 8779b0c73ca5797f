"""Rates: the percentage answered in time within the policy's window, and what will become of it.

Every decision is made in whole numbers and fractions. Percentages are `Fraction`s between 0 and 100, or None where
there is nothing to divide; times are integer milliseconds, UTC. What is counted from an instant is in a window of
`n` days from that instant on, and out of it exactly `n` days later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from core.domain.ledger import Counts, Entry, Verdict, newest_first, total

DAY = 86_400_000

Percent = int | Fraction


@dataclass(frozen=True, slots=True)
class Window:
    """How far back a rate looks.

    With fewer than `min_sample` in it, the newest `fallback_last_n` of the last `fallback_days` are taken instead;
    None for one of the two: all of those days, or the newest however old. None for both: there is no fallback.
    """

    days: int
    min_sample: int = 0
    fallback_last_n: int | None = None
    fallback_days: int | None = None

    def start(self, now: int) -> int:
        """What is counted from this instant or earlier has left the window."""
        return now - self.days * DAY

    @property
    def has_fallback(self) -> bool:
        return self.fallback_last_n is not None or self.fallback_days is not None


@dataclass(frozen=True, slots=True)
class Weighting:
    """`weight` of the rate is that of its newest part, the rest is that of the whole. Both between 0 and 1."""

    newest_fraction: Fraction
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Band:
    """`minimum` in percent, itself included."""

    name: str
    minimum: Percent


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as it is shown, with what must be said beside it.

    `since`: from when on it knows. `covered`: that is all the policy looks at. `enough`: the sample is as large as the
    policy asks. `fallback`: the sample is not the window's. `newest`: the part that weighs more, where there is one.
    With nothing in the sample `percent` is the policy's empty value, None for "no data".
    """

    met: int
    missed: int
    percent: Fraction | None
    since: int
    covered: bool
    enough: bool = True
    fallback: bool = False
    band: str | None = None
    newest: Counts | None = None

    @property
    def of(self) -> int:
        return self.met + self.missed

    @property
    def shown(self) -> str | None:
        return None if self.percent is None else shown(self.percent)


def shown(percent: Percent) -> str:
    """With one decimal, cut and not rounded, as 89.96 is not 90; without one where that is exact: `94`, not `94.0`."""
    tenths = int(percent * 10)
    return str(int(percent)) if percent == int(percent) else f"{tenths // 10}.{tenths % 10}"


def band_of(percent: Percent | None, bands: Iterable[Band]) -> str | None:
    """The highest band that is reached, in whatever order they come."""
    if percent is None:
        return None
    reached = [band for band in bands if percent >= band.minimum]
    return max(reached, key=lambda band: band.minimum).name if reached else None


@dataclass(frozen=True, slots=True)
class Sample:
    """The entries that a rate is taken from, newest first; `start` is how far back was looked, None for no limit."""

    entries: Sequence[Entry]
    start: int | None
    fallback: bool = False
    whole: bool = False  # as many as were asked for, so that nothing older could change it


def rate(
    entries: Iterable[Entry],
    window: Window,
    now: int,
    *,
    weighting: Weighting | None = None,
    bands: Iterable[Band] = (),
    empty_value: Percent | None = None,
    known_from: int | None = None,
) -> Rate:
    """From the ledger; entries that do not count or are out of the window may be among them.

    `known_from`: the instant since when we know all of the shop's messages; None for ever. Messages heard of count even
    if the marketplace's clock is ahead of `now`.
    """
    taken = sample(entries, window, now)
    return rate_by(
        tally(taken, weighting),
        window,
        weighting=weighting,
        bands=bands,
        empty_value=empty_value,
        known_from=known_from,
    )


def rate_of(
    counts: Counts,
    window: Window,
    now: int,
    *,
    bands: Iterable[Band] = (),
    empty_value: Percent | None = None,
    known_from: int | None = None,
) -> Rate:
    """The same from two numbers counted within the window, where there is neither fallback nor weighting."""
    counted = Tally(counts, window.start(now))
    return rate_by(counted, window, bands=bands, empty_value=empty_value, known_from=known_from)


@dataclass(frozen=True, slots=True)
class Tally:
    """A sample that was counted, wherever that was done: `start`, `fallback` and `whole` as of a `Sample`.

    `oldest` is when its oldest entry counts from; `newest` counts the part that weighs more, where there is one.
    """

    counts: Counts
    start: int | None
    oldest: int = 0
    newest: Counts | None = None
    fallback: bool = False
    whole: bool = False


def tally(taken: Sample, weighting: Weighting | None) -> Tally:
    return Tally(
        counts=total(taken.entries),
        start=taken.start,
        oldest=taken.entries[-1].counted_from if taken.entries else 0,
        newest=total(newest_part(taken.entries, weighting)) if weighting else None,
        fallback=taken.fallback,
        whole=taken.whole,
    )


def rate_by(
    counted: Tally,
    window: Window,
    *,
    weighting: Weighting | None = None,
    bands: Iterable[Band] = (),
    empty_value: Percent | None = None,
    known_from: int | None = None,
) -> Rate:
    counts = counted.counts
    value = _value(_weighed(counts, counted.newest, weighting), empty_value)
    return Rate(
        met=counts.met,
        missed=counts.missed,
        percent=value,
        since=_since(counted, known_from),
        covered=_is_covered(counted, known_from),
        enough=not is_small(counts, window),
        fallback=counted.fallback,
        band=band_of(value, bands),
        newest=counted.newest,
    )


def is_small(counts: Counts, window: Window) -> bool:
    return counts.of < window.min_sample


def sample(entries: Iterable[Entry], window: Window, now: int) -> Sample:
    counting = newest_first(entry for entry in entries if entry.counts)
    start = window.start(now)
    within = [entry for entry in counting if entry.counted_from > start]
    if window.has_fallback and len(within) < window.min_sample:
        return fallback(counting, window, now)
    return Sample(within, start)


def fallback(newest: Sequence[Entry], window: Window, now: int) -> Sample:
    """What is taken in place of too small a window, of entries that count, newest first."""
    start = None if window.fallback_days is None else now - window.fallback_days * DAY
    within = [entry for entry in newest if start is None or entry.counted_from > start]
    taken = within[: window.fallback_last_n]
    return Sample(taken, start, fallback=True, whole=len(taken) == window.fallback_last_n)


def _weighed(counts: Counts, newest: Counts | None, weighting: Weighting | None) -> Fraction | None:
    whole, part = counts.percent, newest.percent if newest else None
    if weighting is None or whole is None or part is None:
        return whole
    return (1 - weighting.weight) * whole + weighting.weight * part


def newest_part(newest: Sequence[Entry], weighting: Weighting) -> Sequence[Entry]:
    return newest[: size_of_newest(len(newest), weighting)]


def size_of_newest(of: int, weighting: Weighting) -> int:
    """Rounded up, as no source says which way."""
    return -(-of * weighting.newest_fraction.numerator // weighting.newest_fraction.denominator)


def _value(percent: Fraction | None, empty_value: Percent | None) -> Fraction | None:
    if percent is not None or empty_value is None:
        return percent
    return Fraction(empty_value)


def _since(counted: Tally, known_from: int | None) -> int:
    if counted.whole:
        return counted.oldest
    start = counted.oldest if counted.start is None else counted.start
    return start if known_from is None else max(start, known_from)


def _is_covered(counted: Tally, known_from: int | None) -> bool:
    return known_from is None or counted.whole or (counted.start is not None and known_from <= counted.start)


def reaches(counts: Counts, threshold: Percent) -> bool:
    """No messages at all reach every threshold: nothing was missed."""
    return 100 * counts.met >= threshold * counts.of


def affordable(met: int, missed: int, threshold: Percent) -> int | None:
    """How many more may be missed with the rate still at `threshold`, if nothing else is new.

    0 where it is below already; None, for any number, where the threshold is 0.
    """
    if threshold <= 0:
        return None
    return max(0, int(100 * met // Fraction(threshold)) - met - missed)


def answers_to_recover(met: int, missed: int, threshold: Percent) -> int | None:
    """How many answers in time, one after the other, bring the rate to `threshold`; None where none ever do."""
    short = threshold * (met + missed) - 100 * met
    if short <= 0:
        return 0
    return int(-(-short // (100 - threshold))) if threshold < 100 else None


@dataclass(frozen=True, slots=True)
class IfMissed:
    """A pending entry and the rate if it is missed: `alone`, or `together` with all that fall due before it."""

    entry: Entry
    alone: Fraction
    together: Fraction


def if_missed(counts: Counts, pending: Iterable[Entry]) -> list[IfMissed]:
    """By deadline. What does not count or has no deadline cannot cost anything and is left out."""
    still = [entry for entry in pending if entry.verdict is Verdict.PENDING]
    dated = [(entry.due, entry.obligation, entry) for entry in still if entry.due is not None]
    at_risk = [entry for _, _, entry in sorted(dated, key=lambda each: each[:2])]
    return [
        IfMissed(entry, alone=_after(counts, 1), together=_after(counts, number))
        for number, entry in enumerate(at_risk, start=1)
    ]


def _after(counts: Counts, misses: int) -> Fraction:
    return Fraction(100 * counts.met, counts.of + misses)


def ages_out(entry: Entry, window: Window) -> int:
    """The first instant at which the window no longer holds it; a fallback may still."""
    return entry.counted_from + window.days * DAY


def on_day(
    entries: Iterable[Entry],
    window: Window,
    at: int,
    *,
    pending: Verdict | None = None,
    weighting: Weighting | None = None,
    bands: Iterable[Band] = (),
    empty_value: Percent | None = None,
    known_from: int | None = None,
) -> Rate:
    """The rate at a coming instant if nothing new comes.

    `pending`: IN_TIME if all that is pending is answered in time, MISSED if none is (what is not yet due `at` then is
    still pending), None to leave them out.
    """
    then = [_outcome(entry, pending, at) for entry in entries]
    return rate(then, window, at, weighting=weighting, bands=bands, empty_value=empty_value, known_from=known_from)


def _outcome(entry: Entry, pending: Verdict | None, at: int) -> Entry:
    if entry.verdict is not Verdict.PENDING or pending is None:
        return entry
    if pending is Verdict.MISSED and (entry.due is None or at < entry.due):
        return entry
    return replace(entry, verdict=pending)


@dataclass(frozen=True, slots=True)
class Difference:
    """The marketplace's own number beside ours, in percent; `points` is theirs less ours.

    `misses`: how many more misses than ours, of as many messages, come nearest to their number; negative for fewer.
    `agrees`: they are the same but for how the marketplace rounds.
    """

    ours: Fraction
    theirs: Fraction
    points: Fraction
    misses: int
    agrees: bool


def difference(ours: Rate, theirs: Percent, step: Percent = 1) -> Difference | None:
    """None where we have no rate. `step` is what their number is rounded to: 1 for whole percents."""
    if ours.percent is None:
        return None
    points = Fraction(theirs) - ours.percent
    expected = (100 - Fraction(theirs)) * ours.of / 100
    return Difference(
        ours=ours.percent,
        theirs=Fraction(theirs),
        points=points,
        misses=round(expected) - ours.missed,
        agrees=abs(points) < step,
    )
