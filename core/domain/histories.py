"""A conversation's history, and the obligations that follow from it: the same whatever order it was told in.

The history is put into the order in which it happened and lived through once more, for each kind and order by itself:

- An incoming message opens an obligation, unless one is owed: then it joins that one.
- A reply takes effect when the marketplace accepts it, on what opened before it was written. Messages written after
  the reply was stay owed, from the first of them on.
- A spam report and a waiver end the duty. A withdrawn message, a closed order and a conversation that is gone end it
  where the policy excludes for them. What ended without being excluded still counts.
- What is overdue already when an import brings it is missed, and nobody is asked for an answer any more.
- A waiver that was undone never was; an undone spam report may start the clock again.

All times in milliseconds, UTC. In one millisecond a message is there before what is done about it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from core.domain.absences import Absence
from core.domain.obligations import Exclusion, Obligation, ObligationKind, state_at
from core.domain.openings import Said, Spoken, is_looked_at, verdict_while_away
from core.domain.policies import AnswerKind, Mark, Rule, answer_counts, clock_after_unspam, holiday_excludes

Lane = tuple[ObligationKind, str | None]
"""An obligation is one of a kind and order: at most one in each lane is owed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A buyer's message. `reports`: its spam reports, and their taking back. `imported_at`: when an import told it.

    `staff`: the marketplace's own people wrote it.
    """

    id: str
    at: int
    order: str | None = None
    withdrawn_at: int | None = None
    reports: tuple["Reported", ...] = ()
    imported_at: int | None = None
    staff: bool = False

    @property
    def lane(self) -> Lane:
        return (ObligationKind.ORDER if self.order else ObligationKind.INBOX), self.order


@dataclass(frozen=True, slots=True)
class Reported:
    """A spam report, or with `undone` the taking back of every one before it."""

    at: int
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Replied:
    """An outgoing message that the marketplace has."""

    id: str
    written_at: int
    accepted_at: int
    kind: AnswerKind = AnswerKind.MANUAL


@dataclass(frozen=True, slots=True)
class Waived:
    """No answer is needed to what is owed in this lane."""

    at: int
    lane: Lane


@dataclass(frozen=True, slots=True)
class OrderTold:
    at: int
    order: str
    closed: bool


Governs = Callable[[ObligationKind, int], tuple[str, Rule]]
"""The digest of the policy that governs a message of a kind written at an instant, and its rule."""


@dataclass(frozen=True, slots=True)
class History:
    """Everything that is known of a conversation, in no order. `gone_at`: the marketplace removed it.

    `blocked_at`: the seller blocked its buyer on the marketplace's site.

    `past` is what remains of words that are kept no more: the first that was said, and the last of each sort.
    """

    conversation: str
    governs: Governs
    asked: tuple[Asked, ...] = ()
    replied: tuple[Replied, ...] = ()
    waived: tuple[Waived, ...] = ()
    orders: tuple[OrderTold, ...] = ()
    absences: tuple[Absence, ...] = ()
    gone_at: int | None = None
    blocked_at: int | None = None
    past: tuple[Said, ...] = ()


def obligations(history: History, now: int, obligation_id: Callable[[str], str]) -> tuple[Obligation, ...]:
    """All there ever were of this conversation, by when the buyer wrote. `obligation_id` makes one of a message's."""
    lanes = {asked.lane for asked in history.asked}
    spoken = _spoken(history)
    every = [duty for lane in lanes for duty in _Lane(history, lane, spoken).duties]
    found = [duty.told(history.conversation, obligation_id) for duty in every]
    found.sort(key=lambda each: (each.opened_at, each.id))
    return tuple(replace(each, state=state_at(each, now)) for each in found)


@dataclass(frozen=True, slots=True)
class _Withdrawal:
    message: str


@dataclass(frozen=True, slots=True)
class _Report:
    """`stands`: it was not taken back later."""

    message: str
    stands: bool


@dataclass(frozen=True, slots=True)
class _Unreport:
    message: str


@dataclass(frozen=True, slots=True)
class _Gone:
    at: int


@dataclass(frozen=True, slots=True)
class _Blocked:
    at: int


@dataclass(frozen=True, slots=True)
class _Import:
    message: str


_Happening = OrderTold | Asked | Replied | _Withdrawal | _Report | _Unreport | Waived | _Gone | _Blocked | _Import
_FIRST_TO_LAST = (OrderTold, Asked, Replied, _Withdrawal, _Report, _Unreport, Waived, _Gone, _Blocked, _Import)


@dataclass(slots=True)
class _Duty:
    """An obligation as it is lived through; `asked` are the messages that it wants an answer to."""

    policy: str
    rule: Rule
    asked: list[Asked]
    started_at: int | None
    counted_from: int
    reason: Exclusion | None
    deadline: int | None
    ended_by: Exclusion | None = None
    ended_at: int | None = None
    answered_at: int | None = None
    answer: str = ""
    spared: bool = False  # by a report that came soon enough to exclude, and was taken back later

    @property
    def is_owed(self) -> bool:
        return self.answered_at is None and self.ended_by is None

    @property
    def opened_at(self) -> int:
        return self.asked[0].at

    def mark(self, why: Exclusion, mark: Mark, at: int, *, ends: bool = False) -> None:
        """The first reason stands. `ends`: the duty, also where the policy does not exclude for it."""
        excluded = mark.holds(self.opened_at, at, self.deadline, self.answered_at)
        if excluded and self.reason is None:
            self.reason = why
        if self.is_owed and (excluded or ends):
            self.ended_by, self.ended_at = why, at

    def told(self, conversation: str, obligation_id: Callable[[str], str]) -> Obligation:
        opener = self.asked[0]
        kind, order = opener.lane
        return Obligation(
            id=obligation_id(opener.id),
            conversation=conversation,
            message=opener.id,
            kind=kind,
            order=order,
            opened_at=opener.at,
            deadline=self.deadline,
            started_at=self.started_at,
            counted_from=self.counted_from,
            reason=self.reason,
            ended_by=self.ended_by,
            ended_at=self.ended_at,
            answered_at=self.answered_at,
            answer=self.answer,
            policy=self.policy,
        )


class _Lane:
    """One lane, lived through: `duties` are all there were, oldest first; at most the last is owed."""

    def __init__(self, history: History, lane: Lane, spoken: Spoken) -> None:
        self.history = history
        self.kind, self.order = lane
        self.duties: list[_Duty] = []
        self._duty_of: dict[str, _Duty] = {}
        self._withdrawn: set[str] = set()
        self._spoken = spoken
        for _, _, _, happening, at in sorted(self._timeline(), key=lambda each: each[:3]):
            self._happen(happening, at)

    def _timeline(self) -> Iterator[tuple[int, int, str, _Happening, int]]:
        for at, happening in self._happenings():
            yield at, _FIRST_TO_LAST.index(type(happening)), _name(happening), happening, at

    def _happenings(self) -> Iterator[tuple[int, _Happening]]:
        history, lane = self.history, (self.kind, self.order)
        for asked in history.asked:
            if asked.lane == lane:
                yield asked.at, asked
                yield from _about(asked)
        for replied in history.replied:
            yield replied.accepted_at, replied
        for waived in history.waived:
            if waived.lane == lane:
                yield waived.at, waived
        for told in history.orders:
            if told.order == self.order:
                yield told.at, told
        if history.gone_at is not None:
            yield history.gone_at, _Gone(history.gone_at)
        if history.blocked_at is not None:
            yield history.blocked_at, _Blocked(history.blocked_at)

    def _happen(self, happening: _Happening, at: int) -> None:
        owed = self.duties[-1] if self.duties and self.duties[-1].is_owed else None
        match happening:
            case Asked() if owed:
                owed.asked.append(happening)
                self._duty_of[happening.id] = owed
            case Asked():
                self._open([happening])
            case Replied():
                self._accept(happening, owed)
            case _Withdrawal(message):
                self._withdraw(message, at)
            case _Report(message, stands):
                self._report(message, at, stands=stands)
            case _Unreport(message):
                self._unreport(message, at)
            case Waived() | OrderTold() | _Gone() | _Blocked() | _Import():
                if owed:
                    _end(owed, happening, at)
            case _:
                assert_never(happening)

    def _open(self, asked: list[Asked]) -> None:
        opener = asked[0]
        policy, rule = self.history.governs(self.kind, opener.at)
        away = verdict_while_away(rule, self.history.absences, opener.at)
        duty = _Duty(
            policy=policy,
            rule=rule,
            asked=asked,
            started_at=away.starts_at,
            counted_from=opener.at,
            reason=self._reason(rule, opener, counts_while_away=away.counts),
            deadline=None if away.starts_at is None else rule.deadline(away.starts_at),
        )
        self.duties.append(duty)
        self._duty_of |= dict.fromkeys((each.id for each in asked), duty)

    def _reason(self, rule: Rule, opener: Asked, *, counts_while_away: bool) -> Exclusion | None:
        if not counts_while_away:
            return Exclusion.AWAY
        if rule.order_closed.excludes and self._is_closed(opener.at):
            return Exclusion.ORDER_CLOSED
        if holiday_excludes(rule, opener.at):
            return Exclusion.HOLIDAY
        if opener.staff and not rule.staff_counts:
            return Exclusion.STAFF
        looked_at = rule.measured and is_looked_at(rule, Said(opener.at, True, opener.order), self._spoken)
        return None if looked_at else Exclusion.UNCOUNTED

    def _is_closed(self, at: int) -> bool:
        told = [each for each in self.history.orders if each.order == self.order and each.at <= at]
        return max(told, key=lambda each: (each.at, _name(each))).closed if told else False

    def _accept(self, replied: Replied, owed: _Duty | None) -> None:
        for duty in self.duties:
            counts_still = duty.ended_by is None or (duty.reason is None and duty.ended_by is not Exclusion.LAPSED)
            answers = answer_counts(duty.rule, replied.kind) and duty.opened_at <= replied.written_at
            if counts_still and answers and duty.answered_at is None:
                duty.answered_at, duty.answer = replied.accepted_at, replied.id
        if owed is None or owed.answered_at is None:
            return
        later = [each for each in owed.asked if each.at > replied.written_at]
        owed.asked = [each for each in owed.asked if each.at <= replied.written_at]
        standing = [each for each in later if each.id not in self._withdrawn]
        for each in later:
            del self._duty_of[each.id]
        if standing:
            self._open(standing)

    def _withdraw(self, message: str, at: int) -> None:
        self._withdrawn.add(message)
        duty = self._duty_of.get(message)
        if duty and all(each.id in self._withdrawn for each in duty.asked):
            duty.mark(Exclusion.WITHDRAWN, duty.rule.withdrawn, at)

    def _report(self, message: str, at: int, *, stands: bool) -> None:
        duty = self._duty_of.get(message)
        if duty is None:
            return
        if stands:
            duty.mark(Exclusion.SPAM, duty.rule.spam, at, ends=True)
        else:
            duty.spared |= duty.rule.spam.holds(duty.opened_at, at, duty.deadline, duty.answered_at)

    def _unreport(self, message: str, at: int) -> None:
        duty = self._duty_of.get(message)
        if duty and duty.spared and duty.is_owed and duty.rule.unspam_restarts_clock:
            start = clock_after_unspam(duty.rule, duty.opened_at, at)
            duty.started_at, duty.counted_from, duty.deadline = start, start, duty.rule.deadline(start)
            duty.spared = False


def _end(owed: _Duty, happening: Waived | OrderTold | _Gone | _Blocked | _Import, at: int) -> None:
    match happening:
        case Waived():
            owed.mark(Exclusion.WAIVED, owed.rule.waived, at, ends=True)
        case OrderTold(closed=closed):
            if closed:
                owed.mark(Exclusion.ORDER_CLOSED, owed.rule.order_closed, at)
        case _Gone():
            owed.mark(Exclusion.GONE, owed.rule.gone, at)
        case _Blocked():
            owed.mark(Exclusion.BLOCKED, owed.rule.blocked, at)
        case _Import(message):
            overdue = owed.deadline is not None and owed.deadline <= at
            if overdue and owed.asked[0].id == message:
                owed.ended_by, owed.ended_at = Exclusion.LAPSED, at


def _about(asked: Asked) -> Iterator[tuple[int, _Happening]]:
    """What was done about a message; nothing can be before it was there."""
    if asked.withdrawn_at is not None:
        yield max(asked.withdrawn_at, asked.at), _Withdrawal(asked.id)
    if asked.imported_at is not None:
        yield max(asked.imported_at, asked.at), _Import(asked.id)
    last_undone = max((each.at for each in asked.reports if each.undone), default=None)
    for each in asked.reports:
        at = max(each.at, asked.at)
        if each.undone:
            yield at, _Unreport(asked.id)
        else:
            yield at, _Report(asked.id, stands=last_undone is None or last_undone < each.at)


def _spoken(history: History) -> Spoken:
    asked = [Said(each.at, True, each.order) for each in history.asked]
    return Spoken([*history.past, *asked, *(Said(each.accepted_at, False) for each in history.replied)])


def _name(happening: _Happening) -> str:
    """The same whenever it was heard, so that what happened at once has one order."""
    match happening:
        case Asked(id=id) | Replied(id=id):
            return id
        case OrderTold():
            return f"{happening.order}/{not happening.closed}"
        case _:
            return repr(happening)
