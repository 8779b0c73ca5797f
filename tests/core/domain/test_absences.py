"""Absences follow from what was told of them, in whatever order."""

from itertools import permutations

import pytest

from core.domain.absences import Absence, AvailabilityTold, absences


def away(at: int, start: int, end: int | None, id: str = "") -> AvailabilityTold:
    return AvailabilityTold(at, Absence(start, end), id)


def back(at: int, id: str = "") -> AvailabilityTold:
    return AvailabilityTold(at, None, id)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], []),
        ([away(10, 10, None)], [(10, None)]),
        ([away(10, 10, None), back(30)], [(10, 30)]),
        ([away(10, 10, 20), back(30)], [(10, 20)]),
        # The site describes all there is: what it says later takes the place of what it said before.
        ([away(10, 10, 50), away(20, 20, 40)], [(10, 20), (20, 40)]),
        ([away(10, 30, 50), away(20, 60, 70)], [(60, 70)]),
        ([away(10, 30, 50), back(20)], []),
        # An absence that a member set is edited under its id, and the site's word leaves it alone.
        ([away(10, 10, 50, "a"), away(20, 10, 30, "a")], [(10, 30)]),
        ([away(10, 10, 50, "a"), back(20, "a")], []),
        ([away(10, 10, 50, "a"), back(20)], [(10, 50)]),
        ([away(10, 10, 20, "a"), away(11, 15, 40, "b")], [(10, 20), (15, 40)]),
        ([away(10, 10, 10, "a")], []),
    ],
)
def test_whatever_order_it_is_told_in(told: list[AvailabilityTold], expected: list[tuple[int, int | None]]) -> None:
    """The absences are the same, by their start."""
    for shuffled in permutations(told):
        assert [(each.start, each.end) for each in absences(shuffled)] == expected


def test_the_end_is_no_part_of_an_absence() -> None:
    """A message that comes at the instant of the return comes after it."""
    assert [at in Absence(10, 20) for at in (9, 10, 19, 20)] == [False, True, True, False]
    assert 10**12 in Absence(10, None)
