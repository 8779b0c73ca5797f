"""What the slow model replays: one kind and order of one conversation, event by event, as it happened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

from core.domain.obligations import Exclusion, ObligationKind
from tests.machine.history import (
    Absence,
    AwayRule,
    BuyerBlocked,
    ConversationGone,
    Fact,
    Incoming,
    Mark,
    OrderState,
    Outgoing,
    Rules,
    SpamReport,
    SpamUndone,
    Unit,
    Waiver,
    WaiverUndone,
    Withdrawn,
)

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Brought(Fact):
    """An import told of a message."""

    message: str
    at: int


# Of what happened in the same millisecond: a message is there before what is done about it.
FIRST_TO_LAST = (
    OrderState,
    Incoming,
    Outgoing,
    Withdrawn,
    SpamReport,
    SpamUndone,
    Waiver,
    ConversationGone,
    BuyerBlocked,
    Brought,
)


@dataclass
class Turn:
    """An obligation as the replay goes along; `messages` are what it asks an answer to."""

    rules: Rules
    kind: ObligationKind
    messages: list[Incoming]
    received: int
    due: int | None
    soft_due: int | None
    counted_from: int
    reason: Exclusion | None = None
    ended_by: Exclusion | None = None  # what ended the duty, whether the policy excludes for it or not
    answered: int | None = None
    by: str | None = None
    spared: bool = False  # by a spam report, later undone, that came soon enough to exclude

    @property
    def is_owed(self) -> bool:
        return self.answered is None and self.ended_by is None


class Replay:
    """`turns`: all obligations there ever were of this conversation and order, oldest first; at most the last is owed.

    `rules_at`: what governs a message of a kind written at an instant.
    """

    def __init__(
        self,
        facts: list[Fact],
        conversation: str,
        order: str | None,
        rules_at: Callable[[ObligationKind, int], Rules],
    ) -> None:
        self.facts = facts
        self.conversation = conversation
        self.order = order
        self.rules_at = rules_at
        self.kind = ObligationKind.ORDER if order else ObligationKind.INBOX
        self.turns: list[Turn] = []
        self.withdrawn: set[str] = set()
        for _, _, fact in sorted(self._timeline(), key=itemgetter(0, 1)):
            self._happen(fact)

    # -- the order of events

    def _timeline(self) -> Iterator[tuple[int, tuple[int, str], Fact]]:
        sent = {fact.message: fact.sent_at for fact in self._all(Incoming) if self._is_here(fact)}
        imports = [Brought(each.heard, each.message, each.heard) for each in self._all(Incoming) if each.imported]
        for fact in [*self.facts, *imports]:
            at = self._when(fact, sent)
            if at is not None:
                yield at, (FIRST_TO_LAST.index(type(fact)), _content(fact)), fact

    def _when(self, fact: Fact, sent: dict[str, int]) -> int | None:
        """None for what does not concern these messages."""
        match fact:
            case Incoming() if self._is_here(fact):
                return fact.sent_at
            case Outgoing(conversation=self.conversation):
                return fact.accepted_at
            case Withdrawn() | SpamReport() | SpamUndone() | Brought() if fact.message in sent:
                return max(fact.at, sent[fact.message])
            case Waiver() if self._is_meant_by(fact):
                return fact.at
            case OrderState() if fact.order == self.order:
                return fact.at
            case ConversationGone() | BuyerBlocked() if fact.conversation == self.conversation:
                return fact.at
            case _:
                return None

    def _is_here(self, message: Incoming) -> bool:
        return (message.conversation, message.order) == (self.conversation, self.order)

    def _is_meant_by(self, waiver: Waiver) -> bool:
        undone = {fact.waiver for fact in self._all(WaiverUndone)}
        here = (self.conversation, self.kind, self.order)
        return waiver.id not in undone and (waiver.conversation, waiver.kind, waiver.order) == here

    def _all(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    # -- what each event does

    def _happen(self, fact: Fact) -> None:
        owed = self.turns[-1] if self.turns and self.turns[-1].is_owed else None
        match fact:
            case Incoming() if owed:
                owed.messages.append(fact)
            case Incoming():
                self._open([fact])
            case Outgoing():
                self._accept(fact, owed)
            case Withdrawn():
                self._withdraw(fact)
            case SpamReport():
                self._report(fact)
            case SpamUndone():
                self._restart(fact)
            case _ if owed:
                self._end(owed, fact)

    def _end(self, owed: Turn, fact: Fact) -> None:
        match fact:
            case Waiver():
                self._mark(owed, Exclusion.WAIVED, owed.rules.waived, fact.at, ends=True)
            case OrderState(active=False):
                self._mark(owed, Exclusion.ORDER_CLOSED, owed.rules.order_closed, fact.at)
            case ConversationGone():
                self._mark(owed, Exclusion.GONE, owed.rules.gone, fact.at)
            case BuyerBlocked():
                self._mark(owed, Exclusion.BLOCKED, owed.rules.blocked, fact.at)
            case Brought() if owed.messages[0].message == fact.message:
                self._lapse(owed, fact.at)

    def _open(self, messages: list[Incoming]) -> None:
        opener = messages[0]
        rules = self.rules_at(self.kind, opener.sent_at)
        start: int | None = opener.sent_at
        if rules.away is AwayRule.STARTS_AT_RETURN:
            start = self._start(opener.sent_at, rules)
        self.turns.append(
            Turn(
                rules=rules,
                kind=self.kind,
                messages=messages,
                received=opener.sent_at,
                due=None if start is None else rules.deadline(start),
                soft_due=None if start is None else rules.soft(start),
                counted_from=opener.sent_at,
                reason=self._reason(opener, rules),
            )
        )

    def _accept(self, reply: Outgoing, owed: Turn | None) -> None:
        for turn in self.turns:
            lapsed = turn.ended_by is Exclusion.LAPSED
            is_counted = turn.ended_by is None or (turn.reason is None and not lapsed)
            is_answer = reply.how in turn.rules.answers and turn.received <= reply.written_at
            if is_counted and is_answer and turn.answered is None:
                turn.answered, turn.by = reply.accepted_at, reply.by
        if owed and owed.answered is not None:
            unanswered = [each for each in owed.messages if each.sent_at > reply.written_at]
            owed.messages = [each for each in owed.messages if each.sent_at <= reply.written_at]
            standing = [each for each in unanswered if each.message not in self.withdrawn]
            if standing:
                self._open(standing)

    def _withdraw(self, fact: Withdrawn) -> None:
        self.withdrawn.add(fact.message)
        turn = self._turn_of(fact.message)
        if turn and all(each.message in self.withdrawn for each in turn.messages):
            self._mark(turn, Exclusion.WITHDRAWN, turn.rules.withdrawn, fact.at)

    def _report(self, report: SpamReport) -> None:
        turn = self._turn_of(report.message)
        undone = [each for each in self._all(SpamUndone) if each.message == report.message and each.at >= report.at]
        if turn and not undone:
            self._mark(turn, Exclusion.SPAM, turn.rules.spam, report.at, ends=True)
        elif turn:
            turn.spared = turn.spared or self._excludes(turn, turn.rules.spam, report.at)

    def _restart(self, undone: SpamUndone) -> None:
        turn = self._turn_of(undone.message)
        if turn and turn.spared and turn.is_owed and turn.rules.unspam_restarts_clock:
            start = max(undone.at, turn.received)
            turn.due, turn.soft_due = turn.rules.deadline(start), turn.rules.soft(start)
            turn.counted_from, turn.spared = start, False

    def _mark(self, turn: Turn, why: Exclusion, mark: Mark, at: int, ends: bool = False) -> None:
        """The first reason stands. `ends`: the duty, also where the policy does not exclude for it."""
        excluded = self._excludes(turn, mark, at)
        if excluded and turn.reason is None:
            turn.reason = why
        if turn.is_owed and (excluded or ends):
            turn.ended_by = why

    def _lapse(self, owed: Turn, at: int) -> None:
        """Overdue when it was brought: missed, and no more asked for."""
        if owed.due is not None and owed.due <= at:
            owed.ended_by = Exclusion.LAPSED

    def _excludes(self, turn: Turn, mark: Mark, at: int) -> bool:
        soon_enough = mark.within is None or at <= turn.received + mark.within
        undecided = turn.answered is None and (turn.due is None or at <= turn.due)
        return mark.excludes and soon_enough and (mark.retroactive or undecided)

    def _turn_of(self, message: str) -> Turn | None:
        for turn in self.turns:
            if any(each.message == message for each in turn.messages):
                return turn
        return None

    # -- whether a message counts

    def _reason(self, opener: Incoming, rules: Rules) -> Exclusion | None:
        if self._is_away(opener.sent_at, rules):
            return Exclusion.AWAY
        if rules.order_closed.excludes and not self._is_active(opener.sent_at):
            return Exclusion.ORDER_CLOSED
        if _day(opener.sent_at, rules.zone) in rules.holidays:
            return Exclusion.HOLIDAY
        if opener.staff and not rules.staff_counts:
            return Exclusion.STAFF
        return None if rules.measured and self._is_looked_at(opener, rules) else Exclusion.UNCOUNTED

    def _is_away(self, at: int, rules: Rules) -> bool:
        match rules.away:
            case AwayRule.NEVER_COUNTS:
                return bool(self._absences(at))
            case AwayRule.COUNTS_IF_OPEN:
                return any(not absence.open_to_messages for absence in self._absences(at))
            case _:
                return False

    def _absences(self, at: int) -> list[Absence]:
        known = {absence.id: absence for absence in self._all(Absence)}
        return [each for each in known.values() if each.start <= at and (each.end is None or at < each.end)]

    def _start(self, at: int, rules: Rules) -> int | None:
        back = self._return(at)
        if rules.longest_away is None:
            return back
        return at + rules.longest_away if back is None else min(back, at + rules.longest_away)

    def _return(self, at: int) -> int | None:
        for absence in self._absences(at):
            return None if absence.end is None else self._return(absence.end)
        return at

    def _is_active(self, at: int) -> bool:
        changes = [fact for fact in self._all(OrderState) if fact.order == self.order and fact.at <= at]
        return max(changes, key=lambda fact: (fact.at, _content(fact))).active if changes else True

    def _is_looked_at(self, opener: Incoming, rules: Rules) -> bool:
        here = [fact for fact in self._all(Incoming) if fact.conversation == self.conversation]
        same = [each for each in here if rules.both_kinds or bool(each.order) == bool(self.order)]
        before = [each.sent_at for each in same if each.sent_at < opener.sent_at]
        written = [fact.accepted_at for fact in self._all(Outgoing) if fact.conversation == self.conversation]
        spoken = [at for at in [*written, *(each.sent_at for each in here)] if at < opener.sent_at]
        if not rules.seller_started and spoken and min(spoken) in written:
            return False
        match rules.unit:
            case Unit.FIRST_IN_CONVERSATION:
                return not before
            case Unit.FIRST_PER_DAY:
                return _day(opener.sent_at, rules.zone) not in [_day(at, rules.zone) for at in before]
            case Unit.FIRST_AFTER_SILENCE:
                return not spoken or opener.sent_at - max(spoken) >= rules.silence
            case Unit.EVERY_TURN:
                return True


def _content(fact: Fact) -> str:
    """The same whenever it was heard, so that what happened at once has one order."""
    return repr(replace(fact, heard=0))


def _day(at: int, zone: str) -> str:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at)
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()
