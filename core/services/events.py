"""Take in what a marketplace tells us: each event once, in any order, safe on disk when it is answered."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from core.domain.absences import AvailabilityTold
from core.domain.events import (
    AvailabilityChanged,
    BuyerBlocked,
    ConversationRemoved,
    Event,
    EventResult,
    Ignored,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    MessageSent,
    OrderChanged,
    SpamTold,
    Told,
)
from core.errors import UnknownShop
from core.services.deps import Deps
from core.services.histories import fold
from core.services.openings import candidate, order_start
from core.store import events as kept
from core.store import shops
from core.store.absences import tell_availability
from core.store.conversations import conversation_id
from core.store.shops import KnownShop

FRESH = 2_000  # milliseconds for which a shop is taken as it was read: a secret being replaced stays valid longer
MOST_SHOPS = 10_000


@dataclass(slots=True)
class EventDoor:
    """The marketplace's door into the core. It remembers a shop for two seconds: an event is one round trip then."""

    deps: Deps
    _known: dict[str, tuple[int, KnownShop]] = field(default_factory=dict)

    async def secrets(self, shop: str) -> tuple[str, ...] | None:
        """Inward secrets, newest first; None: no such shop."""
        found = await self._shop(shop)
        return found.secrets.inward if found else None

    async def accept(self, shop: str, delivery: str, events: Sequence[Event]) -> list[EventResult]:
        """On disk when it returns, in the order given; raises StoreDown.

        A `webhook-id` that is told again simply holds events that are known. Events of one conversation are taken in
        turn, so that the marketplace's order is kept where it has one.
        """
        found = await self._shop(shop)
        if found is None:
            raise UnknownShop
        if len(events) == 1:  # Nearly always: a turn of its own would cost more than the event.
            return await self._turn(shop, events)
        turns: dict[str, list[int]] = defaultdict(list)
        for index, event in enumerate(events):
            turns[event.conversation if isinstance(event, Told) else event.id].append(index)
        results: dict[int, EventResult] = {}

        async def take(indexes: list[int]) -> None:
            results.update(zip(indexes, await self._turn(shop, [events[index] for index in indexes]), strict=True))

        await asyncio.gather(*(take(indexes) for indexes in turns.values()))
        return [results[index] for index in range(len(events))]

    async def _turn(self, shop: str, events: Sequence[Event]) -> list[EventResult]:
        """Events of one conversation. What follows is worked out once, when all was told; an import's by a worker."""
        words = [await self._take(shop, event) for event in events]
        first = events[0]
        if isinstance(first, Told) and any(map(_folds, words, events)):
            await fold(self.deps, conversation_id(shop, first.conversation))
        results = [_RESULTS[word] for word in words]
        for result in results:
            self.deps.store.metrics.count_event(result)
        return results

    async def _take(self, shop: str, event: Event) -> str:
        while True:
            known = await self._shop(shop)
            if known is None:
                raise UnknownShop
            word = await accept(self.deps, known, event)
            if word == "stale" or isinstance(event, AvailabilityChanged):
                self._known.pop(shop, None)
            if word != "stale":
                return word

    async def _shop(self, shop: str) -> KnownShop | None:
        wall = self.deps.clock.wall()
        remembered = self._known.get(shop)
        if remembered and wall - remembered[0] < FRESH:
            return remembered[1]
        if not shops.is_shop(self.deps.store, shop):
            return None
        known = await shops.know_shop(self.deps.store, shop)
        if known is None:
            self._known.pop(shop, None)
            return None
        if len(self._known) >= MOST_SHOPS:
            self._known.clear()
        self._known[shop] = (wall, known)
        return known


def _by_our_clock(event: Event, now: int) -> Event:
    """Nothing was said after we heard of it: a marketplace whose clock is ahead would outrun every answer."""
    if event.at > now:
        event = replace(event, at=now)
    if isinstance(event, MessageReceived | MessageSent) and event.sent_at > now:
        event = replace(event, sent_at=now)
    return event


# What follows from the history is part of what is accepted.
_RESULTS = {
    "accepted": EventResult.ACCEPTED,
    "fold": EventResult.ACCEPTED,
    "duplicate": EventResult.DUPLICATE,
    "ignored": EventResult.IGNORED,
}


def _folds(word: str, event: Event) -> bool:
    return word == "fold" and isinstance(event, Told) and not event.history


async def accept(deps: Deps, known: KnownShop, event: Event) -> str:
    """One event: accepted, duplicate, ignored, fold (what follows is to be worked out), or stale (other rules hold).

    Raises UnknownShop, StoreDown.
    """
    event = _by_our_clock(event, deps.clock.now())
    store, shop = deps.store, known.shop.id
    match event:
        case MessageReceived():
            return await kept.accept_message(store, shop, event, candidate(known, event, deps.clock.now()))
        case MessageSent():
            return await kept.accept_sent(store, shop, event)
        case MessageEdited() | MessageDeleted():
            return await kept.change_message(store, shop, event)
        case OrderChanged():
            return await _keep_order(deps, known, event)
        case SpamTold() | ConversationRemoved() | BuyerBlocked():
            return await kept.accept_mark(store, shop, event)
        case AvailabilityChanged():
            told = AvailabilityTold(event.at, event.absence)
            return "accepted" if await tell_availability(store, shop, told, event=event.id) else "duplicate"
        case Ignored():
            return await kept.accept_ignored(store, shop, event)
        case _:
            assert_never(event)


async def _keep_order(deps: Deps, known: KnownShop, event: OrderChanged) -> str:
    """Where the policy counts an order's start, the start asks for an answer as a message would; else it is news."""
    start = order_start(event)
    counts = start is not None and known.governs(event.at)[1].order.order_start_counts
    news = start is not None and not counts and not event.history
    word = await kept.accept_order(deps.store, known.shop.id, event, news=news)
    if start is None or not counts:
        return word
    asked = candidate(known, start, deps.clock.now())
    words = {word, await kept.accept_message(deps.store, known.shop.id, start, asked)}
    return next(each for each in ("stale", "fold", "accepted", "duplicate") if each in words)
