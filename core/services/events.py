"""Take in what a marketplace tells us: each event once, in any order, safe on disk when it is answered."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
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

TOGETHER: frozenset[type[Event]] = frozenset({MessageReceived, MessageSent})
"""Kinds of event of which many are kept in one step."""

AT_ONCE = 50  # of them: the engine does nothing else for two milliseconds
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
        words = await (self._take(shop, events) if len(events) == 1 else self._take_in_turn(shop, events))
        if folding := _folding(words, events):
            await asyncio.gather(*(fold(self.deps, conversation_id(shop, each)) for each in folding))
        results = [_RESULTS[word] for word in words]
        for result in results:
            self.deps.store.metrics.count_event(result)
        return results

    async def _take_in_turn(self, shop: str, events: Sequence[Event]) -> list[str]:
        """What was told of different conversations goes together; of one, each after what was told before it."""
        turns: dict[str, deque[int]] = defaultdict(deque)
        for index, event in enumerate(events):
            turns[event.conversation if isinstance(event, Told) else event.id].append(index)
        left, words = list(turns.values()), dict[int, str]()

        async def take(group: Sequence[int]) -> None:
            words.update(zip(group, await self._take(shop, [events[index] for index in group]), strict=True))

        while left:
            await asyncio.gather(*(take(group) for group in _next_groups(left, events)))
            left = [turn for turn in left if turn]
        return [words[index] for index in range(len(events))]

    async def _take(self, shop: str, events: Sequence[Event]) -> list[str]:
        """Those of one kind."""
        while True:
            known = await self._shop(shop)
            if known is None:
                raise UnknownShop
            words = await accept(self.deps, known, events)
            if "stale" in words or isinstance(events[0], AvailabilityChanged):
                self._known.pop(shop, None)
            if "stale" not in words:
                return words

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


def _folding(words: Iterable[str], events: Iterable[Event]) -> set[str]:
    """The conversations of which it is to be worked out what follows: once each, when all was told."""
    pairs = zip(words, events, strict=True)
    return {
        event.conversation for word, event in pairs if word == "fold" and isinstance(event, Told) and not event.history
    }


def _next_groups(turns: Iterable[deque[int]], events: Sequence[Event]) -> list[list[int]]:
    """The next of each turn, taken out of it, by what is kept in one step: several messages, one of all else."""
    groups: dict[type[Event], list[list[int]]] = defaultdict(list)
    for turn in turns:
        kind = type(events[turn[0]])
        run = [turn.popleft()]
        while kind in TOGETHER and turn and type(events[turn[0]]) is kind and len(run) < AT_ONCE:
            run.append(turn.popleft())
        of_kind = groups[kind]
        if kind in TOGETHER and of_kind and len(of_kind[-1]) + len(run) <= AT_ONCE:
            of_kind[-1] += run
        else:
            of_kind.append(run)
    return [group for of_kind in groups.values() for group in of_kind]


async def accept(deps: Deps, known: KnownShop, events: Sequence[Event]) -> list[str]:
    """Events of one kind, several only of those that go `TOGETHER`, in this order.

    For each accepted, duplicate, ignored or fold (what follows is to be worked out); or stale for all (other rules
    hold). Raises UnknownShop, StoreDown.
    """
    now = deps.clock.now()
    events = [_by_our_clock(event, now) for event in events]
    store, shop = deps.store, known.shop.id
    match events[0]:
        case MessageReceived():
            asked = [(each, candidate(known, each, now)) for each in events if isinstance(each, MessageReceived)]
            return await kept.accept_messages(store, shop, asked, rules=known.shop.rules, terms=known.shop.terms)
        case MessageSent():
            return await kept.accept_sent(store, shop, [each for each in events if isinstance(each, MessageSent)])
        case event:
            return [await _accept_one(deps, known, event)]


async def _accept_one(
    deps: Deps,
    known: KnownShop,
    event: MessageEdited
    | MessageDeleted
    | OrderChanged
    | SpamTold
    | ConversationRemoved
    | BuyerBlocked
    | AvailabilityChanged
    | Ignored,
) -> str:
    store, shop = deps.store, known.shop.id
    match event:
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
    words = {word, *await accept(deps, known, [start])}
    return next(each for each in ("stale", "fold", "accepted", "duplicate") if each in words)
