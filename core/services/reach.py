"""Reach: a platform says that a room, or all of a workspace, can be reached again or no more, or has moved."""

import asyncio
from dataclasses import replace

from core.domain.actions import Move, Reach
from core.domain.rooms import Place, Room, RoomKind
from core.errors import ours, to_keep
from core.services.deps import Deps
from core.services.notices import lose_room, lose_workspace
from core.store import deliveries, rooms, sellers

TAKEN = ours("problems#moved_to_another")


async def reach(deps: Deps, said: Reach, *, operation: str) -> None:
    """What waits goes on or rests; the seller's other rooms are told of a loss. Once for each `operation`."""
    for found in await _rooms_there(deps, said.place):
        news = [room for room in found if await _reach_lane(deps, said, room, operation)]
        if news and not said.reachable:
            await _lose(deps, said, news[0], operation)


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
        await lose_room(deps, room, to_keep(TAKEN), because=f"moved/{room.id}")


async def _lose(deps: Deps, said: Reach, room: Room, operation: str) -> None:
    """One notice a seller, however many of its rooms are there."""
    address = said.place.address
    if address.chat:
        await lose_room(deps, room, to_keep(said.problem), because=operation)
    else:
        await lose_workspace(deps, room.seller, address, to_keep(said.problem), because=operation)


async def _reach_lane(deps: Deps, said: Reach, room: Room, operation: str) -> bool:
    """False when it was known already."""
    return await deliveries.reach_lane(
        deps.store,
        room.id,
        room.address.lane,
        reachable=said.reachable,
        problem=to_keep(said.problem),
        retry_at=deps.clock.wall() + deps.patience.lost,
        operation=operation,
    )


async def _rooms_there(deps: Deps, place: Place) -> list[list[Room]]:
    """Of each seller one room a lane: a group may be linked by its topics alone, and those to several sellers."""
    store = deps.store
    if place.kind is RoomKind.DIRECT:
        room = await rooms.find_room(store, place.address)
        return [[room]] if room else []
    known = await asyncio.gather(*(rooms.lanes_of(store, seller) for seller in await sellers.all_sellers(store)))
    there = [{lane: room for room, lane in lanes.items() if _is_in(lane, place)} for lanes in known]
    found = [
        await asyncio.gather(*(rooms.read_room(store, room) for room in lanes.values())) for lanes in there if lanes
    ]
    return [[room for room in each if room] for each in found]


def _is_in(lane: str, place: Place) -> bool:
    """A place without a chat is all of its workspace."""
    return lane == place.address.lane or (not place.address.chat and lane.startswith(place.address.lane))
