"""Reach: a platform says that a room, or all of a workspace, can be reached again or no more."""

import asyncio

from core.domain.actions import Reach
from core.domain.rooms import Address, Room
from core.services.deps import Deps
from core.services.notices import lose_room, lose_workspace
from core.store import deliveries, rooms, sellers


async def reach(deps: Deps, said: Reach, *, operation: str) -> None:
    """What waits goes on or rests; the seller's other rooms are told of a loss. Once for each `operation`."""
    address = said.place.address
    if not address.chat:
        await _reach_workspace(deps, said, operation)
        return
    room = await rooms.find_room(deps.store, address)
    if room is not None and await _reach_room(deps, said, room, operation) and not said.reachable:
        await lose_room(deps, room, said.detail, because=operation)


async def _reach_workspace(deps: Deps, said: Reach, operation: str) -> None:
    """One notice a seller, however many of its rooms are there."""
    for seller in await sellers.all_sellers(deps.store):
        found = await _rooms_in(deps, seller, said.place.address)
        news = [await _reach_room(deps, said, room, operation) for room in found]
        if any(news) and not said.reachable:
            await lose_workspace(deps, seller, said.place.address, said.detail, because=operation)


async def _reach_room(deps: Deps, said: Reach, room: Room, operation: str) -> bool:
    """False when it was known already."""
    return await deliveries.reach_lane(
        deps.store,
        room.id,
        room.address.lane,
        reachable=said.reachable,
        problem=said.detail,
        retry_at=deps.clock.wall() + deps.patience.lost,
        operation=operation,
    )


async def _rooms_in(deps: Deps, seller: str, address: Address) -> list[Room]:
    known = await rooms.rooms_of(deps.store, seller)
    found = await asyncio.gather(*(rooms.read_room(deps.store, room) for room in known))
    where = (address.platform, address.workspace)
    return [room for room in found if room and (room.address.platform, room.address.workspace) == where]
