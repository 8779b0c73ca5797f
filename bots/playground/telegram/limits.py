"""Telegram's flood limits: a message a second in a chat, twenty a minute in a group, thirty a second a bot.

Source: core.telegram.org/bots/faq#broadcasting; edits, actions and topic calls are counted too, the exact limits are
not published.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

COUNTED = re.compile(r"(?:send|edit|forward|copy|pin|unpin|set(?:Message|Chat)|\w*ForumTopic|deleteMessage)\w*")


@dataclass(slots=True)
class _Bucket:
    size: float
    left: float
    at: float


@dataclass(slots=True)
class Limits:
    """Off with None in place of a rate; `burst` is how many messages a quiet chat takes at once."""

    clock: Callable[[], float]
    chat_per_second: float | None = 1.0
    group_per_minute: float | None = 20.0
    bot_per_second: float | None = 30.0
    burst: float = 3.0
    _buckets: dict[tuple[str, int, int], _Bucket] = field(default_factory=dict)

    def seconds_to_wait(self, method: str, bot_id: int, chat_id: int | None) -> int:
        """0 and a token taken, or how long `retry_after` says."""
        if not COUNTED.fullmatch(method):
            return 0
        wanted: list[tuple[tuple[str, int, int], float, float]] = []
        if self.bot_per_second:
            wanted.append((("bot", bot_id, 0), self.bot_per_second, self.bot_per_second))
        if self.chat_per_second and chat_id is not None:
            wanted.append((("chat", bot_id, chat_id), self.chat_per_second, self.burst))
        if self.group_per_minute and chat_id is not None and chat_id < 0:
            wanted.append((("group", bot_id, chat_id), self.group_per_minute / 60, self.group_per_minute))
        waits = [self._wait(key, rate, size) for key, rate, size in wanted]
        if any(waits):
            return max(1, math.ceil(max(waits)))
        for key, _, _ in wanted:
            self._buckets[key].left -= 1
        return 0

    def _wait(self, key: tuple[str, int, int], rate: float, size: float) -> float:
        now = self.clock()
        bucket = self._buckets.setdefault(key, _Bucket(size, size, now))
        bucket.left = min(bucket.size, bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        return 0.0 if bucket.left >= 1 else (1 - bucket.left) / rate
