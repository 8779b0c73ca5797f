"""Notices: what a member must know about Shopbell itself, told in a room that works."""

from core.domain.deliveries import Delivery
from core.domain.rooms import Address, Room
from core.ports.chat import Mail
from core.services.deps import Deps
from core.store import deliveries, rooms


async def lose_room(deps: Deps, room: Room, problem: str, *, because: str) -> None:
    """A room cannot be reached: the seller's other rooms say so, once for each `because`."""
    facts = {"about": "lost_room", "room_name": room_name(room), "problem": problem}
    await deliveries.tell_rooms(deps.store, room.seller, room.address.lane, facts, because=because)
    await deliveries.tell_outside(deps.store, room.seller, problem, because=because)


async def refuse_threads(deps: Deps, room: Room, problem: str) -> None:
    """Cards have no threads of their own in this room: it is told, once."""
    facts = {"about": "no_threads", "problem": problem}
    await deliveries.tell_room(deps.store, room.seller, room.id, facts, because=f"{room.id}/threads")


async def lose_workspace(deps: Deps, seller: str, address: Address, problem: str, *, because: str) -> None:
    """None of the rooms of a workspace can be reached: those elsewhere say so, once for each `because`."""
    facts = {"about": "lost_workspace", "platform": address.platform.capitalize(), "problem": problem}
    everywhere = f"{address.platform}/{address.workspace}/"
    await deliveries.tell_rooms(deps.store, seller, everywhere, facts, because=because)
    await deliveries.tell_outside(deps.store, seller, problem, because=because)


async def lose_shop(deps: Deps, seller: str, shop_name: str, problem: str, *, because: str) -> None:
    """A marketplace takes nothing any more for a shop: every room of its seller says so."""
    facts = {"about": "lost_shop", "shop_name": shop_name, "problem": problem}
    await deliveries.tell_rooms(deps.store, seller, "", facts, because=because)


async def lose_file(deps: Deps, seller: str, facts: dict[str, str], *, because: str) -> None:
    """A marketplace could not have a file that a member attached: every room of the seller says so."""
    await deliveries.tell_rooms(deps.store, seller, "", {"about": "lost_file", **facts}, because=because)


async def lose_mail(deps: Deps, mail: Mail) -> None:
    """What was done in a chat could not be read: its members are told, since nothing else will come of it."""
    room = await rooms.find_room(deps.store, mail.address) if mail.address else None
    if room is None:
        return
    facts = {"about": "lost_mail", "room_name": room_name(room)}
    await deliveries.tell_room(deps.store, room.seller, room.id, facts, because=f"{mail.platform}/{mail.key}")


async def give_up(deps: Deps, room: Room, delivery: Delivery, buyer: str, problem: str) -> None:
    """Something could not be shown in a room, whatever we did: the others say so, or else that room itself."""
    facts = {"about": "parked", "room_name": room_name(room), "buyer": buyer, "problem": problem, "id": delivery.id}
    store, because = deps.store, f"{delivery.id}/{delivery.token}"
    if not await deliveries.tell_rooms(store, room.seller, room.address.lane, facts, because=because):
        await deliveries.tell_rooms(store, room.seller, "", facts, because=f"{because}/here")


def room_name(room: Room) -> str:
    return f"{room.address.platform.capitalize()} {room.title}".strip()
