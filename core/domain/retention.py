"""Retention: for how long what was said and what was owed is kept, counted by `now`."""

DAY = 86_400_000  # milliseconds

TEXT_DAYS = 30  # the words of a conversation, from when nothing of it is owed any more; a setting
OBLIGATION_DAYS = 400  # an obligation, its message and its place in the ledger: longer than any window looks back


def cutoff(now: int) -> int:
    """What happened before this instant is kept no more."""
    return now - OBLIGATION_DAYS * DAY
