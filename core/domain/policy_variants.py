"""Where readings of one marketplace's rules differ: we count by the shop's policy and warn by the stricter one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.domain.obligations import ObligationKind
from core.domain.policies import AwayRule, Mark, Policy, Rule, Source, Unit
from core.domain.zones import HOUR

# Over a whole week, so that limits of any kind can be compared; its first instant is a Monday's, like any other.
WEEK_START = 1_767_571_200_000
WEEK_HOURS = 7 * 24


@dataclass(frozen=True, slots=True)
class Difference:
    """`part` as in the file: `window`, `spam`, `away`, `limit`, …; its value is that attribute of `ours` and `theirs`.

    `stricter`: what the seller may count on by our reading is not safe by theirs. `source` says where theirs was read.
    """

    part: str
    kind: ObligationKind
    policy: Policy
    ours: Rule
    theirs: Rule
    stricter: bool
    source: Source


def variants(policy: Policy, others: Iterable[Policy]) -> tuple[Policy, ...]:
    """The other readings of the same marketplace's rules; a policy of one's own has none."""
    return tuple(
        other
        for other in others
        if policy.marketplace and other.marketplace == policy.marketplace and other.name != policy.name
    )


def differences(ours: Policy, theirs: Policy) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            part,
            kind,
            theirs,
            ours.rule(kind),
            other,
            is_stricter(ours.rule(kind), other),
            other.source_of(_HOME.get(part, part)),
        )
        for kind in ObligationKind
        if (other := theirs.rule(kind)).measured and ours.rule(kind).measured
        for part, is_stricter in PARTS.items()
        if getattr(ours.rule(kind), part) != getattr(other, part)
    )


def stricter(
    policy: Policy, others: Iterable[Policy], part: str | None = None, kind: ObligationKind | None = None
) -> tuple[Difference, ...]:
    """What to warn of: where another reading of the same rules is stricter, of one part or kind if they are named."""
    return tuple(
        found
        for other in variants(policy, others)
        for found in differences(policy, other)
        if found.stricter and part in (None, found.part) and kind in (None, found.kind)
    )


def _mark(part: str) -> Callable[[Rule, Rule], bool]:
    def is_stricter(ours: Rule, theirs: Rule) -> bool:
        return _severity(getattr(theirs, part)) > _severity(getattr(ours, part))

    return is_stricter


def _severity(mark: Mark) -> tuple[bool, float, bool]:
    return (not mark.excludes, -float("inf") if mark.within is None else -mark.within, not mark.retroactive)


def _allowed(rule: Rule) -> float:
    """How long a rule gives, of all the hours of a week together."""
    written = (WEEK_START + hour * HOUR for hour in range(WEEK_HOURS))
    return sum(float("inf") if (due := rule.deadline(at)) is None else due - at for at in written)


def _is_sooner(ours: Rule, theirs: Rule) -> bool:
    return _allowed(theirs) < _allowed(ours)


_HOME = {"unspam_restarts_clock": "spam"}  # where the file tells it, and so where its source is
_UNITS = tuple(Unit)  # from the fewest messages that count to the most
_AWAY = tuple(AwayRule)  # from the mildest on

# Whether the second rule's is stricter than the first's.
PARTS: dict[str, Callable[[Rule, Rule], bool]] = {
    "limit": _is_sooner,
    "weekend": _is_sooner,
    "unit": lambda ours, theirs: _UNITS.index(theirs.unit) > _UNITS.index(ours.unit),
    "window": lambda ours, theirs: theirs.window.days > ours.window.days,  # a miss costs for longer
    "answers": lambda ours, theirs: not theirs.answers >= ours.answers,
    "away": lambda ours, theirs: _AWAY.index(theirs.away.rule) > _AWAY.index(ours.away.rule),
    "spam": _mark("spam"),
    "waived": _mark("waived"),
    "blocked": _mark("blocked"),
    "withdrawn": _mark("withdrawn"),
    "order_closed": _mark("order_closed"),
    "gone": _mark("gone"),
    "unspam_restarts_clock": lambda ours, theirs: ours.unspam_restarts_clock,
    "threshold": lambda ours, theirs: (theirs.threshold or 0) > (ours.threshold or 0),
}
