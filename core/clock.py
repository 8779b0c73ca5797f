"""Two times, both passed in: `wall` follows Redis, `now` is the time of deadlines.

Both are whole milliseconds since 1970, UTC. They differ only in simulation and under `shopbell play`.
"""

import time
from typing import Protocol


class Clock(Protocol):
    def wall(self) -> int:
        """Leases, pacing, back-off, signatures."""

    def now(self) -> int:
        """Moments, deadlines, rates, retention."""


class SystemClock:
    """The machine's clock, corrected by what Redis said last; `shift` moves `now` under `shopbell play`."""

    def __init__(self) -> None:
        self._offset = 0
        self.shift = 0

    def follow(self, redis_now: int) -> None:
        """Take over Redis' time, in milliseconds."""
        self._offset = redis_now - _machine()

    @property
    def skew(self) -> int:
        """Redis' time minus the machine's, in milliseconds."""
        return self._offset

    def wall(self) -> int:
        return _machine() + self._offset

    def now(self) -> int:
        return self.wall() + self.shift


def _machine() -> int:
    return time.time_ns() // 1_000_000
