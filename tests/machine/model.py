"""A plain, slow model of the clock: whatever is asked of it, it replays the whole history of the shop once more.

It remembers facts and nothing else. What was heard by `now` is put into the order in which it happened, whatever the
order in which it was heard, and replayed conversation by conversation. The rules, each once:

- An incoming message opens an obligation of its kind and order, unless one is open: then it joins that one.
- A reply takes effect when the marketplace accepts it, on what opened before it was written. Messages written after
  the reply was stay owed, from the first of them on.
- A spam report and a waiver end the duty; a withdrawn message, a closed order and a gone conversation do if the policy
  excludes for it. What ends the duty without being excluded still counts, and is missed at its deadline.
- A report or waiver that was undone never was, but that an undone spam report may start the clock again.
- In time is up to the deadline, that instant included; without an answer it is missed from that instant on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.domain.ledger import Entry, Verdict
from core.domain.obligations import ObligationKind
from tests.machine.history import Fact, Incoming, Maturity, Outgoing, Policy, Rules
from tests.machine.replay import Replay, Turn

DAY = 86_400_000


@dataclass(frozen=True)
class PlainRate:
    met: int
    missed: int
    percent: Fraction | None


class SlowModel:
    """`policies`: each with the instant from which it governs what buyers write, the first from any time on."""

    def __init__(self, policies: Sequence[tuple[int, Policy]]) -> None:
        self.policies = sorted(policies, key=lambda each: each[0])
        self.facts: list[Fact] = []

    def hear(self, *facts: Fact) -> None:
        self.facts.extend(facts)

    def entries(self, now: int, kind: ObligationKind | None = None) -> list[Entry]:
        """The whole ledger by when the buyer wrote; an obligation goes by the id of the message that opened it."""
        kinds = self._kinds(kind, now)
        entries = [self._entry(turn, now) for turn in self._turns(now) if turn.kind in kinds]
        return sorted(entries, key=lambda entry: (entry.received, entry.obligation))

    def _kinds(self, kind: ObligationKind | None, now: int) -> set[ObligationKind]:
        """Where one rate is taken of both, each is asked for both."""
        is_one = kind is None or self._policy(now).rules(kind).both_kinds
        return set(ObligationKind) if is_one or kind is None else {kind}

    def owed(self, now: int) -> list[Entry]:
        """What still wants an answer, whether it counts or not, whether its deadline has passed or not."""
        entries = [self._entry(turn, now) for turn in self._turns(now) if turn.is_owed]
        return sorted(entries, key=lambda entry: (entry.received, entry.obligation))

    def states(self, now: int) -> dict[str, str]:
        """By the message that opened it: open, breached, answered, or what ended it."""
        return {turn.messages[0].message: self._state(turn, now) for turn in self._turns(now)}

    def rate(self, kind: ObligationKind, now: int) -> PlainRate:
        rules = self._policy(now).rules(kind)
        newest = [entry for entry in reversed(self._by_window(kind, now)) if self.is_in_rate(entry, now)]
        taken = self._within(newest, now, rules.window.days)
        window = rules.window
        has_fallback = window.fallback_days is not None or window.fallback_last_n is not None
        if has_fallback and len(taken) < window.min_sample:
            taken = self._within(newest, now, window.fallback_days)
            if window.fallback_last_n is not None:
                taken = taken[: window.fallback_last_n]
        met = sum(entry.verdict is Verdict.IN_TIME for entry in taken)
        return PlainRate(met, len(taken) - met, self._percent(taken, rules))

    # -- what happened, in the order in which it did

    def _heard(self, now: int) -> list[Fact]:
        """By the marketplace's ids each message once, as it was first heard."""
        seen: set[str] = set()
        facts: list[Fact] = []
        for fact in sorted(self.facts, key=lambda fact: fact.heard):
            if fact.heard > now:
                continue
            if isinstance(fact, Incoming | Outgoing):
                if fact.message in seen:
                    continue
                seen.add(fact.message)
            facts.append(fact)
        return facts

    def _turns(self, now: int) -> list[Turn]:
        facts = self._heard(now)
        incoming = [fact for fact in facts if isinstance(fact, Incoming)]
        lanes = {(fact.conversation, fact.order) for fact in incoming}
        return [
            turn
            for conversation, order in sorted(lanes, key=repr)
            for turn in Replay(facts, conversation, order, self.rules_at).turns
        ]

    def _policy(self, at: int) -> Policy:
        governing = self.policies[0][1]
        for start, policy in self.policies:
            if start <= at:
                governing = policy
        return governing

    def rules_at(self, kind: ObligationKind, at: int) -> Rules:
        return self._policy(at).rules(kind)

    # -- verdicts and rates

    def _entry(self, turn: Turn, now: int) -> Entry:
        opener = turn.messages[0]
        return Entry(
            obligation=opener.message,
            conversation=opener.conversation,
            kind=turn.kind,
            order=opener.order,
            received=turn.received,
            due=turn.due,
            soft_due=turn.soft_due,
            answered=turn.answered,
            by=turn.by,
            verdict=self._verdict(turn, now),
            reason=turn.reason,
            counted_from=turn.counted_from,
        )

    def _verdict(self, turn: Turn, now: int) -> Verdict:
        if turn.reason is not None:
            return Verdict.EXCLUDED
        if turn.answered is not None and (turn.due is None or turn.answered <= turn.due):
            return Verdict.IN_TIME
        if turn.answered is not None:
            return Verdict.LATE
        if turn.due is not None and now >= turn.due:
            return Verdict.MISSED
        return Verdict.PENDING

    def _state(self, turn: Turn, now: int) -> str:
        if turn.ended_by is not None:
            return str(turn.ended_by)
        if turn.answered is not None:
            return "answered"
        return "breached" if turn.due is not None and now >= turn.due else "open"

    def _by_window(self, kind: ObligationKind, now: int) -> list[Entry]:
        return sorted(self.entries(now, kind), key=lambda entry: (entry.counted_from, entry.obligation))

    def is_in_rate(self, entry: Entry, now: int) -> bool:
        """Whether it is in the rate at `now`, by the policy that it was opened under."""
        if entry.verdict is Verdict.EXCLUDED:
            return False
        passed = entry.due is not None and now >= entry.due
        match self.rules_at(entry.kind, entry.received).maturity:
            case Maturity.DUE_OR_ANSWERED:
                return entry.verdict is not Verdict.PENDING
            case Maturity.DUE:
                return passed
            case Maturity.ANSWERED_ONLY:
                return entry.answered is not None
            case Maturity.ALL:
                return True

    def _within(self, entries: Iterable[Entry], now: int, days: int | None) -> list[Entry]:
        return [entry for entry in entries if days is None or now - entry.counted_from < days * DAY]

    def _percent(self, newest: list[Entry], rules: Rules) -> Fraction | None:
        if not newest:
            return rules.empty_value
        whole = self._plain_percent(newest)
        if rules.weighting is None:
            return whole
        part: list[Entry] = []
        while len(part) < len(newest) * rules.weighting.newest_fraction:
            part.append(newest[len(part)])
        if not part:
            return whole
        return whole * (1 - rules.weighting.weight) + self._plain_percent(part) * rules.weighting.weight

    def _plain_percent(self, entries: list[Entry]) -> Fraction:
        return Fraction(100 * sum(entry.verdict is Verdict.IN_TIME for entry in entries), len(entries))
