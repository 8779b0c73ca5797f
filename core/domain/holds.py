"""Holds: the few seconds in which a reply that was sent can still be taken back."""

from collections.abc import Iterable
from enum import StrEnum

from core.domain.zones import MINUTE, SECOND

DEFAULT_HOLD = 8 * SECOND
LONGEST_HOLD = 30 * SECOND


class Why(StrEnum):
    """What made a held reply stop."""

    BUYER = "buyer"  # the buyer wrote again
    ANSWERED = "answered"  # somebody else answered, in a chat or on the site
    EDIT = "edit"  # its text is being changed


def hold_for(hold: int, deadlines: Iterable[int | None], now: int) -> int:
    """`hold` of the seller, in milliseconds; none when a deadline is nearer than that and a minute."""
    near = (due - now < hold + MINUTE for due in deadlines if due is not None and due >= now)
    return 0 if any(near) else hold
