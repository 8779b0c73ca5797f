"""Reach: a platform says that a room, or all of a workspace, can be reached again or no more, or has moved."""

import asyncio
from dataclasses import replace

from core.domain.actions import Move, Reach
from core.domain.rooms import Address, Room
from core.services.deps import Deps
from core.services.notices import lose_room, lose_workspace
from core.store import deliveries, rooms, sellers

TAKEN = "The chat has moved, and there it is linked to another seller. Link another one."


async def reach(deps: Deps, said: Reach, *, operation: str) -> None:
    """What waits goes on or rests; the seller's other rooms are told of a loss. Once for each `operation`."""
    address = said.place.address
    if not address.chat:
        await _reach_workspace(deps, said, operation)
        return
    room = await rooms.find_room(deps.store, address)
    if room is not None and await _reach_room(deps, said, room, operation) and not said.reachable:
        await lose_room(deps, room, said.detail, because=operation)


async def move(deps: Deps, said: Move) -> None:
    room = await rooms.find_room(deps.store, said.place.address)
    if room is not None:
        await move_room(deps, room, said.chat)


async def move_room(deps: Deps, room: Room, chat: str) -> None:
    """The room follows its chat to another address, with its settings, its cards and what waited for it.

    Where the new address was linked to another seller meanwhile, it stays theirs and the other rooms are told.
    """
    platform = deps.platforms[room.address.platform]
    free = not platform.capabilities.edits_cost
    address = replace(room.address, chat=chat)
    holder = await rooms.move_room(deps.store, room, address, platform.pace(room), free_redraws=free)
    if holder is not None and holder.seller != room.seller:
        await lose_room(deps, room, TAKEN, because=f"moved/{room.id}")


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
