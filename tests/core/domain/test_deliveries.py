"""When what could not be delivered is tried again."""

from itertools import accumulate

import pytest

from core.domain.deliveries import OWED_DELAYS, RETRY_DELAYS, reply_delay


def delays(tries: int) -> list[float]:
    """Of a reply that is owed, the longest after each try."""
    found = [reply_delay(number, 0, owed=True, jitter=1) for number in range(1, tries + 1)]
    return [delay for delay in found if delay is not None]


def test_an_owed_reply_is_late_by_no_more_than_the_outage_took() -> None:
    """Whenever the marketplace is back, the next try comes before as long has passed again, and within five minutes."""
    waits = delays(20)
    down = [0, *accumulate(waits)]  # what has passed when each try fails

    assert len(waits) == 20
    assert all(wait <= max(OWED_DELAYS[0], before + OWED_DELAYS[0]) for wait, before in zip(waits, down, strict=False))
    assert max(waits) == 300


@pytest.mark.parametrize("owed", [True, False])
def test_a_reply_is_given_up_after_three_days(*, owed: bool) -> None:
    """With an answer owed it is its age that counts, else the tries that Standard Webhooks names."""
    late, last = sum(RETRY_DELAYS) + 1, len(RETRY_DELAYS) + 1

    assert reply_delay(1000, late, owed=owed, jitter=0) is None
    assert (reply_delay(last, 0, owed=owed, jitter=0) is None) is not owed
