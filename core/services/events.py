"""Take in what a marketplace tells us: each event once, in any order, safe on disk when it is answered."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from core.domain.events import (
    Event,
    EventResult,
    Ignored,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    MessageSent,
    OrderChanged,
)
from core.domain.obligations import ObligationKind
from core.domain.policies import Policy
from core.domain.shops import Shop, ShopSecrets
from core.domain.zones import HOUR
from core.errors import UnknownShop
from core.services.deps import Deps
from core.store import conversations, shops
from core.store.conversations import Candidate

FRESH = 2_000  # milliseconds for which a shop is taken as it was read: a secret being replaced stays valid longer
MOST_SHOPS = 10_000


@dataclass(slots=True)
class EventDoor:
    """The marketplace's door into the core. It remembers a shop for two seconds: an event is one round trip then."""

    deps: Deps
    _known: dict[str, tuple[int, Shop, ShopSecrets]] = field(default_factory=dict)

    async def secrets(self, shop: str) -> tuple[str, ...] | None:
        """Inward secrets, newest first; None: no such shop."""
        found = await self._shop(shop)
        return found[1].inward if found else None

    async def accept(self, shop: str, delivery: str, events: Sequence[Event]) -> list[EventResult]:
        """On disk when it returns, in the order given; raises StoreDown.

        A `webhook-id` that is told again simply holds events that are known. Events of one conversation are taken in
        turn, so that the marketplace's order is kept where it has one.
        """
        found = await self._shop(shop)
        if found is None:
            raise UnknownShop
        policy = self.deps.policies[found[0].policy]
        turns: dict[str, list[int]] = defaultdict(list)
        for index, event in enumerate(events):
            turns[event.id if isinstance(event, Ignored) else event.conversation].append(index)
        results: dict[int, EventResult] = {}

        async def take(indexes: list[int]) -> None:
            for index in indexes:
                results[index] = await accept(self.deps, shop, policy, events[index])

        await asyncio.gather(*(take(indexes) for indexes in turns.values()))
        return [results[index] for index in range(len(events))]

    async def _shop(self, shop: str) -> tuple[Shop, ShopSecrets] | None:
        wall = self.deps.clock.wall()
        known = self._known.get(shop)
        if known and wall - known[0] < FRESH:
            return known[1], known[2]
        if not shops.is_shop(self.deps.store, shop):
            return None
        found = await shops.read_shop(self.deps.store, shop)
        if found is None:
            self._known.pop(shop, None)
            return None
        if len(self._known) >= MOST_SHOPS:
            self._known.clear()
        self._known[shop] = (wall, *found)
        return found


def candidate(policy: Policy, event: MessageReceived) -> Candidate:
    """The obligation that this message would open, with its reminders, by the policy as it stands now."""
    kind = ObligationKind.ORDER if event.order else ObligationKind.INBOX
    rule = policy.rule(kind)
    deadline = rule.deadline(event.sent_at)
    plan = _plan(event.sent_at, list(rule.soft), deadline)
    return Candidate(kind, deadline, policy.frozen, plan, rule.unit, rule.unit_ms)


def _plan(opened_at: int, soft: list[int], deadline: int | None) -> str:
    rungs = [(at, "s") for at in soft]
    if deadline is not None:
        span = deadline - opened_at
        rungs += [(span - before, "r") for before in (4 * HOUR, HOUR, HOUR // 4) if span > before]
        rungs.append((span, "b"))
    return ",".join(f"{at // 1000}{letter}" for at, letter in sorted(rungs))


def _by_our_clock(event: Event, now: int) -> Event:
    """Nothing was said after we heard of it: a marketplace whose clock is ahead would outrun every answer."""
    if event.at > now:
        event = replace(event, at=now)
    if isinstance(event, MessageReceived | MessageSent) and event.sent_at > now:
        event = replace(event, sent_at=now)
    return event


async def accept(deps: Deps, shop: str, policy: Policy, event: Event) -> EventResult:
    """One event. Raises UnknownShop, StoreDown."""
    store, event = deps.store, _by_our_clock(event, deps.clock.now())
    match event:
        case MessageReceived():
            return await conversations.accept_message(store, shop, event, candidate(policy, event))
        case MessageSent():
            return await conversations.accept_sent(store, shop, event)
        case MessageEdited() | MessageDeleted():
            return await conversations.change_message(store, shop, event)
        case OrderChanged():
            return await conversations.accept_order(store, shop, event)
        case Ignored():
            return await conversations.accept_ignored(store, shop, event)
        case _:
            assert_never(event)
