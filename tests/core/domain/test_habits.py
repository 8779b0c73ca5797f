"""Habits: steps of a member's own stand in the plan beside the seller's, and call that member alone."""

from core.domain.quiet_hours import QuietHours, is_quiet
from core.domain.reminders import Ladder, Rung, RungKind, comes_from, plan
from core.domain.zones import HOUR, MINUTE

DEADLINE = 24 * HOUR
SELLERS = Ladder((4 * HOUR, HOUR), soft=True)
OWN = Ladder((6 * HOUR, HOUR + 3 * MINUTE), soft=False)
NIGHT = QuietHours("19:00", "23:30")


def test_the_steps_of_all_stand_in_one_plan() -> None:
    """What lies within five minutes of another's is one rung, as early as the first."""
    rungs = plan(0, [12 * HOUR], DEADLINE, SELLERS, None, 0, told_until=0, apart=[(OWN, None)])

    before = [DEADLINE - rung.at for rung in rungs]
    assert before == [12 * HOUR, 6 * HOUR, 4 * HOUR, HOUR + 3 * MINUTE, 0]


def test_each_ladder_heeds_its_own_night() -> None:
    """A step of the seller's may lie in a member's night; the member's own comes before it."""
    rungs = plan(0, [], DEADLINE, SELLERS, None, 0, told_until=0, apart=[(SELLERS, NIGHT)])

    before = [DEADLINE - rung.at for rung in rungs]
    assert before == [5 * HOUR + MINUTE, 4 * HOUR, HOUR, 0]
    assert is_quiet(NIGHT, rungs[1].at)


def test_a_rung_comes_from_the_ladders_that_have_it() -> None:
    """A merged one from each of those that it was made of."""
    merged = Rung(DEADLINE - HOUR - 3 * MINUTE, RungKind.LAST)
    others = Rung(DEADLINE - 4 * HOUR, RungKind.BEFORE)

    def asks(rung: Rung, ladder: Ladder, now: int | None = None) -> bool:
        return comes_from(rung, 0, DEADLINE, ladder, None, rung.at if now is None else now)

    assert (asks(merged, SELLERS), asks(merged, OWN)) == (True, True)
    assert (asks(others, SELLERS), asks(others, OWN)) == (True, False)
    assert (asks(Rung(12 * HOUR, RungKind.SOFT), SELLERS), asks(Rung(12 * HOUR, RungKind.SOFT), OWN)) == (True, False)


def test_what_is_late_wakes_people_or_is_over_is_for_everybody() -> None:
    """Whatever their ladders say."""
    late = Rung(DEADLINE - 4 * HOUR, RungKind.BEFORE)

    assert comes_from(late, 0, DEADLINE, OWN, None, late.at + 5 * MINUTE)
    assert comes_from(Rung(DEADLINE, RungKind.BREACH), 0, DEADLINE, OWN, None, DEADLINE)
    assert comes_from(Rung(DEADLINE - HOUR, RungKind.THROUGH), 0, DEADLINE, OWN, None, DEADLINE - HOUR)


def test_what_was_told_early_is_not_planned_again() -> None:
    """A rung that came along with others up to five minutes before its time."""
    told = DEADLINE - HOUR

    rungs = plan(0, [], DEADLINE, SELLERS, None, told - 3 * MINUTE, told_until=told)

    assert [rung.kind for rung in rungs] == [RungKind.BREACH]
