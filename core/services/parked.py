"""Parked deliveries: what was given up for a seller, and a second chance for it."""

from dataclasses import dataclass

from core.domain.deliveries import DeliveryKind
from core.errors import Misconfigured
from core.ids import shard_of
from core.services.deps import Deps
from core.services.notices import room_name
from core.services.sellers import find_seller
from core.store import parked, rooms, sellers, shops
from core.store.parked import Parked


@dataclass(frozen=True, slots=True)
class Shelved:
    """A parked delivery, and its destination as people call it; that may be gone by now."""

    parked: Parked
    where: str


async def list_parked(deps: Deps, seller: str | None = None) -> list[Shelved]:
    """Of one seller, or of all, the oldest first. Raises Misconfigured on an unknown seller."""
    asked = [(await find_seller(deps, seller)).id] if seller else await sellers.all_sellers(deps.store)
    found = [each for one in asked for each in await parked.parked_of(deps.store, one)]
    return [Shelved(each, await _where(deps, each)) for each in sorted(found, key=lambda each: each.at)]


async def replay(deps: Deps, delivery: str) -> str:
    """Put it back on its lane: done, missing, needless (another reply took its place), or gone (its room or shop).

    Raises Misconfigured on what is no id of a delivery here.
    """
    try:
        known = shard_of(delivery) < deps.store.shards
    except ValueError:
        known = False
    if not known:
        raise Misconfigured([f"{delivery!r} is no id of a delivery: see `shopbell delivery list`."])
    return await parked.replay(deps.store, delivery)


async def _where(deps: Deps, each: Parked) -> str:
    if each.kind is DeliveryKind.REPLY:
        found = await shops.read_shop(deps.store, each.shop)
        return found[0].name if found else each.shop
    room = await rooms.read_room(deps.store, each.room)
    return room_name(room) if room else each.room
