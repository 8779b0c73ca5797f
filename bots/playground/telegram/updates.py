"""What a bot has yet to hear: one queue a bot, read by long polling or pushed to its webhook."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from bots.playground.faults import Faults
from bots.playground.telegram.errors import conflict
from bots.playground.wire import Call, Wire

Order = tuple[str, int]

DAY = 24 * 3600.0
CALLBACK_LIVES = 150.0  # seconds; after that a press is gone for good [Client.cpp]
INLINE_QUERY_LIVES = 30.0
LONGEST_POLL = 50.0
LONGEST_PAUSE = 64.0
BATCH = 100

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
OTHER_WEBHOOK = "terminated by setWebhook request"
HAS_WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(frozen=True, slots=True)
class Update:
    id: int
    kind: str
    body: dict[str, Any]
    order: Order
    expires: float

    def shape(self) -> dict[str, Any]:
        return {"update_id": self.id, self.kind: self.body}


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str
    secret: str | None = None
    connections: int = 40


class _Poll:
    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.ended: str | None = None

    def end(self, reason: str) -> None:
        self.ended = reason
        self.news.set()


class Updates:
    """`retry_scale` shortens the pauses between tries at a webhook: 0.01 makes a minute 0.6 s."""

    def __init__(self, wire: Wire, faults: Faults, clock: Callable[[], float]) -> None:
        self.retry_scale = 1.0
        self.webhook: Webhook | None = None
        self.allowed: list[str] = []
        self.last_error: tuple[int, str] | None = None
        self._wire = wire
        self._faults = faults
        self._clock = clock
        self._waiting: dict[int, Update] = {}
        self._next_id = random.randrange(10**8, 9 * 10**8)
        self._poll: _Poll | None = None
        self._pumps: dict[Order, asyncio.Task[None]] = {}
        self._session: ClientSession | None = None
        self._slots = asyncio.Semaphore(40)

    def add(self, kind: str, body: dict[str, Any], order: Order, lives: float = DAY) -> None:
        """`order`: those of one are handed over one after the other, different ones in any order (facts A3)."""
        if not (kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT):
            return
        self._waiting[self._next_id] = Update(self._next_id, kind, body, order, self._clock() + lives)
        self._next_id += 1
        if self._poll:
            self._poll.news.set()
        self._pump_all()

    def waiting(self) -> list[Update]:
        now = self._clock()
        self._waiting = {id: update for id, update in self._waiting.items() if update.expires > now}
        return list(self._waiting.values())

    @property
    def polled(self) -> bool:
        """Whether a poll is waiting now."""
        return self._poll is not None

    async def poll(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:  # noqa: ASYNC109
        """As the server does it, the earlier of two polls ends with 409, and the later goes on."""
        if self.webhook:
            raise conflict(HAS_WEBHOOK)
        if self._poll:
            self._poll.end(OTHER_POLL)
        self._poll = poll = _Poll()
        self._confirm(offset)
        until = time.monotonic() + min(timeout, LONGEST_POLL)
        try:
            while not (batch := self.waiting()[: max(1, min(limit or BATCH, BATCH))]):
                left = until - time.monotonic()
                if left <= 0:
                    return []
                poll.news.clear()
                await _woken(poll.news, left)
                if poll.ended is not None:
                    raise conflict(poll.ended)
            return [update.shape() for update in batch]
        finally:
            if self._poll is poll:
                self._poll = None

    def end_poll(self, reason: str) -> None:
        if self._poll:
            self._poll.end(reason)

    def _confirm(self, offset: int) -> None:
        kept = self.waiting()
        if offset < 0:
            kept = kept[offset:]
        self._waiting = {update.id: update for update in kept if offset <= 0 or update.id >= offset}

    def set_webhook(self, webhook: Webhook | None, *, drop: bool) -> None:
        if webhook:
            self.end_poll(OTHER_WEBHOOK)
        if drop:
            self._waiting.clear()
        if webhook:
            self._slots = asyncio.Semaphore(webhook.connections)
        self.webhook = webhook
        self._pump_all()

    def info(self) -> dict[str, Any]:
        info: dict[str, Any] = {
            "url": self.webhook.url if self.webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.waiting()),
        }
        if self.webhook:
            info["max_connections"] = self.webhook.connections
        if self.webhook and self.last_error:
            info["last_error_date"], info["last_error_message"] = self.last_error
        return info | ({"allowed_updates": self.allowed} if self.allowed else {})

    async def close(self) -> None:
        self.end_poll("the stand-in stops")
        pumps = list(self._pumps.values())
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        if self._session:
            await self._session.close()

    def _pump_all(self) -> None:
        if not self.webhook:
            return
        for order in {update.order for update in self.waiting()} - set(self._pumps):
            self._pumps[order] = asyncio.create_task(self._pump(order))

    async def _pump(self, order: Order) -> None:
        """The same update again until it is taken: at once, then after 1, 2, 4 … seconds."""
        tries = 0
        try:
            while self.webhook and (update := next((u for u in self.waiting() if u.order == order), None)):
                async with self._slots:
                    again_after = await self._push(self.webhook, update)
                if again_after is None:
                    self._waiting.pop(update.id, None)
                    tries = 0
                    continue
                pause = again_after or (min(2.0 ** (tries - 1), LONGEST_PAUSE) if tries else 0.0)
                tries += 1
                await asyncio.sleep(pause * self.retry_scale)
        finally:
            del self._pumps[order]

    async def _push(self, webhook: Webhook, update: Update) -> float | None:
        """None when it was taken, else the seconds that Retry-After asks for, or 0.

        Faults of the method "webhook" apply: `drop_before` and `status` keep the update from its receiver, after
        `drop_after` Telegram has not seen the answer and sends the update again.
        """
        fault = await self._faults.match("telegram", "webhook", update.shape())
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind in ("drop_before", "status"):
            return 0.0
        status, text, retry_after = await self._post(webhook, update)
        problems = ("the stand-in does not play methods in a webhook's answer",) if '"method"' in text else ()
        self._wire.record(
            Call(self._clock(), "telegram", "from", update.kind, update.shape(), status, text[:1000], problems)
        )
        if status is not None and 200 <= status < 300 and not (fault and fault.kind == "drop_after"):
            return None
        self.last_error = int(self._clock()), f"Wrong response from the webhook: {status} {text[:100]}"
        return retry_after

    async def _post(self, webhook: Webhook, update: Update) -> tuple[int | None, str, float]:
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=60))
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        try:
            async with self._session.post(
                webhook.url, json=update.shape(), headers=headers, allow_redirects=False
            ) as answer:
                after = answer.headers.get("Retry-After", "0")
                return answer.status, await answer.text(), min(float(after), 3600.0) if after.isdecimal() else 0.0
        except (ClientError, TimeoutError, OSError) as error:
            return None, f"{type(error).__name__}: {error}", 0.0


async def _woken(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
