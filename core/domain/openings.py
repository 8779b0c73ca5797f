"""What an incoming message does under a policy: whether it opens an obligation, whether it counts, and from when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.domain.deadlines import day_there
from core.domain.policies import Away, AwayRule, Rule, Scope, Unit


@dataclass(frozen=True, slots=True)
class Said:
    """A message as far as a policy looks at it: when it was written, which way it went, and its order."""

    at: int
    incoming: bool
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What an incoming message does. One that opens but does not count is owed all the same."""

    opens: bool
    counts: bool


def opens(rule: Rule, message: Said, earlier: Iterable[Said], settled: Sequence[int] = ()) -> Opening:
    """What `message` does, by what was said before it in its conversation; replies count among that once accepted.

    `settled`: when an obligation of its kind and order ended without a reply (waived, spam). What the buyer withdrew
    is to be left out of `earlier`. What was said at the same instant comes before it: give one of two, not both.
    """
    before = [said for said in earlier if said.at <= message.at]
    replied = [said.at for said in before if not said.incoming]
    # A reply answers what was written before it; of the same millisecond, the message was first.
    ended = max([*replied, *(at for at in settled if at <= message.at)], default=None)
    asking = [said.at for said in before if said.incoming and said.order == message.order]
    if any(ended is None or at > ended for at in asking):
        return Opening(opens=False, counts=False)
    return Opening(opens=True, counts=rule.measured and _is_looked_at(rule, message, before))


def _is_looked_at(rule: Rule, message: Said, before: Sequence[Said]) -> bool:
    if (
        not rule.seller_started_counts
        and before
        and not min(before, key=lambda said: (said.at, said.incoming)).incoming
    ):
        return False
    same = [said for said in before if rule.scope is Scope.ALL or bool(said.order) == bool(message.order)]
    asked = [said.at for said in same if said.incoming]
    match rule.unit:
        case Unit.FIRST_IN_CONVERSATION:
            return not asked
        case Unit.FIRST_PER_DAY:
            return day_there(rule.day_zone, message.at) not in {day_there(rule.day_zone, at) for at in asked}
        case Unit.FIRST_AFTER_SILENCE:
            return not before or message.at - max(said.at for said in before) >= rule.silence
        case Unit.EVERY_TURN | Unit.EVERY_MESSAGE:
            return True


class Absent(Protocol):
    """An absence, from `start` until before `end`; None: nobody knows yet. `contact_allowed`: buyers may write."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int | None: ...
    @property
    def contact_allowed(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class WhileAway:
    """`starts_at`: from when the clock runs; None: from a return that nobody knows yet, so there is no deadline."""

    counts: bool
    starts_at: int | None


def verdict_while_away(rule: Rule, absences: Iterable[Absent], at: int) -> WhileAway:
    """For a message written `at`; one that came before the absence began keeps its clock."""
    known = list(absences)
    around = _around(known, at)
    match rule.away.rule:
        case AwayRule.NEVER_COUNTS:
            return WhileAway(counts=not around, starts_at=at)
        case AwayRule.COUNTS_IF_CONTACT_ALLOWED:
            return WhileAway(counts=all(absence.contact_allowed for absence in around), starts_at=at)
        case AwayRule.STARTS_AT_RETURN:
            return WhileAway(counts=True, starts_at=_start(rule.away, known, at))
        case AwayRule.COUNTS:
            return WhileAway(counts=True, starts_at=at)


def _start(away: Away, absences: Sequence[Absent], at: int) -> int | None:
    back = _return(absences, at)
    if away.longest is None:
        return back
    return at + away.longest if back is None else min(back, at + away.longest)


def _return(absences: Sequence[Absent], at: int) -> int | None:
    """The end of the absence and of all that follow it without a gap."""
    while around := _around(absences, at):
        ends = [absence.end for absence in around if absence.end is not None]
        if len(ends) < len(around):
            return None
        at = max(ends)
    return at


def _around(absences: Iterable[Absent], at: int) -> list[Absent]:
    return [absence for absence in absences if absence.start <= at and (absence.end is None or at < absence.end)]
