"""What an incoming message does, unit by unit, and what an absence does to its clock."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.absences import Absence
from core.domain.deadlines import Hours
from core.domain.openings import Opening, Said, WhileAway, opens, verdict_while_away
from core.domain.policies import Away, AwayRule, Rule, Scope, Unit
from core.domain.zones import HOUR

JOINS, COUNTS, OWED = Opening(False, False), Opening(True, True), Opening(True, False)
INBOX = Rule(Scope.INBOX, Hours(24), unit=Unit.FIRST_IN_CONVERSATION)
ORDER = Rule(Scope.ORDER, Hours(24), unit=Unit.EVERY_TURN)
SILENT = replace(INBOX, unit=Unit.FIRST_AFTER_SILENCE, silence=24 * HOUR)
DAILY = replace(INBOX, unit=Unit.FIRST_PER_DAY, day_zone="Asia/Shanghai")


def gone(start: int, end: int | None, contact_allowed: bool = False) -> Absence:
    return Absence(start, end, contact_allowed)


def asks(hour: float, order: str | None = None) -> Said:
    return Said(round(hour * HOUR), incoming=True, order=order)


def reply(hour: float) -> Said:
    return Said(round(hour * HOUR), incoming=False)


@pytest.mark.parametrize(
    ("rule", "earlier", "message", "does"),
    [
        (INBOX, [], asks(0), COUNTS),
        (INBOX, [asks(0)], asks(1), JOINS),
        (INBOX, [asks(0), reply(1)], asks(2), OWED),
        (INBOX, [asks(0), reply(1)], asks(2000), OWED),
        (INBOX, [reply(0)], asks(1), COUNTS),
        (replace(INBOX, seller_started_counts=False), [reply(0)], asks(1), OWED),
        (replace(INBOX, seller_started_counts=False), [asks(0), reply(1)], asks(2), OWED),
        # A buyer with an order is no stranger to the order's rate, but the first inquiry is still the first.
        (INBOX, [asks(0, "o-1"), reply(1)], asks(2), COUNTS),
        (replace(INBOX, scope=Scope.ALL), [asks(0, "o-1"), reply(1)], asks(2), OWED),
        (INBOX, [asks(0, "o-1")], asks(2), COUNTS),
        # A reply that was written before the message answers nothing of it.
        (INBOX, [asks(0), reply(0.5), asks(1)], asks(2), JOINS),
        (ORDER, [], asks(0, "o-1"), COUNTS),
        (ORDER, [asks(0, "o-1")], asks(1, "o-1"), JOINS),
        (ORDER, [asks(0, "o-1")], asks(1, "o-2"), COUNTS),
        (ORDER, [asks(0, "o-1"), reply(1)], asks(2, "o-1"), COUNTS),
        (replace(ORDER, unit=Unit.EVERY_MESSAGE), [asks(0, "o-1"), reply(1)], asks(2, "o-1"), COUNTS),
        (replace(ORDER, unit=Unit.EVERY_MESSAGE), [asks(0, "o-1")], asks(1, "o-1"), JOINS),
        (replace(ORDER, measured=False), [], asks(0, "o-1"), OWED),
        (SILENT, [], asks(0), COUNTS),
        (SILENT, [asks(0), reply(1)], asks(24.9), OWED),
        (SILENT, [asks(0), reply(1)], asks(25), COUNTS),
        (SILENT, [asks(0), reply(1), reply(20)], asks(25), OWED),
        # 16:00 UTC is midnight in Shanghai.
        (DAILY, [asks(1), reply(2)], asks(15.9), OWED),
        (DAILY, [asks(1), reply(2)], asks(16), COUNTS),
    ],
)
def test_what_a_message_does(rule: Rule, earlier: list[Said], message: Said, does: Opening) -> None:
    """It opens an obligation unless one is open for its kind and order, and counts as the policy's unit says."""
    assert opens(rule, message, earlier) == does


def test_what_was_settled_without_a_reply() -> None:
    """After a waiver or a spam report the next message opens anew; a known buyer's inquiry does not count."""
    settled = [round(1 * HOUR)]

    assert opens(INBOX, asks(2), [asks(0)], settled) == OWED
    assert opens(ORDER, asks(2, "o-1"), [asks(0, "o-1")], settled) == COUNTS
    assert opens(ORDER, asks(2, "o-1"), [asks(0, "o-1"), asks(1.5, "o-1")], settled) == JOINS


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 100), st.booleans(), st.sampled_from([None, "a", "b"])), max_size=8),
    st.sampled_from(list(Unit)),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_we_heard_is_nothing(
    heard: list[tuple[int, bool, str | None]],
    unit: Unit,
    chance: Random,
) -> None:
    """What was said before a message does to it the same in whatever order it came to us; what comes later, nothing."""
    rule = replace(INBOX, unit=unit, silence=20)
    said = [Said(when, incoming, order) for when, incoming, order in heard]
    shuffled = chance.sample(said, len(said))
    message = Said(50, incoming=True)

    assert opens(rule, message, said) == opens(rule, message, [*shuffled, Said(51, incoming=True)])


@pytest.mark.parametrize(
    ("away", "absences", "verdict"),
    [
        (Away(AwayRule.NEVER_COUNTS), [], WhileAway(True, 50)),
        (Away(AwayRule.NEVER_COUNTS), [gone(40, 60)], WhileAway(False, 50)),
        (Away(AwayRule.NEVER_COUNTS), [gone(40, None, True)], WhileAway(False, 50)),
        (Away(AwayRule.NEVER_COUNTS), [gone(50, 60)], WhileAway(False, 50)),
        (Away(AwayRule.NEVER_COUNTS), [gone(40, 50)], WhileAway(True, 50)),
        (Away(AwayRule.NEVER_COUNTS), [gone(51, 60)], WhileAway(True, 50)),
        (Away(AwayRule.COUNTS_IF_CONTACT_ALLOWED), [gone(40, 60, True)], WhileAway(True, 50)),
        (Away(AwayRule.COUNTS_IF_CONTACT_ALLOWED), [gone(40, 60)], WhileAway(False, 50)),
        (Away(AwayRule.STARTS_AT_RETURN), [gone(40, 60)], WhileAway(True, 60)),
        (Away(AwayRule.STARTS_AT_RETURN), [gone(40, 60), gone(60, 70), gone(80, 90)], WhileAway(True, 70)),
        (Away(AwayRule.STARTS_AT_RETURN), [gone(40, None)], WhileAway(True, None)),
        (Away(AwayRule.STARTS_AT_RETURN, longest=5), [gone(40, None)], WhileAway(True, 55)),
        (Away(AwayRule.STARTS_AT_RETURN, longest=5), [gone(40, 52)], WhileAway(True, 52)),
        (Away(AwayRule.STARTS_AT_RETURN), [], WhileAway(True, 50)),
        (Away(AwayRule.COUNTS), [gone(40, 60)], WhileAway(True, 50)),
    ],
)
def test_what_comes_during_an_absence(away: Away, absences: list[Absence], verdict: WhileAway) -> None:
    """By the policy's way of being away it counts or not, and its clock starts when the policy says."""
    assert verdict_while_away(replace(INBOX, away=away), absences, 50) == verdict
