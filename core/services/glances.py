"""What is read at once when a member does something: the room, their role, and what they did it to.

A member waits for each round trip to Redis that has to wait for another; what an action names is known before the room
is. What is read ahead grants nothing: whoever uses it checks whose it is.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from core.domain.actions import Amend, Command, Find, Press, Shortcut, Submit, Write
from core.domain.cards import Verb
from core.domain.members import Identity, Role
from core.domain.rooms import Room
from core.ids import is_id, shard_of
from core.store import availability, drafts, members, refs, rooms
from core.store.conversations import About, Sight, read_about
from core.store.histories import Known, history_of
from core.store.store import Store

T = TypeVar("T")
Entering = Press | Submit | Write | Find | Amend | Command | Shortcut
# What a button or a form of these is about, beside the conversation that it may name itself.
OF_A_MESSAGE = {Verb.SPAM, Verb.WAIVE, Verb.NOT_BUYER}
OF_A_DRAFT = {Verb.SEND, Verb.KEEP, Verb.REWORD}
OF_ALL_SHOPS = {"away", "vacation", "back", "status"}
OF_A_CONVERSATION = {Verb.REPLY, Verb.CLAIM, Verb.MORE, Verb.QUICK, Verb.THANK, Verb.INSERT, Verb.USE}


@dataclass(frozen=True, slots=True)
class Glance:
    """`role` was given to `who` for `seller`; `zone` is theirs, or the seller's.

    What was read ahead is given out once: a second look is a new one.
    """

    seller: str = ""
    who: Identity | None = None
    role: Role | None = None
    zone: str = ""
    note: Callable[[], Awaitable[None]] | None = None  # what is still to be written down of them, beside what they do
    ahead: dict[str, Any] = field(default_factory=dict)

    async def take(self, name: str, read: Callable[[], Awaitable[T]]) -> T:
        """By what it is and of what; or else what `read` reads now."""
        if name not in self.ahead:
            return await read()
        found: T = self.ahead.pop(name)
        return found


async def enter(store: Store, action: Entering) -> tuple[Room, Glance] | None:
    """None where no room is linked. Who never has a role is asked for none; who acts from elsewhere is not met yet."""
    who = None if action.by.outsider or action.place.apart else action.by
    known = store.homes.get(action.place.address, "")
    entered, ahead = await asyncio.gather(
        rooms.enter_room(store, action.place.address, who), _ahead(store, action, known)
    )
    if entered is None:
        return None
    room = entered.room
    note = partial(members.note_seller, store, room.seller, action.by, room.id) if entered.is_noted else None
    return room, Glance(room.seller, who, entered.role, entered.zone, note, ahead if room.id == known else {})


async def read_matter(store: Store, message: str, room: str) -> tuple[Sight | None, Known | None]:
    """The conversation of a message as this room sees it, and its history."""
    return await asyncio.gather(read_about(store, "message", message, room, message), history_of(store, message))


async def _ahead(store: Store, action: Entering, room: str) -> dict[str, Any]:
    """Of what an action is about all that is read of it first. Nothing where the room is not known yet."""
    match action:
        case Write(at=at) if room and at:
            return await _posted(store, at.message, room)
        case Press(verb=verb, target=target) | Submit(verb=verb, target=target) if room and target:
            return await _target(store, verb, target, room)
        case Command(word=word) if room and word in OF_ALL_SHOPS:
            return {"shops": await availability.read_shops(store, room=room)}
        case _:
            return {}


async def _target(store: Store, verb: Verb, target: str, room: str) -> dict[str, Any]:
    def names(kind: str) -> bool:
        return is_id(target, kind) and shard_of(target) == shard_of(room)

    if verb in OF_A_CONVERSATION and names("conversation"):
        return await _sight(store, "conversation", target, room)
    if verb in OF_A_MESSAGE and names("message"):
        return {f"matter/{target}": await read_matter(store, target, room)}
    if verb in OF_A_DRAFT and names("draft"):
        found, ahead = await asyncio.gather(drafts.read_draft(store, target), _sight(store, "draft", target, room))
        return {f"draft/{target}": found, **ahead}
    if verb is Verb.AWAY and names("absence"):
        return {f"absence/{target}": await availability.read_draft(store, target)}
    return {}


async def _posted(store: Store, message: str, room: str) -> dict[str, Any]:
    """What a text is about that answers a message of ours."""
    about, ahead = await asyncio.gather(refs.about(store, room, message), _sight(store, "posted", message, room))
    return {f"posted/{message}": about, **ahead}


async def _sight(store: Store, what: About, about: str, room: str) -> dict[str, Any]:
    sight = await read_about(store, what, about, room)
    return {f"conversation/{sight.conversation.id}": sight} if sight else {}
