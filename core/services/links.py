"""Links: how a room becomes a seller's, step by step over two slots, and how it ends."""

from core.domain.actions import Command
from core.domain.cards import Answer, Button, Verb
from core.domain.members import Identity, Right, Role
from core.domain.rooms import Answerers, Ring, Room, RoomKind
from core.domain.texts import Quote, Words
from core.errors import CodeUnknown, NotAllowed, RoomTaken, TooManyTries
from core.rendering import say
from core.services.deps import Deps
from core.store import links, rooms
from core.store.members import read_role
from core.store.sellers import read_seller


async def link(deps: Deps, command: Command) -> Answer:
    """Redeem a code for this room. Told twice, it is done once. Who may never act spends no code."""
    place, code = command.place, command.rest.strip().lower()
    if command.by.outsider:
        raise NotAllowed(right=Right.LINK)
    if not await links.guesses_left(deps.store, place):
        raise TooManyTries
    promise = await links.redeem_link(deps.store, code, place, command.by)
    if promise is None:
        await links.count_guess(deps.store, place, code)
        raise CodeUnknown
    room = await rooms.promised_room(deps.store, promise.room) or await rooms.read_room(deps.store, promise.room)
    if room is None:
        raise CodeUnknown
    holder = await finish_link(deps, room)
    if holder is None:
        return await _linked(deps, room, command.by)
    if holder.seller == room.seller:
        return Answer(say("answers/linked_again", seller=await _name(deps, room.seller)))
    raise RoomTaken


async def finish_link(deps: Deps, room: Room) -> Room | None:
    """Set the directory entry, then confirm; the room that has the address already, if another one has."""
    holder = await rooms.claim_address(deps.store, room.address, room.id)
    if holder != room.id:
        await rooms.abandon_room(deps.store, room.id)
        return await rooms.read_room(deps.store, holder) or room
    platform = deps.platforms[room.address.platform]
    free = not platform.capabilities.edits_cost
    await rooms.confirm_room(deps.store, room, platform.pace(room), free_redraws=free)
    return None


async def unlink(deps: Deps, room: Room) -> Answer:
    await rooms.unlink_room(deps.store, room)
    return Answer(say("answers/unlinked"))


async def set_ring(deps: Deps, room: Room, by: Identity, choice: str) -> Answer:
    """How a new message calls this member in this room, from now on."""
    if choice not in set(Ring):
        raise NotAllowed(right=Right.READ)
    await rooms.set_ring(deps.store, room, by, Ring(choice))
    return Answer(say("answers/ring_set", ring=choice))


async def set_answerers(deps: Deps, room: Room, choice: str) -> Answer:
    if choice not in set(Answerers):
        raise NotAllowed(right=Right.READ)
    await rooms.set_answerers(deps.store, room, Answerers(choice))
    return Answer(say("answers/answerers_set", answerers=choice), public=True)


def ring_buttons(room: Room) -> tuple[Button, ...]:
    return tuple(Button(say(f"cards/buttons#{ring.value}"), Verb.RING, room.id, choice=ring.value) for ring in Ring)


async def _linked(deps: Deps, room: Room, by: Identity) -> Answer:
    owner = await read_role(deps.store, room.seller, by) is Role.OWNER
    text = say("answers/linked", seller=await _name(deps, room.seller), owner=owner)
    buttons = ring_buttons(room)
    if room.kind is RoomKind.PUBLIC:
        text = (*text, Words("\n"), *say("answers/answerers_question"))
        buttons = (*buttons, *answerer_buttons(room))
    return Answer(text, buttons=buttons, public=True)


def answerer_buttons(room: Room) -> tuple[Button, ...]:
    return tuple(
        Button(say(f"cards/buttons#{who.value}"), Verb.ANSWERERS, room.id, choice=who.value) for who in Answerers
    )


async def _name(deps: Deps, seller: str) -> Quote:
    found = await read_seller(deps.store, seller)
    return Quote(found.name if found else seller)
