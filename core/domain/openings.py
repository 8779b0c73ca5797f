"""What an incoming message does under a policy: whether it opens an obligation, whether it counts, and from when."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.domain.absences import Absence
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


class Spoken:
    """What was said in a conversation, asked for by instant; replies count among it once accepted."""

    def __init__(self, said: Iterable[Said]) -> None:
        every = sorted(said, key=lambda each: (each.at, each.incoming))
        self._first = every[0] if every else None
        self._all = [each.at for each in every]
        self._asked = {
            on_order: [each.at for each in every if each.incoming and bool(each.order) is on_order]
            for on_order in (False, True)
        }

    def last(self, before: int) -> int | None:
        return _last(self._all, before)

    def last_asked(self, rule: Rule, on_order: bool, before: int) -> int | None:
        """The newest of the buyer's messages that the rule looks at together with one of this kind."""
        kinds = (False, True) if rule.scope is Scope.ALL else (on_order,)
        return max((at for kind in kinds if (at := _last(self._asked[kind], before)) is not None), default=None)

    def is_seller_started(self, before: int) -> bool:
        return self._first is not None and self._first.at < before and not self._first.incoming


def _last(instants: Sequence[int], before: int) -> int | None:
    index = bisect_left(instants, before)
    return instants[index - 1] if index else None


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
    return Opening(opens=True, counts=rule.measured and is_looked_at(rule, message, Spoken(before), message.at + 1))


def is_looked_at(rule: Rule, message: Said, spoken: Spoken, before: int | None = None) -> bool:
    """Whether the rate is taken of this message, by what was said `before` that instant; None: before the message."""
    until = message.at if before is None else before
    if not rule.seller_started_counts and spoken.is_seller_started(until):
        return False
    last = spoken.last_asked(rule, bool(message.order), until)
    match rule.unit:
        case Unit.FIRST_IN_CONVERSATION:
            return last is None
        case Unit.FIRST_PER_DAY:
            return last is None or day_there(rule.day_zone, message.at) != day_there(rule.day_zone, last)
        case Unit.FIRST_AFTER_SILENCE:
            last = spoken.last(until)
            return last is None or message.at - last >= rule.silence
        case Unit.EVERY_TURN | Unit.EVERY_MESSAGE:
            return True


@dataclass(frozen=True, slots=True)
class WhileAway:
    """`starts_at`: from when the clock runs; None: from a return that nobody knows yet, so there is no deadline."""

    counts: bool
    starts_at: int | None


def verdict_while_away(rule: Rule, absences: Iterable[Absence], at: int) -> WhileAway:
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


def _start(away: Away, absences: Sequence[Absence], at: int) -> int | None:
    back = _return(absences, at)
    if away.longest is None:
        return back
    return at + away.longest if back is None else min(back, at + away.longest)


def _return(absences: Sequence[Absence], at: int) -> int | None:
    """The end of the absence and of all that follow it without a gap."""
    while around := _around(absences, at):
        ends = [absence.end for absence in around if absence.end is not None]
        if len(ends) < len(around):
            return None
        at = max(ends)
    return at


def _around(absences: Iterable[Absence], at: int) -> list[Absence]:
    return [absence for absence in absences if at in absence]
