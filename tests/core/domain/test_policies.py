"""What a rule says of spam, waiving, windows and bands, at its edges."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.domain.deadlines import Hours
from core.domain.obligations import ObligationKind
from core.domain.policies import (
    AnswerKind,
    Holidays,
    Mark,
    Maturity,
    Policy,
    Rule,
    Scope,
    Source,
    answer_counts,
    clock_after_unspam,
    holiday_excludes,
    in_window,
    is_mature,
)
from core.domain.rates import DAY, Band, Window, band_of
from core.domain.zones import HOUR

READ = Source("https://market.example/rules", date(2026, 11, 23))
DOUBT = replace(READ, verified=False, note="Says nothing.")
RULE = Rule(Scope.INBOX, Hours(24), sources=(("", READ), ("window", DOUBT)), window=Window(60))


@pytest.mark.parametrize(
    ("mark", "after", "answered", "excludes"),
    [
        (Mark(), 1, None, False),
        (Mark(True, 10 * HOUR), 10, None, True),
        (Mark(True, 10 * HOUR), 11, None, False),
        (Mark(True), 24, None, True),
        (Mark(True), 25, None, False),
        (Mark(True), 2, 1, False),
        (Mark(True, retroactive=True), 9_000, None, True),
        (Mark(True, retroactive=True), 9_000, 1, True),
        (Mark(True, 10 * HOUR, retroactive=True), 11, None, False),
        (Mark(True, 30 * HOUR), 25, None, False),
        (Mark(True, 30 * HOUR, retroactive=True), 25, None, True),
    ],
)
def test_how_long_a_mark_excludes(mark: Mark, after: int, answered: int | None, excludes: bool) -> None:
    """Within its hours, and unless it is retroactive, only before an answer and not after the deadline."""
    heard = None if answered is None else answered * HOUR

    assert mark.holds(0, after * HOUR, RULE.deadline(0), heard) is excludes


def test_how_long_a_spam_report_helps() -> None:
    """The instant until which a button may be pressed is the earlier of the mark's and the deadline."""
    assert Mark(True, 10 * HOUR).until(0, 24 * HOUR) == 10 * HOUR
    assert Mark(True, 30 * HOUR).until(0, 24 * HOUR) == 24 * HOUR
    assert Mark(True, 30 * HOUR, retroactive=True).until(0, 24 * HOUR) == 30 * HOUR
    assert Mark(True, retroactive=True).until(0, 24 * HOUR) is None
    assert Mark(True).until(0, None) is None


def test_what_is_no_spam_after_all() -> None:
    """By the policy the clock starts again when the report is undone, or goes on as if there had been none."""
    assert clock_after_unspam(replace(RULE, unspam_restarts_clock=True), 5, 9) == 9
    assert clock_after_unspam(RULE, 5, 9) == 5


def test_a_window_slides_by_the_millisecond() -> None:
    """A message leaves the window when it is exactly so many days old."""
    assert in_window(RULE, 1, 60 * DAY)
    assert not in_window(RULE, 0, 60 * DAY)


@pytest.mark.parametrize(
    ("maturity", "answered", "before", "after"),
    [
        (Maturity.DUE_OR_ANSWERED, None, False, True),
        (Maturity.DUE_OR_ANSWERED, 5, True, True),
        (Maturity.DUE, 5, False, True),
        (Maturity.ANSWERED_ONLY, None, False, False),
        (Maturity.ANSWERED_ONLY, 5, True, True),
        (Maturity.ALL, None, True, True),
    ],
)
def test_when_an_obligation_enters_the_rate(
    maturity: Maturity, answered: int | None, before: bool, after: bool
) -> None:
    """Pending ones wait for what the policy says, asked before the deadline and at it."""
    rule = replace(RULE, maturity=maturity)

    assert is_mature(rule, 10, answered, 9) is before
    assert is_mature(rule, 10, answered, 10) is after


def test_holidays_are_those_of_the_place() -> None:
    """A day off begins and ends by the calendar of its zone."""
    rule = replace(RULE, holidays=Holidays("Asia/Manila", (date(1970, 1, 2),)))

    assert [holiday_excludes(rule, hour * HOUR) for hour in (15, 16, 39, 40)] == [False, True, True, False]
    assert not holiday_excludes(RULE, 16 * HOUR)


def test_bands_and_answers() -> None:
    """A band begins at its minimum; an answer counts if the policy names its kind."""
    rule = replace(RULE, bands=(Band("green", Fraction(90)), Band("red", Fraction(0))))

    assert [band_of(percent, rule.bands) for percent in (100, 90, Fraction(899, 10), 0, None)] == [
        "green",
        "green",
        "red",
        "red",
        None,
    ]
    assert answer_counts(rule, AnswerKind.QUICK)
    assert not answer_counts(rule, AnswerKind.AUTOMATIC)


def test_every_part_has_a_source() -> None:
    """A part without a source of its own has the rule's; what is not verified is listed with its place."""
    policy = Policy("mine", "Mine", 3, "", RULE, replace(RULE, scope=Scope.ORDER), texts_source=DOUBT)

    assert policy.rule(ObligationKind.INBOX).source_of("window") == DOUBT
    assert policy.rule(ObligationKind.ORDER).source_of("spam") == READ
    assert [part for part, _ in policy.unverified()] == ["inbox.window", "order.window", "texts"]
    assert policy.frozen == "mine/3"


def test_soft_targets() -> None:
    """Soft targets count from when the buyer wrote, as the deadline does."""
    rule = replace(RULE, soft=(HOUR, 12 * HOUR))

    assert rule.soft_targets(5) == (HOUR + 5, 12 * HOUR + 5)
    assert rule.deadline(5) == 24 * HOUR + 5
