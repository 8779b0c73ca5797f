"""Regards: how a seller holds a buyer, in one shop: blocked, or not a buyer at all."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.members import Identity


class Regard(StrEnum):
    BLOCKED = "blocked"  # their cards come without a sound; what is owed to them stays owed
    NOT_BUYER = "not_buyer"  # a colleague, a recruiter, the marketplace's staff: they buy nothing


@dataclass(frozen=True, slots=True)
class Regarded:
    """An entry of the list. `buyer` is the marketplace's id, or our id of the conversation where it names none."""

    regard: Regard
    shop: str
    buyer: str
    name: str
    by: Identity
    at: int
