"""The wire: every call between Shopbell and the stand-ins, in order, with what was wrong with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Literal, TypeVar

Side = Literal["slack", "telegram", "marketplace"]
Direction = Literal["to", "from"]
T = TypeVar("T")

KEPT = 10_000
UNREAD = 1_000
PATIENCE = 20.0  # seconds that anything is waited for; it goes on as soon as the thing is there


@dataclass(frozen=True, slots=True)
class Call:
    """One exchange: `to` a stand-in or `from` it, as Shopbell sees it; `status` is None when nobody answered."""

    at: float
    side: Side
    direction: Direction
    method: str
    request: dict[str, Any]
    status: int | None
    response: object
    problems: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        arrow = "->" if self.direction == "to" else "<-"
        wrong = f"  PROBLEMS {list(self.problems)}" if self.problems else ""
        return (
            f"{arrow} {self.side} {self.method} {_short(self.request)} = {self.status} {_short(self.response)}{wrong}"
        )


class Subscription(AsyncIterator[Call]):
    """Calls from the moment of subscribing; a reader who falls behind loses the oldest, never slows the wire."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._unread: deque[Call] = deque(maxlen=UNREAD)
        self._arrived = asyncio.Event()

    def put(self, call: Call) -> None:
        self._unread.append(call)
        self._arrived.set()

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Call:
        while not self._unread:
            self._arrived.clear()
            await self._arrived.wait()
        return self._unread.popleft()

    def close(self) -> None:
        self._wire.unsubscribe(self)


class Watch:
    """What changed since one looked last, by name: a side, "wire" for any call, or what else was touched."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._changed: set[str] = set()
        self._arrived = asyncio.Event()

    def note(self, names: tuple[str, ...]) -> None:
        self._changed.update(names)
        self._arrived.set()

    async def changed(self) -> set[str]:
        """Waits until there is something."""
        await self._arrived.wait()
        self._arrived.clear()
        changed, self._changed = self._changed, set()
        return changed

    def close(self) -> None:
        self._wire.unwatch(self)


class Wire:
    """What was said, bounded, and a place to wait for what should be said. Calls are numbered from 1."""

    def __init__(self, kept: int = KEPT) -> None:
        self._calls: deque[Call] = deque(maxlen=kept)
        self._subscriptions: list[Subscription] = []
        self._watches: list[Watch] = []
        self._waiting: set[asyncio.Event] = set()
        self.last = 0
        self.wrong = 0  # of all calls, those with problems

    def record(self, call: Call) -> None:
        self._calls.append(call)
        self.last += 1
        self.wrong += bool(call.problems)
        for subscription in self._subscriptions:
            subscription.put(call)
        self.touch("wire", call.side)

    def newest(self, most: int, after: int = 0) -> list[tuple[int, Call]]:
        """The last calls with their numbers, oldest first; only those with a greater number than `after`."""
        count = min(most, len(self._calls), max(0, self.last - after))
        found = islice(reversed(self._calls), count)
        return [(self.last - back, call) for back, call in enumerate(found)][::-1]

    def calls(self, side: Side | None = None, method: str | None = None) -> list[Call]:
        return [c for c in self._calls if side in (None, c.side) and method in (None, c.method)]

    def problems(self) -> list[Call]:
        return [call for call in self._calls if call.problems]

    def subscribe(self) -> Subscription:
        subscription = Subscription(self)
        self._subscriptions.append(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)

    def watch(self) -> Watch:
        watch = Watch(self)
        self._watches.append(watch)
        return watch

    def unwatch(self, watch: Watch) -> None:
        if watch in self._watches:
            self._watches.remove(watch)

    def touch(self, *names: str) -> None:
        """Wakes every `wait`, and tells every watch these names: something changed that may be no call."""
        for watch in self._watches:
            watch.note(names)
        for event in self._waiting:
            event.set()

    async def wait(self, condition: Callable[[], T | None], description: str, seconds: float = PATIENCE) -> T:
        """The first true value of the condition; raises AssertionError with the last calls if none comes in time."""
        until = asyncio.get_running_loop().time() + seconds
        changed = asyncio.Event()
        self._waiting.add(changed)
        try:
            while not (value := condition()):
                left = until - asyncio.get_running_loop().time()
                if left <= 0:
                    last = "\n  ".join(str(call) for call in list(self._calls)[-15:]) or "nothing"
                    raise AssertionError(f"waited {seconds:g} s for {description}; last on the wire:\n  {last}")
                changed.clear()
                # Conditions may look at things the wire never hears of, so they are asked again now and then.
                # Not by wait_for, which until Python 3.12 may swallow a cancellation: Ctrl-C would then do nothing.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(left, 0.05)):
                        await changed.wait()
            return value
        finally:
            self._waiting.discard(changed)


def _short(value: object, size: int = 200) -> str:
    text = repr(value)
    return text if len(text) <= size else text[: size - 1] + "…"
