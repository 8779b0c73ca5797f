"""A selection: what a member searched the inbox for, and the conversations they chose in it."""

from dataclasses import dataclass

from core.domain.members import Identity

MOST = 20  # conversations of one selection


@dataclass(frozen=True, slots=True)
class Selection:
    """Without `words` it is of all that is owed. `chosen` are conversations, in the order of choosing."""

    id: str
    seller: str
    by: Identity
    words: str = ""
    chosen: tuple[str, ...] = ()
