"""A policy: one marketplace's rules as data, and what they say. Where each number comes from stands beside it.

All instants are milliseconds, UTC. Nothing here knows a number of a marketplace's; those are in `core/policies/*.toml`.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.domain.deadlines import TimeLimit, Weekend, day_there, due
from core.domain.obligations import ObligationKind
from core.domain.rates import Band, Weighting, Window


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number was read: an address, or in words whose choice it is. `verified` False: it is a cautious reading
    of a source that says nothing, or two things; `note` says which.
    """

    where: str
    checked: date
    verified: bool = True
    note: str = ""


class Scope(StrEnum):
    """Which messages a rule looks at. The order is the message's, not the conversation's."""

    INBOX = "inbox"
    ORDER = "order"
    ALL = "all"  # inquiries and orders make one rate


class Unit(StrEnum):
    """Which of the messages that are owed an answer count for the rate."""

    FIRST_IN_CONVERSATION = "first_in_conversation"
    FIRST_PER_DAY = "first_per_day"  # by the calendar of the rule's `day_zone`
    FIRST_AFTER_SILENCE = "first_after_silence"  # of both sides
    EVERY_TURN = "every_turn"
    EVERY_MESSAGE = "every_message"  # as at most one obligation is open, what one reply answers together is one


class AnswerKind(StrEnum):
    MANUAL = "manual"
    QUICK = "quick"  # a quick response
    AUTOMATIC = "automatic"  # sent by nobody: a holding reply, the marketplace's own auto-reply
    ASSISTANT = "assistant"  # the marketplace's AI
    OFFER = "offer"
    ACTION = "action"  # a request accepted or declined


class AwayRule(StrEnum):
    """What becomes of a message that comes during an absence; mildest for the seller first."""

    NEVER_COUNTS = "never_counts"
    STARTS_AT_RETURN = "starts_at_return"
    COUNTS_IF_CONTACT_ALLOWED = "counts_if_contact_allowed"
    COUNTS = "counts"


class Maturity(StrEnum):
    """When an obligation enters the rate."""

    DUE_OR_ANSWERED = "due_or_answered"
    DUE = "due"  # not before its deadline, however early it was answered
    ANSWERED_ONLY = "answered_only"  # what is never answered never enters
    ALL = "all"  # at once, as missed until it is answered


@dataclass(frozen=True, slots=True)
class Mark:
    """Whether something, a spam report say, takes an obligation out of the rate: `within` so many milliseconds of the
    message, None for no limit of its own. Not `retroactive`: only before the answer, and not after the deadline.
    """

    excludes: bool = False
    within: int | None = None
    retroactive: bool = False

    def until(self, received: int, due: int | None) -> int | None:
        """The last instant at which it still helps an open obligation; None: it always does. Ask `excludes` first."""
        limits = [] if self.within is None else [received + self.within]
        if due is not None and not self.retroactive:
            limits.append(due)
        return min(limits, default=None)

    def holds(self, received: int, at: int, due: int | None, answered: int | None = None) -> bool:
        last = self.until(received, due)
        in_time = last is None or at <= last
        return self.excludes and in_time and (self.retroactive or answered is None or at < answered)


@dataclass(frozen=True, slots=True)
class Away:
    """`longest`: for STARTS_AT_RETURN, so many milliseconds after the message the clock starts at the latest."""

    rule: AwayRule = AwayRule.COUNTS
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Holidays:
    """What is written on one of these days, by the calendar there, does not count."""

    zone: str = "UTC"
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of message must be answered, and how the rate of it is taken.

    Not `measured`: an answer is owed, and the marketplace keeps no rate of it. `soft` are the soft targets in
    milliseconds from the message, nearest first. `holding_reply_allowed`: buyers may be answered by nobody during an
    absence; whether that counts as an answer is for `answers` to say. `sources`: by the part's name, as in the file;
    "" is the whole rule.
    """

    scope: Scope
    limit: TimeLimit
    sources: tuple[tuple[str, Source], ...] = ()
    measured: bool = True
    unit: Unit = Unit.EVERY_TURN
    silence: int = 0
    day_zone: str = "UTC"
    weekend: Weekend | None = None
    soft: tuple[int, ...] = ()
    window: Window = field(default_factory=lambda: Window(30))
    maturity: Maturity = Maturity.DUE_OR_ANSWERED
    weighting: Weighting | None = None
    answers: frozenset[AnswerKind] = frozenset({AnswerKind.MANUAL, AnswerKind.QUICK})
    spam: Mark = Mark()
    waived: Mark = Mark()
    blocked: Mark = Mark()
    withdrawn: Mark = Mark()
    order_closed: Mark = Mark()
    gone: Mark = Mark()
    unspam_restarts_clock: bool = False
    away: Away = Away()
    holidays: Holidays = Holidays()
    seller_started_counts: bool = True
    staff_counts: bool = True
    order_start_counts: bool = False
    holding_reply_allowed: bool = False
    threshold: Fraction | None = None
    bands: tuple[Band, ...] = ()
    empty_value: Fraction | None = None

    def deadline(self, written_at: int) -> int | None:
        """From when the buyer wrote, or from when the clock started where that is later; None: no deadline."""
        return due(self.limit, written_at, self.weekend)

    def soft_targets(self, written_at: int) -> tuple[int, ...]:
        return tuple(written_at + after for after in self.soft)

    def source_of(self, part: str) -> Source:
        """Of one part, `window` say; what has none of its own has the rule's."""
        found = dict(self.sources)
        return found.get(part) or found[""]


@dataclass(frozen=True, slots=True)
class TextLimits:
    """In code points; None: the marketplace names none."""

    reply: int | None = None
    quick_title: int | None = None
    quick_body: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """`marketplace` is whose rules these are: policies with the same one are readings of the same rules.

    `inbox` and `order` are one and the same rule where the marketplace takes one rate of both.
    """

    name: str
    title: str
    version: int
    marketplace: str
    inbox: Rule
    order: Rule
    texts: TextLimits = TextLimits()
    texts_source: Source | None = None
    note: str = ""

    def rule(self, kind: ObligationKind) -> Rule:
        return self.inbox if kind is ObligationKind.INBOX else self.order

    @property
    def rules(self) -> tuple[Rule, ...]:
        """A rule for each rate that the marketplace takes, and for what it does not measure."""
        return (self.inbox,) if self.inbox.scope is Scope.ALL else (self.inbox, self.order)

    @property
    def frozen(self) -> str:
        """What an obligation remembers of the policy that it was opened under."""
        return f"{self.name}/{self.version}"

    def unverified(self) -> list[tuple[str, Source]]:
        """Each part whose number is our cautious reading: `order.window`, with what is known of it."""
        told = [
            (f"{rule.scope}.{part}".removesuffix("."), source)
            for rule in self.rules
            for part, source in rule.sources
            if not source.verified
        ]
        own = self.texts_source
        return told + ([("texts", own)] if own and not own.verified else [])


def holiday_excludes(rule: Rule, written_at: int) -> bool:
    return bool(rule.holidays.days) and day_there(rule.holidays.zone, written_at) in rule.holidays.days


def clock_after_unspam(rule: Rule, opened_at: int, undone_at: int) -> int:
    """When the clock starts of a message that is no spam after all; if the report had excluded it."""
    return max(opened_at, undone_at) if rule.unspam_restarts_clock else opened_at


def answer_counts(rule: Rule, kind: AnswerKind) -> bool:
    return kind in rule.answers


def in_window(rule: Rule, at: int, now: int) -> bool:
    """Whether what counts from `at` is within the window's days; with a fallback, older ones may be taken too."""
    return rule.window.start(now) < at


def is_mature(rule: Rule, due: int | None, answered: int | None, now: int) -> bool:
    """Whether an obligation has entered the rate yet."""
    passed = due is not None and now >= due
    done = answered is not None and answered <= now
    match rule.maturity:
        case Maturity.DUE_OR_ANSWERED:
            return done or passed
        case Maturity.DUE:
            return passed
        case Maturity.ANSWERED_ONLY:
            return done
        case Maturity.ALL:
            return True
