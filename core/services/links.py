"""Links: how a room becomes a seller's, step by step over two slots, and how it ends."""

import asyncio
from dataclasses import replace

from core.domain.actions import Command
from core.domain.cards import Answer, Button, Style, Verb
from core.domain.members import RIGHTS, Identity, Right, Role
from core.domain.rooms import Answerers, Ring, Room, RoomKind
from core.domain.texts import Quote, Words
from core.errors import CodeUnknown, NotAllowed, RoomTaken, TooManyTries
from core.rendering import say, speak
from core.services.deps import Deps
from core.services.members import role_of
from core.services.persons import ask_join
from core.store import links, rooms
from core.store.links import Joining, Promise
from core.store.members import meet_member, read_role
from core.store.sellers import read_language, read_seller


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
    if isinstance(promise, Joining):
        speak(await read_language(deps.store, promise.seller))
        return await ask_join(deps, promise, place, command.by)
    await meet_member(deps.store, promise.seller, command.by, promise.room)
    speak(await read_language(deps.store, promise.seller))
    room = await rooms.promised_room(deps.store, promise.room) or await rooms.read_room(deps.store, promise.room)
    if room is None:
        return await _invited(deps, promise, command)
    before = await read_role(deps.store, room.seller, command.by)
    holder = await finish_link(deps, room)
    if holder is None:
        return await _linked(deps, room, command.by)
    if holder.seller != room.seller:
        raise RoomTaken
    if await read_role(deps.store, room.seller, command.by) is before:
        return Answer(say("answers/linked_again", seller=await _name(deps, room.seller)))
    return await _joined(deps, room.seller, command.by)


async def finish_link(deps: Deps, room: Room) -> Room | None:
    """Set the directory entry, then confirm; the room that has the address already, if another one has.

    Where that one is the same seller's, the code was an invitation: it brings a role there.
    """
    holder = await rooms.claim_address(deps.store, room.address, room.id)
    if holder != room.id:
        there = await rooms.read_room(deps.store, holder)
        if there is not None and there.seller == room.seller:
            await rooms.join_room(deps.store, room.id)
        else:
            await rooms.abandon_room(deps.store, room.id)
        return there or room
    platform = deps.platforms[room.address.platform]
    free = not platform.capabilities.edits_cost
    await rooms.confirm_room(deps.store, room, platform.pace(room), free_redraws=free)
    return None


async def ask_unlink(deps: Deps, room: Room) -> Answer:
    """Nothing is ended before the one button that says so: what was chosen for this chat goes with its link."""
    seller, every = await asyncio.gather(_name(deps, room.seller), rooms.rooms_of(deps.store, room.seller))
    asked = say("answers/unlink#question", seller=seller, last=every == [room.id])
    sure = Button(say("answers/unlink#button"), Verb.UNLINK, room.id, choice="sure", style=Style.DANGER)
    keep = Button(say("answers/unlink#button_keep"), Verb.UNLINK, room.id, choice="keep")
    return Answer(asked, buttons=(sure, keep))


async def unlink(deps: Deps, room: Room, target: str, choice: str) -> Answer:
    """Of the link that was asked about: a chat that was linked anew since then is asked about anew."""
    if choice == "keep":
        return Answer(say("answers/unlink#kept"), replaces=True)
    if choice != "sure" or target != room.id:
        return replace(await ask_unlink(deps, room), replaces=True)
    await rooms.unlink_room(deps.store, room)
    return Answer(say("answers/unlink#done"), replaces=True)


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
    link = Words(f"{deps.platforms[room.address.platform].capabilities.command_prefix}link CODE", strong=True)
    return Answer(say("answers/answerers_set", answerers=choice, link=link), public=True)


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


async def _invited(deps: Deps, promise: Promise, command: Command) -> Answer:
    """The code's promise is kept already: in this chat, which was linked before, it brought a role."""
    room = await rooms.find_room(deps.store, command.place.address)
    if room is None or room.seller != promise.seller:
        raise CodeUnknown
    return await _joined(deps, room.seller, command.by)


async def _joined(deps: Deps, seller: str, by: Identity) -> Answer:
    role = await read_role(deps.store, seller, by) or Role.VIEWER
    answers = Right.REPLY in RIGHTS[role]
    return Answer(say("answers/joined", seller=await _name(deps, seller), role=role_of(role), answers=answers))


def answerer_buttons(room: Room) -> tuple[Button, ...]:
    return tuple(
        Button(say(f"cards/buttons#{who.value}"), Verb.ANSWERERS, room.id, choice=who.value) for who in Answerers
    )


async def _name(deps: Deps, seller: str) -> Quote:
    found = await read_seller(deps.store, seller)
    return Quote(found.name if found else seller)
