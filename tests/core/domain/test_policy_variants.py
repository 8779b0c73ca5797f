"""Where readings of one marketplace's rules differ, and which to warn of."""

from dataclasses import replace
from datetime import date

import pytest

from core.domain.deadlines import Hours, NoLimit, SameDay, Weekend
from core.domain.obligations import ObligationKind
from core.domain.policies import AnswerKind, Away, AwayRule, Mark, Policy, Rule, Scope, Source, Unit
from core.domain.policy_variants import differences, stricter, variants
from core.domain.rates import Window
from core.domain.zones import HOUR

READ = Source("https://market.example/rules", date(2026, 11, 23))
RULE = Rule(Scope.ALL, Hours(24), sources=(("", READ),), unit=Unit.EVERY_TURN, window=Window(60))


def policy(name: str, rule: Rule, marketplace: str = "market") -> Policy:
    return Policy(name, name, 1, marketplace, rule, rule)


@pytest.mark.parametrize(
    ("part", "mild", "strict"),
    [
        ("limit", RULE, replace(RULE, limit=Hours(12))),
        ("limit", replace(RULE, limit=NoLimit()), RULE),
        ("limit", replace(RULE, limit=Hours(25)), replace(RULE, limit=SameDay(1080, 1140, "Asia/Manila"))),
        ("weekend", replace(RULE, weekend=Weekend((5, 6), 0, 1380, "UTC")), RULE),
        ("unit", replace(RULE, unit=Unit.FIRST_IN_CONVERSATION), RULE),
        ("window", RULE, replace(RULE, window=Window(90))),
        ("answers", replace(RULE, answers=frozenset(AnswerKind)), RULE),
        ("away", replace(RULE, away=Away(AwayRule.NEVER_COUNTS)), RULE),
        ("spam", replace(RULE, spam=Mark(True)), RULE),
        ("spam", replace(RULE, spam=Mark(True, retroactive=True)), replace(RULE, spam=Mark(True, 24 * HOUR, True))),
        ("waived", replace(RULE, waived=Mark(True, 24)), replace(RULE, waived=Mark(True, 12))),
        ("unspam_restarts_clock", replace(RULE, unspam_restarts_clock=True), RULE),
    ],
)
def test_the_stricter_of_two(part: str, mild: Rule, strict: Rule) -> None:
    """Whoever counts by the milder reading is warned with the source of the stricter, and not the other way round."""
    ours, theirs = policy("ours", mild), policy("theirs", strict)

    warnings = stricter(ours, [theirs], part)

    assert [(each.part, each.policy.name, each.source) for each in warnings] == [(part, "theirs", READ)] * 2
    assert stricter(theirs, [ours]) == ()
    assert [each.stricter for each in differences(theirs, ours)] == [False, False]


def test_only_readings_of_the_same_rules_are_compared() -> None:
    """Another marketplace's policy is no variant, nor is one to itself; a policy of one's own has none."""
    ours, elsewhere = policy("ours", RULE), policy("elsewhere", RULE, "bazaar")

    assert variants(ours, [ours, elsewhere, policy("theirs", RULE)]) == (policy("theirs", RULE),)
    assert variants(policy("mine", RULE, ""), [policy("other", RULE, "")]) == ()


def test_one_kind_may_be_asked_for() -> None:
    """A warning about orders does not speak of the inbox; what a marketplace does not measure is no difference."""
    ours = policy("ours", RULE)
    theirs = replace(policy("theirs", replace(RULE, window=Window(90))), order=replace(RULE, measured=False))

    assert [each.kind for each in stricter(ours, [theirs])] == [ObligationKind.INBOX]
    assert stricter(ours, [theirs], kind=ObligationKind.ORDER) == ()
