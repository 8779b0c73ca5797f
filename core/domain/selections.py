"""A selection: what a member searched the inbox for, and the conversations they chose in it."""

from dataclasses import dataclass

from core.domain.members import Identity

MOST = 20  # conversations of one selection


@dataclass(frozen=True, slots=True)
class Selection:
    """Without `words` it is of all that is owed. `chosen` are conversations, in the order of choosing.

    `deed` is what is to be done about them: `waive`, `spam.scam`, or `q.` with the id of a quick response. `listed` is
    what was shown for it, and `done` what it was done to: messages, or for a quick response the replies.
    """

    id: str
    seller: str
    by: Identity
    words: str = ""
    chosen: tuple[str, ...] = ()
    page: int = 0
    deed: str = ""
    listed: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
