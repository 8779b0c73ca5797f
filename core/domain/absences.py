"""Absences: the stretches of time for which a shop is away, as they follow from what was told of them.

All times in milliseconds, UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Absence:
    """From `start` until before `end`; None: nobody knows yet. `contact_allowed`: buyers may write meanwhile."""

    start: int
    end: int | None
    contact_allowed: bool = True

    def __contains__(self, at: int) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class AvailabilityTold:
    """What was said of a shop's availability, at `at`. `absence` None: it is available.

    `id` names an absence that a member set: told again under it, the newest telling holds. Without one it is the
    marketplace's own word, which describes all there is and replaces its word before from the instant of telling.
    """

    at: int
    absence: Absence | None
    id: str = ""


def absences(told: Iterable[AvailabilityTold]) -> tuple[Absence, ...]:
    """Those that follow from every telling, in whatever order they come; by their start."""
    every = sorted(told, key=lambda each: (each.at, repr(each)))
    own = {each.id: each.absence for each in every if each.id}
    found = [absence for absence in own.values() if absence is not None]
    of_site = [each for each in every if not each.id]
    following = [*(each.at for each in of_site[1:]), None]
    found += [_cut(each.absence, at) for each, at in zip(of_site, following, strict=False) if each.absence]
    return tuple(sorted((each for each in found if each.end is None or each.start < each.end), key=lambda a: a.start))


def _cut(absence: Absence, at: int | None) -> Absence:
    if at is None or (absence.end is not None and absence.end <= at):
        return absence
    return Absence(absence.start, at, absence.contact_allowed)
