"""Reminders: the plan by which members are nudged before a deadline, told of its breach, and let sleep.

A plan is its rungs in time order. Packed, it is what the agenda's scripts take apart: `<seconds><letter>,…`, as in
`43200s,72000r,82800r,85500l,86400b`. The seconds are whole and count from when the buyer wrote; the letters are those
of `LETTERS`. `string.gmatch(plan, '(%d+)(%a)')` walks it; `b` is the breach, always last and never before the deadline.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import chain, groupby

from core.domain.quiet_hours import QuietHours, is_quiet, night_at
from core.domain.zones import HOUR, MINUTE, SECOND

MERGED = 5 * MINUTE  # rungs nearer to each other than this are one
BEDSIDE = MINUTE  # how long before quiet hours begin a reminder rings that would have fallen into them
MOST_STEPS = 8
EARLIEST_STEP = 30 * 24 * HOUR
LATEST_STEP = MERGED


class RungKind(StrEnum):
    SOFT = "soft"  # a soft target passes
    BEFORE = "before"  # a step of the ladder
    LAST = "last"  # the ladder's step nearest to the deadline
    THROUGH = "through"  # the same, where it must wake its members because no other reminder could reach them
    BREACH = "breach"  # the deadline itself


class Urgency(IntEnum):
    NUDGE = 1
    WARNING = 2
    LAST = 3
    BREACH = 4


URGENCIES = {
    RungKind.SOFT: Urgency.NUDGE,
    RungKind.BEFORE: Urgency.WARNING,
    RungKind.LAST: Urgency.LAST,
    RungKind.THROUGH: Urgency.LAST,
    RungKind.BREACH: Urgency.BREACH,
}

# Never reuse one: packed plans outlive a release.
LETTERS = {
    RungKind.SOFT: "s",
    RungKind.BEFORE: "r",
    RungKind.LAST: "l",
    RungKind.THROUGH: "t",
    RungKind.BREACH: "b",
}
KINDS = {letter: kind for kind, letter in LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Rung:
    """`loud`: it makes a sound if it is fired at `at`. Whoever fires it later asks `rings` for that hour."""

    at: int
    kind: RungKind
    loud: bool = True

    @property
    def asks(self) -> Urgency:
        return URGENCIES[self.kind]


Plan = tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """When to remind: `before` are whole minutes in milliseconds before the deadline; `soft`: also at soft targets.

    The breach is always told. Raises ValueError for more than eight steps, and for one under 5 min or over 30 days.
    """

    before: tuple[int, ...] = (4 * HOUR, HOUR, 15 * MINUTE)
    soft: bool = True

    def __post_init__(self) -> None:
        if len(self.before) > MOST_STEPS:
            raise ValueError(f"{len(self.before)} reminders before a deadline; at most {MOST_STEPS} are possible.")
        if list(self.before) != sorted(set(self.before), reverse=True):
            raise ValueError("Reminders go from the one furthest before the deadline to the nearest, each once.")
        for step in self.before:
            if not LATEST_STEP <= step <= EARLIEST_STEP or step % MINUTE:
                raise ValueError(f"A reminder {step / MINUTE:g} min before; it takes whole minutes, 5 min to 30 days.")


DEFAULT_LADDER = Ladder()


def plan(
    opened_at: int,
    soft_targets: Iterable[int],
    deadline: int | None,
    ladder: Ladder,
    quiet: QuietHours | None,
    now: int,
    *,
    told_until: int | None = None,
    apart: Iterable[tuple[Ladder, QuietHours | None]] = (),
) -> Plan:
    """The rungs still to come after `now`, and before them the one that has passed and is true now, if any.

    All times are instants in milliseconds, soft targets too. `told_until`: up to then members were told aloud, by a
    card or a rung; None: never. Who hears late of a message, or wakes after downtime, plans again and fires `due_now`.

    What would fall into quiet hours comes earlier, a minute before they begin. Where nothing can come in waking time
    since the buyer wrote, or since a downtime ended, the last reminder rings through, if the quiet hours let it.
    `apart` are the ladders, each with the quiet hours it heeds, of members who have steps of their own beside these.
    """
    untold = told_until if told_until is not None else opened_at - 1
    breach = () if deadline is None or deadline <= untold else (_rung(deadline, RungKind.BREACH, quiet),)
    if deadline is not None and deadline <= now:
        return breach
    climb = _Climb(opened_at, deadline, ladder, quiet)
    soft = tuple(soft_targets)
    others = (_Climb(opened_at, deadline, *each).placed(soft) for each in apart)
    reminders = _merged(chain(climb.placed(soft), *others)) or climb.through(since=opened_at)
    ahead = tuple(rung for rung in reminders if rung.at > max(now, untold))
    missed = tuple(rung for rung in reminders if untold < rung.at <= now)[-1:]
    if missed and not ahead and missed[0].kind is not RungKind.THROUGH:
        late = climb.through(since=now)
        missed, ahead = (missed, late) if late and late[0].at > now else (late or missed, ())
    return *missed, *ahead, *breach


def due_now(plan: Sequence[Rung], now: int) -> Rung | None:
    """The one warning that is true now: the most recent rung that has passed; those before it are old news."""
    return next((rung for rung in reversed(plan) if rung.at <= now), None)


def rings(kind: RungKind, quiet: QuietHours | None, at: int) -> bool:
    """Whether a rung that is fired at `at`, on time or late, makes a sound."""
    return kind is RungKind.THROUGH or not is_quiet(quiet, at)


def pack(plan: Sequence[Rung], opened_at: int) -> str:
    """Reminders stand on whole seconds already; a breach is rounded up to one, so that it is never early."""
    return ",".join(f"{-((opened_at - rung.at) // SECOND)}{LETTERS[rung.kind]}" for rung in plan)


def unpack(packed: str, opened_at: int, deadline: int | None = None, quiet: QuietHours | None = None) -> Plan:
    """With `deadline` the breach is exact again. Raises KeyError or ValueError for what `pack` did not write."""
    rungs = ((opened_at + int(each[:-1]) * SECOND, KINDS[each[-1]]) for each in packed.split(",") if each)
    return tuple(
        _rung(deadline if kind is RungKind.BREACH and deadline is not None else at, kind, quiet) for at, kind in rungs
    )


def _rung(at: int, kind: RungKind, quiet: QuietHours | None) -> Rung:
    return Rung(at, kind, rings(kind, quiet, at))


def comes_from(
    rung: Rung, opened_at: int, deadline: int | None, ladder: Ladder, quiet: QuietHours | None, now: int
) -> bool:
    """Whether one ladder asks for a rung of a plan that was made from several, and that is told now.

    What was late is for everybody, as is what wakes people, and a breach.
    """
    if rung.kind in {RungKind.THROUGH, RungKind.BREACH} or now - rung.at >= MERGED:
        return True
    if rung.kind is RungKind.SOFT and ladder.soft:
        return True
    own = _Climb(opened_at, deadline, ladder, quiet).placed(())
    return any(rung.at <= each.at < rung.at + MERGED for each in own)


@dataclass(frozen=True, slots=True)
class _Climb:
    opened_at: int
    deadline: int | None
    ladder: Ladder
    quiet: QuietHours | None

    def placed(self, soft_targets: Iterable[int]) -> list[Rung]:
        """Each reminder in waking time, at its own instant or earlier; without those that cannot be."""
        wanted = [(target, RungKind.SOFT) for target in soft_targets if self.ladder.soft]
        if self.deadline is not None:
            kinds = [RungKind.BEFORE] * (len(self.ladder.before) - 1) + [RungKind.LAST]
            wanted += [(self.deadline - step, kind) for step, kind in zip(self.ladder.before, kinds, strict=False)]
        places = ((self._awake_by(at), kind) for at, kind in wanted if self._is_between(at))
        return [Rung(at, kind) for at, kind in places if at is not None]

    def through(self, since: int) -> tuple[Rung, ...]:
        """The last reminder, aloud in quiet hours, for whoever could be told first at `since` and was asleep then."""
        if self.deadline is None or not self.ladder.before or self.quiet is None:
            return ()
        if not self.quiet.rings_through or not is_quiet(self.quiet, since):
            return ()
        return (Rung(self._whole(max(since, self.deadline - self.ladder.before[-1])), RungKind.THROUGH),)

    def _is_between(self, at: int) -> bool:
        return self.opened_at < at and (self.deadline is None or at < self.deadline)

    def _awake_by(self, at: int) -> int | None:
        """The last waking moment not after `at` and not before the buyer wrote."""
        at = self._whole(at)
        while at > self.opened_at and self.quiet and (night := night_at(self.quiet, at)):
            at = self._whole(night.start - BEDSIDE)
        at = max(at, self.opened_at)
        return None if is_quiet(self.quiet, at) else at

    def _whole(self, at: int) -> int:
        """The same or earlier by less than a second: a plan is packed in whole seconds."""
        return at - (at - self.opened_at) % SECOND


def _merged(reminders: Iterable[Rung]) -> Plan:
    """Rungs within five minutes of the first of them are one, then: as early as that and as urgent as any."""
    first: list[int] = []

    def together(rung: Rung) -> int:
        if not first or rung.at - first[-1] >= MERGED:
            first.append(rung.at)
        return first[-1]

    groups = groupby(sorted(reminders, key=lambda rung: rung.at), together)
    return tuple(Rung(at, max(group, key=lambda rung: rung.asks).kind) for at, group in groups)
