"""Persons: one human with a role, known to the seller by an identity in each chat they are in."""

import hashlib
from dataclasses import dataclass

from core.domain.members import Identity, Role


@dataclass(frozen=True, slots=True)
class Person:
    """The first of `identities` is the one under which the others are joined. `role` is None for one who has none of
    their own, `seen_at` where they never did anything since it is noted."""

    identities: tuple[Identity, ...]
    role: Role | None
    seen_at: int | None = None

    @property
    def key(self) -> str:
        return self.identities[0].key

    @property
    def name(self) -> str:
        return next((each.name for each in self.identities if each.name), self.identities[0].user)

    @property
    def mark(self) -> str:
        """Names them on a button, and says nothing to anybody else."""
        return hashlib.blake2b(self.key.encode(), digest_size=8).hexdigest()


def sorted_persons(persons: list[Person]) -> list[Person]:
    """By what they may do, then by name."""
    ranks = {role: rank for rank, role in enumerate(Role)}
    return sorted(persons, key=lambda each: (ranks[each.role] if each.role else len(ranks), each.name.casefold()))
